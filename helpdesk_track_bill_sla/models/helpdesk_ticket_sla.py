from odoo import api, fields, models


class HelpdeskTicketSla(models.Model):
    _inherit = "helpdesk.ticket.sla"

    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Sales Order Item",
        compute="_compute_sale_line_id",
        compute_sudo=True,
        help="The ticket's item, where the policy is for some items only.",
        groups="base.group_user",
    )

    @api.depends("ticket_id.sale_line_id", "sla_id.product_ids", "sla_id.sale_line_ids")
    def _compute_sale_line_id(self):
        for row in self:
            row.sale_line_id = row.sla_id._names_items() and row.ticket_id.sale_line_id
