from odoo import api, fields, models
from odoo.fields import Domain

from .account_analytic_line import NO_DESCRIPTION


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "hr.timesheet.time_control.mixin"]

    show_time_control = fields.Selection(groups="hr_timesheet.group_hr_timesheet_user")
    timer_start = fields.Datetime(
        "Timer Running Since",
        compute="_compute_timer_start",
        search="_search_timer_start",
        help="When you started the timer that runs on this ticket.",
        groups="hr_timesheet.group_hr_timesheet_user",
    )
    timer_left_running = fields.Boolean(
        compute="_compute_timer_start",
        export_string_translation=False,
        groups="hr_timesheet.group_hr_timesheet_user",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends(
        "allow_timesheet",
        "timesheet_ids.date_time",
        "timesheet_ids.unit_amount",
        "timesheet_ids.user_id",
    )
    @api.depends_context("uid")
    def _compute_show_time_control(self):
        unsaved = self.filtered(lambda ticket: not ticket.id)
        for ticket in unsaved:
            # a form's changes neither start nor stop a timer
            ticket.show_time_control = ticket._origin.show_time_control
        saved = self - unsaved
        res = super(HelpdeskTicket, saved)._compute_show_time_control()
        for ticket in saved:
            if not ticket.show_time_control:
                # several entries without hours: each can be stopped
                ticket.show_time_control = "stop"
            elif ticket.show_time_control == "start" and not ticket.allow_timesheet:
                # one that runs since before they were switched off can be stopped
                ticket.show_time_control = False
        return res

    @api.depends(
        "timesheet_ids.date_time", "timesheet_ids.unit_amount", "timesheet_ids.user_id"
    )
    @api.depends_context("tz", "uid")
    def _compute_timer_start(self):
        timers = dict(
            self.env["account.analytic.line"]._read_group(
                self._timesheet_running_domain(), ["ticket_id"], ["id:recordset"]
            )
        )
        for ticket in self:
            timer = timers.get(ticket._origin, self.env["account.analytic.line"])[:1]
            ticket.timer_start = timer.date_time
            ticket.timer_left_running = timer and timer._is_timer_left_running()

    def _search_timer_start(self, operator, value):
        """Tickets on which the user's timer runs, whenever it was started."""
        if operator != "in" or list(value) != [False]:
            return NotImplemented
        running = self.env["account.analytic.line"]._domain_timer_running()
        own = running & Domain("user_id", "=", self.env.uid)
        return ~Domain("timesheet_ids", "any", own)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def button_start_work(self):
        """Start the user's timer on the ticket; ask first where another one runs."""
        self.ensure_one()
        action = super().button_start_work()
        action["name"] = self.env._("Start Timer")
        action["context"]["default_name"] = (
            NO_DESCRIPTION  # what was done is asked at the end
        )
        running = self.env["account.analytic.line"]._get_own_timers()[:1]
        if running.ticket_id == self:
            return False
        if running:
            return action
        switch = self.env[action["res_model"]].with_context(**action["context"])
        return switch.create({}).action_switch()

    # ------------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------------
    @api.model
    def _relation_with_timesheet_line(self):
        return "ticket_id"

    @api.model
    def _timesheet_running_domain(self):
        """The user's running entries on these tickets."""
        return (
            Domain("ticket_id", "in", self.ids)
            & Domain("user_id", "=", self.env.uid)
            & self.env["account.analytic.line"]._domain_timer_running()
        )
