from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    default_allow_timesheet = fields.Boolean(
        "Timesheets", default_model="helpdesk.ticket.team"
    )
    default_allow_billable = fields.Boolean(
        "Time Billing", default_model="helpdesk.ticket.team"
    )
    default_show_timesheet_portal = fields.Boolean(
        "Time in Portal", default_model="helpdesk.ticket.team"
    )
    allow_long_timesheets = fields.Boolean(
        related="company_id.allow_long_timesheets", readonly=False
    )

    @api.onchange("default_allow_billable")
    def _onchange_default_allow_billable(self):
        """Time Billing needs Timesheets, for new teams too (T1)."""
        if self.default_allow_billable:
            self.default_allow_timesheet = True

    @api.onchange("default_allow_timesheet")
    def _onchange_default_allow_timesheet(self):
        if not self.default_allow_timesheet:
            self.default_allow_billable = False
            self.default_show_timesheet_portal = False
