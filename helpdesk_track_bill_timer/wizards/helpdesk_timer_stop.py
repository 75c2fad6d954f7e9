from odoo import api, fields, models


class HelpdeskTimerStop(models.TransientModel):
    _name = "helpdesk.timer.stop"
    _description = "Stop the timer on a ticket"

    entry_id = fields.Many2one(
        "account.analytic.line",
        "Time Entry",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    # as the user: the client names the entry, and who may not read it learns nothing
    ticket_id = fields.Many2one(
        "helpdesk.ticket", compute="_compute_timer", compute_sudo=False
    )
    date_time = fields.Datetime(
        "Running Since", compute="_compute_timer", compute_sudo=False
    )
    left_running = fields.Boolean(
        compute="_compute_timer", compute_sudo=False, export_string_translation=False
    )
    name = fields.Char(
        "Description",
        compute="_compute_name",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    hours = fields.Float(
        "Hours Spent",
        compute="_compute_hours",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("entry_id")
    def _compute_timer(self):
        self.entry_id.check_access("read")
        for wizard in self:
            entry = wizard.entry_id
            wizard.ticket_id = entry.ticket_id
            wizard.date_time = entry.date_time
            wizard.left_running = entry and entry._is_timer_left_running()

    @api.depends("entry_id")
    def _compute_name(self):
        self.entry_id.check_access("read")
        for wizard in self:
            wizard.name = wizard.entry_id._get_described_work()

    @api.depends("entry_id")
    def _compute_hours(self):
        self.entry_id.check_access("read")
        for wizard in self:
            entry = wizard.entry_id
            wizard.hours = entry and entry._propose_timer_hours(fields.Datetime.now())

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_stop(self):
        """Write the time entry."""
        self.entry_id._stop_timer(self.hours, self.name)
        return {"type": "ir.actions.act_window_close"}

    def action_discard(self):
        """Delete the time entry: nothing was worked."""
        self.entry_id._discard_timer()
        return {"type": "ir.actions.act_window_close"}
