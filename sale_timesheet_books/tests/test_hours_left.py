from odoo.tests import tagged

from .common import BooksCommon


@tagged("post_install", "-at_install")
class TestHoursLeft(BooksCommon):
    def test_hours_left_are_counted_from_the_entries(self):
        item = self._sell(self.prepaid_product, product_uom_id=self.day.id)
        self._log(self._create_task(item), 1)
        self.assertEqual(item.qty_delivered, 0.13)
        self.assertEqual(item.remaining_hours, 7)

    def test_hours_left_of_what_is_not_sold_in_time_are_none(self):
        item = self._sell(
            self.prepaid_product, product_uom_id=self.env.ref("uom.product_uom_unit").id
        )
        self.assertFalse(item.remaining_hours_available)
        self.assertFalse(item.remaining_hours)

    def test_hours_left_follow_the_unit_at_once(self):
        item = self._sell(self.prepaid_product)
        hours = item.remaining_hours
        self.assertTrue(hours)
        item.product_uom_id = self.day
        self.assertEqual(item.remaining_hours, hours * 8)
        item.product_uom_id = self.env.ref("uom.product_uom_unit")
        self.assertFalse(item.remaining_hours)

    def test_units_are_asked_for_once_for_any_number_of_products(self):
        products = self.prepaid_product.browse()
        for _number in range(20):
            products |= self.prepaid_product.copy()
        items = self._sell(*products)
        items = items.browse(items.ids)  # prefetched together, whatever the cache has
        counts = []
        for lines in (items[:2], items):
            self.env.invalidate_all()
            lines.mapped("product_id.service_policy")
            before = self.env.cr.sql_log_count
            lines.mapped("remaining_hours_available")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_time_is_summed_without_sorting(self):
        item, _entries = self._sell_and_log(1, 2)
        lines = item.sudo()
        domain = lines._timesheet_compute_delivered_quantity_domain()
        column = self.env["account.analytic.line"]._get_hours_field(billed=True)
        self.env.flush_all()
        with self.assertQueries(
            [
                f"""
                SELECT "account_analytic_line"."so_line",
                       "account_analytic_line"."product_uom_id",
                       SUM("account_analytic_line"."{column}"),
                       COUNT("account_analytic_line"."move_line_id")
                FROM "account_analytic_line"
                WHERE ("account_analytic_line"."project_id" IS NOT NULL
                       AND "account_analytic_line"."so_line" IN %s)
                GROUP BY "account_analytic_line"."so_line",
                         "account_analytic_line"."product_uom_id"
                ORDER BY "account_analytic_line"."so_line" ASC,
                         "account_analytic_line"."product_uom_id" ASC
                """
            ]
        ):
            quantities = lines._get_delivered_quantity_by_analytic(domain)
        self.assertEqual(quantities[item.id], 3)
