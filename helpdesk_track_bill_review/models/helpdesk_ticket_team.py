from odoo import fields, models


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    review_time = fields.Boolean(
        help="Only approved time of the team is invoiced. Prepaid hours are drawn at"
        " once.",
    )
    submit_time_on_save = fields.Boolean(
        "Saving Submits",
        default=True,
        help="Time is submitted for review when it is saved; otherwise agents submit"
        " it themselves.",
    )
    show_billed_hours = fields.Boolean(
        "Agents See Hours to Bill",
        default=True,
        help="Agents see on the ticket what is billed of their time.",
    )
