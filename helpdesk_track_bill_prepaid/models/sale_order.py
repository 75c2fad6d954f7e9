from odoo import api, fields, models

from .. import engine


class SaleOrder(models.Model):
    _inherit = "sale.order"

    hours_to_cover = fields.Float(
        compute="_compute_hours_to_cover",
        compute_sudo=True,
        help="Hours of the customer that the order's prepaid hours could cover.",
    )

    @api.depends(
        "order_line.hours_usable",
        *(
            f"partner_id.commercial_partner_id.prepaid_ticket_ids.timesheet_ids.{name}"
            for name in (
                "coverage",
                "date",
                "hours_period_id.closed",
                "is_so_line_edited",
                "timesheet_invoice_id.state",
                "unit_amount",
            )
        ),
    )
    def _compute_hours_to_cover(self):
        """Overrun, uncovered and uninvoiced post-paid time (D8).

        As much of it as the preview would move to the order's block.
        """
        blocks = {order: order._origin._get_covering_block() for order in self}
        lines = self.env["sale.order.line"].union(*blocks.values())
        plans = lines._plan_to_cover()
        for order, block in blocks.items():
            order.hours_to_cover = sum(
                change.after.hours
                for change in plans.get(block, engine.Plan()).changes
                if change.after and change.after.coverage == "prepaid"
            )

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
