from odoo import api, fields, models


class HrTimesheetSwitch(models.TransientModel):
    _inherit = "hr.timesheet.switch"

    running_timer_time_type_id = fields.Many2one(
        "project.time.type",
        "Previous Kind of Work",
        compute="_compute_running_timer_time_type_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="What was done on the ticket whose timer is stopped.",
    )

    @api.depends("date_time", "running_timer_id")
    def _compute_running_timer_time_type_id(self):
        for switch in self:
            entry = switch._get_previous_entry()
            switch.running_timer_time_type_id = (
                entry._propose_time_type(switch.date_time) if entry.ticket_id else False
            )

    def action_switch(self):
        """The kind of work decides hours to bill, as it was chosen (W2)."""
        self.ensure_one()
        previous = self._get_previous_entry()
        if previous.ticket_id:
            previous.time_type_id = self.running_timer_time_type_id
        return super().action_switch()
