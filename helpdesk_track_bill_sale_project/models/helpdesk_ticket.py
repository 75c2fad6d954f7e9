from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    # two addons compute it, neither of which knows the other
    project_id = fields.Many2one(compute="_compute_project_id")

    @api.depends("team_id", "company_id")
    def _compute_project_id(self):
        """The team's project first (K1), else the one of the ticket's orders."""
        self._compute_timesheet_project_id()
        return super()._compute_project_id()
