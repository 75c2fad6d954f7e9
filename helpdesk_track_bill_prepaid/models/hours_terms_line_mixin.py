from odoo import api, fields, models

from .hours_terms_mixin import TERMS


class HoursTermsLineMixin(models.AbstractModel):
    """Terms of a line with a product: of an order, or of a template of orders."""

    _name = "hours.terms.line.mixin"
    _inherit = "hours.terms.mixin"
    _description = "Terms of Prepaid Hours"

    hours_overrun = fields.Selection(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    hours_usable_from = fields.Selection(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    hours_period = fields.Selection(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    hours_carry_over = fields.Selection(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    hours_carry_over_cap = fields.Float(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )

    @api.depends("product_id")
    def _compute_hours_terms(self):
        """Terms come from the product when it is chosen, and are then the line's."""
        for line in self:
            for name in TERMS:
                line[name] = line.product_id[name] if line.product_id else line[name]
