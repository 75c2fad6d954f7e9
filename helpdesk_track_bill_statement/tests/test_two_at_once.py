from contextlib import contextmanager

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import date_utils, mute_logger
from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo.addons.helpdesk_track_bill_prepaid.tests.two_at_once import TwoAtOnceCase


@tagged("post_install", "-at_install")
class TestTwoAtOnce(TwoAtOnceCase):
    """S4: a lock and those who write time, each in a transaction of its own.

    Odoo runs again what fails on a picture of the database that is old.
    """

    ordered_hours = 10

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            first, last = env["prepaid.hours.statement"]._get_last_month()
            self.day, self.last = last, last
            self.today = env.company._get_today()
            line = env["sale.order"].browse(self.order).order_line
            line.hours_date_start = date_utils.subtract(first, months=6)
            statement = self._create(
                env, "prepaid.hours.statement", partner_id=self.customer
            )
            self.statement = statement.id
            self.entry = self._log(env, self.day).id

    def _clean_up(self):
        with self._transaction() as env:
            statement = env["prepaid.hours.statement"].browse(self.statement)
            if statement.state == "locked":
                statement._unlock("The test is over")
        return super()._clean_up()

    @contextmanager
    def _writing(self):
        """A transaction that has an old picture of the database when it writes."""
        with self._transaction() as env:
            env.cr.execute("SELECT 1")  # what it sees of others ends here
            self._lock()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                yield env
                env.flush_all()
            env.cr.rollback()

    def _log(self, env, day, hours=1, **values):
        entry = env["account.analytic.line"].create(
            {
                "ticket_id": self.ticket,
                "employee_id": self.employee,
                "unit_amount": hours,
                "name": "Work",
                "date": day,
                **values,
            }
        )
        env.flush_all()
        return entry

    def _lock(self):
        with self._transaction() as env:
            env["prepaid.hours.statement"].browse(self.statement).action_lock()

    def _get_closing(self):
        with self._transaction() as env:
            statement = env["prepaid.hours.statement"].browse(self.statement)
            return statement._get_sheet()["total"]["closing"]

    def test_S4_nothing_slips_into_days_that_were_just_locked(self):
        with self._writing() as env:
            self._log(env, self.day)
        with self._transaction() as env, self.assertRaises(UserError):
            self._log(env, self.day)
        self.assertEqual(self._get_closing(), 9 * 60)

    def test_S4_what_was_just_locked_does_not_change(self):
        with self._writing() as env:
            env["account.analytic.line"].browse(self.entry).unit_amount = 2

    def test_S4_what_was_just_locked_is_not_deleted(self):
        with self._writing() as env:
            env["account.analytic.line"].browse(self.entry).unlink()

    def test_S4_teams_that_draw_from_the_item_meet_the_lock_too(self):
        with self._transaction() as env:
            env["helpdesk.ticket.team"].browse(self.team).prepaid_draw = "item"
        with self._writing() as env:
            self._log(env, self.day)

    def test_S4_uncovered_time_takes_no_item_when_it_was_just_locked(self):
        with self._transaction() as env:
            env["helpdesk.ticket.team"].browse(self.team).prepaid_draw = "item"
            ticket = env["helpdesk.ticket"].browse(self.ticket)
            ticket.sale_line_id = False
            item = env["sale.order"].browse(self.order).order_line.id
            self._log(env, self.day, so_line=False)
        with self._writing() as env:
            env["helpdesk.ticket"].browse(self.ticket).sale_line_id = item

    def test_V5_locked_periods_are_not_adjusted_when_they_were_just_locked(self):
        with self._writing() as env:
            line = env["sale.order"].browse(self.order).order_line
            env["sale.order.line.hours.adjustment"].create(
                {"line_id": line.id, "date": self.day, "hours": 1, "reason": "Goodwill"}
            )

    def test_S4_a_lock_waits_for_who_writes_and_counts_it(self):
        with self._transaction() as env:
            self._log(env, self.day)
            with mute_logger("odoo.sql_db"), self.assertRaises(LockNotAvailable):
                self._lock()
        self._lock()
        self.assertEqual(self._get_closing(), 8 * 60)

    def test_S4_a_lock_that_began_before_time_came_is_run_again(self):
        for change in ("create", "write", "unlink"):
            with self.subTest(change=change), self._transaction() as env:
                statement = env["prepaid.hours.statement"].browse(self.statement)
                statement.fetch(["state"])
                with self._transaction() as other:
                    entries = other["account.analytic.line"]
                    if change == "create":
                        latest = self._log(other, self.day).id
                    elif change == "write":
                        entries.browse(latest).unit_amount = 3
                    else:
                        entries.browse(latest).unlink()
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises((ConcurrencyError, SerializationFailure)),
                ):
                    statement.action_lock()
                env.cr.rollback()
        self._lock()
        self.assertEqual(self._get_closing(), 9 * 60)

    def test_S4_time_of_today_does_not_wait_for_a_lock(self):
        with self._transaction() as env:
            env["prepaid.hours.statement"].browse(self.statement).action_lock()
            with self._transaction() as other:
                self._log(other, self.today)

    def test_S4_only_time_of_days_that_are_over_asks_for_the_customer(self):
        with self._transaction() as env:
            queries = []

            def count(day):
                before = env.cr.sql_log_count
                self._log(env, day)
                queries.append(env.cr.sql_log_count - before)

            for day in (self.today, self.last, self.today, self.last):
                count(day)
            # before the parts are written, and when all of it is there
            self.assertEqual(queries[3] - queries[2], 2)

    def test_S4_who_writes_at_once_does_not_wait(self):
        with self._transaction() as env:
            self._log(env, self.day)
            with self._transaction() as other:
                other["res.partner"].browse(
                    other["helpdesk.ticket"]
                    .browse(self.ticket)
                    .commercial_partner_id.id
                )._share()
