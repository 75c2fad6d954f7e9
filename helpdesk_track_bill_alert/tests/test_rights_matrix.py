from odoo.http import Request
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.rights import RightsCommon

from .common import AlertCommon

ORDER = "/my/prepaid-hours/order"
# What each role may do, in the order of ROLES: Allowed, Refused (by the server).
EXPECTED = {
    "Read alerts of own orders": "ARRAAARR",
    "Read alerts of others' orders": "ARRARARR",
    "Write an alert": "RRRRRRRR",
    "Read the rules of alerts": "ARRAAARR",
    "Change the rules of alerts": "RRRRRRRR",
    "Read until when hours last": "AAAAAARR",
    "Renew a block": "RRRAARRR",
    "Renew from an alert": "RRRAARRR",
    "Open the page that orders more in the portal": "RRRRRRRA",
    "Order more hours in the portal": "RRRRRRRA",
    "Order another customer's hours in the portal": "RRRRRRRR",
    "Guess a token of the form in the portal": "RRRRRRRR",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestRightsMatrix(HttpCase, RightsCommon, AlertCommon):
    """The rights on alerts, as each role of section 4 of the specification."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.hours_portal_order = True
        cls._set_rules({"kind": "hours", "limit_hours": 2})
        for day in ("2026-03-08", "2026-03-09", "2026-03-10"):
            cls._log_on(cls.ticket, 3, day)
        cls.stranger = cls.env["res.partner"].create({"name": "Office"})
        cls.foreign_block = cls._sell_block(1, partner=cls.stranger)
        cls.foreign_block.order_id.user_id = cls.salesperson
        alerts = cls.env["prepaid.hours.alert"]
        alerts._find(cls.customer | cls.stranger, cls.company)
        cls.alert, cls.foreign_alert = (
            alerts.search([("partner_id", "=", customer.id)])
            for customer in (cls.customer, cls.stranger)
        )
        cls.env["prepaid.hours.forecast"]._write_forecasts(cls.customer, cls.company)

    def _read_alerts_of_own_orders(self, user):
        return self.alert.with_user(user).text == "01:00 prepaid hours left"

    def _read_alerts_of_others_orders(self, user):
        return self.foreign_alert.with_user(user).read(["text"])

    def _write_an_alert(self, user):
        self.alert.with_user(user).state = "new"
        return True

    def _read_the_rules_of_alerts(self, user):
        return self.alert.rule_id.with_user(user).read(["limit_hours"])

    def _change_the_rules_of_alerts(self, user):
        self.alert.rule_id.with_user(user).limit_hours = 3
        return True

    def _read_until_when_hours_last(self, user):
        blocks = self.env["prepaid.hours.block"].with_user(user)
        block = blocks.search([("line_id", "=", self.block.id)])
        return block.hours_lasts_until

    def _is_renewed(self):
        return bool(self.block._get_open_renewals())

    def _renew_a_block(self, user):
        self.block.with_user(user).action_renew_hours()
        return self._is_renewed()

    def _renew_from_an_alert(self, user):
        self.alert.with_user(user).action_renew_hours()
        return self._is_renewed()

    def _log_in(self, user):
        self.env.flush_all()
        self.authenticate(user.login, user.login)

    def _post(self, block, token=None):
        token = token or Request.csrf_token(self)
        self.url_open(f"{ORDER}/{block.id}", {"csrf_token": token})
        self.env.invalidate_all()
        return bool(block._get_open_renewals())

    def _open_the_page_that_orders_more_in_the_portal(self, user):
        self._log_in(user)
        return self.url_open(ORDER).status_code == 200

    def _order_more_hours_in_the_portal(self, user):
        self._log_in(user)
        return self._post(self.block)

    def _order_another_customers_hours_in_the_portal(self, user):
        self._log_in(user)
        return self._post(self.foreign_block)

    def _guess_a_token_of_the_form_in_the_portal(self, user):
        self._log_in(user)
        return self._post(self.block, "guessed")

    def test_R1_A1_who_may_do_what(self):
        self._check_matrix("Prepaid hours: alerts and renewal", EXPECTED)
