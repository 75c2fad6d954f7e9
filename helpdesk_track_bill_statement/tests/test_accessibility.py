from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.axe import AccountAxeCase

ACTION = "/odoo/action-helpdesk_track_bill_statement.action_prepaid_hours_statement"
LIST = ".o_list_view .o_data_row"
FORM = ".o_form_view .o_form_sheet"
PREVIEW = f"{FORM} [name=statement_blocks] td"


@tagged("post_install", "-at_install")
class TestStatementAccessibility(AccountAxeCase):
    """No screen has violations found by axe-core that screens of core do not have."""

    addon = "helpdesk_track_bill_statement"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.show_timesheet_portal = True
        cls.statement = cls.env["prepaid.hours.statement"].create(
            {
                "partner_id": cls.customer.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-31",
            }
        )

    def test_list(self):
        self._check_beside(ACTION, LIST, "/odoo/sales", LIST)

    def test_form(self):
        path = f"{ACTION}/{self.statement.id}"
        self._check_beside(path, PREVIEW, self.order, FORM)

    def test_locked_form(self):
        self.statement.action_lock()
        path = f"{ACTION}/{self.statement.id}"
        self._check_beside(path, PREVIEW, self.order, FORM)

    def test_unlock(self):
        self.statement.action_lock()
        path = f"{ACTION}/{self.statement.id}"
        reason = ".modal .o_field_widget[name=reason] input"
        clicks = ["button[name=action_unlock]"]
        found = self._check(
            path, self.user.login, clicks, reason, root=".modal .o_form_renderer"
        )
        self.assertEqual(found, {})

    def test_portal(self):
        self.statement.action_lock()
        base = ("/my/tickets", "#wrap")
        for path in ("?filterby=all", "?filterby=all&groupby=none"):
            with self.subTest(path=path):
                self._check_beside(
                    *(f"/my/prepaid-hours{path}", "[name=statement_rows] td"),
                    *base,
                    login=self.customer_login,
                )

    def test_portal_home(self):
        self._compare("/my/home", self.customer_login, ".o_portal_my_home")
