from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill.tests.common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestMerge(TrackBillCommon):
    def _merge(self, tickets, survivor):
        wizard = (
            self.env["helpdesk.ticket.merge"]
            .with_context(active_ids=tickets.ids)
            .create({"dst_ticket_id": survivor.id})
        )
        wizard.merge_tickets()

    def test_E6_open_time_goes_to_the_item_of_the_surviving_ticket(self):
        first = self._sell_hours(date="2026-05-01")
        second = self._sell_hours(date="2026-04-01")
        merged = self._create_ticket()
        survivor = self._create_ticket(sale_line_id=second.id)
        entry = self._log(merged, 2)
        self._merge(merged | survivor, survivor)
        self.assertEqual(entry.ticket_id, survivor)
        self.assertEqual(entry.so_line, second)
        self.assertEqual((first.qty_delivered, second.qty_delivered), (0, 2))
        self.assertEqual((merged.total_hours, survivor.total_hours), (0, 2))

    def test_E5_invoiced_time_keeps_its_item(self):
        item = self._sell(self.post_paid_product, 1)
        merged = self._create_ticket(sale_line_id=item.id)
        survivor = self._create_ticket()
        entry = self._log(merged, 2)
        self._invoice(item.order_id)
        self._merge(merged | survivor, survivor)
        self.assertEqual(entry.ticket_id, survivor)
        self.assertEqual(entry.so_line, item)
        self.assertEqual((item.qty_delivered, item.qty_invoiced), (2, 2))
        self.assertEqual(survivor.total_hours, 2)

    def test_E5_the_way_of_the_merge_is_closed_to_users(self):
        item = self._sell(self.post_paid_product, 1)
        entry = self._log(self._create_ticket(sale_line_id=item.id), 2)
        self._invoice(item.order_id)
        with self.assertRaisesRegex(UserError, "already invoiced"):
            entry.with_user(self.agent).with_context(merging_tickets=True).write(
                {"ticket_id": self._create_ticket().id}
            )

    def test_E1_survivor_without_timesheets_is_refused(self):
        team = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        survivor = self._create_ticket(team_id=team.id)
        merged = self._create_ticket()
        self._log(merged, 1)
        with self.assertRaisesRegex(ValidationError, "switch Timesheets on"):
            self._merge(merged | survivor, survivor)

    def test_merging_without_time_works_as_before(self):
        team = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        tickets = self._create_ticket(team_id=team.id)
        tickets |= self._create_ticket(team_id=team.id)
        self._merge(tickets, tickets[0])
        self.assertFalse(tickets[1].active)
