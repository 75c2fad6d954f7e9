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
    ]
) | st.floats(allow_nan=True, allow_infinity=True)
IDS = st.sampled_from([0, -1, 1, 2**31 - 1, 2**31, 2**63, 2**200, True])
TEXTS = st.sampled_from(["", "x", "1", "NaN", "<b>1</b>", "\u202e", "\x00", "9" * 400])
LISTS = st.sampled_from([[], [1], [[1]], [(6, 0, [1])], {}, {"a": 1}, [None]])
DATES = st.sampled_from(["0001-01-01", "0000-00-00", "2026-13-01", "today", 20260101])
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
    """No number spoils a sum, and no context opens a door, whatever comes by RPC.

    Values of the wrong kind are the ORM's matter, as they are for core's models.
    """

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
    @given(NUMBERS)
    def test_hours_of_an_entry(self, value):
        entries = self.env["account.analytic.line"].with_user(self.agent)
        vals = {"ticket_id": self.ticket.id, "name": "x", "unit_amount": value}
        self._call(lambda: entries.create(vals))
        entry = self.entry.with_user(self.agent)
        self._call(lambda: entry.write({"unit_amount": value}))

    @hostile
    @given(NUMBERS)
    def test_planned_hours_of_a_ticket(self, value):
        ticket = self.ticket.with_user(self.agent)
        self._call(lambda: ticket.write({"planned_hours": value}))
        self.env.invalidate_all()
        self.assertTrue(math.isfinite(self.ticket.remaining_hours))
        self.assertTrue(math.isfinite(self.ticket.progress))

    @hostile
    @given(NUMBERS | IDS | DATES, OPERATORS)
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
        self.company.allow_long_timesheets = True
        self.entry.unit_amount = 25
        self.assertEqual(self.ticket.remaining_hours_so, -15)
