from odoo import fields, models
from odoo.exceptions import AccessError, UserError

# who opens closed periods again (C4)
REOPENING = "helpdesk_mgmt.group_helpdesk_manager,sales_team.group_sale_manager"


class SaleOrderLineHoursAdjust(models.TransientModel):
    """A manager adjusts a period (V5), or opens it again (C4), with a reason."""

    _name = "sale.order.line.hours.adjust"
    _description = "Adjust Prepaid Hours"

    period_id = fields.Many2one(
        "sale.order.line.hours.period", required=True, readonly=True
    )
    kind = fields.Selection(
        [("adjust", "Adjust"), ("reopen", "Open Again")], required=True, readonly=True
    )
    hours = fields.Float(help="Hours to add; negative hours are taken away.")
    reason = fields.Char(required=True)

    def action_apply(self):
        """:raises AccessError: where who is no manager opens a period again
        :raises UserError: without hours, or where frozen time is in the way
        """
        self.ensure_one()
        self.period_id.check_access("read")
        # sudo: who may use this adjusts what they may see, without rights on orders;
        # nobody writes periods without a reason
        period = self.period_id.sudo()
        if self.kind == "reopen":
            if not self.env.user.has_groups(REOPENING):
                raise AccessError(
                    self.env._(
                        "%(block)s: only managers of helpdesk or sales open a closed"
                        " period again.",
                        block=period.name,
                    )
                )
            period._reopen(self.reason)
        elif not self.hours:
            raise UserError(
                self.env._(
                    "%(block)s: enter the hours to add, or to take with a minus.",
                    block=period.name,
                )
            )
        else:
            period._adjust(self.hours, self.reason)
        return {"type": "ir.actions.act_window_close"}
