from odoo import api, models
from odoo.fields import Domain


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "timesheet.total.mixin"]

    # cost and margins are those of core's sale_timesheet_margin
    _time_totals = frozenset(
        {
            "invoice_status",
            "margin",
            "margin_percent",
            "purchase_price",
            "qty_delivered",
            "qty_to_invoice",
            "remaining_hours",
            "untaxed_amount_to_invoice",
        }
    )

    def _filter_totals_of_time(self):
        """Deliveries of goods and expenses are written as Odoo writes them."""
        return self.filtered(lambda line: line.qty_delivered_method == "timesheet")

    def _drain_pending_totals(self):
        """Invoices are made of totals: settle what is pending for them first."""
        res = super()._drain_pending_totals()
        settlements = self.env["timesheet.settlement"]
        settlements._drain(self)
        settlements._drain(self.order_id)
        return res

    @api.model
    def _domain_pending_totals(self):
        """Who only looks for lines by their totals finds these without settling."""
        # sudo: a queue of the system
        pending = self.env["timesheet.settlement"].sudo()
        rows = pending._search([("res_model", "=", self._name)])
        return super()._domain_pending_totals() | Domain(
            "id", "in", rows.subselect("res_id")
        )
