from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestTours(HttpCase, PrepaidCommon):
    """The account's screens, walked in the browser by the roles that use them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = "Tour Clinic"

    def test_agent(self):
        self._sell_block(2, "2026-01-01", "2099-01-31")
        self._sell_block(10, "2026-01-01", "2099-12-31")
        ticket = self._create_ticket()
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "prepaid_ticket",
            login=self.agent.login,
        )
        self.assertEqual(sorted(ticket.timesheet_ids.mapped("unit_amount")), [1, 2])

    def test_manager(self):
        manager = self._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager",
        )
        block = self._sell_block(10, "2026-01-01", "2099-12-31")
        self._log_on(self._create_ticket(), 3)
        self.start_tour("/odoo", "prepaid_account", login=manager.login)
        self.assertEqual(block.hours_period_ids.hours_left, 8.5)

    def test_salesperson_changes_terms(self):
        block = self._sell_block(10, "2026-01-01", "2099-12-31")
        self.start_tour(
            f"/odoo/sales/{block.order_id.id}",
            "prepaid_terms",
            login=self.salesperson.login,
        )
        self.assertEqual(block.hours_overrun, "refuse")

    def test_salesperson_covers_open_time(self):
        entry = self._log(self._create_ticket(), 3, date=fields.Date.today())
        block = self._sell_block(10, "2026-01-01", "2099-12-31")
        self.start_tour(
            f"/odoo/sales/{block.order_id.id}",
            "prepaid_redraw",
            login=self.salesperson.login,
        )
        self.assertEqual(entry.so_line, block)

    def test_product(self):
        manager = self._create_user(
            "product_manager",
            "sales_team.group_sale_manager,product.group_product_manager",
        )
        product = self.prepaid_product.product_tmpl_id
        self.start_tour(
            f"/odoo/product.template/{product.id}",
            "prepaid_product",
            login=manager.login,
        )
        self.assertEqual((product.hours_validity, product.hours_period), (6, "month"))
