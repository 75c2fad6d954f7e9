from collections import defaultdict

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # a renewed order is new: the tickets of the former stay with that (K6)
    ticket_ids = fields.Many2many(copy=False)
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

    @api.depends("ticket_ids", "order_line.ticket_ids")
    def _compute_ticket_count(self):
        """Tickets linked by hand, and every ticket of the order's items (K6).

        Archived ones too: K7 makes them of tickets with time.
        """
        # pylint: disable=missing-return  # a compute has nothing to return
        tickets_by_order = defaultdict(set)
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        for link in ("sale_order_ids", "sale_order_id"):
            for order, ticket_ids in tickets._read_group(
                [(link, "in", self.ids)], [link], ["id:array_agg"]
            ):
                tickets_by_order[order].update(ticket_ids)
        for order in self:
            order.ticket_count = len(tickets_by_order[order._origin])

    def write(self, vals):
        """A cancelled order leaves its open tickets; K2 applies to them again (K3c)."""
        res = super().write(vals)
        if vals.get("state") == "cancel":
            # sudo: who cancels an order may not see its tickets
            tickets = self.env["helpdesk.ticket"].sudo()
            tickets.search(
                [("sale_order_id", "in", self.ids), ("closed", "=", False)]
            )._choose_item_anew()
        return res

    def action_view_tickets(self):
        """Open the tickets that the button counts (K6)."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_mgmt_sale.action_helpdesk_ticket"
        )
        return {
            **action,
            "domain": [
                "|",
                ("sale_order_ids", "in", self.ids),
                ("sale_order_id", "in", self.ids),
            ],
            "context": {
                "active_test": False,
                "default_partner_id": self.partner_id[:1].id,
                "default_sale_order_ids": self.ids,
            },
        }

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
