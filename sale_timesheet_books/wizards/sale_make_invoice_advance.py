from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        """What is pending may be all that the period has to invoice."""
        sale_orders.order_line._drain_pending_totals()
        self._compute_invoicing_timesheet_enabled()
        return super()._create_invoices(sale_orders)
