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
