from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.tests import Form

from odoo.addons.helpdesk_track_bill.tests.common import TrackBillCommon


class TimerCommon(TrackBillCommon):
    """Timers of the agent, started and stopped as the web client does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket()
        cls.colleague = cls._create_user(
            "colleague",
            "helpdesk_mgmt.group_helpdesk_user_team,hr_timesheet.group_hr_timesheet_user",
        )
        cls.team.user_ids += cls.colleague
        cls._create_employee(cls.colleague)

    def _start(self, ticket, user=None):
        return ticket.with_user(user or self.agent).button_start_work()

    def _open(self, action):
        """The form of a dialog that a button answered with."""
        user_env = self.env(user=self.agent)
        model = user_env[action["res_model"]].with_context(**action["context"])
        return Form(model)

    def _stop(self, ticket, name="Cleaned the rollers", **values):
        """Stop the agent's timer on a ticket with the dialog."""
        dialog = self._open(ticket.with_user(self.agent).button_end_work())
        for field, value in {"name": name, **values}.items():
            dialog[field] = value
        return dialog.save().action_stop()

    def _get_running(self, user=None):
        entries = self.env["account.analytic.line"].with_user(user or self.agent)
        return entries._get_own_timers()

    def _get_button(self, ticket, user=None):
        ticket = ticket.with_user(user or self.agent)
        ticket.invalidate_recordset(["show_time_control"])
        return ticket.show_time_control

    @contextmanager
    def _assert_refused(self):
        """A second timer is refused, and what was written for it is undone."""
        with (
            self.assertRaisesRegex(UserError, "Your timer is running on"),
            self.env.cr.savepoint(),
        ):
            yield
