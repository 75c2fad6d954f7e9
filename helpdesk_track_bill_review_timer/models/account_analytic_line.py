from odoo import api, models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.model
    def _domain_time_to_bill(self):
        """Nobody has to decide about a timer that runs (BP2)."""
        return super()._domain_time_to_bill() & ~self._domain_timer_running()

    def _propose_time_type(self, end):
        """The kind of work to write when a timer stops: its own, or the calendar's.

        :param datetime end: when the timer stops, in UTC
        """
        self.ensure_one()
        kinds = self.env["project.time.type"]
        if self.time_type_id or not self.date_time:
            return self.time_type_id
        hours = self._propose_timer_hours(end)
        return kinds._choose_by_calendar(self.company_id, self.date_time, hours)
