from odoo import models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    def _stop_timer(self, hours, description):
        stopping = self.with_context(stopping_timer=True)
        return super(AccountAnalyticLine, stopping)._stop_timer(hours, description)

    def _may_refuse_draw(self):
        """What a timer measured was worked: it is saved, covered or not (D4)."""
        return super()._may_refuse_draw() and not self.env.context.get("stopping_timer")
