from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestDraw(PrepaidCommon):
    # --- D1, D2, D3 ---------------------------------------------------
    def test_D1_soonest_end_first(self):
        late = self._sell_block(10, "2026-01-01", "2026-12-31")
        soon = self._sell_block(10, "2026-01-01", "2026-03-31")
        open_end = self._sell_block(10, "2026-01-01")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2)
        self.assertEqual(entry.so_line, soon)
        self.assertEqual(entry.coverage, "prepaid")
        self.assertEqual(entry.hours_period_id, soon.hours_period_ids)
        self._check_account(late | soon | open_end)

    def test_D2_item_chosen_by_hand_is_drawn_first(self):
        late = self._sell_block(10, "2026-01-01", "2026-12-31")
        self._sell_block(10, "2026-01-01", "2026-03-31")
        ticket = self._create_ticket()
        ticket.sale_line_id = late
        self.assertEqual(self._log_on(ticket, 2).so_line, late)

    def test_D2_item_set_on_the_entry_is_drawn_alone(self):
        late = self._sell_block(1, "2026-01-01", "2026-12-31")
        soon = self._sell_block(10, "2026-01-01", "2026-03-31")
        entry = self._log_on(self._create_ticket(), 3, so_line=late.id)
        self.assertEqual(self._get_parts(entry), [(late, 1.0), (late, 2.0)])
        self.assertEqual(
            (entry | entry.split_part_ids).mapped("coverage"), ["prepaid", "overrun"]
        )
        self.assertEqual(soon.remaining_hours, 10)

    def test_D2_used_up_item_moves_on_by_itself(self):
        soon = self._sell_block(1, end="2099-03-31")
        late = self._sell_block(10, end="2099-12-31")
        ticket = self._create_ticket()
        self.assertEqual(ticket.sale_line_id, soon)
        self._log_on(ticket, 1)
        self.assertEqual(ticket.sale_line_id, late)
        self.assertIn("Time now draws from", ticket.message_ids[0].body)

    def test_D2_other_tickets_on_a_used_up_item_move_on_too(self):
        soon = self._sell_block(1, end="2099-03-31")
        late = self._sell_block(10, end="2099-12-31")
        ticket, other, closed, chosen = (self._create_ticket() for _number in range(4))
        foreign = self._create_ticket(partner_id=self.other_customer.id)
        stage = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)])[:1]
        closed.stage_id = stage
        chosen.sale_line_by_hand = True
        self._log_on(ticket, 0.5)
        self.assertEqual((ticket | other).sale_line_id, soon)
        self._log_on(ticket, 0.5)
        self.assertEqual((ticket | other).sale_line_id, late)
        self.assertIn("Time now draws from", other.message_ids[0].body)
        self.assertFalse(other.sale_line_by_hand)
        self.assertEqual((closed | chosen).sale_line_id, soon)
        self.assertFalse(foreign.sale_line_id)

    def test_D3_what_does_not_fit_is_a_part_of_the_next_block(self):
        soon = self._sell_block(2, "2026-01-01", "2026-03-31")
        late = self._sell_block(10, "2026-01-01", "2026-12-31")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2.5)
        self.assertEqual(self._get_parts(entry), [(soon, 2.0), (late, 0.5)])
        part = entry.split_part_ids
        self.assertEqual(
            (part.date, part.employee_id, part.name, part.ticket_id),
            (entry.date, entry.employee_id, entry.name, ticket),
        )
        self.assertEqual(ticket.total_hours, 2.5)
        self.assertEqual((soon.qty_delivered, late.qty_delivered), (2, 0.5))
        self._check_account(soon | late)

    # --- D4 -----------------------------------------------------------
    def test_D4_negative_stays_on_the_last_block(self):
        block = self._sell_block(2)
        entry = self._log_on(self._create_ticket(), 3)
        self.assertEqual(self._get_parts(entry), [(block, 2.0), (block, 1.0)])
        self.assertEqual(block.remaining_hours, -1)
        self.assertEqual(block.hours_state, "overdrawn")
        self.assertEqual(entry.split_part_ids.coverage, "overrun")

    def test_D4_bill_goes_to_the_post_paid_item(self):
        block = self._sell_block(2, hours_overrun="bill")
        post_paid = self._sell(self.post_paid_product, 0)
        entry = self._log_on(self._create_ticket(), 3)
        self.assertEqual(self._get_parts(entry), [(block, 2.0), (post_paid, 1.0)])
        self.assertEqual(entry.split_part_ids.coverage, "post_paid")
        self.assertEqual(block.remaining_hours, 0)

    def test_D4_refuse_saves_nothing_and_says_what_is_left(self):
        block = self._sell_block(2, hours_overrun="refuse")
        ticket = self._create_ticket()
        refused = self.assertRaisesRegex(UserError, "Only 02:00 of the 03:00 hours")
        with refused, self.cr.savepoint():
            self._log_on(ticket, 3)
        self.assertFalse(ticket.timesheet_ids)
        self._log_on(ticket, 2)
        self.assertEqual(block.remaining_hours, 0)

    def test_D4_without_blocks_it_is_uncovered(self):
        entry = self._log_on(self._create_ticket(), 1)
        self.assertEqual((entry.coverage, entry.so_line.ids), ("uncovered", []))
        self.assertIn("uncovered", entry.coverage_reason)

    # --- D5, D6 -------------------------------------------------------
    def test_D5_a_new_order_pushes_nobody_out(self):
        block = self._sell_block(5, end="2099-12-31")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2)
        self._sell_block(5, end="2099-01-31")
        entry.name = "Same"
        ticket.partner_id = self.customer
        self.assertEqual(entry.so_line, block)

    def test_D6_more_hours_draw_the_increase(self):
        soon = self._sell_block(2, end="2099-01-31")
        late = self._sell_block(5, end="2099-12-31")
        entry = self._log_on(self._create_ticket(), 1)
        entry.unit_amount = 3
        self.assertEqual(self._get_parts(entry), [(soon, 2.0), (late, 1.0)])
        self._check_account(soon | late)

    def test_D6_an_increase_that_fits_nowhere_in_its_block_is_not_counted_twice(self):
        soon = self._sell_block(2, end="2099-01-31")
        late = self._sell_block(5, end="2099-12-31")
        entry = self._log_on(self._create_ticket(), 2)
        entry.unit_amount = 3
        self.assertEqual(self._get_parts(entry), [(soon, 2.0), (late, 1.0)])
        self._check_account(soon | late)

    def test_D6_fewer_hours_give_back(self):
        block = self._sell_block(2)
        entry = self._log_on(self._create_ticket(), 2)
        entry.unit_amount = 0.5
        self.assertEqual(block.remaining_hours, 1.5)
        entry.unlink()
        self.assertEqual(block.remaining_hours, 2)

    def test_D6_another_date_is_decided_anew_outside_its_period(self):
        march = self._sell_block(2, "2026-03-01", "2026-03-31")
        april = self._sell_block(2, "2026-04-01", "2026-04-30")
        entry = self._log_on(self._create_ticket(), 1)
        entry.date = "2026-03-20"
        self.assertEqual(entry.so_line, march)
        entry.date = "2026-04-02"
        self.assertEqual(entry.so_line, april)
        self.assertEqual(march.remaining_hours, 2)

    def test_D6_another_ticket_of_the_customer_keeps_the_item(self):
        block = self._sell_block(2, end="2099-12-31")
        entry = self._log_on(self._create_ticket(), 1)
        other = self._sell_block(5, end="2099-01-31")
        entry.ticket_id = self._create_ticket()
        self.assertEqual(entry.ticket_id.sale_line_id, other)
        self.assertEqual(entry.so_line, block)

    def test_D6_ticket_of_another_customer_draws_anew(self):
        block = self._sell_block(2)
        other = self._sell_block(5, partner=self.other_customer)
        entry = self._log_on(self._create_ticket(), 1)
        entry.ticket_id = self._create_ticket(partner_id=self.other_customer.id)
        self.assertEqual(entry.so_line, other)
        self.assertEqual((block.remaining_hours, other.remaining_hours), (2, 4))

    def test_D4_merged_time_is_never_refused(self):
        block = self._sell_block(1, hours_overrun="refuse")
        self._sell_block(5, partner=self.other_customer)
        entry = self._log_on(self._create_ticket(partner_id=self.other_customer.id), 3)
        survivor = self._create_ticket()
        entry._as_merged()._move_to_ticket(survivor, keep_item=True)
        self.assertEqual(entry.ticket_id, survivor)
        self.assertEqual((entry.so_line, entry.unit_amount), (block, 1))
        self.assertEqual(entry.split_part_ids.coverage, "uncovered")

    # --- D7, D8, D9 ---------------------------------------------------
    def test_D7_redraw_shows_first_and_writes_once(self):
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 3)
        block = self._sell_block(2, end="2099-12-31")
        wizard = self._open_redraw()
        self.assertEqual(len(wizard.line_ids), 2)
        self.assertEqual(entry.coverage, "uncovered")
        wizard.action_confirm()
        self.assertEqual(self._get_parts(entry), [(block, 2.0), (block, 1.0)])
        self.assertEqual(block.remaining_hours, -1)
        with self.assertRaisesRegex(UserError, "already"):
            self._open_redraw().action_confirm()
        self._check_account(block)

    def _leave_pending(self, block):
        """As if time on a block was deleted, and nobody has added up what is left."""
        if "timesheet.settlement" not in self.env:
            self.skipTest("Nothing is put off without sale_timesheet_settle.")
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sale_order_line SET remaining_hours = 0 WHERE id = %s", [block.id]
        )
        self.env["timesheet.settlement"].create(
            {
                "res_model": block._name,
                "res_id": block.id,
                "totals": "remaining_hours",
            }
        )
        self.env.invalidate_all()

    def test_D7_what_is_pending_is_settled_before_time_is_drawn_anew(self):
        entry = self._log_on(self._create_ticket(), 1)
        block = self._sell_block(5)
        self._leave_pending(block)
        self._open_redraw().action_confirm()
        self.assertEqual((entry.so_line, block.remaining_hours), (block, 4))

    def test_D1_hours_whose_total_is_pending_are_drawn(self):
        block = self._sell_block(5)
        self._leave_pending(block)
        self.assertEqual(self.customer.prepaid_hours_left, 5)
        entry = self._log_on(self._create_ticket(), 1)
        self.assertEqual((entry.so_line, block.remaining_hours), (block, 4))

    def test_D8_a_new_block_moves_nothing_by_itself(self):
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 3)
        block = self._sell_block(5)
        self.assertFalse(entry.so_line)
        order = block.order_id
        self.assertEqual(order.hours_to_cover, 3)
        self.assertEqual(self._sell_block(2).order_id.hours_to_cover, 2)
        action = order.action_cover_hours()
        wizard = (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )
        wizard.action_confirm()
        self.assertEqual(entry.so_line, block)
        self.assertEqual(order.hours_to_cover, 0)
        # what comes then is offered at once
        self._log_on(ticket, 9)
        self.assertEqual(block.hours_usable, 0)
        more = self._sell_block(5).order_id
        self.assertEqual(more.hours_to_cover, 5)

    @freeze_time("2026-03-15 12:00:00")
    def test_D8_only_hours_that_the_block_would_cover_are_offered(self):
        ticket = self._create_ticket()
        old = self._sell_block(1, "2026-01-01", "2026-01-31")
        for_hand = self._sell(self.post_paid_product, 0)
        self._log_on(ticket, 2, "2026-01-10")
        early = self._log_on(ticket, 1, "2025-12-31")
        by_hand = self._log_on(ticket, 3, "2026-03-10", so_line=for_hand.id)
        self.assertEqual((early.coverage, by_hand.coverage), ("uncovered", "post_paid"))
        self.assertTrue(by_hand.is_so_line_edited)
        order = self._sell_block(10, "2026-01-01", "2026-12-31").order_id
        # beyond the old block, which the new one could take
        self.assertEqual(order.hours_to_cover, 1)
        old.hours_period_ids._close()
        self.assertEqual(order.hours_to_cover, 0)
        action = order.action_cover_hours()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        self.assertFalse(wizard.create({}).line_ids)

    def _open_redraw(self):
        action = self.contact.action_redraw_prepaid_hours()
        return (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )

    def test_D9_each_part_says_why_and_why_not(self):
        self._sell_block(2, "2026-01-01", "2026-03-31")
        late = self._sell_block(10, "2026-01-01", "2026-12-31")
        expired = self._sell_block(10, "2026-01-01", "2026-01-31")
        # a price that no number of an order looks like
        self.env["sale.order.line"].search(
            [("product_id", "=", self.prepaid_product.id)]
        ).price_unit = 97.53
        entry = self._log_on(self._create_ticket(), 2.5)
        self.assertIn("02:00 of 02:30 from", entry.coverage_reason)
        self.assertIn("the first to expire (03/31/2026)", entry.coverage_reason)
        self.assertIn("next to expire", entry.split_part_ids.coverage_reason)
        misses = dict(entry._get_misses())
        self.assertIn("had expired", misses[expired._get_hours_name()])
        self.assertEqual(len(misses), 3)
        self.assertNotIn("97.53", " ".join([entry.coverage_reason, *misses.values()]))
        self.assertIn(late._get_hours_name(), misses)

    # --- the other teams ----------------------------------------------
    def test_teams_that_do_not_draw_notice_nothing(self):
        self.team.prepaid_draw = "item"
        self._sell_block(1, end="2099-01-31")
        newest = self._sell_block(1, end="2099-12-31")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 3)
        self.assertEqual(ticket.sale_line_id, newest)
        self.assertEqual(self._get_parts(entry), [(newest, 3.0)])
        self.assertFalse(entry.coverage_data)
        self.assertEqual(newest.remaining_hours, -2)

    # --- cost ---------------------------------------------------------
    def _count_queries(self, ticket, count=1):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["account.analytic.line"].create(
            [
                {
                    "ticket_id": ticket.id,
                    "employee_id": self.employee.id,
                    "unit_amount": 0.25,
                    "name": "Counted",
                }
                for _number in range(count)
            ]
        )
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_D2_items_are_chosen_for_many_customers_at_once(self):
        def count(number):
            customers = self.env["res.partner"].create(
                [{"name": f"Customer {position}"} for position in range(number)]
            )
            blocks = [self._sell_block(5, partner=customer) for customer in customers]
            tickets = self.env["helpdesk.ticket"].union(
                *(self._create_ticket(partner_id=partner.id) for partner in customers)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            chosen = tickets._choose_item()
            asked = self.cr.sql_log_count - before
            self.assertEqual([chosen[ticket] for ticket in tickets], blocks)
            return asked

        count(1)
        self.assertEqual(count(6), count(2))

    def test_D1_drawing_asks_little_more_whatever_the_customer_had(self):
        old = {"start": "2020-01-01", "end": "2020-12-31"}
        self._sell_block(1000, "2026-01-01")
        other = self.team.copy({"name": "By item", "prepaid_draw": "item"})
        by_item = self._create_ticket(team_id=other.id)
        in_order = self._create_ticket()
        plain = self._count_queries(by_item)
        few = self._count_queries(in_order)
        for _number in range(10):
            self._sell_block(10, **old)
        self.assertLessEqual(self._count_queries(in_order), few)
        # the lock, blocks, periods, hours drawn, adjustments, the answer
        self.assertLessEqual(few, plain + 6)
        self.assertLessEqual(self._count_queries(in_order, 20), few + 10)
