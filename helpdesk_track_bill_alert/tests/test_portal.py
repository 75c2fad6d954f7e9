from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import AlertCommon

URL = "/my/prepaid-hours/order"


@tagged("post_install", "-at_install")
class TestPortal(HttpCase, AlertCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.hours_portal_order = True
        cls.visitor = cls._create_user(
            "visitor", "base.group_portal", partner_id=cls.contact.id
        )
        cls.block = cls._sell_to(10, price_unit=123.45)
        cls.foreign = cls._sell(cls.prepaid_product, 7, partner=cls.other_customer)

    def _get_renewals(self):
        self.env.invalidate_all()
        return self.env["sale.order.line"].search(
            [("hours_renewed_from_id", "!=", False)]
        )

    def _post(self, line, **data):
        return self.url_open(
            f"{URL}/{line.id}", {"csrf_token": Request.csrf_token(self), **data}
        )

    def test_R1_customers_order_once_whatever_they_click(self):
        self.authenticate(self.visitor.login, self.visitor.login)
        page = self.url_open(URL)
        self.assertIn("Order More Hours", page.text)
        # with its cents: tokens and numbers of orders have such digits too
        self.assertNotIn("123.45", page.text)
        for _click in range(3):
            page = self._post(self.block)
            self.assertEqual(page.status_code, 200)
        renewal = self._get_renewals()
        self.assertEqual(renewal.hours_renewed_from_id, self.block)
        self.assertEqual(renewal.state, "draft")
        self.assertIn(renewal.order_id.name, page.text)
        self.assertEqual(renewal.order_id.activity_ids.user_id, self.salesperson)
        self.assertEqual(len(renewal.order_id.activity_ids), 1)

    def test_R1_who_is_asked_for_more_hours_is_told_in_their_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["res.lang"]._activate_lang("ro_RO")
        self.salesperson.lang = "de_DE"
        self.contact.lang = "ro_RO"
        self.block.order_id.user_id = False
        self.block.order_id.partner_id.user_id = self.salesperson
        self.authenticate(self.visitor.login, self.visitor.login)
        self._post(self.block)
        order = self._get_renewals().order_id
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.salesperson)
        text = f"{self.contact.name} bittet im Portal um weitere Stunden."
        self.assertEqual(activity.summary, text)
        self.assertIn(text, order.message_ids.mapped("preview"))

    def test_R1_only_the_own_commercial_entity(self):
        self.authenticate(self.visitor.login, self.visitor.login)
        self.assertNotIn(f"{URL}/{self.foreign.id}", self.url_open(URL).text)
        self.assertEqual(self._post(self.foreign).status_code, 404)
        self.assertEqual(self._post(self.block.browse(0)).status_code, 404)
        self.assertFalse(self._get_renewals())

    def test_R1_not_without_a_token_of_the_form(self):
        self.authenticate(self.visitor.login, self.visitor.login)
        page = self.url_open(f"{URL}/{self.block.id}", {"csrf_token": "guessed"})
        self.assertEqual(page.status_code, 400)
        self.assertFalse(self._get_renewals())

    def test_R1_not_where_the_company_does_not_allow_it(self):
        self.company.hours_portal_order = False
        self.authenticate(self.visitor.login, self.visitor.login)
        self.assertNotIn(URL, self.url_open("/my").text)
        self.assertEqual(self.url_open(URL).status_code, 404)
        self.assertEqual(self._post(self.block).status_code, 404)
        self.assertFalse(self._get_renewals())

    def test_R1_hours_that_cannot_be_used_yet_are_shown_as_such(self):
        self.block.hours_usable_from = "paid"
        self.authenticate(self.visitor.login, self.visitor.login)
        text = " ".join(self.url_open(URL).text.split())
        self.assertIn("To be used once they are paid", text)
        self.assertIn("10:00", text)

    def test_F1_customers_see_until_when_their_hours_last(self):
        ticket = self._create_ticket()
        for _number in range(3):
            self._log(ticket, 1.25)
        self.env["prepaid.hours.forecast"]._write_forecasts(self.customer, self.company)
        self.authenticate(self.visitor.login, self.visitor.login)
        page = self.url_open(URL).text
        self.assertIn(self.customer.prepaid_hours_forecast, page)
        self.assertIn("03:45", page)
        self.assertNotIn(self.employee.name, page)

    def test_R1_the_portal_home_leads_there(self):
        self.authenticate(self.visitor.login, self.visitor.login)
        self.assertIn(URL, self.url_open("/my").text)
