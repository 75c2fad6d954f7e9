from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "helpdesk.time.total.mixin"]

    _time_totals = frozenset({"invoice_status"})

    has_helpdesk_time_warning = fields.Boolean(
        compute="_compute_has_helpdesk_time_warning", export_string_translation=False
    )

    def write(self, vals):
        """Tickets of the order's items stay among its tickets (K6)."""
        res = super().write(vals)
        if "ticket_ids" in vals:
            # sudo: who sells may not see every ticket of the order
            tickets = (
                self.env["helpdesk.ticket"]
                .sudo()
                .with_context(active_test=False)
                .search([("sale_order_id", "in", self.ids)])
            )
            self.env.add_to_compute(tickets._fields["sale_order_ids"], tickets)
            tickets._recompute_recordset(["sale_order_ids"])
        return res

    @api.depends("order_line.helpdesk_time_warning")
    def _compute_has_helpdesk_time_warning(self):
        for order in self:
            order.has_helpdesk_time_warning = any(
                line.helpdesk_time_warning for line in order.order_line
            )
