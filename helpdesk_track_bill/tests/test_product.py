from odoo import Command
from odoo.tests import tagged

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestProduct(TrackBillCommon):
    def test_P1_prepaid_in_a_unit_of_time_needs_no_warning(self):
        for unit in (self.hour, self.day):
            self.prepaid_product.uom_id = unit
            self.assertFalse(self.prepaid_product.helpdesk_time_warning)

    def test_P1_custom_unit_of_time_needs_no_warning(self):
        self.prepaid_product.uom_id = self.env["uom.uom"].create(
            {
                "name": "Pack of 5",
                "relative_factor": 5,
                "relative_uom_id": self.hour.id,
            }
        )
        self.assertFalse(self.prepaid_product.helpdesk_time_warning)

    def test_P1_prepaid_in_another_unit_says_so(self):
        self.prepaid_product.uom_id = self.env.ref("uom.product_uom_unit")
        self.assertRegex(
            self.prepaid_product.helpdesk_time_warning, "sold in Units: sell it in"
        )

    def test_P1_only_prepaid_services_are_warned_about(self):
        self.prepaid_product.write(
            {
                "uom_id": self.env.ref("uom.product_uom_unit").id,
                "service_policy": "delivered_manual",
            }
        )
        self.assertFalse(self.prepaid_product.helpdesk_time_warning)

    def test_P1_lines_without_a_product_are_not_warned_about(self):
        item = self._sell_hours(1)
        item.order_id.order_line = [
            Command.create({"display_type": "line_note", "name": "A note"})
        ]
        self.assertEqual(
            item.order_id.order_line.mapped("helpdesk_time_warning"), [False, False]
        )

    def test_P1_order_line_says_so_in_its_own_unit(self):
        item = self._sell_hours(1)
        self.assertFalse(item.helpdesk_time_warning)
        self.assertFalse(item.order_id.has_helpdesk_time_warning)
        item = self._sell_hours(
            1, product_uom_id=self.env.ref("uom.product_uom_unit").id
        )
        self.assertIn("Units", item.helpdesk_time_warning)
        self.assertTrue(item.order_id.has_helpdesk_time_warning)
