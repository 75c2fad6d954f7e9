from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from odoo.addons.helpdesk_track_bill_prepaid.models.prepaid_account import LOCK

from .common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestChanges(PrepaidCommon):
    """Orders, items and periods that change when time was drawn from them."""

    # --- V5 -----------------------------------------------------------
    def _adjust_used_up(self, **values):
        """A block whose only hours are those that a manager added."""
        block = self._sell_block(2, **values)
        self._log_on(self._create_ticket(sale_line_id=block.id), 2)
        block.hours_period_ids._adjust(5, "Goodwill")
        self.env.invalidate_all()
        return block

    def test_V5_new_tickets_draw_from_adjusted_hours(self):
        block = self._adjust_used_up()
        ticket = self._create_ticket()
        self.assertEqual(ticket.sale_line_id, block)
        self.assertFalse(ticket.prepaid_hours_missing)
        self.assertEqual(self._log_on(ticket, 3).coverage, "prepaid")
        self._create_ticket(sale_line_id=block.id)
        self._log_on(ticket, 2)
        self.env.invalidate_all()
        self.assertTrue(ticket.prepaid_hours_missing)

    def test_D2_a_used_up_item_moves_on_to_adjusted_hours(self):
        block = self._adjust_used_up(end="2099-12-31")
        soon = self._sell_block(1, end="2099-01-31")
        ticket = self._create_ticket()
        self.assertEqual(ticket.sale_line_id, soon)
        self._log_on(ticket, 1)
        self.assertEqual(ticket.sale_line_id, block)

    def _get_offered(self):
        lines = self.env["sale.order.line"].with_user(self.agent)
        answer = lines.with_context(
            ticket_commercial_partner_id=self.customer.id,
            ticket_company_id=self.company.id,
        ).web_name_search("", {"display_name": {}})
        return {item["id"] for item in answer}

    def test_K4_the_drop_down_offers_adjusted_hours_until_they_are_used_up(self):
        block = self._adjust_used_up()
        foreign = self._sell_block(2, partner=self.other_customer)
        self.assertEqual(self._get_offered(), {block.id})
        ticket = self._create_ticket()
        self._log_on(ticket, 5)
        self.env.invalidate_all()
        self.assertEqual(self._get_offered(), set())
        late = self._sell_block(1)
        ticket.sale_line_id = late
        with self.assertRaisesRegex(UserError, "no hours left"), self.cr.savepoint():
            ticket.sale_line_id = block
        with self.assertRaisesRegex(UserError, "another customer"):
            ticket.sale_line_id = foreign

    def test_K4_hours_that_a_manager_took_are_not_offered(self):
        block = self._sell_block(10)
        partly = self._sell_block(5)
        ticket = self._create_ticket(sale_line_id=partly.id)
        block.hours_period_ids._adjust(-10, "Mistake")
        partly.hours_period_ids._adjust(-4, "Mistake")
        self.env.invalidate_all()
        self.assertEqual(self._get_offered(), {partly.id})
        with self.assertRaisesRegex(UserError, "no hours left"), self.cr.savepoint():
            ticket.sale_line_id = block
        partly.order_id._action_cancel()
        for draw in ("item", "order"):
            with self.subTest(draw=draw):
                self.team.prepaid_draw = draw
                new = self._create_ticket()
                self.assertFalse(new.sale_line_id)
                self.assertTrue(new.prepaid_hours_missing)

    def test_V5_no_more_hours_are_taken_than_there_are(self):
        block = self._sell_block(10)
        period = block.hours_period_ids
        refused = self.assertRaisesRegex(UserError, "not so many hours left to take")
        with refused, self.cr.savepoint():
            period._adjust(-10.5, "Mistake")
        self.env.invalidate_all()
        self.assertEqual((period.hours_adjusted, block.hours_usable), (0, 10))
        # time that is not frozen is decided anew
        entry = self._log_on(self._create_ticket(), 8)
        period._adjust(-4, "Mistake")
        self.assertEqual(self._get_parts(entry), [(block, 6.0), (block, 2.0)])
        with refused, self.cr.savepoint():
            period._adjust(-7, "Mistake")
        self.env.invalidate_all()
        period._adjust(-6, "Mistake")
        self.assertEqual(period.hours_adjusted, -10)
        self._check_account(block)

    # --- V1 -----------------------------------------------------------
    def test_V1_days_nobody_typed_start_anew_when_an_order_is_confirmed_again(self):
        self.prepaid_product.write(
            {"hours_validity": 3, "hours_validity_unit": "month"}
        )
        with freeze_time("2026-01-10 12:00:00"):
            given = self._sell_hours(10)
            ended = self._sell_hours(10)
            typed = self._sell_block(10, "2026-01-01", "2026-06-30")
            ended.hours_date_end = "2026-12-31"
        lines = given | ended | typed
        lines.order_id._action_cancel()
        lines.order_id.action_draft()
        with freeze_time("2026-03-05 12:00:00"):
            lines.order_id.action_confirm()
        days = [
            (given, "2026-03-05", "2026-06-04"),
            (ended, "2026-03-05", "2026-12-31"),
            (typed, "2026-01-01", "2026-06-30"),
        ]
        for line, start, end in days:
            with self.subTest(line=line):
                for record, first, last in (
                    (line, "hours_date_start", "hours_date_end"),
                    (line.hours_period_ids, "date_start", "date_end"),
                ):
                    self.assertEqual(str(record[first]), start)
                    self.assertEqual(str(record[last]), end)

    def _confirm_again(self, order, day):
        order._action_cancel()
        order.action_draft()
        with freeze_time(f"{day} 12:00:00"):
            order.action_confirm()

    def test_V1_days_of_an_order_stay_where_time_needs_them(self):
        with freeze_time("2026-01-05 12:00:00"):
            block = self._sell_hours(10)
        entry = self._log_on(self._create_ticket(), 6, "2026-01-10")
        self.assertEqual(entry.so_line, block)
        self._confirm_again(block.order_id, "2026-01-25")
        self.assertEqual(str(block.hours_date_start), "2026-01-05")
        self.assertEqual(entry.coverage, "uncovered")
        self.assertEqual(block.order_id.hours_to_cover, 6)
        self.team.prepaid_draw = "item"
        with freeze_time("2026-02-01 12:00:00"):
            by_item = self._sell_hours(10)
        ticket = self._create_ticket(sale_line_id=by_item.id)
        self._log_on(ticket, 2, "2026-02-10")
        self._confirm_again(by_item.order_id, "2026-03-10")
        self.assertEqual(str(by_item.hours_date_start), "2026-02-01")

    def test_V1_an_order_whose_end_is_over_is_confirmed_again(self):
        with freeze_time("2026-01-05 12:00:00"):
            block = self._sell_hours(10)
        block.hours_date_end = "2026-01-31"
        self._confirm_again(block.order_id, "2026-02-10")
        self.assertEqual(str(block.hours_date_start), "2026-01-05")
        self.assertEqual(str(block.hours_date_end), "2026-01-31")

    def test_V1_hours_that_cannot_be_used_today_are_missing(self):
        lines = {
            "expired": self._sell_block(10, "2020-01-01", "2020-12-31"),
            "unpaid": self._sell_block(10, hours_usable_from="paid"),
            "upcoming": self._sell_block(10, "2099-01-01", "2099-12-31"),
        }
        for state, line in lines.items():
            self.assertEqual(line.hours_state, state)
        ticket = self._create_ticket()
        self.assertTrue(ticket.prepaid_hours_missing)
        self.assertIn("can be used today", ticket.prepaid_hours_notice)
        ticket.sale_line_id = lines["unpaid"]
        self.assertTrue(ticket.prepaid_hours_missing)
        self.assertNotIn("used up", ticket.prepaid_hours_notice)
        self.assertIn("can be used today", ticket.prepaid_hours_notice)
        post_paid = self._sell(self.post_paid_product, 0)
        ticket.sale_line_id = post_paid
        self.assertFalse(ticket.prepaid_hours_missing)
        self.team.prepaid_draw = "item"
        self.assertFalse(self._create_ticket().prepaid_hours_missing)
        self.team.prepaid_draw = "order"
        self._sell_block(1)
        self.assertFalse(self._create_ticket().prepaid_hours_missing)

    def test_V1_hours_are_added_to_a_confirmed_order(self):
        block = self._sell_block(10)
        order = block.order_id
        with Form(order) as form, form.order_line.new() as line:
            line.product_id = self.prepaid_product
            line.product_uom_qty = 3
        added = order.order_line - block
        self.assertEqual((added.hours_usable, added.hours_state), (3, "usable"))

    # --- K3c, V3 ------------------------------------------------------
    def test_K3c_a_closed_ticket_of_a_cancelled_order_draws_from_what_there_is(self):
        block = self._sell_block(10)
        ticket = self._create_ticket()
        self._log_on(ticket, 1)
        stage = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)])[:1]
        ticket.stage_id = stage
        block.order_id._action_cancel()
        self.assertEqual(ticket.sale_line_id, block)
        entry = self._log_on(ticket, 1)
        self.assertEqual((entry.so_line.ids, entry.coverage), ([], "uncovered"))
        other = self._sell_block(5)
        self.assertEqual(self._log_on(ticket, 1).so_line, other)

    def test_K3c_an_item_chosen_by_hand_is_not_drawn_once_it_is_cancelled(self):
        self._sell_block(1, end="2099-01-31")
        chosen = self._sell_block(10)
        ticket = self._create_ticket(sale_line_id=chosen.id)
        self.assertTrue(ticket.sale_line_by_hand)
        ticket.active = False
        chosen.order_id._action_cancel()
        self.env.invalidate_all()
        entry = self._log_on(ticket, 2)
        self.assertNotIn(chosen, (entry | entry.split_part_ids).so_line)

    def _sell_with_post_paid(self, hours):
        """A block and a post-paid item on one order."""
        block = self._sell(
            self.prepaid_product, hours, confirm=False, hours_overrun="bill"
        )
        order = block.order_id
        order.order_line = [Command.create({"product_id": self.post_paid_product.id})]
        order.action_confirm()
        block.hours_date_start = False
        return block, order.order_line - block

    def test_V3_a_cancelled_order_decides_time_billed_afterwards_anew(self):
        block, post_paid = self._sell_with_post_paid(1)
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 3)
        self.assertEqual(self._get_parts(entry), [(block, 1.0), (post_paid, 2.0)])
        other = self._sell_block(5)
        block.order_id._action_cancel()
        self.assertEqual(self._get_parts(entry), [(other, 1.0), (other, 2.0)])
        self.assertEqual(set(ticket.timesheet_ids.mapped("coverage")), {"prepaid"})
        self.assertEqual(post_paid.qty_delivered, 0)
        self._check_account(other)

    def test_V3_time_that_is_invoiced_stays_where_it_is(self):
        block, post_paid = self._sell_with_post_paid(1)
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 3)
        self._invoice(block.order_id)
        block.order_id._action_cancel()
        self.assertFalse(entry.so_line)
        self.assertEqual(entry.split_part_ids.so_line, post_paid)

    def test_E3_a_ticket_says_which_time_is_on_a_cancelled_order(self):
        own = self._sell_block(5)
        post_paid = self._sell(self.post_paid_product, 0)
        ticket = self._create_ticket()
        self._log_on(ticket, 2, so_line=post_paid.id, is_so_line_edited=True)
        self.team.prepaid_draw = "item"
        post_paid.order_id._action_cancel()
        self.team.prepaid_draw = "order"
        self.env.invalidate_all()
        self.assertEqual(ticket.sale_line_id, own)
        self.assertEqual(ticket.hours_on_other_items, 2)

    def test_V3_an_item_chosen_by_hand_is_nobodys_choice_once_it_is_no_block(self):
        self._sell_block(5, end="2099-01-31")
        chosen = self._sell_block(5, end="2099-12-31")
        ticket = self._create_ticket()
        ticket.sale_line_id = chosen
        entry = self._log_on(ticket, 7)
        self.assertEqual((entry | entry.split_part_ids).so_line[:1], chosen)
        lonely = self._sell_block(5, partner=self.other_customer)
        other = self._create_ticket(partner_id=self.other_customer.id)
        other.sale_line_id = lonely
        other.sale_line_by_hand = True
        uncovered = self._log_on(other, 1)
        self.assertEqual(uncovered.so_line, lonely)
        for line in chosen | lonely:
            line.product_uom_id = self.env.ref("uom.product_uom_unit")
        self.assertEqual(uncovered.coverage, "uncovered")
        parts = ticket.timesheet_ids
        self.assertNotIn(chosen, parts.so_line)
        # parts are in the order of their start, which midnight may cut
        self.assertIn("prepaid", parts.mapped("coverage"))
        self.assertNotIn("non_billable", parts.mapped("coverage"))

    # --- D6 -----------------------------------------------------------
    def test_D9_another_team_does_not_say_why_time_was_drawn(self):
        self._sell_block(5)
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 1)
        self.assertTrue(entry.coverage_reason)
        by_item = self.team.copy({"name": "By Item", "prepaid_draw": "item"})
        ticket.team_id = by_item
        self.assertFalse(entry.coverage_reason)
        by_item.prepaid_draw = "order"
        self.assertTrue(entry.coverage_reason)

    def test_D6_uncovered_time_stays_uncovered_on_another_ticket(self):
        first, second = self._create_ticket(), self._create_ticket()
        entry, merged = self._log_on(first, 3), self._log_on(second, 1)
        block = self._sell_block(2)
        other = self._create_ticket()
        self.assertEqual(other.sale_line_id, block)
        entry.ticket_id = other
        merged._as_merged()._move_to_ticket(other, keep_item=True)
        for moved in (entry, merged):
            self.assertEqual(moved.ticket_id, other)
            self.assertEqual((moved.so_line.ids, moved.coverage), ([], "uncovered"))
        self.assertEqual(block.remaining_hours, 2)
        entry.unit_amount = 4
        self.assertEqual(self._get_parts(entry), [(block.browse(), 3.0), (block, 1.0)])
        self._check_account(block)

    def test_D6_fewer_hours_stay_chosen_by_hand(self):
        late = self._sell_block(5, end="2099-12-31")
        self._sell_block(5, end="2099-01-31")
        entry = self._log_on(self._create_ticket(), 3, so_line=late.id)
        self.assertTrue(entry.is_so_line_edited)
        entry.unit_amount = 2
        self.assertEqual((entry.so_line, entry.is_so_line_edited), (late, True))

    def test_D2_an_item_chosen_before_there_are_hours_is_drawn(self):
        self._sell_block(5, end="2099-01-31")
        late = self._sell_block(5, end="2099-12-31")
        entry = self._log_on(self._create_ticket(), 0, so_line=late.id)
        entry.unit_amount = 2
        self.assertEqual((entry.so_line, entry.is_so_line_edited), (late, True))

    # --- D10 ----------------------------------------------------------
    def test_D10_nobody_draws_while_hours_are_taken(self):
        for change in (
            lambda block: block.write({"product_uom_qty": 4}),
            lambda block: block.write({"hours_date_end": "2099-12-31"}),
            lambda block: block.hours_period_ids._adjust(-1, "Because"),
        ):
            customer = self.env["res.partner"].create({"name": "Bakery"})
            block = self._sell_hours(5, partner=customer)
            self.assertFalse(self._holds_account(customer))
            change(block)
            self.assertTrue(self._holds_account(customer))

    def _holds_account(self, customer):
        self.cr.execute(
            "SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND pid = pg_backend_pid() AND classid = %s AND objid = %s",
            [LOCK, customer.id],
        )
        return bool(self.cr.rowcount)

    # --- C1, C4 -------------------------------------------------------
    def test_C1_time_is_in_the_period_of_its_day_when_periods_are_cut_anew(self):
        block = self._sell_block(12, "2026-01-01", "2026-12-31")
        entry = self._log_on(self._create_ticket(), 1, "2026-03-10")
        self.assertEqual(entry.hours_period_id, block.hours_period_ids)
        block.hours_period = "month"
        march = block.hours_period_ids.sorted("number")[2]
        self.assertEqual(str(march.date_start), "2026-03-01")
        self.assertEqual(entry.hours_period_id, march)
        march._close()
        with self.assertRaisesRegex(UserError, "closed"):
            entry.unit_amount = 2
        march._reopen("Because")
        block.hours_period = "quarter"
        self.assertEqual(entry.hours_period_id.number, 0)
        self._check_account(block)

    def test_C4_time_of_teams_that_draw_in_order_later_is_in_closed_periods_too(self):
        self.team.prepaid_draw = "item"
        block = self._sell_block(10, "2026-01-01", "2026-01-31")
        ticket = self._create_ticket(sale_line_id=block.id)
        by_item = self.team.copy({"name": "By Item"})
        moved = self._create_ticket(sale_line_id=block.id, team_id=by_item.id)
        entries = self._log_on(ticket, 1, "2026-01-10")
        entries |= self._log_on(ticket, 1, "2026-02-10")
        entries |= self._log_on(moved, 1, "2026-01-10")
        period = block.hours_period_ids
        period._close()
        self.assertFalse(entries.hours_period_id)
        self.team.prepaid_draw = "order"
        self.assertEqual(
            [entry.hours_period_id for entry in entries],
            [period, period.browse(), period.browse()],
        )
        with self.assertRaisesRegex(UserError, "closed"), self.cr.savepoint():
            entries[0].unit_amount = 2
        moved.team_id = self.team
        self.assertEqual(entries[2].hours_period_id, period)

    def test_C4_time_is_free_again_where_its_team_goes_back_to_items(self):
        self.team.prepaid_draw = "item"
        block = self._sell_block(10, "2026-01-01", "2026-01-31")
        ticket = self._create_ticket(sale_line_id=block.id)
        entry = self._log_on(ticket, 1, "2026-01-10")
        block.hours_period_ids._close()
        self.team.prepaid_draw = "order"
        self.assertEqual(entry.hours_period_id, block.hours_period_ids)
        self.team.prepaid_draw = "item"
        self.assertFalse(entry.hours_period_id)
        entry.unit_amount = 2
        self.assertEqual(block.remaining_hours, 8)

    def test_D5_a_split_by_accounts_draws_from_where_the_whole_does(self):
        later = self._sell_block(10, "2026-01-01", "2026-12-31")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2)
        sooner = self._sell_block(10, "2026-01-01", "2026-10-31")
        other = entry.account_id.copy({"name": "Other"})
        entry.analytic_distribution = {str(entry.account_id.id): 50, str(other.id): 50}
        parts = ticket.timesheet_ids
        self.assertEqual(parts.mapped("unit_amount"), [1, 1])
        self.assertEqual(parts.so_line, later)
        self.assertEqual(parts.mapped("coverage"), ["prepaid", "prepaid"])
        for part in parts:
            self.assertIn("01:00 of 01:00 stay on", part.coverage_reason)
        self.assertEqual((later.remaining_hours, sooner.remaining_hours), (8, 10))
        self._check_account(later | sooner)

    def test_C4_a_timer_of_a_closed_period_is_stopped_or_discarded(self):
        block = self._sell_block(10, "2026-01-01", "2026-01-31")
        ticket = self._create_ticket(sale_line_id=block.id)
        timers = self._log_on(ticket, 0, "2026-01-10")
        timers |= self._log_on(ticket, 0, "2026-01-11")
        block.hours_period_ids._close()
        timers[0].unit_amount = 1
        self.assertEqual(timers[0].coverage, "uncovered")
        timers[1].unlink()
        self.assertEqual(block.remaining_hours, 10)

    def test_C1_periods_of_a_cancelled_order_stay_open(self):
        block = self._sell_block(20, "2026-01-01", "2026-02-28", hours_period="month")
        block.order_id._action_cancel()
        self.assertFalse(block.hours_period_ids._find_due(self.company))
        block.order_id.action_draft()
        block.order_id.action_confirm()
        self.assertEqual(
            block.hours_period_ids._find_due(self.company), block.hours_period_ids
        )

    def test_V2_other_terms_leave_time_that_was_outside_before(self):
        self.team.prepaid_draw = "item"
        block = self._sell_block(10, "2026-03-10", "2026-12-31")
        ticket = self._create_ticket(sale_line_id=block.id)
        early = self._log_on(ticket, 2, "2026-03-05")
        self.team.prepaid_draw = "order"
        block.product_uom_qty = 12
        block.hours_date_end = "2027-01-31"
        self.assertEqual(early.so_line, block)
        self.assertEqual(block.remaining_hours, 10)

    def test_D8_time_without_an_item_stays_where_another_entry_brings_one(self):
        self.team.prepaid_draw = "item"
        ticket = self._create_ticket()
        before = self._log_on(ticket, 20)
        self.team.prepaid_draw = "order"
        block = self._sell_block(10, "2026-01-01", "2026-12-31", hours_overrun="refuse")
        entry = self._log_on(ticket, 1)
        self.assertEqual(entry.so_line, block)
        self.assertEqual(ticket.sale_line_id, block)
        self.assertFalse(before.so_line)
        self.assertEqual(block.remaining_hours, 9)
        self.assertEqual(block.order_id.hours_to_cover, 9)

    def test_D4_time_of_before_the_customer_was_known_is_drawn(self):
        block = self._sell_block(2, "2026-01-01", "2026-12-31", hours_overrun="bill")
        post_paid = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(partner_id=False)
        self._log_on(ticket, 5)
        ticket.partner_id = self.contact
        drawn = {entry.so_line: entry.unit_amount for entry in ticket.timesheet_ids}
        self.assertEqual(drawn, {block: 2, post_paid: 3})
        self._check_account(block)

    def test_D2_another_customers_item_is_nobodys_choice(self):
        self._sell_block(10, "2026-01-01", "2026-11-30")
        chosen = self._sell_block(10, "2026-01-01", "2026-12-31")
        other = self._sell_hours(10, partner=self.other_customer)
        ticket = self._create_ticket(sale_line_id=chosen.id)
        self.assertTrue(ticket.sale_line_by_hand)
        ticket.partner_id = self.other_customer
        self.assertEqual(ticket.sale_line_id, other)
        self.assertFalse(ticket.sale_line_by_hand)

    def test_D2_an_item_chosen_before_its_team_drew_in_order_comes_first(self):
        self.team.prepaid_draw = "item"
        self._sell_block(10, "2026-01-01", "2026-12-31")
        chosen = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket()
        ticket.sale_line_id = chosen
        self.team.prepaid_draw = "order"
        self.assertEqual(self._log_on(ticket, 2).so_line, chosen)

    def test_tickets_are_edited_without_a_company(self):
        self._sell_block(10)
        ticket = self._create_ticket()
        edited = ticket.new({"company_id": False}, origin=ticket)
        self.assertFalse(edited.prepaid_hours_usable)
        self.assertFalse(edited._choose_item().get(edited))

    def _log_in_closed_period(self):
        """A block with a closed period, a ticket, frozen and open time on it."""
        block = self._sell_block(20, "2026-01-01", "2026-02-28", hours_period="month")
        ticket = self._create_ticket(sale_line_id=block.id)
        frozen = self._log_on(ticket, 1, "2026-01-10")
        free = self._log_on(ticket, 1, "2026-02-10")
        block.hours_period_ids.sorted("number")[0]._close()
        return block, ticket, frozen, free

    def test_C4_a_ticket_with_time_of_a_closed_period_moves_to_another_team(self):
        block, ticket, frozen, free = self._log_in_closed_period()
        project = self.team.default_project_id
        other = self.env["helpdesk.ticket.team"].create(
            {"name": "Others", "allow_billable": True, "prepaid_draw": "order"}
        )
        ticket.team_id = other
        self.assertEqual(frozen.project_id, project)
        self.assertEqual(free.project_id, other.default_project_id)
        self.assertEqual((frozen | free).so_line, block)

    def test_C4_reassigning_leaves_time_of_closed_periods_where_it_is(self):
        block, ticket, frozen, free = self._log_in_closed_period()
        item = self._sell_block(5, "2026-01-01", "2026-12-31")
        ticket.sale_line_id = item
        ticket.action_reassign_timesheets()
        self.assertEqual((frozen.so_line, free.so_line), (block, item))

    def test_C4_closed_periods_keep_their_days(self):
        block = self._sell_block(12, "2026-01-01", "2026-12-31", hours_period="month")
        periods = block.hours_period_ids.sorted("number")
        periods[:2]._close()
        for vals in (
            {"hours_period": "quarter"},
            {"hours_period": False},
            {"hours_date_start": "2025-12-01"},
            {"hours_date_end": "2026-02-15"},
            {"hours_date_end": "2026-01-31"},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "Open that period again"),
                self.cr.savepoint(),
            ):
                block.write(vals)
            self.env.invalidate_all()
        self.assertEqual(periods.mapped("closed"), [True] * 2 + [False] * 10)
        # what comes after them may change
        block.hours_date_end = "2026-06-30"
        self.assertEqual(block.hours_period_ids.sorted("number"), periods[:6])
        periods[1]._reopen("Because")
        periods[0]._reopen("Because")
        block.hours_period = "quarter"
        self.assertEqual(block.hours_period_ids.mapped("closed"), [False, False])
        self._check_account(block)

    def test_V1_what_is_usable_follows_terms_and_periods_at_once(self):
        block = self._sell_block(12)
        self.assertEqual((block.hours_usable, block.hours_state), (12, "usable"))
        for vals, hours, state in (
            ({"hours_date_start": "2099-01-01"}, 0, "upcoming"),
            ({"hours_date_start": False}, 12, "usable"),
            ({"hours_usable_from": "paid"}, 0, "unpaid"),
            ({"hours_usable_from": "invoiced"}, 0, "unpaid"),
        ):
            with self.subTest(vals=vals):
                block.write(vals)
                self.assertEqual(
                    (block.hours_usable, block.hours_state), (hours, state)
                )
        invoice = self._invoice(block.order_id)
        self.assertEqual((block.hours_usable, block.hours_state), (12, "usable"))
        invoice.button_draft()
        self.assertEqual((block.hours_usable, block.hours_state), (0, "unpaid"))
        block.hours_usable_from = "confirmed"
        period = block.hours_period_ids
        self.assertEqual(period.hours_left, 12)
        period._close()
        self.assertEqual(block.hours_usable, 0)
        period._reopen("Because")
        self.assertEqual(block.hours_usable, 12)

    def test_V1_hours_left_follow_time_at_once(self):
        block = self._sell_block(10)
        ticket = self._create_ticket()
        listed = self.env["prepaid.hours.block"].browse(block.id)

        def read():
            return (
                self.contact.prepaid_hours_left,
                self.customer.prepaid_hours_left,
                ticket.prepaid_hours_usable,
                block.hours_usable,
                listed.hours_left,
                listed.hours_usable,
            )

        self.assertEqual(read(), (10,) * 6)
        self.assertFalse(ticket.prepaid_hours_missing)
        entry = self._log_on(ticket, 3)
        self.assertEqual(read(), (7,) * 6)
        entry.unit_amount = 10
        self.assertEqual(read(), (0,) * 6)
        self.assertTrue(ticket.prepaid_hours_missing)
        entry.unlink()
        self.assertEqual(read(), (10,) * 6)
        self.assertFalse(ticket.prepaid_hours_missing)
        block.hours_period_ids._adjust(2, "Goodwill")
        self.assertEqual(read(), (12,) * 6)
        other = self._sell_block(5)
        self.assertEqual(self.contact.prepaid_hours_left, 17)
        other.order_id._action_cancel()
        self.assertEqual(read(), (12,) * 6)

    @freeze_time("2026-02-20 12:00:00")
    def test_C2_figures_follow_the_dates_of_time_at_once(self):
        block = self._sell_block(20, "2026-02-01", "2026-03-31", hours_period="month")
        february, march = block.hours_period_ids.sorted("number")
        entry = self._log_on(self._create_ticket(), 10, "2026-02-10")
        listed = self.env["prepaid.hours.block"].browse(block.id)

        def read():
            return (
                february.hours_used,
                march.hours_used,
                block.hours_usable,
                block.hours_state,
                listed.state,
            )

        def find(state):
            domain = [("hours_state", "=", state), ("id", "=", block.id)]
            return block.search(domain)

        self.assertEqual(read(), (10, 0, 0, "used_up", "used_up"))
        self.assertEqual(find("used_up"), block)
        entry.date = "2026-03-10"
        self.assertEqual(entry.so_line, block)
        self.assertEqual(find("usable"), block)
        self.assertEqual(read(), (0, 10, 10, "usable", "usable"))

    def test_C4_periods_of_a_block_are_closed_by_few_queries(self):
        def count(months):
            block = self._sell_block(
                12, "2026-01-01", "2026-12-31", hours_period="month"
            )
            periods = block.hours_period_ids.sorted("number")[:months]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            periods._close()
            self.env.flush_all()
            self.assertEqual(
                block.hours_period_ids.mapped("closed_hours_granted"),
                [1] * months + [0] * (12 - months),
            )
            return self.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(11), count(2))

    def test_C2_figures_of_periods_follow_terms_at_once(self):
        block = self._sell_block(20, "2026-01-01", "2026-02-28", hours_period="month")
        january, february = block.hours_period_ids.sorted("number")
        self.assertEqual(february.hours_carried_in, 0)
        block.hours_carry_over = "all"
        self.assertEqual(february.hours_carried_in, 10)
        block.write({"hours_carry_over": "capped", "hours_carry_over_cap": 3})
        self.assertEqual((january.hours_carried_on, february.hours_carried_in), (3, 3))

    def test_states_are_searched_like_any_other_field(self):
        block = self._sell_block(10)
        expired = self._sell_block(7, "2020-01-01", "2020-12-31")
        plain = self._sell(self.post_paid_product, 1)
        lines = block | expired | plain

        def find(*condition):
            domain = [("hours_state", *condition), ("id", "in", lines.ids)]
            return lines.search(domain)

        self.assertEqual(find("!=", False), block | expired)
        self.assertEqual(find("=", False), plain)
        self.assertEqual(find("in", [False, "usable"]), block | plain)
        self.assertEqual(find("not in", [False, "usable"]), expired)
        self.assertEqual(find("!=", "expired"), block | plain)

    @freeze_time("2026-03-15 12:00:00")
    def test_C1_terms_of_an_order_confirmed_again_are_those_of_then(self):
        block = self._sell_block(12, "2026-01-01", "2026-12-31", hours_period="month")
        order = block.order_id
        january = block.hours_period_ids.sorted("number")[0]
        january._close()
        order._action_cancel()
        order.action_draft()
        block.hours_date_end = False
        with self.assertRaisesRegex(UserError, "no first or last"), self.cr.savepoint():
            order.action_confirm()
        self.env.invalidate_all()
        block.write({"hours_period": "quarter", "hours_date_end": "2026-06-30"})
        order.action_confirm()
        periods = block.hours_period_ids.sorted("number")
        self.assertEqual(
            [(str(period.date_start), period.closed) for period in periods],
            [("2026-01-01", False), ("2026-04-01", False)],
        )
        self.assertEqual(self._log_on(self._create_ticket(), 1).so_line, block)
        self._check_account(block)

    def test_V3_an_item_that_is_no_block_when_it_is_confirmed_again_has_no_periods(
        self,
    ):
        block = self._sell_block(10)
        order = block.order_id
        order._action_cancel()
        order.action_draft()
        block.product_uom_id = self.env.ref("uom.product_uom_unit")
        order.action_confirm()
        self.assertFalse(block.hours_period_ids)
        self.assertFalse(block.hours_state)

    # --- found by readers ---------------------------------------------
    def test_V5_an_item_that_is_no_block_any_more_gives_no_adjusted_hours(self):
        block = self._sell_block(10)
        block.hours_period_ids._adjust(2, "Goodwill")
        ticket = self._create_ticket()
        block.product_uom_id = self.env.ref("uom.product_uom_unit")
        self.assertFalse(block.hours_period_ids)
        self.assertEqual(self.customer.prepaid_hours_left, 0)
        self.assertNotEqual(self._log_on(ticket, 1).coverage, "prepaid")

    def test_D2_a_duplicated_ticket_keeps_whose_choice_its_item_was(self):
        open_end = self._sell_block(10)
        ticket = self._create_ticket()
        self.assertEqual(ticket.sale_line_id, open_end)
        soon = self._sell_block(10, "2026-01-01", "2099-12-31")
        copy = ticket.copy()
        self.assertFalse(copy.sale_line_by_hand)
        self.assertEqual(self._log_on(copy, 1).so_line, soon)
        ticket.sale_line_id = soon
        self.assertTrue(ticket.sale_line_by_hand)
        self.assertTrue(ticket.copy().sale_line_by_hand)
        self.assertFalse(ticket.copy({"sale_line_id": soon.id}).sale_line_by_hand)

    def test_E1_time_moved_to_a_team_that_bills_nothing_gives_its_hours_back(self):
        block = self._sell_block(10)
        entry = self._log_on(self._create_ticket(), 2)
        free = self.team.copy({"name": "Free", "prepaid_draw": "order"})
        free.allow_billable = False
        entry.ticket_id = self._create_ticket(team_id=free.id)
        self.assertFalse(entry.so_line)
        self.assertEqual((entry.coverage, block.remaining_hours), ("non_billable", 10))

    def test_C4_what_was_opened_again_stays_open_as_long(self):
        block = self._sell_block(20, "2026-01-01", "2026-02-28", hours_period="month")
        periods = block.hours_period_ids.sorted("number")
        with freeze_time("2026-03-20 12:00:00"):
            periods._close()
            periods[1]._reopen("The agent was ill")
            periods[0]._reopen("The agent was ill")
        for day, due in (
            ("2026-03-27", periods.browse()),
            ("2026-03-28", periods),
        ):
            with freeze_time(f"{day} 12:00:00"):
                self.assertEqual(periods._find_due(self.company), due)

    def test_C4_periods_are_not_closed_before_their_end(self):
        with (
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.company.hours_closing_days = -1
            self.env.flush_all()

    def test_D9_why_not_says_what_came_later(self):
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 1)
        block = self._sell_block(10)
        name = block._get_hours_name()
        self.assertIn("a redraw would use them", dict(entry._get_misses())[name])
        drawn = self._log_on(ticket, 1)
        self.assertIn("were drawn from", dict(drawn._get_misses())[name])
        closed = self._sell_block(10, "2026-01-01", "2026-12-31")
        drawn.hours_period_id.closed = True
        self.assertIn(
            "is fixed where it is", dict(drawn._get_misses())[closed._get_hours_name()]
        )

    def test_D9_covered_time_says_that_its_order_was_chosen(self):
        entry = self._log_on(self._create_ticket(), 1)
        self._sell_block(10, "2026-01-01", "2026-04-30")
        late = self._sell_block(10, "2026-01-01", "2026-12-31")
        action = late.order_id.action_cover_hours()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({}).action_confirm()
        self.assertEqual(entry.so_line, late)
        self.assertIn("chosen on its order", entry.coverage_reason)

    def test_D7_the_note_has_a_line_for_each_move(self):
        tickets = self._create_ticket() | self._create_ticket()
        for ticket in tickets:
            self._log_on(ticket, 1)
            self._log_on(ticket, 2, so_line=self._sell(self.post_paid_product, 0).id)
        blocks = self._sell_block(1) | self._sell_block(1)
        action = self.customer.action_redraw_prepaid_hours()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({}).action_confirm()
        self.assertNotIn("\n", tickets[0].message_ids[0].body)
        self.assertEqual(sum(blocks.mapped("remaining_hours")), 0)

    def test_E3_what_is_worth_a_word_is_what_the_sentence_names(self):
        foreign = self._sell_block(3)
        ticket = self._create_ticket()
        self._log_on(ticket, 3)
        own = self._sell_block(1, partner=self.other_customer)
        more = self._sell_block(5, partner=self.other_customer)
        ticket.partner_id = self.other_customer
        self._log_on(ticket, 2)
        self.assertEqual(ticket.hours_on_other_items, 3)
        self.assertIn("03:00", ticket.other_items_notice)
        self.assertIn(foreign.order_id.name, ticket.other_items_notice)
        for block in own | more:
            self.assertNotIn(block.order_id.name, ticket.other_items_notice)

    def test_V1_one_year_is_not_called_years(self):
        for number, words in ((1, "for 1 year from"), (2, "for 2 years from")):
            self.prepaid_product.write(
                {"hours_validity": number, "hours_validity_unit": "year"}
            )
            line = self._sell(self.prepaid_product, 10, confirm=False)
            self.assertIn(words, line.hours_terms_text)
