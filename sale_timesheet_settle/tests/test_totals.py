from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestTotals(TransactionCase):
    def test_totals_are_stored_sums(self):
        for model in ("sale.order.line", "sale.order"):
            for name in self.env[model]._time_totals & self.env[model]._fields.keys():
                total = self.env[model]._fields[name]
                self.assertTrue(total.store and total.compute, total)

    def test_only_lines_of_time_are_put_off(self):
        products = self.env["product.product"].create(
            [
                {"name": "Cable", "type": "consu"},
                {
                    "name": "Support",
                    "type": "service",
                    "service_policy": "ordered_prepaid",
                    "uom_id": self.env.ref("uom.product_uom_hour").id,
                },
            ]
        )
        partner = self.env["res.partner"].create({"name": "Clinic"})
        of_goods, of_time = self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "order_line": [(0, 0, {"product_id": product.id})],
                }
                for product in products
            ]
        )
        orders = of_goods | of_time
        self.assertEqual(orders._filter_totals_of_time(), of_time)
        self.assertEqual(orders.order_line._filter_totals_of_time(), of_time.order_line)
