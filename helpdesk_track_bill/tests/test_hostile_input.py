import math
from contextlib import closing

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged
from psycopg2 import IntegrityError

from .common import TrackBillCommon

NUMBERS = st.sampled_from(
    [
        math.nan,
        math.inf,
        -math.inf,
        1e308,
        -1e308,
        1e7,
        -3.0,
        25.0,
        0.0,
        1e-300,
        10**400,
    ]
) | st.floats(allow_nan=True, allow_infinity=True)
IDS = st.sampled_from([0, -1, 1, 2**31 - 1, 2**31, 2**63, 2**200, True])
TEXTS = st.sampled_from(["", "x", "1", "NaN", "<b>1</b>", "\u202e", "\x00", "9" * 400])
LISTS = st.sampled_from([[], [1], [[1]], [(6, 0, [1])], {}, {"a": 1}, [None]])
DATES = st.sampled_from(
    ["0001-01-01", "9999-12-31", "0000-00-00", "2026-13-01", "today", 20260101, -1, []]
)
OPERATORS = st.sampled_from(["=", "!=", "<", ">="])
VALUES = NUMBERS | IDS | TEXTS | LISTS | DATES | st.none()

hostile = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
class TestHostileInput(TrackBillCommon):
    """Whatever comes by RPC gives one clear sentence or a sane value."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls._sell_hours(10)
        cls.ticket = cls._create_ticket()
        cls.entry = cls._log(cls.ticket, 1)

    def _call(self, function):
        """Call as a request does: all of it is written, or nothing."""
        with closing(self.env.cr.savepoint()):
            try:
                result = function()
                self.env.flush_all()
            except (IntegrityError, UserError) as error:
                # what the database refuses, the server tells in a sentence too
                self.assertTrue(str(error))
            else:
                self._check_books()
                return result

    def _check_books(self):
        self.env.invalidate_all()
        hours = self.ticket.timesheet_ids.mapped("unit_amount")
        for figure in (*hours, self.ticket.total_hours, self.item.qty_delivered):
            self.assertTrue(math.isfinite(figure))
        self.assertAlmostEqual(self.ticket.total_hours, sum(hours), 4)

    @hostile
    @given(VALUES)
    def test_hours_of_an_entry(self, value):
        entries = self.env["account.analytic.line"].with_user(self.agent)
        vals = {"ticket_id": self.ticket.id, "name": "x", "unit_amount": value}
        self._call(lambda: entries.create(vals))
        entry = self.entry.with_user(self.agent)
        self._call(lambda: entry.write({"unit_amount": value}))

    @hostile
    @given(VALUES)
    def test_date_of_an_entry(self, value):
        entries = self.env["account.analytic.line"].with_user(self.agent)
        vals = {"ticket_id": self.ticket.id, "unit_amount": 1, "date": value}
        self._call(lambda: entries.create(vals))
        entry = self.entry.with_user(self.agent)
        self._call(lambda: entry.write({"date": value}))

    @hostile
    @given(VALUES, st.sampled_from(["ticket_id", "so_line", "employee_id"]))
    def test_links_of_an_entry(self, value, name):
        for user in (self.agent, self.env.user):
            entries = self.env["account.analytic.line"].with_user(user)
            vals = {"ticket_id": self.ticket.id, "unit_amount": 1, name: value}
            self._call(lambda entries=entries, vals=vals: entries.create(vals))
            entry = self.entry.with_user(user)
            self._call(lambda entry=entry: entry.write({name: value}))

    @hostile
    @given(VALUES, TEXTS)
    def test_unknown_keys(self, value, name):
        vals = {"ticket_id": self.ticket.id, "unit_amount": 1, f"x{name}": value}
        self._call(lambda: self.env["account.analytic.line"].create(vals))
        self._call(lambda: self.entry.write({f"x{name}": value}))

    @hostile
    @given(
        VALUES,
        st.sampled_from(["planned_hours", "sale_line_id", "timesheet_ids", "team_id"]),
    )
    def test_fields_of_a_ticket(self, value, name):
        tickets = self.env["helpdesk.ticket"].with_user(self.agent)
        vals = {
            "name": "New",
            "description": "It hums.",
            "team_id": self.team.id,
            "partner_id": self.contact.id,
            name: value,
        }
        self._call(lambda: tickets.create(vals))
        self._call(lambda: self.ticket.with_user(self.agent).write({name: value}))

    @hostile
    @given(
        VALUES,
        st.sampled_from(
            [
                "allow_billable",
                "allow_timesheet",
                "default_project_id",
                "show_timesheet_portal",
            ]
        ),
    )
    def test_fields_of_a_team(self, value, name):
        teams = self.env["helpdesk.ticket.team"]
        self._call(lambda: teams.create({"name": "New", name: value}))
        self._call(lambda: self.team.write({name: value}))

    @hostile
    @given(NUMBERS | IDS | DATES.filter(lambda date: date != []), OPERATORS)
    def test_search_by_hours_left(self, value, operator):
        tickets = self.env["helpdesk.ticket"].with_user(self.agent)
        self._call(
            lambda: tickets.search([("remaining_hours_so", operator, value)]).ids
        )

    @hostile
    @given(VALUES, VALUES, TEXTS)
    def test_drop_down(self, customer, company, name):
        lines = self.env["sale.order.line"].with_user(self.agent)
        lines = lines.with_context(
            ticket_commercial_partner_id=customer, ticket_company_id=company
        )
        self._call(lambda: lines.name_search(name))
        self._call(lambda: lines.web_name_search(name, {"display_name": {}}))

    @hostile
    @given(st.sampled_from([0, 2**31 - 1]))
    def test_methods_on_tickets_that_do_not_exist(self, number):
        ticket = self.env["helpdesk.ticket"].with_user(self.agent).browse(number)
        for method in (
            "action_reassign_timesheets",
            "action_view_sale_order",
            "action_view_timesheets",
        ):
            self._call(getattr(ticket, method))

    def test_a_day_of_25_hours_counts_25_hours(self):
        self.entry.unit_amount = 25
        self.assertEqual(self.ticket.remaining_hours_so, -15)
