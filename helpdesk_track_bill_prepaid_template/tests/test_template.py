from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestTemplate(PrepaidCommon):
    def test_V1_a_template_gives_its_terms_to_the_quotation(self):
        self.env.user.group_ids += self.env.ref(
            "sale_management.group_sale_order_template"
        )
        self.prepaid_product.hours_overrun = "bill"
        template = self.env["sale.order.template"].create(
            {
                "name": "Support",
                "sale_order_template_line_ids": [
                    Command.create({"product_id": self.prepaid_product.id})
                ],
            }
        )
        line = template.sale_order_template_line_ids
        self.assertEqual(line.hours_overrun, "bill")
        line.write({"hours_overrun": "refuse", "hours_usable_from": "paid"})
        quotation = Form(self.env["sale.order"])
        quotation.partner_id = self.customer
        quotation.sale_order_template_id = template
        sold = quotation.save().order_line
        self.assertEqual(
            (sold.hours_overrun, sold.hours_usable_from), ("refuse", "paid")
        )
        self.assertEqual(self.prepaid_product.hours_overrun, "bill")
