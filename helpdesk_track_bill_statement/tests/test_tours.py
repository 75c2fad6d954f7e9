from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import date_utils

from odoo.addons.helpdesk_track_bill_prepaid.tests.common import PrepaidCommon

ACTION = "/odoo/action-helpdesk_track_bill_statement.action_prepaid_hours_statement"


class TourCommon(HttpCase, PrepaidCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = "Tour Clinic"
        cls.team.show_timesheet_portal = True
        month = date_utils.start_of(cls.company._get_today(), "month")
        cls.last_month = fields.Date.subtract(month, months=1)
        cls._sell_block(
            10,
            fields.Date.to_string(cls.last_month),
            fields.Date.to_string(fields.Date.add(month, years=1)),
        )
        cls.ticket = cls._create_ticket(name="Tour Paper Jam")
        cls._log_on(cls.ticket, 2.5, cls.last_month)


@tagged("post_install", "-at_install")
class TestTours(TourCommon):
    def test_S3_customer_looks_at_prepaid_hours(self):
        user = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )
        self.start_tour("/my/home", "track_bill_statement_portal", login=user.login)

    def test_S4_accountant_locks_and_unlocks(self):
        accountant = self._create_user(
            "accountant", "account.group_account_user,account.group_account_invoice"
        )
        statement = self.env["prepaid.hours.statement"].create(
            {"partner_id": self.customer.id}
        )
        self.start_tour("/odoo", "track_bill_statement_lock", login=accountant.login)
        self.assertEqual(statement.state, "draft")
        self.assertIn("Locked", "".join(statement.message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestPhone(TourCommon):
    """A customer's and an accountant's phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_S3_customer_looks_at_prepaid_hours(self):
        user = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )
        tour = "track_bill_statement_portal_phone"
        self.start_tour("/my/prepaid-hours", tour, login=user.login)

    def test_S4_accountant_locks(self):
        accountant = self._create_user(
            "accountant", "account.group_account_user,account.group_account_invoice"
        )
        statement = self.env["prepaid.hours.statement"].create(
            {"partner_id": self.customer.id}
        )
        tour = "track_bill_statement_phone"
        self.start_tour(ACTION, tour, login=accountant.login)
        self.assertEqual(statement.state, "locked")
