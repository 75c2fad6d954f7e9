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

    def test_K3b_merged_time_keeps_its_item(self):
        first = self._sell_hours(date="2026-05-01")
        second = self._sell_hours(date="2026-04-01")
        merged = self._create_ticket()
        survivor = self._create_ticket(sale_line_id=second.id)
        entry = self._log(merged, 2)
        self._merge(merged | survivor, survivor)
        self.assertEqual(entry.ticket_id, survivor)
        self.assertEqual(entry.so_line, first)
        self.assertEqual((first.qty_delivered, second.qty_delivered), (2, 0))
        self.assertEqual((merged.total_hours, survivor.total_hours), (0, 2))
        self.assertIn("02:00 hours moved from", survivor.message_ids[0].body)

    def test_K3b_survivor_without_an_item_makes_no_hours_free(self):
        item = self._sell_hours()
        merged = self._create_ticket()
        survivor = self._create_ticket(sale_line_id=False)
        entry = self._log(merged, 5)
        self._merge(merged | survivor, survivor)
        self.assertEqual(entry.so_line, item)
        self.assertEqual(item.remaining_hours, 5)
        self.assertEqual(survivor.hours_on_other_items, 5)

    def test_K3b_contacts_of_one_company_merged_into_a_new_ticket(self):
        item = self._sell_hours()
        sibling = self.contact.copy({"name": "Sibling", "parent_id": self.customer.id})
        tickets = self._create_ticket() | self._create_ticket(partner_id=sibling.id)
        entries = self._log(tickets[0], 2) | self._log(tickets[1], 3)
        survivor = self._merge_into_new(tickets)
        self.assertEqual(survivor.partner_id, self.customer)
        self.assertEqual(survivor.sale_line_id, item)
        self.assertEqual(entries.ticket_id, survivor)
        self.assertEqual(item.remaining_hours, 5)

    def test_K3b_an_existing_survivor_without_a_customer_gets_none(self):
        item = self._sell_hours()
        merged = self._create_ticket()
        survivor = self._create_ticket(partner_id=False)
        own, entry = self._log(survivor, 5), self._log(merged, 2)
        self._merge(merged | survivor, survivor)
        self.assertFalse(survivor.partner_id)
        self.assertFalse(own.so_line)
        self.assertEqual((entry.ticket_id, entry.so_line), (survivor, item))
        self.assertEqual(item.remaining_hours, 8)

    def test_E6c_merged_time_keeps_its_hours(self):
        merged, survivor = self._create_ticket(), self._create_ticket()
        self.company.allow_long_timesheets = True
        self._log(merged, 40)
        self.company.allow_long_timesheets = False
        self._merge(merged | survivor, survivor)
        self.assertEqual(survivor.total_hours, 40)

    def test_K3b_customers_merged_into_a_new_ticket(self):
        item = self._sell_hours()
        other_item = self._sell_hours(partner=self.other_customer)
        tickets = self._create_ticket()
        tickets |= self._create_ticket(partner_id=self.other_customer.id)
        for ticket in tickets:
            self._log(ticket, 2)
        survivor = self._merge_into_new(tickets)
        self.assertFalse(survivor.partner_id)
        self.assertEqual((item.remaining_hours, other_item.remaining_hours), (8, 8))

    def test_E6_time_of_another_customer_takes_the_item_of_the_survivor(self):
        item = self._sell_hours()
        other_item = self._sell_hours(partner=self.other_customer)
        merged = self._create_ticket(partner_id=self.other_customer.id)
        survivor = self._create_ticket()
        entry = self._log(merged, 2)
        self._merge(merged | survivor, survivor)
        self.assertEqual(entry.so_line, item)
        self.assertEqual(other_item.remaining_hours, 10)

    def _merge_into_new(self, tickets):
        wizard = (
            self.env["helpdesk.ticket.merge"]
            .with_context(active_ids=tickets.ids)
            .create({"create_new_ticket": True, "dst_ticket_name": "Both"})
        )
        wizard.merge_tickets()
        return wizard.dst_ticket_id

    def test_BP1_merged_time_is_submitted_again(self):
        if "review_time" not in self.team._fields:
            self.skipTest("needs helpdesk_track_bill_review")
        self.team.review_time = True
        item = self._sell(self.post_paid_product, 1)
        merged = self._create_ticket(sale_line_id=item.id)
        survivor = self._create_ticket(sale_line_id=item.id)
        invoiced, entry, own = (
            self._log(merged, 2) | self._log(merged, 3) | self._log(survivor, 4)
        )
        (invoiced | own).review_state = "approved"
        self._invoice(item.order_id)
        entry.review_state = "approved"
        self._merge(merged | survivor, survivor)
        self.assertEqual(entry.ticket_id, survivor)
        self.assertEqual(entry.review_state, "submitted")
        self.assertEqual((invoiced | own).mapped("review_state"), ["approved"] * 2)

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
            entry.sudo().with_context(merging_tickets=True).write(
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
