from odoo import api, models

from odoo.addons.helpdesk_track_bill_review.models.sale_order_line import TERMS


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def _get_terms_to_renew(self):
        """What was agreed on how time is billed holds for the renewal, too (W2)."""
        return super()._get_terms_to_renew() | TERMS
