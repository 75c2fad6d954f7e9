from odoo import fields, models


class HelpdeskTimeInvoiceLine(models.TransientModel):
    _name = "helpdesk.time.invoice.line"
    _description = "Line of Invoice Preview"
    _order = "order_id, id"

    wizard_id = fields.Many2one(
        "helpdesk.time.invoice", required=True, ondelete="cascade"
    )
    sale_line_id = fields.Many2one("sale.order.line", "Item", required=True)
    order_id = fields.Many2one(related="sale_line_id.order_id", store=True)
    partner_id = fields.Many2one(related="sale_line_id.order_partner_id")
    quantity = fields.Float(digits="Product Unit")
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    currency_id = fields.Many2one(related="sale_line_id.currency_id")
    amount = fields.Monetary("Untaxed Amount")
