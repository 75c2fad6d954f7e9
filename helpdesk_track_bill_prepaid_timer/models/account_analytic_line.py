from datetime import timedelta

from odoo import fields, models

# Context: a timer stops. An object, so that no client can send it.
STOPPING_KEY, STOPPING = "stopping_timer", object()


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    def _stop_timer(self, hours, description):
        stopping = self.with_context(**{STOPPING_KEY: STOPPING})
        return super(AccountAnalyticLine, stopping)._stop_timer(hours, description)

    def _may_refuse_draw(self):
        """What a timer measured was worked: it is saved, covered or not (D4)."""
        stopping = self.env.context.get(STOPPING_KEY) is STOPPING
        return super()._may_refuse_draw() and not stopping

    def _follow_in_time(self, parts):
        """Parts start where the one before stops, on their day (D3)."""
        # pylint: disable=missing-return  # there is nothing to return
        super()._follow_in_time(parts)
        start = self.date_time
        for before, part in zip(self | parts, parts, strict=False):
            start = start and start + timedelta(hours=before._get_hours(billed=False))
            # the start decides the date, and parts keep that of the work
            if start and fields.Date.context_today(part, start) == part.date:
                # placing parts follows from a write that was checked
                part._as_parts().date_time = start
