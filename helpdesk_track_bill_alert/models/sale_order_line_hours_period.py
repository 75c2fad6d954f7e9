from odoo import api, fields, models


class SaleOrderLineHoursPeriod(models.Model):
    _inherit = "sale.order.line.hours.period"

    hours_lasts_until = fields.Date(
        related="line_id.hours_lasts_until", string="Lasts Until", related_sudo=True
    )
    hours_likely_expired = fields.Float(
        related="line_id.hours_likely_expired",
        string="Likely to Expire",
        related_sudo=True,
    )
    customer_forecast = fields.Char(
        "All Hours Last Until",
        compute="_compute_customer_forecast",
        compute_sudo=True,
        help="Until when all prepaid hours of the customer last (F1).",
    )
    customer_graph = fields.Text(
        "Hours per Week", compute="_compute_customer_forecast", compute_sudo=True
    )

    @api.depends("partner_id")
    @api.depends_context("company", "lang")
    def _compute_customer_forecast(self):
        # sudo by the field: who sees a period sees how long the hours last
        for company, periods in self.grouped("company_id").items():
            for period in periods.with_company(company):
                customer = period.partner_id
                period.customer_forecast = customer.prepaid_hours_forecast
                period.customer_graph = customer.prepaid_hours_graph

    def action_renew_hours(self):
        """Make or open the renewals of the periods' blocks (R1)."""
        self.check_access("read")
        return self.line_id.action_renew_hours()
