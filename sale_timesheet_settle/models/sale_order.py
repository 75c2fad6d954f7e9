from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "timesheet.total.mixin"]

    # the margins are those of core's sale_timesheet_margin
    _time_totals = frozenset({"invoice_status", "margin", "margin_percent"})

    def _filter_totals_of_time(self):
        """Orders that sell time: others wait as Odoo's do."""
        return self.filtered(lambda order: order.order_line._filter_totals_of_time())
