from odoo import api, fields, models


class HelpdeskTimerStop(models.TransientModel):
    _inherit = "helpdesk.timer.stop"

    time_type_id = fields.Many2one(
        "project.time.type",
        "Kind of Work",
        compute="_compute_time_type_id",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("entry_id")
    def _compute_time_type_id(self):
        self.entry_id.check_access("read")
        for wizard in self:
            entry = wizard.entry_id
            wizard.time_type_id = (
                entry._propose_time_type(fields.Datetime.now()) if entry else False
            )

    def action_stop(self):
        """The kind of work decides hours to bill, as it was chosen (W2)."""
        self.entry_id.time_type_id = self.time_type_id
        return super().action_stop()
