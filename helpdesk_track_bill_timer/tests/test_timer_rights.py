from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import TimerCommon


@tagged("post_install", "-at_install")
class TestTimerRights(TimerCommon):
    def _get_buttons(self, user, kind):
        arch = self._get_view(self.ticket.with_user(user), kind)
        return arch.xpath("//button[@name='button_start_work']")

    def test_timer_two_users_on_one_ticket(self):
        self._start(self.ticket)
        self.assertEqual(self._get_button(self.ticket, self.colleague), "start")
        self._start(self.ticket, self.colleague)
        self._stop(self.ticket, hours=1)
        self.assertEqual(self._get_button(self.ticket), "start")
        self.assertEqual(self._get_button(self.ticket, self.colleague), "stop")
        self.assertEqual(self.ticket.total_hours, 1)
        self.assertEqual(len(self.ticket.timesheet_ids), 2)

    def test_timer_of_somebody_else_cannot_be_stopped(self):
        self._start(self.ticket)
        wizard = self.env["helpdesk.timer.stop"].with_user(self.colleague)
        with self.assertRaises(AccessError):
            wizard.create(
                {
                    "entry_id": self.ticket.timesheet_ids.id,
                    "name": "Mine",
                    "hours": 1,
                }
            ).action_stop()
        self.assertTrue(self._get_running())

    def test_timer_of_somebody_else_is_not_shown_by_the_dialogs(self):
        self._start(self.ticket)
        entry = self.ticket.timesheet_ids
        entry.name = "Confidential"
        self.env.invalidate_all()
        for model, field, shown in (
            ("helpdesk.timer.stop", "entry_id", ("name", "hours", "ticket_id")),
            (
                "hr.timesheet.switch",
                "running_timer_id",
                ("running_timer_name", "running_timer_ticket_id"),
            ),
        ):
            wizard = self.env[model].with_user(self.colleague)
            for name in shown:
                with self.assertRaises(AccessError):
                    wizard.onchange({field: entry.id}, [field], {field: {}, name: {}})
                self.env.invalidate_all()

    def test_timer_agent_with_team_rights_sees_the_buttons(self):
        for kind in ("form", "list", "kanban"):
            self.assertEqual(len(self._get_buttons(self.agent, kind)), 1, kind)
        for kind, answer in self._read_views(self.agent, self.ticket).items():
            self.assertEqual(answer["show_time_control"], "start", kind)

    def test_timer_agent_without_timesheets_sees_no_button(self):
        user = self._create_user("plain", "helpdesk_mgmt.group_helpdesk_user")
        for kind in ("form", "list", "kanban"):
            self.assertFalse(self._get_buttons(user, kind), kind)
        for answer in self._read_views(user, self.ticket).values():
            self.assertNotIn("show_time_control", answer)
        with self.assertRaises(AccessError):
            self._start(self.ticket, user)

    def test_timer_team_without_timesheets_has_none(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Plain", "user_ids": [Command.link(self.agent.id)]}
        )
        ticket = self._create_ticket(team_id=team.id)
        self.assertFalse(self._get_button(ticket))
        with self.assertRaisesRegex(ValidationError, "switch Timesheets on"):
            self._start(ticket)

    def test_timer_can_be_stopped_after_the_team_gave_up_timesheets(self):
        self._start(self.ticket)
        self.team.allow_timesheet = False
        self.assertEqual(self._get_button(self.ticket), "stop")
        self._stop(self.ticket, hours=1)
        self.assertFalse(self._get_button(self.ticket))
        self.assertEqual(self.ticket.timesheet_ids.unit_amount, 1)

    def test_timer_needs_an_employee(self):
        user = self._create_user(
            "temp",
            "helpdesk_mgmt.group_helpdesk_user,hr_timesheet.group_hr_timesheet_user",
        )
        with self.assertRaisesRegex(ValidationError, "active employee"):
            self._start(self.ticket, user)

    def test_timer_runs_in_a_private_project(self):
        self.ticket.project_id.privacy_visibility = "followers"
        self._start(self.ticket)
        self.assertEqual(self._get_button(self.ticket), "stop")
        self._stop(self.ticket, hours=1)
        self.assertEqual(self.ticket.total_hours, 1)

    def test_timer_is_not_started_on_a_ticket_out_of_sight(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Secret", "allow_timesheet": True}
        )
        ticket = self._create_ticket(team_id=team.id)
        with self.assertRaises(AccessError):
            self._start(ticket)
        # resuming copies entries as superuser
        entry = self._log(ticket, 1)
        switch = self.env["hr.timesheet.switch"].with_user(self.agent)
        wizard = switch.create({"name": "Again", "analytic_line_id": entry.id})
        with self.assertRaises(AccessError):
            wizard.action_switch()
        self.assertEqual(ticket.timesheet_ids, entry)

    def test_timer_works_in_a_second_company(self):
        company = self._create_company()
        self.agent.company_ids += company
        employee = self._create_employee(self.agent, company_id=company.id)
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Second",
                "allow_timesheet": True,
                "company_id": company.id,
                "user_ids": [Command.link(self.agent.id)],
            }
        )
        ticket = self._create_ticket(team_id=team.id, company_id=company.id)
        both = [self.company.id, company.id]
        self._start(ticket.with_context(allowed_company_ids=both))
        self.assertEqual(ticket.timesheet_ids.employee_id, employee)
        # a timer counts in every company, selected or not
        with self._assert_refused():
            self.env["account.analytic.line"].with_user(self.agent).create(
                {"ticket_id": self.ticket.id}
            )
        self.env.invalidate_all()
        ticket = self.ticket.with_context(allowed_company_ids=self.company.ids)
        dialog = self._open(self._start(ticket))
        dialog.running_timer_name = "Cleaned the rollers"
        dialog.running_timer_hours = 1
        dialog.save().action_switch()
        self.assertEqual(self._get_running(), self.ticket.timesheet_ids)

    def test_timer_is_not_shown_to_customers_while_it_runs(self):
        self.team.show_timesheet_portal = True
        customer = new_test_user(
            self.env, "track_bill_portal", "base.group_portal", email="p@example.com"
        )
        customer.partner_id.parent_id = self.customer
        self._start(self.ticket)
        shown = self.ticket.with_user(customer)._get_portal_timesheets()
        self.assertFalse(shown)
        self._stop(self.ticket, hours=1)
        shown = self.ticket.with_user(customer)._get_portal_timesheets()
        self.assertEqual(shown, self.ticket.timesheet_ids)
        with self.assertRaises(AccessError):
            self.ticket.with_user(customer).read(["timer_start"])

    def test_timer_is_stopped_where_its_ticket_is_out_of_sight(self):
        self._start(self.ticket)
        entry = self.ticket.timesheet_ids.with_user(self.agent)
        elsewhere = self.team.copy({"name": "Elsewhere", "user_ids": False})
        self.ticket.write({"team_id": elsewhere.id, "user_id": self.colleague.id})
        self.ticket.message_unsubscribe(self.agent.partner_id.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.ticket.with_user(self.agent).has_access("read"))
        entry._stop_timer(1, "Cleaned the rollers")
        self.assertEqual(entry.unit_amount, 1)
