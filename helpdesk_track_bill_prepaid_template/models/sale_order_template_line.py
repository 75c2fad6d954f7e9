from odoo import api, fields, models

from odoo.addons.helpdesk_track_bill_prepaid.models.hours_terms_mixin import TERMS
from odoo.addons.sale_timesheet_books.tools import get_unit


class SaleOrderTemplateLine(models.Model):
    _name = "sale.order.template.line"
    _inherit = ["sale.order.template.line", "hours.terms.line.mixin"]

    has_prepaid_hours = fields.Boolean(
        compute="_compute_has_prepaid_hours", export_string_translation=False
    )

    @api.depends("product_id", "product_uom_id")
    def _compute_has_prepaid_hours(self):
        hour = get_unit(self.env, "hour")
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
