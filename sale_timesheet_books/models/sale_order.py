from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_invoices(self, grouped=False, final=False, date=None):
        """What a period left out stays to be invoiced.

        Core (19.0) writes the quantities of the period as those to invoice, and
        leaves them there on items of which the period had nothing: an invoice without
        a period would not find their time.
        """
        self.order_line._drain_pending_totals()
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        context = self.env.context
        if context.get("timesheet_start_date") or context.get("timesheet_end_date"):
            lines = self.order_line
            self.env.add_to_compute(lines._fields["qty_to_invoice"], lines)
        return moves
