from odoo.tests import HttpCase, tagged

from .common import ReviewCommon


class ReviewTourCase(HttpCase, ReviewCommon):
    def _submit_again(self, tour):
        """Let the agent submit time that the reviewer rejected."""
        self.team.review_time = True
        entry = self._log(self.ticket, 1)
        entry.with_user(self.reviewer).write(
            {"review_state": "rejected", "review_reason": "Which printer?"}
        )
        self.start_tour(
            f"/odoo/helpdesk.ticket/{self.ticket.id}",
            tour,
            login=self.agent.login,
        )
        self.assertEqual(entry.review_state, "submitted")


@tagged("post_install", "-at_install")
class TestReviewTour(ReviewTourCase):
    """A month from the agent's time to the invoice, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = "Tour Clinic"
        cls.post_paid_product.name = "Tour Service"
        cls.item.name = "Tour Service"
        cls.ticket.name = "Tour Ticket"

    def test_BP1_an_agent_submits_again(self):
        self._submit_again("review_agent")

    def test_BP1_a_reviewer_approves_a_hundred(self):
        self.team.review_time = True
        entries = self.env["account.analytic.line"].union(
            *(self._log(self.ticket, 0.5) for _number in range(100))
        )
        self.start_tour(
            "/odoo/time-to-review", "review_reviewer", login=self.reviewer.login
        )
        self.assertEqual(set(entries.mapped("review_state")), {"approved"})

    def test_BP2_a_reviewer_edits_rows(self):
        self.team.review_time = True
        kind = self._create_kind(name="Tour Travel", factor=2)
        entry = self._log(self.ticket, 1)
        self.start_tour(
            "/odoo/time-to-review", "review_reviewer_edits", login=self.reviewer.login
        )
        self.assertEqual(entry.time_type_id, kind)
        self.assertEqual(entry.unit_amount_rounded, 1.5)
        self.assertEqual(entry.review_reason, "Agreed")

    def test_BP2_a_biller_closes_the_month(self):
        entry = self._log(self.ticket, 1.5)
        self.start_tour("/odoo/time-to-bill", "review_biller", login=self.biller.login)
        self.assertEqual(entry.name, "Changed the rollers")
        self.assertEqual(entry.timesheet_invoice_id.amount_untaxed, 75)

    def test_BP6_a_customer_asks(self):
        self.team.show_timesheet_portal = True
        entry = self._log(self.ticket, 1)
        user = self._create_user(
            "customer", "base.group_portal", partner_id=self.contact.id
        )
        self.start_tour(
            f"/my/ticket/{self.ticket.id}", "review_customer", login=user.login
        )
        self.assertTrue(entry.is_questioned)


@tagged("post_install", "-at_install")
class TestReviewOnPhone(ReviewTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_BP1_an_agent_submits_again_on_the_phone(self):
        self._submit_again("review_agent_phone")

    def test_BP1_a_reviewer_approves_on_the_phone(self):
        self.team.review_time = True
        self.ticket.name = "Tour Ticket"
        entry = self._log(self.ticket, 0.5)
        self.start_tour(
            "/odoo/time-to-review", "review_phone", login=self.reviewer.login
        )
        self.assertEqual(entry.review_state, "approved")
