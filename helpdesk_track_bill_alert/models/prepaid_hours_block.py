from odoo import api, fields, models


class PrepaidHoursBlock(models.Model):
    _inherit = "prepaid.hours.block"

    hours_lasts_until = fields.Date(
        "Lasts Until",
        compute="_compute_forecast",
        compute_sudo=True,
        help="The day on which the hours are used up or end, at the pace of the last"
        " weeks; as of last night.",
    )
    hours_likely_expired = fields.Float(
        "Likely to Expire",
        compute="_compute_forecast",
        compute_sudo=True,
        help="Hours that end unused, at the pace of the last weeks.",
    )
    customer_forecast = fields.Char(
        "All Hours Last Until",
        compute="_compute_forecast",
        compute_sudo=True,
        help="Until when all prepaid hours of the customer last.",
    )
    customer_graph = fields.Text(
        "Hours per Week", compute="_compute_graph", compute_sudo=True
    )

    @api.depends("line_id", "partner_id")
    @api.depends_context("lang")
    def _compute_forecast(self):
        # sudo by the field: who sees a block sees how long the hours last
        for company, blocks in self.grouped("company_id").items():
            for block in blocks.with_company(company):
                block.hours_lasts_until = block.line_id.hours_lasts_until
                block.hours_likely_expired = block.line_id.hours_likely_expired
                block.customer_forecast = block.partner_id.prepaid_hours_forecast

    @api.depends("partner_id")
    @api.depends_context("lang")
    def _compute_graph(self):
        for block in self:
            customer = block.partner_id.with_company(block.company_id)
            block.customer_graph = customer.prepaid_hours_graph

    def action_renew_hours(self):
        """Make or open the renewals of the blocks (R1)."""
        self.check_access("read")
        return self.line_id.action_renew_hours()
