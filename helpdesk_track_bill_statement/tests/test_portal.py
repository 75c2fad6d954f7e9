from lxml import html
from odoo.tests import HttpCase, tagged

from .common import StatementCommon

RIGHT_TO_LEFT = "\u202e"
HOSTILE = f"<script>alert('time')</script>{RIGHT_TO_LEFT}{{{{7*7}}}}"


@tagged("post_install", "-at_install")
class TestPortal(HttpCase, StatementCommon):
    """S3: customers see their own hours, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._create_user(
            "portal", "base.group_portal", partner_id=cls.contact.id
        )
        cls.block = cls._sell_block(10, "2026-01-01", "2026-12-31")
        cls.ticket = cls._create_ticket(name="Paper jam")
        cls.entry = cls._log_on(cls.ticket, 2.5, "2026-04-02", name="Secret note")
        cls.foreign_block = cls._sell(
            cls.prepaid_product, 77, partner=cls.other_customer
        )
        cls.foreign_ticket = cls._create_ticket(
            name="Oven cold", partner_id=cls.other_customer.id
        )
        cls._log_on(cls.foreign_ticket, 7, "2026-04-15")

    def _open(self, path="/my/prepaid-hours", login=None):
        login = login or self.portal_user.login
        self.authenticate(login, login)
        return self.url_open(path)

    def _get_texts(self, response, path):
        nodes = html.fromstring(response.content).xpath(path)
        return [" ".join(node.text_content().split()) for node in nodes]

    def _get_total(self, response):
        row = "//table[@name='statement_blocks']/tfoot//td"
        names = html.fromstring(response.content).xpath(f"{row}/@name")
        return dict(zip(names, self._get_texts(response, row), strict=True))

    def test_S3_blocks_and_time_per_ticket(self):
        response = self._open()
        (block,) = self._get_texts(response, "//div[@name='blocks']/div")
        self.assertIn(self.block._get_hours_name(), block)
        self.assertIn("07:30 left until 12/31/2026", block)
        total = self._get_total(response)
        self.assertEqual(total["opening"], "10:00")
        self.assertEqual(total["used"], "-02:30")
        self.assertEqual(total["closing"], "07:30")
        rows = self._get_texts(response, "//table[@name='statement_rows']/tbody/tr")
        self.assertEqual(rows, [f"04/02/2026 {self.ticket.display_name} 02:30"])
        for text in ("100.00", "Oven", "Bakery", "77:00", "Secret note"):
            self.assertNotIn(text, response.text)

    def test_S3_each_entry_and_who(self):
        response = self._open("/my/prepaid-hours?groupby=none&filterby=year")
        (row,) = self._get_texts(response, "//table[@name='statement_rows']/tbody/tr")
        self.assertIn(self.employee.name, row)
        self.team.show_timesheet_portal = False
        response = self._open("/my/prepaid-hours?groupby=none&filterby=year")
        self.assertNotIn(self.employee.name, response.text)

    def test_S3_spans(self):
        response = self._open("/my/prepaid-hours?filterby=last_month")
        total = self._get_total(response)
        self.assertEqual(total["used"], "00:00")
        for span in ("month", "quarter", "year", "last_year", "all", "nonsense"):
            with self.subTest(span=span):
                response = self._open(f"/my/prepaid-hours?filterby={span}")
                self.assertEqual(response.status_code, 200)

    def test_S3_other_tickets_are_one_line(self):
        """A ticket that has gone to another customer; the hours stay in the sums."""
        gone = self._create_ticket(name="Not yours")
        self._log_on(gone, 1, "2026-04-03")
        gone.partner_id = self.other_customer
        response = self._open()
        (other,) = self._get_texts(response, "//tr[@name='other_tickets']")
        self.assertEqual(other, "Other tickets 01:00")
        self.assertNotIn("Not yours", response.text)
        path = "//table[@name='statement_rows']//td[@name='used']"
        self.assertEqual(self._get_texts(response, path), ["03:30"])

    def test_S3_nothing_where_the_company_does_not_show_it(self):
        self.company.prepaid_hours_portal = False
        self.assertEqual(self._open().status_code, 404)
        self.assertEqual(self._open("/my/prepaid-hours/print").status_code, 404)

    def test_S3_nothing_without_hours(self):
        stranger = self._create_user("stranger", "base.group_portal")
        self.assertEqual(self._open(login=stranger.login).status_code, 404)

    def test_S3_guessed_companies_and_statements_are_not_found(self):
        company = self._create_company()
        foreign = self._state("2026-03-01", "2026-03-31")
        foreign.partner_id = self.other_customer
        foreign.with_user(self.accountant).action_lock()
        draft = self._state("2026-03-01", "2026-03-31")
        for path in (
            f"/my/prepaid-hours?company={company.id}",
            "/my/prepaid-hours?company=x",
            f"/my/prepaid-hours/statement/{foreign.id}",
            f"/my/prepaid-hours/statement/{foreign.id}?access_token=x",
            f"/my/prepaid-hours/statement/{draft.id}",
            "/my/prepaid-hours/statement/999999",
        ):
            with self.subTest(path=path):
                self.assertEqual(self._open(path).status_code, 404)

    def test_S3_locked_statements_are_read(self):
        statement = self._lock_until("2026-04-10", "2026-04-01")
        response = self._open()
        self.assertIn(f"/my/prepaid-hours/statement/{statement.id}", response.text)
        response = self._open(f"/my/prepaid-hours/statement/{statement.id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("07:30", response.text)
        self.assertIn("Paper jam", response.text)

    def test_S3_print(self):
        response = self._open("/my/prepaid-hours/print?filterby=month")
        self.assertEqual(response.status_code, 200)
        for text in ("07:30", "02:30", "Paper jam"):
            self.assertIn(text, response.text)

    def test_S3_models_are_closed_to_customers(self):
        for model in ("prepaid.hours.statement", "sale.order.line.hours.period"):
            self.assertFalse(
                self.env[model].with_user(self.portal_user).has_access("read")
            )

    def test_S3_hostile_text_stays_text(self):
        self.ticket.name = HOSTILE
        self.block.product_id.name = HOSTILE
        for groupby in ("ticket", "none"):
            response = self._open(f"/my/prepaid-hours?groupby={groupby}")
            self.assertNotIn("<script>alert('time')", response.text)
            self.assertIn("{{7*7}}", response.text)
            self.assertTrue(
                html.fromstring(response.content).xpath(
                    "//td[@dir='auto'][contains(., 'alert')]"
                )
            )

    def test_S3_home_counts_the_blocks(self):
        self._open("/my/home")
        response = self.url_open(
            "/my/counters",
            json={"params": {"counters": ["prepaid_hours_count"]}},
        )
        self.assertEqual(response.json()["result"], {"prepaid_hours_count": 1})

    def test_S3_many_tickets_come_in_pages(self):
        tickets = self.env["helpdesk.ticket"]
        for _number in range(85):
            tickets |= self._create_ticket()
        self.env["account.analytic.line"].create(
            [
                {
                    "ticket_id": ticket.id,
                    "employee_id": self.employee.id,
                    "unit_amount": 1 / 60,
                    "name": "Call",
                    "date": "2026-04-03",
                }
                for ticket in tickets
            ]
        )
        path = "//table[@name='statement_rows']/tbody/tr"
        first = self._get_texts(self._open(), path)
        second = self._get_texts(self._open("/my/prepaid-hours/page/2"), path)
        self.assertEqual(len(first) + len(second), 86)
        self.assertFalse(set(first) & set(second))
