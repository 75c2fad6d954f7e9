from odoo import fields, models


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
