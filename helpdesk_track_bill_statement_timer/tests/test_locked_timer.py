from datetime import datetime

from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill_statement.tests.common import StatementCommon


@tagged("post_install", "-at_install")
class TestLockedTimer(StatementCommon):
    """D4, S4: a timer that runs when its day is locked keeps its hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.block = cls._sell_block(10, "2026-01-01", "2026-12-31")
        cls.ticket = cls._create_ticket()
        cls._log_on(cls.ticket, 2, "2026-03-10")
        cls.timer = cls._log(
            cls.ticket, 0, date_time=datetime(2026, 3, 31, 9), name="/"
        )
        cls.statement = cls._lock_until("2026-03-31")
        cls.timer = cls.timer.with_user(cls.agent)

    def test_D4_it_stops_on_the_first_day_after_the_lock(self):
        self.timer._stop_timer(3, "Worked")
        self.assertEqual(str(self.timer.date), "2026-04-01")
        self.assertEqual(self.timer.date_time, datetime(2026, 4, 1, 9))
        self.assertEqual(self.timer.unit_amount, 3)
        self.assertEqual(self.timer.sudo().so_line, self.block)
        self.assertEqual(self.statement._get_sheet()["total"]["used"], 2 * 60)
        april = self._get_sheet("2026-04-01", "2026-04-15")["total"]
        self.assertEqual(april["used"], 3 * 60)

    def test_D4_it_leaves_a_closed_period_too(self):
        other = self._log(self.ticket, 0, date_time=datetime(2026, 4, 2, 9), name="/")
        self.block.hours_period_ids.closed = True
        other.with_user(self.agent)._discard_timer()
        self.timer._stop_timer(3, "Worked")
        self.assertEqual(str(self.timer.date), "2026-04-01")
        self.assertEqual(
            (self.timer.unit_amount, self.timer.coverage), (3, "uncovered")
        )

    def test_D4_the_ticket_says_why(self):
        self.timer._stop_timer(3, "Worked")
        note = self.ticket.message_ids[:1]
        for day in ("started on 03/31", "locked until 03/31", "dated 04/01/2026"):
            self.assertIn(day, note.body)
        self.assertEqual(note.author_id, self.agent.partner_id)

    def test_D4_it_is_discarded(self):
        self.timer._discard_timer()
        self.assertFalse(self.timer.exists())

    def test_D4_a_timer_of_an_open_day_stays_where_it_is(self):
        self.timer._discard_timer()
        timer = self._log(self.ticket, 0, date_time=datetime(2026, 4, 2, 9))
        before = self.ticket.message_ids
        timer.with_user(self.agent)._stop_timer(3, "Worked")
        self.assertEqual(str(timer.date), "2026-04-02")
        self.assertEqual(self.ticket.message_ids, before)

    def test_S4_another_start_brings_no_time_into_locked_days(self):
        entry = self._log(self.ticket, 2, date_time=datetime(2026, 4, 2, 9))
        with self._refused("is locked until"), self.cr.savepoint():
            entry.date_time = datetime(2026, 3, 20, 9)
        entry.invalidate_recordset()
        entry.date_time = datetime(2026, 4, 3, 9)
        self.assertEqual(str(entry.date), "2026-04-03")

    def test_D6_another_start_day_is_drawn_anew(self):
        soon = self._sell_block(10, "2026-04-01", "2026-04-10")
        entry = self._log(self.ticket, 2, date_time=datetime(2026, 4, 5, 9))
        self.assertEqual(entry.so_line, soon)
        entry.date_time = datetime(2026, 4, 12, 9)
        self.assertEqual(entry.so_line, self.block)
        self._check_account(soon | self.block)

    def test_D4_on_a_task_it_stops_too(self):
        self.timer._discard_timer()
        self.statement.with_user(self.accountant)._unlock("Because")
        task = self.env["project.task"].create(
            {
                "name": "Move",
                "project_id": self.team.default_project_id.id,
                "partner_id": self.contact.id,
                "sale_line_id": self.block.id,
            }
        )
        timer = self.env["account.analytic.line"].create(
            {
                "project_id": task.project_id.id,
                "task_id": task.id,
                "employee_id": self.employee.id,
                "date_time": datetime(2026, 3, 31, 9),
                "name": "Moving",
            }
        )
        self.assertEqual(timer.so_line, self.block)
        self.statement.with_user(self.accountant).action_lock()
        end = datetime(2026, 3, 31, 11, 30)
        timer.with_context(stop_dt=end).button_end_work()
        self.assertEqual(str(timer.date), "2026-04-01")
        self.assertEqual(timer.unit_amount, 2.5)
        self.assertIn("dated 04/01/2026", task.message_ids[:1].body)

    def test_S4_no_hours_come_into_locked_days_by_a_timer(self):
        for values in ({"unit_amount": 3}, {"unit_amount": 3, "name": "Worked"}):
            with self._refused("is locked until 03/31/2026"):
                self.timer.write(values)

    def test_S4_the_lock_names_timers_that_still_run(self):
        body = "".join(self.statement.message_ids.mapped("body"))
        self.assertIn(f"Timers still run on {self.ticket.display_name}", body)

    def test_S4_the_lock_says_nothing_where_no_timer_runs(self):
        self.timer._discard_timer()
        statement = self._lock_until("2026-04-10", "2026-04-01")
        body = "".join(statement.message_ids.mapped("body"))
        self.assertNotIn("Timers", body)
