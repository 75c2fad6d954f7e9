from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill.tests.test_accessibility import AxeCase

from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestReviewAccessibility(AxeCase, ReviewCommon):
    def test_cards_of_the_phone(self):
        self.team.review_time = True
        self._log(self.ticket, 1)
        found = self._check(
            "/odoo/time-to-review",
            self.reviewer.login,
            [".o_switch_view.o_kanban"],
            ".o_kanban_record button[name=action_approve]",
            root=".o_kanban_renderer",
        )
        # core's card that is opened by a click, and its avatars
        self.assertLessEqual(found.keys(), {"aria-allowed-role", "image-alt"})

    def test_dialogs(self):
        self.team.review_time = True
        self._log(self.ticket, 1)
        self._log(self.ticket, 1).action_approve()
        for login, path, clicks, shown in (
            (
                self.reviewer.login,
                "/odoo/time-to-review",
                (
                    "thead .o_list_record_selector input",
                    "button[name=action_decide]",
                ),
                "[name=decision]",
            ),
            (
                self.biller.login,
                "/odoo/action-helpdesk_track_bill_review.helpdesk_time_invoice_action",
                (),
                "[name=line_ids] .o_data_row",
            ),
        ):
            with self.subTest(path=path):
                found = self._check(
                    path,
                    login,
                    clicks,
                    f".modal {shown}",
                    root=".modal-body .o_form_view, .modal-footer",
                )
                # core's window over the page has a main part, too
                self.assertLessEqual(
                    found.keys(),
                    {"landmark-main-is-top-level", "landmark-no-duplicate-main"},
                )

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
