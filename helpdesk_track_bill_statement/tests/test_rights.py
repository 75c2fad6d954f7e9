from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.rights import RightsCommon

from .common import StatementCommon

HOURS = "/my/prepaid-hours"
# What each role may do, in the order of ROLES: Allowed, Refused (by the server).
EXPECTED = {
    "Read the statement of a customer of own orders": "ARRAAARR",
    "Read the statement of a customer of others' orders": "ARRARARR",
    "Make a statement": "ARRAAARR",
    "Print a statement": "ARRAAARR",
    "Send a statement": "ARRAAARR",
    "Delete a statement": "ARRAAARR",
    "Lock a statement": "RRRRRARR",
    "Unlock a statement": "RRRRRARR",
    "Lock by writing the state": "RRRRRRRR",
    "Read the own hours in the portal": "RRRRRRRA",
    "Print the own hours in the portal": "RRRRRRRA",
    "Read the own statement in the portal": "RRRRRRRA",
    "Read a statement that is not locked in the portal": "RRRRRRRR",
    "Guess another customer's statement in the portal": "RRRRRRRR",
    "Guess a token of a statement in the portal": "RRRRRRRR",
    "Guess a company in the portal": "RRRRRRRR",
}


@tagged("post_install", "-at_install")
class TestRights(HttpCase, RightsCommon, StatementCommon):
    """The rights on statements, as each role of section 4 of the specification."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.env["res.partner"].create({"name": "Office"})
        block = cls._sell_block(10, partner=cls.stranger)
        block.order_id.user_id = cls.salesperson
        cls._log_on(cls.ticket, 2)
        cls.statement = cls._state()
        cls.foreign = cls._lock_until("2026-03-31", partner_id=cls.stranger.id)

    def _as(self, user, statement=None):
        return (statement or self.statement).with_user(user)

    def _read_the_statement_of_a_customer_of_own_orders(self, user):
        return "08:00" in self._as(user).preview

    def _read_the_statement_of_a_customer_of_others_orders(self, user):
        return self._as(user, self.foreign).read(["date_to", "preview"])

    def _make_a_statement(self, user):
        statements = self.env["prepaid.hours.statement"].with_user(user)
        return statements.create({"partner_id": self.contact.id}).preview

    def _print_a_statement(self, user):
        action = self._as(user).action_print()
        reports = self.env["ir.actions.report"].with_user(user)
        content, _kind = reports._render_qweb_html(
            action["report_name"], self.statement.ids
        )
        return b"08:00" in content

    def _send_a_statement(self, user):
        action = self._as(user).action_send()
        composer = self.env[action["res_model"]].with_user(user)
        return composer.with_context(**action["context"]).create({}).body

    def _delete_a_statement(self, user):
        return self._as(user).unlink()

    def _lock_a_statement(self, user):
        self._as(user).action_lock()
        return self.statement.state == "locked"

    def _unlock_a_statement(self, user):
        wizards = self.env["prepaid.hours.statement.unlock"].with_user(user)
        wizards.create(
            {"statement_id": self.foreign.id, "reason": "Because"}
        ).action_apply()
        return self.foreign.state == "draft"

    def _lock_by_writing_the_state(self, user):
        self._as(user).state = "locked"
        return True

    def _find(self, user, path):
        """Whether the visitor finds something at an address."""
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        answer = self.url_open(path)
        self.assertIn(answer.status_code, (200, 404))
        return answer.status_code == 200

    def _read_the_own_hours_in_the_portal(self, user):
        return self._find(user, HOURS)

    def _print_the_own_hours_in_the_portal(self, user):
        return self._find(user, f"{HOURS}/print")

    def _get_path(self, statement):
        return f"{HOURS}/statement/{statement.id}"

    def _read_the_own_statement_in_the_portal(self, user):
        self.statement.action_lock()
        return self._find(user, self._get_path(self.statement))

    def _read_a_statement_that_is_not_locked_in_the_portal(self, user):
        return self._find(user, self._get_path(self.statement))

    def _guess_another_customers_statement_in_the_portal(self, user):
        return self._find(user, self._get_path(self.foreign))

    def _guess_a_token_of_a_statement_in_the_portal(self, user):
        path = self._get_path(self.foreign)
        return self._find(user, f"{path}?access_token={fields.Date.today()}")

    def _guess_a_company_in_the_portal(self, user):
        return self._find(user, f"{HOURS}?company={self.company.id + 1}")

    def test_S3_S4_who_may_do_what(self):
        self._check_matrix("Prepaid hours: statement", EXPECTED)
