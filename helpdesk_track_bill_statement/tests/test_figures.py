from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import StatementCommon

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "log", "log", "buy", "raise_", "adjust", "correct"]),
        st.integers(0, 11),
        st.sampled_from([0.25, 0.5, 1.75, 6, 10 / 3, 0.33]),
        st.sampled_from(
            ["2026-01-05", "2026-01-31", "2026-02-10", "2026-03-31", "2026-04-15"]
        ),
    ),
    min_size=4,
    max_size=12,
)


@tagged("post_install", "-at_install")
class TestFigures(StatementCommon):
    """S1 and S2: what was bought and used, over any days."""

    def _get_total(self, *span, **values):
        return self._get_sheet(*span, **values)["total"]

    def test_S1_a_month(self):
        block = self._sell_block(10, "2026-01-01", "2026-12-31")
        ticket = self._create_ticket(name="Paper jam")
        self._log_on(ticket, 1, "2026-02-10")
        self._log_on(ticket, 2.5, "2026-03-10")
        self._log_on(ticket, 4, "2026-04-01")
        block.hours_period_ids._adjust(2, "Goodwill for an outage")
        self.assertEqual(
            self._get_total(),
            {
                "opening": 540,
                "corrected": 0,
                "bought": 0,
                "carried": 0,
                "adjusted": 0,
                "used": 150,
                "expired": 0,
                "closing": 390,
            },
        )
        april = self._get_sheet("2026-04-01", "2026-04-30")
        self.assertEqual(april["last"], self._to_date("2026-04-15"))
        self.assertEqual(april["total"]["opening"], 390)
        self.assertEqual(april["total"]["adjusted"], 120)
        self.assertEqual(april["total"]["closing"], 390 + 120 - 240)
        self.assertEqual(april["adjustments"][0]["reason"], "Goodwill for an outage")
        (told,) = april["tickets"]
        self.assertEqual(told["name"], ticket.display_name)
        self.assertEqual(told["rows"][0]["who"], self.employee.name)

    def test_S1_who_is_named_only_where_the_team_shows_time(self):
        self._sell_block(10, "2026-01-01", "2026-12-31")
        self._log_on(self._create_ticket(), 1)
        self.team.show_timesheet_portal = False
        (told,) = self._get_sheet()["tickets"]
        self.assertEqual(told["rows"][0]["who"], "")

    def test_S1_an_allowance_names_its_periods(self):
        self._sell_block(
            30,
            "2026-01-01",
            "2026-03-31",
            hours_period="month",
            hours_carry_over="capped",
            hours_carry_over_cap=3,
        )
        self._log_on(self._create_ticket(), 4, "2026-01-10")
        (block,) = self._get_sheet("2026-01-01", "2026-04-15")["blocks"]
        self.assertEqual(block["figures"]["bought"], 1800)
        self.assertEqual(block["figures"]["carried"], 0)
        self.assertEqual(
            [period["figures"]["expired"] for period in block["periods"]],
            [180, 600, 780],
        )
        self.assertEqual(block["figures"]["expired"], 1560)
        self.assertEqual(block["figures"]["closing"], 0)

    def test_S1_two_companies_do_not_mix(self):
        self._sell_block(10, "2026-01-01", "2026-12-31")
        company = self._create_company()
        sheet = self.env["prepaid.account"]._get_sheet(
            self.customer,
            company,
            fields.Date.to_date("2026-01-01"),
            fields.Date.to_date("2026-04-15"),
        )
        self.assertFalse(sheet["blocks"])
        statement = self._state()
        user = self._create_user(
            "second",
            "account.group_account_invoice",
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            statement.with_user(user).read(["note"])

    def test_S1_hours_are_the_commercial_entitys(self):
        statement = self._state(partner_id=self.contact.id)
        self.assertEqual(statement.partner_id, self.customer)

    def test_S1_a_span_ends_after_it_begins(self):
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            self._state("2026-03-31", "2026-03-01")

    def test_S1_salespeople_see_statements_of_their_customers(self):
        own = self._create_user("own", "sales_team.group_sale_salesman")
        line = self._sell_block(10, "2026-01-01", "2026-12-31")
        line.order_id.user_id = self.salesperson
        statement = self._state()
        with self.assertRaises(AccessError):
            statement.with_user(own).read(["note"])
        line.order_id.user_id = own
        self.env.invalidate_all()
        self.assertTrue(statement.with_user(own).preview)
        self.assertTrue(statement.with_user(self.accountant).preview)

    def test_S2_the_printed_page_says_the_same(self):
        self._sell_block(10, "2026-01-01", "2026-12-31")
        ticket = self._create_ticket(name="<script>alert(1)</script>")
        self._log_on(ticket, 2.5, "2026-03-10")
        statement = self._state(note="<b>Thanks</b>")
        content = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "helpdesk_track_bill_statement.report_statement", statement.ids
            )[0]
            .decode()
        )
        for text in ("07:30", "02:30", "&lt;script&gt;", "&lt;b&gt;Thanks"):
            self.assertIn(text, content)
        self.assertNotIn("<script>alert(1)", content)
        self.assertNotIn("100.00", content)
        self.assertIn("07:30", str(statement.preview))

    def test_S2_data_of_an_address_is_not_printed(self):
        statement = self._state()
        content = (
            self.env["ir.actions.report"]
            .with_user(self.accountant)
            ._render_qweb_html(
                "helpdesk_track_bill_statement.report_statement",
                statement.ids,
                {"sheets": [{"customer": "Mallory"}]},
            )[0]
        )
        self.assertNotIn(b"Mallory", content)

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=STEPS)
    def test_S2_random_accounts_agree_with_order_and_ticket(self, steps):
        with self.cr.savepoint() as savepoint:
            self._play(steps)
            savepoint.rollback()
        self.env.invalidate_all()

    def _play(self, steps):
        terms = {"hours_overrun": "negative"}
        self.items = self._sell_block(3, "2026-01-01", "2026-12-31", **terms)
        self.items |= self._sell_block(
            4,
            "2026-01-01",
            "2026-04-30",
            hours_period="month",
            hours_carry_over="all",
            **terms,
        )
        self.tickets = self._create_ticket() | self._create_ticket()
        for step, position, hours, day in steps:
            self._do(step, position, hours, day)
        self.env.invalidate_all()
        self._compare()

    def _step_log(self, position, hours, day):
        self._log_on(self.tickets[position % 2], hours, day)

    def _step_correct(self, position, hours, _day):
        entries = self.tickets.timesheet_ids
        if entries:
            entries[position % len(entries)].unit_amount = hours

    def _step_buy(self, _position, hours, day):
        self.items |= self._sell_block(
            hours, day, "2026-12-31", hours_overrun="negative"
        )

    def _step_raise_(self, position, hours, _day):
        self.items[position % len(self.items)].product_uom_qty += hours

    def _step_adjust(self, position, hours, _day):
        periods = self.items.hours_period_ids
        periods[position % len(periods)]._adjust(hours - 1.5, "Because")

    def _compare(self):
        sheet = self._get_sheet("2026-01-01", "2026-04-15")
        blocks = {block["id"]: block for block in sheet["blocks"]}
        today = self._to_date("2026-04-15")
        for item in self.items:
            figures = blocks[item.id]["figures"]
            begun = item.hours_period_ids.filtered(
                lambda period: period.date_start <= today
            )
            # periods that have not begun are no history yet
            for name, value in (
                ("bought", sum(begun.mapped("hours_granted"))),
                ("expired", sum(begun.mapped("hours_expired"))),
                ("closing", sum(begun.mapped("hours_left"))),
            ):
                self.assertLessEqual(
                    abs(figures[name] - value * 60), 0.5 * len(begun) + 1e-4, name
                )
            used = item._get_ordered_hours() - item.remaining_hours
            self.assertLessEqual(
                abs(figures["used"] - used * 60), 0.5 * len(begun) + 1.5
            )
        spent = sum(ticket["minutes"] for ticket in sheet["tickets"])
        self.assertEqual(spent, sheet["total"]["used"])
        drawn = self.tickets.timesheet_ids.filtered(
            lambda entry: entry.so_line in self.items
        )
        self.assertEqual(
            sum(len(ticket["rows"]) for ticket in sheet["tickets"]), len(drawn)
        )
        statement = self._state("2026-01-01", "2026-04-15")
        self.assertEqual(statement._get_sheet()["total"], sheet["total"])
        for cut in ("2026-02-01", "2026-04-01"):
            before = fields.Date.subtract(self._to_date(cut), days=1)
            first = self._get_total("2026-01-01", before)
            second = self._get_total(cut, "2026-04-15")
            self.assertEqual(first["closing"], second["opening"])
            self.assertEqual(second["closing"], sheet["total"]["closing"])
