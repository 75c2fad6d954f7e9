from odoo.tests import HttpCase, tagged

from .common import AlertCommon

ALERTS = "/odoo/action-helpdesk_track_bill_alert.action_prepaid_hours_alert"


class AlertTourCase(HttpCase, AlertCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = "Tour Clinic"
        cls.prepaid_product.name = "Tour Prepaid Hours"
        cls.block = cls._sell_to(10)

    def _find_alert(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._log_on(self._create_ticket(), 9)
        self._find_alerts()

    def _order_more(self):
        self.company.hours_portal_order = True
        visitor = self._create_user(
            "tour_visitor", "base.group_portal", partner_id=self.contact.id
        )
        self.start_tour("/my", "prepaid_hours_order_more", login=visitor.login)
        self.assertTrue(self.block._get_open_renewals())


@tagged("post_install", "-at_install")
class TestTours(AlertTourCase):
    def test_R1_a_salesperson_renews_from_an_alert(self):
        self._find_alert()
        seller = self._create_user(
            "tour_seller",
            "helpdesk_mgmt.group_helpdesk_manager,sales_team.group_sale_salesman",
        )
        self.block.order_id.user_id = seller
        self.start_tour("/odoo", "prepaid_hours_renew", login=seller.login)
        renewal = self.block._get_open_renewals()[self.block]
        self.assertEqual(renewal.product_uom_qty, 10)

    def test_R1_a_customer_orders_more(self):
        self._order_more()


@tagged("post_install", "-at_install")
class TestPhone(AlertTourCase):
    """A salesperson's and a customer's phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_R1_a_salesperson_renews_from_an_alert(self):
        self._find_alert()
        login = self.salesperson.login
        self.start_tour(ALERTS, "prepaid_hours_alert_phone", login=login)
        self.assertTrue(self.block._get_open_renewals())

    def test_R1_a_customer_orders_more(self):
        self._order_more()
