from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill.tests.test_accessibility import AxeCase

from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestReviewAccessibility(AxeCase, ReviewCommon):
    def test_portal_question(self):
        """The form of a question, open, beside a line that was questioned."""
        self.team.show_timesheet_portal = True
        self._log(self.ticket, 1, is_questioned=True)
        self._log(self.ticket, 1, no_charge_reason_id=self.goodwill.id)
        customer = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )
        table = "table[name=ticket_time]"
        found = self._check(
            f"/my/ticket/{self.ticket.id}",
            customer.login,
            [f"{table} details summary"],
            f"{table} details[open] textarea",
            root=table,
        )
        self.assertEqual(found, {})
