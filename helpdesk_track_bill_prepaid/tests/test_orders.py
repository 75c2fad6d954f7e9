from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestOrders(PrepaidCommon):
    """Orders that programs make are blocks like those that people make."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prepaid_product.write(
            {
                "hours_validity": 1,
                "hours_validity_unit": "month",
                "hours_overrun": "bill",
            }
        )

    def _get_days(self, line):
        return str(line.hours_date_start), str(line.hours_date_end)

    def test_V1_each_order_of_a_subscription_is_a_block_of_its_own(self):
        if "sale.subscription" not in self.env:
            self.skipTest("needs subscriptions")
        template = self.env["sale.subscription.template"].create(
            {
                "name": "Support by the month",
                "code": "SUPPORT",
                "recurring_rule_type": "months",
                "invoicing_mode": "sale_and_invoice",
            }
        )
        with freeze_time("2026-01-05 10:00:00"):
            subscription = self.env["sale.subscription"].create(
                {
                    "partner_id": self.customer.id,
                    "template_id": template.id,
                    "pricelist_id": self.env["product.pricelist"]
                    .create({"name": "Subscriptions"})
                    .id,
                    "date_start": "2026-01-05",
                    "sale_subscription_line_ids": [
                        fields.Command.create(
                            {
                                "product_id": self.prepaid_product.id,
                                "product_uom_qty": 10,
                            }
                        )
                    ],
                }
            )
            subscription.generate_invoice()
        with freeze_time("2026-02-05 10:00:00"):
            subscription.generate_invoice()
        first, second = subscription.sale_order_ids.sorted("id").order_line
        self.assertTrue(first.order_id.locked)
        self.assertEqual(self._get_days(first), ("2026-01-05", "2026-02-04"))
        self.assertEqual(self._get_days(second), ("2026-02-05", "2026-03-04"))
        self.assertEqual(first.hours_overrun, "bill")
        ticket = self._create_ticket()
        january = self._log_on(ticket, 4, "2026-01-20")
        february = self._log_on(ticket, 3, "2026-02-20")
        self.assertEqual(january.so_line, first)
        self.assertEqual(february.so_line, second)
        self.assertEqual((first | second).mapped("remaining_hours"), [6, 7])
        self._check_account(first | second)

    def test_V1_a_copied_order_keeps_its_terms_and_starts_anew(self):
        with freeze_time("2026-01-05 10:00:00"):
            line = self._sell_hours(10)
        line.hours_overrun = "refuse"
        line.hours_usable_from = "invoiced"
        copy = line.order_id.copy()
        self.assertFalse(copy.order_line.hours_period_ids)
        with freeze_time("2026-03-05 10:00:00"):
            copy.action_confirm()
        block = copy.order_line
        self.assertEqual(self._get_days(block), ("2026-03-05", "2026-04-04"))
        self.assertEqual(block.hours_overrun, "refuse")
        self.assertEqual(block.hours_usable_from, "invoiced")
        self.assertEqual(self._get_days(line), ("2026-01-05", "2026-02-04"))
        block.hours_usable_from = "confirmed"
        entry = self._log_on(self._create_ticket(), 2, "2026-03-10")
        self.assertEqual(entry.so_line, block)
        self.assertEqual(line.remaining_hours, 10)
        self._check_account(line | block)
