from odoo import fields, models


class SaleOrderLineHoursAdjustment(models.Model):
    """Hours that a manager added to a period or took from it, and why (V5)."""

    _name = "sale.order.line.hours.adjustment"
    _description = "Adjustment of Prepaid Hours"
    _order = "id"

    line_id = fields.Many2one(
        "sale.order.line", "Item", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, help="A day of the period that is adjusted.")
    hours = fields.Float(required=True)
    reason = fields.Char(required=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
