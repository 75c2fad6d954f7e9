from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import AlertCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestRights(AlertCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager",
        )
        cls.seller = cls._create_user("own_seller", "sales_team.group_sale_salesman")
        cls.accountant = cls._create_user("accountant", "account.group_account_invoice")

    def _read(self, user):
        alerts = self.env["prepaid.hours.alert"].with_user(user).search([])
        alerts = alerts.filtered(lambda alert: alert.partner_id == self.customer)
        return alerts.mapped("text")

    def test_A1_agents_read_neither_alerts_nor_rules(self):
        self._sell_to(1)
        self._find_alerts()
        for model in ("prepaid.hours.alert", "prepaid.hours.alert.rule"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.agent).search([])

    def test_A1_who_may_see_the_account_reads_its_alerts(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(1)
        self._find_alerts()
        for user in (self.manager, self.salesperson, self.accountant):
            self.assertEqual(self._read(user), ["01:00 prepaid hours left"])

    def test_A3_salespeople_with_own_documents_read_their_own(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        block = self._sell_to(1)
        self._find_alerts()
        self.assertFalse(self._read(self.seller))
        block.order_id.user_id = self.seller
        self.assertTrue(self._read(self.seller))

    def test_A1_managers_see_the_screens_without_reading_orders(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(1)
        alert = self._find_alerts()
        answers = self._read_views(self.manager, alert, ("form", "list"))
        self.assertIn("Prepaid Support", answers["list"]["block_name"])
        with self.assertRaises(AccessError):
            alert.with_user(self.manager).item_id.read(["price_unit"])

    def test_A3_sales_managers_change_rules_and_others_do_not(self):
        rule = self.rules[0]
        with self.assertRaises(AccessError):
            rule.with_user(self.salesperson).limit_percent = 30
        boss = self._create_user("boss", "sales_team.group_sale_manager")
        rule.with_user(boss).limit_percent = 30
        self.assertEqual(rule.limit_percent, 30)

    def test_A5_alerts_and_rules_stay_in_their_company(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        company = self._create_company()
        self._sell_to(1)
        self._find_alerts()
        self.salesperson.company_ids |= company
        user = self.salesperson.with_company(company)
        alerts = self.env["prepaid.hours.alert"].with_user(user)
        alerts = alerts.with_context(allowed_company_ids=company.ids)
        self.assertFalse(alerts.search([]))
        rules = self.env["prepaid.hours.alert.rule"].with_user(user)
        rules = rules.with_context(allowed_company_ids=company.ids)
        self.assertEqual(rules.search([]).company_id, company)

    def test_A1_a_ticket_names_its_renewal_to_salespeople(self):
        block = self._sell_to(1)
        ticket = self._create_ticket()
        self._log_on(ticket, 1)
        seller = ticket.with_user(self.env.user)
        self.assertTrue(seller.can_renew_hours)
        self.assertFalse(seller.hours_renewal_name)
        action = seller.action_renew_hours()
        self.env.invalidate_all()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.order_line.hours_renewed_from_id, block)
        self.assertEqual(seller.hours_renewal_name, order.name)
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).read(["can_renew_hours"])
