from odoo import models


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _get_timesheet(self):
        """A project's Billable leaves the items of tickets' time alone (E6b)."""
        return super()._get_timesheet().filtered(lambda entry: not entry.ticket_id)
