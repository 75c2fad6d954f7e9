from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .common import TimerCommon


@tagged("post_install", "-at_install")
class TestTimerTour(HttpCase, TimerCommon):
    def test_timer_in_the_browser(self):
        """Each tour is a browser of its own: the timer outlives the one before."""
        self.ticket.name = "Printer stuck"
        other = self._create_ticket(name="Mail is slow")
        action = (
            f"/odoo/{self.team.id}/action-helpdesk_mgmt"
            ".action_helpdesk_ticket_kanban_from_dashboard"
        )
        login = self.agent.login
        self.start_tour(
            f"/odoo/helpdesk.ticket/{self.ticket.id}", "timer_form", login=login
        )
        self.assertEqual(self._get_running(), self.ticket.timesheet_ids)
        self.start_tour(action, "timer_list", login=login)
        self.assertEqual(self._get_running(), other.timesheet_ids)
        self.assertEqual(self.ticket.timesheet_ids.name, "Cleaned the rollers")
        self.start_tour(action, "timer_kanban", login=login)
        self.assertFalse(self._get_running())
        self.assertRecordValues(
            other.timesheet_ids,
            [{"name": "Restarted the queue", "unit_amount": 1.5}],
        )

    def test_timer_started_by_mistake_is_discarded_in_the_browser(self):
        self._start(self.ticket)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{self.ticket.id}",
            "timer_discard",
            login=self.agent.login,
        )
        self.assertFalse(self.ticket.timesheet_ids)

    def test_timer_left_overnight_in_the_browser(self):
        self._start(self.ticket)
        self._get_running().date_time -= timedelta(days=1)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{self.ticket.id}",
            "timer_overnight",
            login=self.agent.login,
        )
        self.assertRecordValues(
            self.ticket.timesheet_ids,
            [{"name": "Cleaned the rollers", "unit_amount": 2}],
        )
