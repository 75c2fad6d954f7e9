from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """Hours of a cancelled order were granted once (AL3)."""
        if vals.get("state") != "cancel":
            return super().write(vals)
        lines = self.order_line
        granted = lines._read_granted_hours()
        res = super().write(vals)
        lines._note_gone_hours(granted)
        return res
