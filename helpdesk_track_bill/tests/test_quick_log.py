from ast import literal_eval

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import TrackBillCommon


class QuickLogCommon(TrackBillCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls._sell_hours(10)
        cls.ticket = cls._create_ticket()
        cls.closed_stage = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")

    def _open_dialog(self, ticket=None, user=None):
        """The dialog as the user's client opens it."""
        ticket = (ticket or self.ticket).with_user(user or self.agent)
        action = ticket.action_log_time()
        return Form(
            self.env[action["res_model"]]
            .with_user(ticket.env.user)
            .with_context(**action["context"])
        )

    def _log_quickly(self, hours, **values):
        form = self._open_dialog()
        form.hours = hours
        for name, value in values.items():
            form[name] = value
        form.save().action_log()
        return self.ticket.timesheet_ids


@tagged("post_install", "-at_install")
class TestQuickLog(QuickLogCommon):
    def test_quick_log_creates_one_ordinary_entry(self):
        entry = self._log_quickly(0.75, name="Cleaned the rollers")
        self.assertRecordValues(
            entry,
            [
                {
                    "name": "Cleaned the rollers",
                    "unit_amount": 0.75,
                    "date": fields.Date.context_today(entry),
                    "employee_id": self.employee.id,
                    "project_id": self.team.default_project_id.id,
                    "so_line": self.item.id,
                    "is_so_line_edited": False,
                }
            ],
        )
        self.assertEqual(self.item.remaining_hours, 9.25)

    def test_quick_log_takes_another_day_and_item(self):
        billed = self._sell(self.post_paid_product, 1)
        entry = self._log_quickly(
            1, date=fields.Date.to_date("2026-01-15"), sale_line_id=billed
        )
        self.assertRecordValues(
            entry,
            [
                {
                    "date": fields.Date.to_date("2026-01-15"),
                    "so_line": billed.id,
                    "is_so_line_edited": True,
                }
            ],
        )

    def test_quick_log_without_an_item_is_non_billable(self):
        self._sell(self.post_paid_product, 1)
        entry = self._log_quickly(1, sale_line_id=self.item.browse())
        self.assertFalse(entry.so_line)
        self.assertTrue(entry.is_so_line_edited)

    def test_quick_log_offers_items_only_where_there_is_another(self):
        self.assertFalse(self._open_dialog().has_items)
        self._sell(self.post_paid_product, 1)
        self.assertTrue(self._open_dialog().has_items)
        unbilled = self.team.copy({"allow_billable": False})
        ticket = self._create_ticket(team_id=unbilled.id)
        self.assertFalse(self._open_dialog(ticket, self.env.user).has_items)

    def test_quick_log_refuses_no_hours(self):
        for hours in (0, -1):
            with self.assertRaisesRegex(UserError, "enter the hours spent"):
                self._log_quickly(hours)
        self.assertFalse(self.ticket.timesheet_ids)

    def test_quick_log_refuses_more_than_a_day(self):
        with self.assertRaisesRegex(UserError, "more than a day"):
            self._log_quickly(25)

    def test_quick_log_refuses_a_team_without_timesheets(self):
        self.team.allow_timesheet = False
        with self.assertRaisesRegex(UserError, "switch Timesheets on"):
            self._log_quickly(1)

    def test_quick_log_refuses_an_item_of_another_customer(self):
        foreign = self._sell_hours(5, partner=self.other_customer)
        wizard = self.env["helpdesk.ticket.log.time"].with_user(self.agent)
        with self.assertRaisesRegex(UserError, "another customer"):
            wizard.create(
                {
                    "ticket_id": self.ticket.id,
                    "hours": 1,
                    "sale_line_id": foreign.id,
                }
            ).action_log()

    def test_quick_log_needs_rights_on_timesheets(self):
        user = self._create_user("no_time", "helpdesk_mgmt.group_helpdesk_user")
        with self.assertRaises(AccessError):
            self.env["helpdesk.ticket.log.time"].with_user(user).create(
                {"ticket_id": self.ticket.id, "hours": 1}
            )
        for kind in ("form", "list", "kanban"):
            for login, shown in ((user, False), (self.agent, True)):
                arch = self._get_view(self.ticket.with_user(login), kind)
                buttons = arch.xpath("//button[@name='action_log_time']")
                self.assertEqual(bool(buttons), shown, (kind, login.name))

    def test_quick_log_tells_nothing_of_tickets_that_the_user_may_not_read(self):
        own = self._create_user(
            "own",
            "helpdesk_mgmt.group_helpdesk_user_own,"
            "hr_timesheet.group_hr_timesheet_user",
        )
        self._create_employee(own)
        self.ticket.user_id = self.agent
        with self.assertRaises(AccessError):
            self.env["helpdesk.ticket.log.time"].with_user(own).create(
                {"ticket_id": self.ticket.id, "hours": 1}
            ).action_log()
        self.assertFalse(self.ticket.timesheet_ids)


@tagged("post_install", "-at_install")
class TestClosingAsks(QuickLogCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.ask_time_on_closing = True

    def _ask(self, ticket=None, user=None, stage=None):
        ticket = (ticket or self.ticket).with_user(user or self.agent)
        return ticket.action_ask_time((stage or self.closed_stage).id)

    def test_closing_asks_where_no_time_was_logged(self):
        self.assertEqual(self._ask()["res_model"], "helpdesk.ticket.log.time")
        self.assertTrue(self._ask()["context"]["default_closing"])

    def test_closing_asks_nothing_where_the_team_does_not_want_it(self):
        self.assertFalse(self.env["helpdesk.ticket.team"].new().ask_time_on_closing)
        self.team.ask_time_on_closing = False
        self.assertFalse(self._ask())

    def test_closing_asks_nothing_where_the_team_logs_no_time(self):
        self.team.allow_timesheet = False
        self.assertFalse(self._ask())

    def test_closing_asks_nothing_for_an_open_stage(self):
        stage = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        self.assertFalse(self._ask(stage=stage))

    def test_closing_asks_nothing_of_a_closed_ticket(self):
        self.ticket.stage_id = self.closed_stage
        other = self.closed_stage.copy()
        self.assertFalse(self._ask(stage=other))

    def test_closing_asks_nothing_where_a_colleague_logged_time(self):
        employee = self._create_employee(self.salesperson)
        self._log(self.ticket, 1, employee_id=employee.id)
        self.assertFalse(self._ask())

    def test_closing_asks_nothing_of_who_logs_no_time(self):
        user = self._create_user("no_time", "helpdesk_mgmt.group_helpdesk_user")
        self.assertFalse(self._ask(user=user))

    def test_closing_asks_once_where_no_time_was_said(self):
        action = self._ask()
        wizard = (
            self.env["helpdesk.ticket.log.time"]
            .with_user(self.agent)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.action_no_time()["infos"], {"answered": True})
        self.assertTrue(self.ticket.no_time_needed)
        self.assertFalse(self.ticket.timesheet_ids)
        self.assertFalse(self._ask())
        self.assertFalse(self.ticket.copy().no_time_needed)

    def test_closing_by_rpc_asks_nothing(self):
        self.ticket.with_user(self.agent).stage_id = self.closed_stage
        self.assertTrue(self.ticket.closed)

    def test_closed_without_time_is_found_where_the_team_logs_time(self):
        view = self.env.ref("helpdesk_track_bill.helpdesk_ticket_view_search")
        arch = self._get_view(self.ticket, "search", view.inherit_id.id)
        node = arch.find(".//filter[@name='closed_without_time']")
        domain = fields.Domain(literal_eval(node.get("domain")))
        with_time = self._create_ticket()
        employee = self._create_employee(self.salesperson)
        self._log(with_time, 1, employee_id=employee.id)
        team = self.env["helpdesk.ticket.team"].create({"name": "No time"})
        unlogged = self._create_ticket(team_id=team.id)
        tickets = self.ticket | with_time | unlogged
        tickets.stage_id = self.closed_stage
        tickets |= self._create_ticket()
        found = tickets.with_user(self.agent).search(
            domain & fields.Domain("id", "in", tickets.ids)
        )
        self.assertEqual(found, self.ticket)
