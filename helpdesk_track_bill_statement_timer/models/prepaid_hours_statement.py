from odoo import models
from odoo.fields import Domain


class PrepaidHoursStatement(models.Model):
    _inherit = "prepaid.hours.statement"

    def action_lock(self):
        """Name the timers that still run: their hours will come after the lock."""
        res = super().action_lock()
        for statement in self:
            timers = statement._get_timers()
            if timers:
                statement.message_post(
                    body=statement.env._(
                        "Timers still run on %(work)s. When they stop, their hours are"
                        " dated on the first day that is not locked.",
                        work=", ".join(
                            dict.fromkeys(timer._get_timer_name() for timer in timers)
                        ),
                    )
                )
        return res

    def _get_timers(self):
        """The timers that run in the days of the statement, or before."""
        self.ensure_one()
        # sudo: accountants lock everybody's time
        entries = self.env["account.analytic.line"].sudo()
        return entries.search(
            entries._domain_timer_running()
            & Domain("company_id", "=", self.company_id.id)
            & Domain("date", "<=", self.date_to),
            order="date_time, id",
        ).filtered(lambda timer: self.partner_id in timer._get_stated_customers())
