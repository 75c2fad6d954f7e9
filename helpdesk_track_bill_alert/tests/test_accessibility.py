from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.axe import AccountAxeCase

from .common import AlertCommon

ACTION = "/odoo/action-helpdesk_track_bill_alert.action_prepaid_hours_alert"
LIST = ".o_list_view .o_data_row"
FORM = ".o_form_view .o_form_sheet"


@tagged("post_install", "-at_install")
class TestAlertAccessibility(AccountAxeCase, AlertCommon):
    """No screen has violations found by axe-core that screens of core do not have."""

    addon = "helpdesk_track_bill_alert"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.hours_portal_order = True
        for _number in range(3):
            cls._log(cls.ticket, 7)
        cls._set_rules({"kind": "hours", "limit_hours": 10})
        alerts = cls.env["prepaid.hours.alert"]
        cls.alert = alerts._find(cls.customer, cls.company)
        cls.env["prepaid.hours.forecast"]._write_forecasts(cls.customer, cls.company)

    def test_list(self):
        self._check_beside(ACTION, LIST, "/odoo/sales", LIST)

    def test_form(self):
        path = f"{ACTION}/{self.alert.id}"
        self._check_beside(path, FORM, self.order, FORM)

    def test_rules(self):
        path = f"{ACTION}_rule"
        self._check_beside(path, LIST, "/odoo/sales", LIST)
        path = f"{path}/{self.alert.rule_id.id}"
        self._check_beside(path, FORM, self.order, FORM)

    def test_forecast(self):
        path = f"/odoo/prepaid-hours/{self.block.id}"
        clicks = [".o_notebook a[name=forecast]"]
        shown = f"{FORM} [name=customer_graph] canvas"
        self._check_beside(path, shown, self.order, FORM, clicks)

    def test_ticket(self):
        self._compare(f"/odoo/helpdesk.ticket/{self.ticket.id}", self.user.login, FORM)

    def test_customer(self):
        self._compare(f"/odoo/res.partner/{self.customer.id}", self.user.login, FORM)

    def test_portal(self):
        for renewed in (False, True):
            with self.subTest(renewed=renewed):
                if renewed:
                    self.block._renew_hours()
                self._check_beside(
                    *("/my/prepaid-hours/order", "#wrap [name=blocks] .card"),
                    *("/my/tickets", "#wrap"),
                    login=self.customer_login,
                )

    def test_portal_home(self):
        self._compare("/my/home", self.customer_login, ".o_portal_my_home")
