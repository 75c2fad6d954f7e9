from odoo import fields, models
from odoo.fields import Domain


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    prepaid_draw = fields.Selection(
        [
            ("item", "From the ticket's item"),
            ("order", "From the customer's prepaid hours, the first to expire first"),
        ],
        "Time Draws",
        default="item",
        required=True,
        help="Where time on this team's tickets is drawn from.",
    )

    def write(self, vals):
        """Time that was logged before is in closed periods, too (C4)."""
        res = super().write(vals)
        if not vals.keys().isdisjoint(("allow_billable", "prepaid_draw")):
            self.env["account.analytic.line"]._give_periods(
                Domain("ticket_id.team_id", "in", self.ids)
            )
        return res
