from odoo.tests import HttpCase, tagged

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestTours(HttpCase, TrackBillCommon):
    """The documentation's steps, walked in the browser by the roles that do them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"name": "Tour Clinic", "email": "tour@example.com"})
        cls.prepaid_product.name = "Tour Prepaid Hours"
        cls.new_ticket_url = (
            f"/odoo/{cls.team.id}/action-helpdesk_mgmt"
            ".action_helpdesk_ticket_kanban_from_dashboard/new"
        )

    def test_team(self):
        self.start_tour(
            "/odoo/action-helpdesk_mgmt.helpdesk_ticket_team_action",
            "track_bill_team",
            login="admin",
        )
        team = self.env["helpdesk.ticket.team"].search([("name", "=", "Night Shift")])
        project = team.default_project_id
        self.assertRecordValues(
            project,
            [
                {
                    "name": "Night Shift Time",
                    "allow_timesheets": True,
                    "allow_billable": True,
                    "company_id": team.company_id.id,
                }
            ],
        )

    def test_prepaid(self):
        self.start_tour(
            "/odoo/action-sale.action_orders",
            "track_bill_prepaid_order",
            login=self.salesperson.login,
        )
        item = self._find_item(self.prepaid_product)
        self.assertEqual(item.order_id.invoice_ids.amount_untaxed, 1000)
        self.start_tour(
            self.new_ticket_url, "track_bill_prepaid_ticket", login=self.agent.login
        )
        ticket = self.env["helpdesk.ticket"].search([("team_id", "=", self.team.id)])
        self.assertEqual(ticket.sale_line_id, item)
        self.assertEqual(ticket.timesheet_ids.employee_id, self.employee)
        self.assertEqual(item.qty_delivered, 11.5)
        self.assertEqual(item.remaining_hours, -1.5)

    def test_post_paid(self):
        self.start_tour(
            "/odoo/action-sale.action_orders",
            "track_bill_post_paid_order",
            login=self.salesperson.login,
        )
        item = self._find_item(self.post_paid_product)
        self.assertFalse(item.order_id.invoice_ids)
        self.start_tour(
            self.new_ticket_url, "track_bill_post_paid_ticket", login=self.agent.login
        )
        ticket = self.env["helpdesk.ticket"].search([("team_id", "=", self.team.id)])
        self.assertEqual(ticket.sale_line_id, item)
        self.assertEqual(item.qty_delivered, 3)
        first = ticket.timesheet_ids.filtered(lambda entry: entry.unit_amount == 1.25)
        first.date = "2026-01-15"
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_post_paid_invoice",
            login="admin",
        )
        self.assertEqual(item.order_id.invoice_ids.timesheet_ids, first)

    def _find_item(self, product):
        return self.env["sale.order.line"].search(
            [
                ("product_id", "=", product.id),
                ("order_partner_id", "=", self.customer.id),
            ]
        )
