from odoo import api, fields, models
from odoo.fields import Domain


class HrTimesheetSwitch(models.TransientModel):
    _inherit = "hr.timesheet.switch"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        domain="[('team_id.allow_timesheet', '=', True)]",
        help="Ticket that the time is spent on.",
    )
    # as the user: the client names the timer, and who may not read it learns nothing
    running_timer_ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Previous Ticket",
        compute="_compute_running_timer_ticket_id",
        compute_sudo=False,
    )
    running_timer_left_running = fields.Boolean(
        compute="_compute_running_timer_ticket_id",
        compute_sudo=False,
        export_string_translation=False,
    )
    running_timer_name = fields.Char(
        "Previous Description",
        compute="_compute_running_timer_name",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="What was done on the ticket whose timer is stopped.",
    )
    running_timer_hours = fields.Float(
        "Previous Hours",
        compute="_compute_running_timer_hours",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Hours to write on the ticket whose timer is stopped.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("running_timer_id")
    def _compute_running_timer_ticket_id(self):
        for switch in self:
            entry = switch._get_previous_entry()
            switch.running_timer_ticket_id = entry.ticket_id
            switch.running_timer_left_running = (
                entry.ticket_id and entry.date_time and entry._is_timer_left_running()
            )

    @api.depends("running_timer_id")
    def _compute_running_timer_name(self):
        for switch in self:
            entry = switch._get_previous_entry()
            switch.running_timer_name = (
                entry._get_described_work() if entry.ticket_id else False
            )

    @api.depends("date_time", "running_timer_id")
    def _compute_running_timer_hours(self):
        for switch in self:
            entry = switch._get_previous_entry()
            switch.running_timer_hours = (
                entry.ticket_id
                and entry.date_time
                and entry._propose_timer_hours(switch.date_time)
            )

    @api.depends("running_timer_hours")
    def _compute_running_timer_duration(self):
        on_tickets = self.filtered("running_timer_ticket_id")
        for switch in on_tickets:
            switch.running_timer_duration = switch.running_timer_hours
        return super(
            HrTimesheetSwitch, self - on_tickets
        )._compute_running_timer_duration()

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_switch(self):
        """Stop the timer that the user has seen running, and no other one.

        :raises UserError: where another one was started meanwhile
        """
        self.ensure_one()
        entries = self.env["account.analytic.line"]
        entries._lock_own_timers()
        previous = self._get_previous_entry()
        timers = entries._get_own_timers()
        running, older = timers[:1], timers[1:]
        if running and running != previous:
            running._raise_timer_running()
        older.date_time = False  # entries without hours, but no timers any more
        if previous.ticket_id:
            previous._stop_timer(self.running_timer_hours, self.running_timer_name)
            self.running_timer_id = False
        # sudo: whether it was on a ticket; the addon below copies it as superuser
        ticket = self.ticket_id or self.analytic_line_id.sudo().ticket_id
        switch = self
        if ticket:
            self.write({"analytic_line_id": False, "ticket_id": ticket.id})
            # sudo: which of the user's employees works there
            switch = self.with_company(ticket.sudo().company_id)
        return super(HrTimesheetSwitch, switch).action_switch()

    # ------------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------------
    def _get_previous_entry(self):
        """The timer that is stopped, in whichever of the user's companies it runs.

        :raises AccessError: where the user may not read it
        """
        self.ensure_one()
        entry = self.running_timer_id._with_own_companies()
        entry.check_access("read")
        return entry

    @api.model
    def _default_running_timer_id(self, employee=None):
        """Of several entries without hours, the newest is the timer of a ticket's user.

        The addon below refuses to choose, and the user could start no timer at all.
        It would take time that is billed without work for a running timer, too.
        """
        entries = self.env["account.analytic.line"]
        if "default_ticket_id" in self.env.context:
            return entries._get_own_timers()[:1]
        billed = entries.search(
            Domain("user_id", "=", self.env.uid)
            & Domain("unit_amount", "=", 0)
            & entries._domain_with_hours()
        )
        others = [*self.env.context.get("resuming_lines", []), *billed.ids]
        switch = self.with_context(resuming_lines=others)
        running = super(HrTimesheetSwitch, switch)._default_running_timer_id(employee)
        return running.with_env(self.env)

    def _prepare_default_values(self, account_analytic_line):
        """Work is resumed on the entry's ticket, by the rules of that."""
        values = super()._prepare_default_values(account_analytic_line)
        if account_analytic_line.ticket_id:
            values["analytic_line_id"] = False
            values["ticket_id"] = account_analytic_line.ticket_id.id
        return values

    def _prepare_copy_values(self, record):
        values = super()._prepare_copy_values(record)
        if record.ticket_id:
            values["ticket_id"] = record.ticket_id.id
        return values
