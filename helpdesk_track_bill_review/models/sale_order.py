from odoo import models

from .account_analytic_line import SELECTION_KEY


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Bill the entries that were selected, if some were (BP3)."""
        context = self.env.context
        if context.get(SELECTION_KEY) is None:
            return super()._create_invoices(grouped=grouped, final=final, date=date)
        self.order_line._recompute_qty_to_invoice(
            context.get("timesheet_start_date"), context.get("timesheet_end_date")
        )
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        lines = self.order_line
        self.env.add_to_compute(lines._fields["qty_to_invoice"], lines)
        return moves
