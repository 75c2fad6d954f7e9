from odoo import api, fields, models


class TimesheetsAnalysisReport(models.Model):
    _inherit = "timesheets.analysis.report"

    # who may not see tickets learns nothing of them here (A4)
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        readonly=True,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
    )
    ticket_partner_id = fields.Many2one(
        "res.partner",
        "Ticket Customer",
        readonly=True,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
    )
    ticket_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        "Helpdesk Team",
        readonly=True,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
    )

    @api.model
    def _select(self):
        return (
            super()._select()
            + """,
            A.ticket_id AS ticket_id,
            A.ticket_partner_id AS ticket_partner_id,
            A.ticket_team_id AS ticket_team_id
        """
        )
