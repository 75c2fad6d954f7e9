from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    has_helpdesk_time_warning = fields.Boolean(
        compute="_compute_has_helpdesk_time", export_string_translation=False
    )
    has_prepaid_hours = fields.Boolean(
        compute="_compute_has_helpdesk_time", export_string_translation=False
    )
    has_post_paid_hours = fields.Boolean(
        compute="_compute_has_helpdesk_time", export_string_translation=False
    )
    invoice_by_ticket = fields.Boolean(
        "Tickets on Invoices",
        help="Invoice lines of time billed afterwards name the tickets, with their"
        " hours and dates.",
    )

    # a customer's orders from the newest on (K2)
    _history_index = models.Index(
        "(partner_id, company_id, date_order DESC) WHERE state = 'sale'"
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

    @api.depends(
        "order_line.helpdesk_time_warning",
        "order_line.product_id.service_policy",
        "order_line.remaining_hours_available",
    )
    def _compute_has_helpdesk_time(self):
        """Which columns and options of the form the order has a use for."""
        for order in self:
            lines = order.order_line
            order.has_helpdesk_time_warning = any(lines.mapped("helpdesk_time_warning"))
            order.has_prepaid_hours = any(lines.mapped("remaining_hours_available"))
            order.has_post_paid_hours = any(
                product._is_delivered_timesheet() for product in lines.product_id
            )
