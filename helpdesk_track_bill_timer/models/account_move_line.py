from odoo import api, models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _timesheet_domain_get_invoiced_lines(self, sale_line_delivery):
        """An invoice leaves a running timer alone: its hours are for the next one.

        Invoiced entries cannot be changed, so it could not be stopped any more.
        """
        return (
            Domain(super()._timesheet_domain_get_invoiced_lines(sale_line_delivery))
            & ~self.env["account.analytic.line"]._domain_timer_running()
        )
