from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _inherit = "sale.order"

    hours_to_cover = fields.Float(
        compute="_compute_hours_to_cover",
        compute_sudo=True,
        help="Hours of the customer that the order's prepaid hours could cover.",
    )

    @api.depends("state", "order_line.hours_period_ids")
    def _compute_hours_to_cover(self):
        """Overrun, uncovered and uninvoiced post-paid time (D8)."""
        covering = self.filtered(lambda order: order._get_covering_block())
        hours = covering._read_hours_to_cover()
        for order in self:
            key = (order.partner_id.commercial_partner_id, order.company_id)
            order.hours_to_cover = order in covering and hours[key]

    def _read_hours_to_cover(self):
        """Open hours of the orders' customers: ``{(customer, company): hours}``."""
        entries = self.env["account.analytic.line"]
        customers = self.partner_id.commercial_partner_id
        hours = defaultdict(float)
        for ticket, company, amount in entries._read_hours(
            entries._domain_drawing()
            & entries._domain_not_billed()
            & Domain("coverage", "in", ("overrun", "uncovered", "post_paid"))
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("ticket_id.commercial_partner_id", "in", customers.ids),
            ["ticket_id", "company_id"],
        ):
            hours[ticket.commercial_partner_id, company] += amount
        return hours

    def _get_covering_block(self):
        """The order's first block with hours."""
        return self.order_line.filtered(
            lambda line: line._is_block() and line.hours_usable
        )[:1]

    def action_cover_hours(self):
        """Open the preview of covering the customer's open time (D8)."""
        self.ensure_one()
        action = self.partner_id.action_redraw_prepaid_hours()
        return {
            **action,
            "name": self.env._("Cover Open Time"),
            "context": {
                **action["context"],
                "default_company_id": self.company_id.id,
                "default_block_id": self._get_covering_block().id,
            },
        }

    def _action_confirm(self):
        """Prepaid hours start on the day the order is confirmed (V1)."""
        res = super()._action_confirm()
        self.order_line._confirm_hours()
        return res

    def write(self, vals):
        """Time of a cancelled order is decided anew, unless it is frozen (V3)."""
        res = super().write(vals)
        if vals.get("state") == "cancel":
            self.order_line._release_hours()
        return res
