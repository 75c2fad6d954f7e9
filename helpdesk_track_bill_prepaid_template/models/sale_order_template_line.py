from odoo import api, fields, models

from odoo.addons.helpdesk_track_bill_prepaid.models.hours_terms_mixin import TERMS


class SaleOrderTemplateLine(models.Model):
    _name = "sale.order.template.line"
    _inherit = ["sale.order.template.line", "hours.terms.mixin"]

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
    has_prepaid_hours = fields.Boolean(
        compute="_compute_has_prepaid_hours", export_string_translation=False
    )

    @api.depends("product_id")
    def _compute_hours_terms(self):
        """Terms come from the product when it is chosen, and are then the line's."""
        for line in self:
            for name in TERMS:
                line[name] = line.product_id[name]

    @api.depends("product_id", "product_uom_id")
    def _compute_has_prepaid_hours(self):
        hour = self.env.ref("uom.product_uom_hour")
        for line in self:
            line.has_prepaid_hours = (
                line.product_id.service_policy == "ordered_prepaid"
                and line.product_uom_id._has_common_reference(hour)
            )

    def _prepare_order_line_values(self):
        vals = super()._prepare_order_line_values()
        if self.has_prepaid_hours:
            vals.update({name: self[name] for name in TERMS})
        return vals
