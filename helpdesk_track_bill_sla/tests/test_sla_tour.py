from odoo.tests import HttpCase, tagged

from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestSlaTour(HttpCase, SlaCommon):
    def test_sla_in_the_browser(self):
        manager = self._create_user("manager", "helpdesk_mgmt.group_helpdesk_manager")
        self.start_tour(
            "/odoo/action-helpdesk_mgmt_sla.action_helpdesk_sla_tree",
            "sla_policy",
            login=manager.login,
        )
        gold = self.env["helpdesk.sla"].search([("name", "=", "Gold")])
        self.assertEqual(gold.product_ids, self.gold_product)
        gold.stage_id = self.solved
        item = self._sell(self.gold_product, 10)
        ticket = self._create_ticket(sale_line_id=item.id)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}", "sla_ticket", login=self.agent.login
        )
