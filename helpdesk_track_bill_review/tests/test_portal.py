from lxml import html
from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from .common import ReviewCommon

RIGHT_TO_LEFT = "\u202e"
HOSTILE = f"<script>alert('time')</script>{RIGHT_TO_LEFT}{{{{7*7}}}}"


@tagged("post_install", "-at_install")
class TestPortalReview(HttpCase, ReviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.show_timesheet_portal = True
        cls.customer_user = cls._create_user(
            "portal", "base.group_portal", partner_id=cls.contact.id
        )
        cls.stranger = cls._create_user(
            "stranger", "base.group_portal", partner_id=cls.other_customer.id
        )
        cls.entry = cls._log(cls.ticket, 1.5, name="Cleaned the rollers")

    def _open(self, login=None):
        login = login or self.customer_user.login
        self.authenticate(login, login)
        return self.url_open(f"/my/ticket/{self.ticket.id}")

    def _ask(self, question, entry=None, ticket=None, login=None, **data):
        login = login or self.customer_user.login
        self.authenticate(login, login)
        entry, ticket = entry or self.entry, ticket or self.ticket
        return self.url_open(
            f"/my/ticket/{ticket.id}/time/{entry.id}/question",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "question": question,
                **data,
            },
        )

    def _get_questions(self, ticket=None):
        return (ticket or self.ticket).message_ids.filtered(
            lambda message: "Question about" in message.body
        )

    def _get_texts(self, response, path):
        nodes = html.fromstring(response.content).xpath(path)
        return [" ".join(node.text_content().split()) for node in nodes]

    # --- W1, W5 -------------------------------------------------------
    def test_W1_worked_stands_beside_billed_where_they_differ(self):
        page = self._open()
        self.assertNotIn("Worked", page.text)
        self.entry.unit_amount_rounded = 2
        page = self._open()
        head = self._get_texts(page, "//table[@name='ticket_time']/thead/tr/th")
        self.assertEqual(head[3:5], ["Worked", "Billed"])
        cells = self._get_texts(page, "//table[@name='ticket_time']/tbody/tr/td")
        self.assertEqual(cells[3:5], ["01:30", "02:00"])
        total = self._get_texts(page, "//table[@name='ticket_time']/tfoot//td")
        self.assertEqual(total[:2], ["01:30", "02:00"])

    def test_W5_customers_neither_find_nor_sort_by_hidden_time(self):
        hidden = self._create_kind(name="Paperwork", charge="hide")
        self._log(self.ticket, 0.5, time_type_id=hidden.id, product_uom_id=self.day.id)
        longer = self._create_ticket(sale_line_id=self.item.id)
        self._log(longer, 2)
        tickets = self.env["helpdesk.ticket"].with_user(self.customer_user)
        both = Domain("id", "in", (self.ticket | longer).ids)

        def find(hours):
            least = tickets._domain_portal_hours("portal_hours", ">=", hours)
            return tickets.search(both & least).ids

        self.assertEqual(find("2"), longer.ids)
        self.assertEqual(set(find("1.5")), set((self.ticket | longer).ids))
        self.assertEqual(
            tickets.search(both, order="portal_hours desc").ids,
            (longer | self.ticket).ids,
        )

    def test_W5_kinds_of_work_that_are_shown_are_there_at_nothing(self):
        shown = self._create_kind(name="On the house", charge="show")
        hidden = self._create_kind(name="Paperwork", charge="hide")
        self._log(self.ticket, 1, name="Shown to you", time_type_id=shown.id)
        self._log(self.ticket, 4, name="Ours alone", time_type_id=hidden.id)
        page = self._open()
        self.assertIn("Shown to you", page.text)
        self.assertNotIn("Ours alone", page.text)
        total = self._get_texts(page, "//table[@name='ticket_time']/tfoot//td")
        self.assertEqual(total[:2], ["02:30", "01:30"])
        # nor in the hours of the list
        self.assertIn("02:30", self.url_open("/my/tickets").text)

    # --- BP6 ----------------------------------------------------------
    def test_BP6_a_question_is_on_the_ticket_and_marks_the_entry(self):
        self.assertEqual(self._ask("Why so long?").status_code, 200)
        self.assertTrue(self.entry.is_questioned)
        (message,) = self._get_questions()
        self.assertEqual(message.author_id, self.contact)
        self.assertIn("Why so long?", message.body)
        self.assertIn("Cleaned the rollers", message.body)
        self.assertIn("Questioned by the customer", self.entry.billing_warning)
        entries = self.env["account.analytic.line"].with_user(self.reviewer)
        self.assertIn(
            self.entry.id,
            entries.search([("billing_warning", "=", "questioned")]).ids,
        )
        self.assertIn("Questioned", self._open().text)

    def test_BP6_a_line_is_questioned_once_until_it_is_answered(self):
        self._ask("Why?")
        self.assertIn("was not sent", self._ask("Why?").text)
        self.assertEqual(len(self._get_questions()), 1)
        self.entry.with_user(self.biller).action_answer_question()
        self.assertFalse(self.entry.is_questioned)
        self._ask("And why again?")
        self.assertEqual(len(self._get_questions()), 2)

    def test_BP6_a_question_has_a_text(self):
        self.assertIn("was not sent", self._ask("  ").text)
        self.assertFalse(self.entry.is_questioned)

    def test_BP6_hostile_text_stays_text(self):
        self.entry.name = HOSTILE
        self._ask(HOSTILE)
        (message,) = self._get_questions()
        self.assertNotIn("<script", message.body)
        self.assertIn("&lt;script&gt;", message.body)
        self.assertNotIn("<script>alert('time')", self._open().text)
        self.entry.is_questioned = False
        self._ask("x" * 100000)
        self.assertLess(len(self._get_questions()[0].body), 3000)

    def test_BP6_only_time_on_own_tickets_is_questioned(self):
        self._ask("Why?", login=self.stranger.login)
        foreign = self._create_ticket(
            name="Oven cold", partner_id=self.other_customer.id
        )
        entry = self._log(foreign, 1)
        # neither by the own ticket nor by the other
        self._ask("Why?", entry=entry)
        self._ask("Why?", entry=entry, ticket=foreign)
        self.assertFalse((self.entry | entry).filtered("is_questioned"))
        self.assertFalse(self._get_questions() | self._get_questions(foreign))

    def test_BP6_only_time_that_is_shown_is_questioned(self):
        self.entry.no_charge_reason_id = self.written_off
        self._ask("Why?")
        self.assertFalse(self.entry.is_questioned)
        self.entry.no_charge_reason_id = False
        self.team.show_timesheet_portal = False
        self._ask("Why?")
        self.assertFalse(self.entry.is_questioned)

    def test_BP6_a_question_needs_the_pages_token(self):
        response = self._ask("Why?", csrf_token="forged")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.entry.is_questioned)

    def test_BP6_agents_do_not_answer_for_the_reviewer(self):
        self.entry.is_questioned = True
        with self.assertRaisesRegex(AccessError, "reviewers of its team"):
            self.entry.with_user(self.agent).action_answer_question()
