from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..renewal import get_next_days
from .common import AlertCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestRenewal(AlertCommon):
    def test_R1_the_days_go_on(self):
        day = date
        today = day(2026, 3, 10)
        for start, end, expected in (
            (None, None, (None, None)),
            (day(2026, 1, 1), None, (None, None)),
            (None, day(2026, 3, 31), (day(2026, 4, 1), None)),
            (day(2026, 1, 1), day(2026, 3, 31), (day(2026, 4, 1), day(2026, 6, 30))),
            (day(2025, 3, 1), day(2026, 2, 28), (day(2026, 3, 1), day(2027, 2, 28))),
            (day(2026, 3, 1), day(2026, 3, 10), (day(2026, 3, 11), day(2026, 3, 20))),
            # long over: from today on
            (day(2025, 1, 1), day(2025, 3, 31), (day(2026, 3, 10), day(2026, 6, 9))),
        ):
            self.assertEqual(get_next_days(start, end, today), expected)

    def test_R1_same_product_quantity_and_terms_at_the_price_of_today(self):
        block = self._sell_to(
            120,
            "2026-01-01",
            "2026-12-31",
            price_unit=80,
            hours_overrun="bill",
            hours_usable_from="invoiced",
            hours_period="month",
            hours_carry_over="capped",
            hours_carry_over_cap=5,
        )
        self.prepaid_product.list_price = 90
        action = block.with_user(self.salesperson).action_renew_hours()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.user_id, self.salesperson)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": block.product_id.id,
                    "product_uom_qty": 120,
                    "price_unit": 90,
                    "hours_overrun": "bill",
                    "hours_usable_from": "invoiced",
                    "hours_period": "month",
                    "hours_carry_over": "capped",
                    "hours_carry_over_cap": 5,
                    "hours_date_start": date(2027, 1, 1),
                    "hours_date_end": date(2027, 12, 31),
                    "hours_renewed_from_id": block.id,
                }
            ],
        )
        order.action_confirm()
        self.assertEqual(len(order.order_line.hours_period_ids), 12)

    def test_R1_a_second_click_opens_the_first(self):
        block = self._sell_to(10)
        newer = self._sell_to(5)
        action = block.action_renew_hours()
        self.assertEqual(newer.action_renew_hours()["res_id"], action["res_id"])
        self.assertEqual(self.customer.action_renew_hours()["res_id"], action["res_id"])
        self.env["sale.order"].browse(action["res_id"]).action_confirm()
        self.assertNotEqual(newer.action_renew_hours()["res_id"], action["res_id"])

    def test_R1_many_customers_at_once(self):
        block = self._sell_to(10)
        other = self._sell(self.prepaid_product, 5, partner=self.other_customer)
        older = self._sell_to(20)
        older.order_id.date_order = "2026-01-01"
        action = (block | other | older).action_renew_hours()
        orders = self.env["sale.order"].search(action["domain"])
        self.assertEqual(orders.partner_id, self.customer | self.other_customer)
        self.assertEqual(sorted(orders.order_line.mapped("product_uom_qty")), [5, 10])

    def test_R1_a_customer_renews_what_is_in_use(self):
        gone = self._create_service("Old Plan", "ordered_prepaid")
        self._sell(gone, 1, hours_date_start="2026-01-01", hours_date_end="2026-01-31")
        second = self._create_service("Second Plan", "ordered_prepaid")
        self._sell_to(10)
        self._sell(second, 3)
        action = self.contact.action_renew_hours()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.order_line.product_id, self.prepaid_product | second)

    def test_R1_nothing_to_renew_says_so(self):
        with self.assertRaisesRegex(UserError, "no prepaid hours to renew"):
            self.other_customer.action_renew_hours()

    def test_R1_a_rule_makes_the_quotation_by_itself(self):
        self._set_rules({"kind": "hours", "limit_hours": 2, "renew": True})
        block = self._sell_to(1)
        alert = self._find_alerts()
        self.assertEqual(alert.renewal_id.hours_renewed_from_id, block)
        self.assertEqual(alert.renewal_id.state, "draft")
        self.assertEqual(alert.renewal_id.order_id.user_id, self.salesperson)
        action = alert.action_renew_hours()
        self.assertEqual(action["res_id"], alert.renewal_id.order_id.id)

    def test_R1_no_rule_renews_what_has_been_renewed(self):
        self._set_rules({"kind": "hours", "limit_hours": 2, "renew": True})
        self._sell_to(1, "2026-03-01", "2026-03-31")
        self._sell_to(1, "2026-04-01", "2026-04-30")
        alert = self._find_alerts()
        self.assertEqual(alert.state, "told")
        self.assertFalse(alert.renewal_id)

    def test_R1_who_may_not_sell_renews_nothing(self):
        block = self._sell_to(10)
        with self.assertRaises(AccessError):
            block.with_user(self.agent).action_renew_hours()

    def test_R1_an_own_documents_salesperson_is_told_whose_quotation_it_is(self):
        block = self._sell_to(10)
        block.action_renew_hours()
        seller = self._create_user("seller", "sales_team.group_sale_salesman")
        own = self._sell(self.prepaid_product, 3)
        own.order_id.user_id = seller
        with self.assertRaisesRegex(UserError, "already renews"):
            own.with_user(seller).action_renew_hours()

    def test_R1_each_company_renews_its_own(self):
        company = self._create_company()
        block = self._sell_to(10)
        self.assertFalse(
            self.env["sale.order.line"]._get_renewable(self.customer, company)
        )
        order = self.env["sale.order"].browse(block.action_renew_hours()["res_id"])
        self.assertEqual(order.company_id, self.company)
