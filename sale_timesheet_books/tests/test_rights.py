from odoo.tests import Form, new_test_user, tagged

from .common import BooksCommon


@tagged("post_install", "-at_install")
class TestRights(BooksCommon):
    """Who sells and logs time needs no rights on projects to work with orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "books_seller",
            "sales_team.group_sale_salesman_all_leads,"
            "hr_timesheet.group_hr_timesheet_user",
        )

    def test_orders_open_without_rights_on_projects(self):
        item, _entries = self._sell_and_log(4)
        order = item.order_id.with_user(self.seller)
        self.env.invalidate_all()
        with Form(order) as form:
            form.client_order_ref = "PO 7"
        self.assertEqual(order.client_order_ref, "PO 7")

    def test_quotations_are_made_without_rights_on_projects(self):
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.customer
        with form.order_line.new() as line:
            line.product_id = self.prepaid_product
        order = form.save()
        self.assertEqual(order.amount_untaxed, 50)

    def test_hours_recorded_shows_where_the_order_has_a_project_to_log_on(self):
        self.prepaid_product.service_tracking = "task_in_project"
        order = self._sell(self.prepaid_product, quantity=4).order_id
        self.env.invalidate_all()
        self.assertTrue(order.with_user(self.seller).show_hours_recorded_button)

    def test_accountants_open_orders(self):
        item, _entries = self._sell_and_log(4)
        accountant = new_test_user(
            self.env, "books_accountant", "account.group_account_invoice"
        )
        self.env.invalidate_all()
        form = Form(item.order_id.with_user(accountant))
        self.assertEqual(form.partner_id, self.customer)

    def test_time_of_others_stays_uncounted(self):
        item, _entries = self._sell_and_log(4)
        order = item.order_id.with_user(self.seller)
        self.env.invalidate_all()
        order.fetch(["show_hours_recorded_button"])
        self.assertEqual(order.timesheet_count, 0)
