from odoo import Command
from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill.tests.common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestSaleProject(TrackBillCommon):
    def test_K1_the_team_comes_before_the_orders(self):
        order = self._sell_on_project()
        ticket = self._create_ticket(sale_order_ids=[Command.link(order.id)])
        self.assertEqual(ticket.project_id, self.team.default_project_id)

    def test_K1_without_timesheets_the_orders_bring_their_project(self):
        order = self._sell_on_project()
        team = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        ticket = self._create_ticket(
            team_id=team.id, sale_order_ids=[Command.link(order.id)]
        )
        self.assertEqual(ticket.project_id, order.project_id)

    def test_K6_item_of_another_project_than_a_linked_order(self):
        """The base wants one project for all orders linked by hand."""
        by_hand = self._sell_on_project(date="2026-01-01")
        item = self._sell_on_project().order_line
        ticket = self._create_ticket(sale_order_ids=[Command.link(by_hand.id)])
        self.assertEqual(ticket.sale_line_id, item)
        self.assertEqual(ticket.sale_order_ids, by_hand)
        self.assertEqual(ticket.so_count, 2)

    def _sell_on_project(self, **values):
        order = self._sell_hours(**values).order_id
        order.project_id = self.env["project.project"].create({"name": "Order's"})
        return order
