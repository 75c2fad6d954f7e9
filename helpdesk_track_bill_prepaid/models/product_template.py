from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "hours.terms.mixin"]

    hours_overrun = fields.Selection(default="negative")
    hours_usable_from = fields.Selection(default="confirmed")
    hours_carry_over = fields.Selection(default="none")
    hours_validity = fields.Integer(
        "Hours Last", help="How long the hours last from the start on; 0 is for ever."
    )
    hours_validity_unit = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")],
        "Unit of Validity",
        default="month",
    )

    @api.constrains("hours_validity", "hours_carry_over_cap")
    def _check_hours_terms(self):
        for product in self:
            product._check_hours_number(product.hours_validity)
        return super()._check_hours_terms()
