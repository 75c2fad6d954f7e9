from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

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

    def test_P1_prepaid_whose_delivery_is_entered_by_hand_says_so(self):
        """A program that gives no more than the policy makes such a product."""
        product = self.env["product.product"].create(
            {
                "name": "Hours",
                "type": "service",
                "invoice_policy": "order",
                "uom_id": self.hour.id,
            }
        )
        self.assertEqual(product.service_policy, "ordered_prepaid")
        self.assertIn("entered by hand", product.helpdesk_time_warning)
        item = self._sell(product, 5)
        self.assertIn("entered by hand", item.helpdesk_time_warning)
        self.assertTrue(item.order_id.has_helpdesk_time_warning)
        ticket = self._create_ticket()
        self.assertFalse(ticket.sale_line_id)
        self.assertFalse(item._is_drawable_by(ticket))
        refused = self.assertRaisesRegex(ValidationError, "neither prepaid in a unit")
        with refused, self.cr.savepoint():
            ticket.sale_line_id = item
        with Form(product) as form:
            form.service_policy = "delivered_manual"
            form.service_policy = "ordered_prepaid"
        self.assertFalse(product.helpdesk_time_warning)
        self.assertTrue(item.helpdesk_time_warning)
        anew = self._sell(product, 5)
        self.assertFalse(anew.helpdesk_time_warning)
        ticket = self._create_ticket()
        self._log(ticket, 2)
        self.assertEqual(ticket.sale_line_id, anew)
        self.assertEqual(anew.remaining_hours, 3)
        # a ticket that has such an item from before is told nothing of hours used up
        self._log(ticket, 3)
        self.assertTrue(ticket.prepaid_hours_notice)
        anew.qty_delivered_method = "manual"
        self.env.invalidate_all()
        self.assertFalse(ticket.prepaid_hours_notice)

    def test_K4_post_paid_items_whose_delivery_is_entered_by_hand_count_no_time(self):
        product = self.post_paid_product.copy({"service_policy": "delivered_manual"})
        item = self._sell(product, 1)
        product.service_policy = "delivered_timesheet"
        self.assertEqual(item.qty_delivered_method, "manual")
        ticket = self._create_ticket()
        with self.assertRaisesRegex(UserError, "nor billed by the time logged"):
            ticket.sale_line_id = item

    def test_P1_prepaid_made_in_the_form_needs_no_warning(self):
        form = Form(self.env["product.template"])
        form.name = "Hours"
        form.type = "service"
        form.uom_id = self.hour
        product = form.save()
        self.assertEqual(product.service_policy, "ordered_prepaid")
        self.assertFalse(product.helpdesk_time_warning)

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
