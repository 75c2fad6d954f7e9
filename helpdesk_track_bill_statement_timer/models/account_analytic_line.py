from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    def _is_locked(self):
        """A timer that runs has no hours yet: it is stopped or discarded (D4)."""
        return super()._is_locked() and not self._is_timer_running()

    def _get_locking_fields(self):
        """Hours make a timer in locked days time like any other; a start dates it."""
        return super()._get_locking_fields() | self._get_drawn_fields() | {"date_time"}

    def _stop_timer(self, hours, description):
        self._check_timer_running()
        self._leave_locked_days()
        return super()._stop_timer(hours, description)

    def button_end_work(self):
        """Timers on tasks stop at once: as long after the start as they ran."""
        end = self.env.context.get("stop_dt", fields.Datetime.now())
        for entry in self.filtered(lambda entry: not entry.ticket_id):
            moved = entry._leave_locked_days()
            if moved:
                end = fields.Datetime.to_datetime(end) + moved
                self = self.with_context(stop_dt=end)
        return super().button_end_work()

    def _leave_locked_days(self):
        """Date a timer on the first day that is not locked, and note why (D4, S4).

        :returns: by how much its start was moved
        :rtype: timedelta
        """
        self.ensure_one()
        # sudo: everybody's time is locked
        until = self.sudo().hours_locked_until
        if not until or self.date > until:
            return timedelta()
        started, start = self.date, self.date_time
        self.date = until + timedelta(days=1)
        # sudo: why time is elsewhere is noted, whoever may write the ticket
        work = self.sudo().ticket_id or self.sudo().task_id
        if work:
            work.message_post(
                body=self.env._(
                    "The timer of %(employee)s was started on %(started)s. Time is"
                    " locked until %(until)s: the hours are dated %(day)s.",
                    employee=self.sudo().employee_id.name,
                    started=format_date(self.env, started),
                    until=format_date(self.env, until),
                    day=format_date(self.env, self.date),
                )
            )
        return self.date_time - start
