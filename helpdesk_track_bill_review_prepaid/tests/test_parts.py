from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestParts(PrepaidCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.after_hours = cls.env["project.time.type"].create(
            {"name": "After Hours", "factor": 1.5}
        )

    def test_W1_prepaid_hours_are_drawn_by_hours_to_bill(self):
        block = self._sell_block(10)
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2, time_type_id=self.after_hours.id)
        self.assertEqual((entry.unit_amount, entry.unit_amount_rounded), (2, 3))
        self.assertEqual(block.remaining_hours, 7)
        self.assertEqual(ticket.total_hours, 2)

    def test_W3_parts_are_split_by_hours_to_bill(self):
        soon = self._sell_block(1, "2026-01-01", "2026-03-31")
        late = self._sell_block(10, "2026-01-01", "2026-12-31")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2, time_type_id=self.after_hours.id)
        parts = entry | entry.split_part_ids
        self.assertEqual(parts.mapped("so_line"), soon | late)
        self.assertEqual(
            [round(hours, 6) for hours in parts.mapped("unit_amount_rounded")], [1, 2]
        )
        self.assertAlmostEqual(ticket.total_hours, 2)
        self.assertEqual((soon.remaining_hours, late.remaining_hours), (0, 8))
        self._check_account(soon | late)

    def test_W5_no_charge_gives_the_hours_back(self):
        block = self._sell_block(10)
        entry = self._log_on(self._create_ticket(), 2)
        self.assertEqual(block.remaining_hours, 8)
        entry.no_charge_reason_id = self.env["helpdesk.no.charge.reason"].search(
            [], limit=1
        )
        self.assertEqual(block.remaining_hours, 10)
        self.assertEqual((entry.unit_amount, entry.unit_amount_rounded), (2, 0))

    def test_W2_applying_terms_draws_anew(self):
        soon = self._sell_block(1, "2026-01-01", "2026-03-31")
        late = self._sell_block(10, "2026-01-01", "2026-12-31")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2, time_type_id=self.after_hours.id)
        self.assertEqual((soon.remaining_hours, late.remaining_hours), (0, 8))
        self.after_hours.factor = 2
        wizard = self.env["helpdesk.time.terms"].create(
            {"partner_id": entry.ticket_id.commercial_partner_id.id}
        )
        self.assertAlmostEqual(wizard.hours_before, 3)
        self.assertAlmostEqual(wizard.hours_after, 4)
        wizard.action_confirm()
        parts = entry | entry.split_part_ids
        self.assertAlmostEqual(sum(parts.mapped("unit_amount_rounded")), 4)
        self.assertAlmostEqual(ticket.total_hours, 2)
        self.assertEqual((soon.remaining_hours, late.remaining_hours), (0, 7))
        self._check_account(soon | late)

    def test_W2_pieces_of_work_are_put_together_at_once(self):
        counts = []
        for number in (3, 9):
            customer = self.env["res.partner"].create({"name": "Pieces"})
            blocks = self.env["sale.order.line"].union(
                *(
                    self._sell_block(2, "2026-01-01", "2026-12-31", partner=customer)
                    for _number in range(2 * number)
                )
            )
            ticket = self._create_ticket(partner_id=customer.id)
            entries = self.env["account.analytic.line"].union(
                *(
                    self._log_on(ticket, 2, time_type_id=self.after_hours.id)
                    for _number in range(number)
                )
            )
            self.assertTrue(all(entries.mapped("split_part_ids")))
            self.after_hours.factor = 2
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            entries.sudo()._apply_terms()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            pieces = entries | entries.split_part_ids
            self.assertAlmostEqual(
                sum(pieces.mapped("unit_amount_rounded")), 4 * number
            )
            self.assertAlmostEqual(ticket.total_hours, 2 * number)
            self._check_account(blocks)
            self.after_hours.factor = 1.5
        # parts are written one by one, what decides about them is read once
        self.assertLess(counts[1], 2 * counts[0])

    def test_W2_closed_periods_keep_what_they_draw(self):
        block = self._sell_block(10)
        entry = self._log_on(self._create_ticket(), 1)
        block.billing_step = 4
        entry.hours_period_id.closed = True
        wizard = self.env["helpdesk.time.terms"].create({"sale_line_id": block.id})
        self.assertFalse(wizard.line_ids)
        self.assertEqual(wizard.fixed_count, 1)

    def test_BP2_what_nothing_covers_is_told(self):
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 1)
        self.assertEqual(entry.coverage, "uncovered")
        self.assertIn("Uncovered", entry.billing_warning)
        found = entry.search(
            [("billing_warning", "=", "uncovered"), ("id", "=", entry.id)]
        )
        self.assertEqual(found, entry)

    def test_W5_hidden_time_is_in_no_statement(self):
        accounts = self.env["prepaid.account"]
        if not hasattr(accounts, "_get_sheet"):
            self.skipTest("needs helpdesk_track_bill_statement")
        self._sell_block(10, "2026-01-01", "2026-12-31")
        seen, hidden, both = (self._create_ticket() for _number in range(3))
        written_off, goodwill = (
            self.env.ref(f"helpdesk_track_bill_review.no_charge_reason_{name}")
            for name in ("written_off", "goodwill")
        )
        self._log_on(seen, 2)
        self._log_on(hidden, 2, no_charge_reason_id=written_off.id)
        self._log_on(both, 1, no_charge_reason_id=written_off.id)
        self._log_on(both, 1, no_charge_reason_id=goodwill.id)
        sheet = accounts._get_sheet(
            self.customer,
            self.company,
            self._to_date("2026-03-01"),
            self._to_date("2026-03-31"),
        )
        self.assertEqual(
            [
                (ticket["id"], [row["minutes"] for row in ticket["rows"]])
                for ticket in sheet["tickets"]
            ],
            [(seen.id, [120]), (both.id, [0])],
        )
        self.assertEqual(len(sheet["rows"]), 2)

    # --- decided by a person, then split or joined ---------------------
    def _redraw(self):
        action = self.customer.action_redraw_prepaid_hours()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({}).action_confirm()

    def _split(self, hours=2):
        """Work that draws from a block of an hour and from a larger one."""
        self.soon = self._sell_block(1, "2026-01-01", "2026-03-31")
        self.late = self._sell_block(10, "2026-01-01", "2026-12-31")
        self.ticket = self._create_ticket()
        entry = self._log_on(self.ticket, hours)
        self.assertEqual(len(entry.split_part_ids), hours > 1)
        return entry

    def test_W4_hours_set_by_hand_that_need_two_blocks_are_drawn_once(self):
        entry = self._split(1)
        entry.write({"unit_amount_rounded": 3, "review_reason": "Agreed"})
        parts = entry | entry.split_part_ids
        self.assertAlmostEqual(sum(parts.mapped("unit_amount_rounded")), 3)
        self.assertAlmostEqual(sum(parts.mapped("unit_amount")), 1)
        self.assertEqual((self.soon.remaining_hours, self.late.remaining_hours), (0, 8))
        self._check_account(self.soon | self.late)

    def test_W4_redraw_keeps_hours_worked_and_set_by_hand(self):
        entry = self._split()
        part = entry.split_part_ids
        part.write({"unit_amount_rounded": 0.5, "review_reason": "Agreed"})
        self.soon.product_uom_qty = 3
        self._redraw()
        parts = entry | entry.split_part_ids
        self.assertAlmostEqual(sum(parts.mapped("unit_amount")), 2)
        self.assertAlmostEqual(sum(parts.mapped("unit_amount_rounded")), 1.5)
        self.assertTrue(part.exists().is_billed_amount_edited)
        self._check_account(self.soon | self.late)

    def test_W5_redraw_keeps_time_that_is_not_charged(self):
        entry = self._split()
        part = entry.split_part_ids
        part.no_charge_reason_id = self.env["helpdesk.no.charge.reason"].search(
            [], limit=1
        )
        self.soon.product_uom_qty = 3
        sooner = self._sell_block(1, "2026-01-01", "2026-03-20")
        self._redraw()
        self.assertEqual((part.unit_amount, part.unit_amount_rounded), (1, 0))
        self.assertEqual(entry.so_line, sooner)
        self.assertAlmostEqual(self.ticket.total_hours, 2)

    def test_BP4_parts_of_held_back_time_are_held_back(self):
        block = self._sell_block(3)
        post_paid = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 3)
        entry.invoice_from = "2099-01-01"
        block.hours_overrun = "bill"
        block.product_uom_qty = 1
        parts = entry | entry.split_part_ids
        self.assertEqual(parts.mapped("so_line"), block | post_paid)
        self.assertEqual(set(parts.mapped("invoice_from")), {entry.invoice_from})
        self.assertEqual(post_paid.qty_to_invoice, 0)

    def test_W5_what_is_decided_at_creation_holds_for_all_parts(self):
        goodwill = self.env.ref("helpdesk_track_bill_review.no_charge_reason_goodwill")
        block = self._sell_block(1, hours_overrun="bill")
        post_paid = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket()
        for decided, left, delivered in (
            ({"no_charge_reason_id": goodwill.id}, 1, 0),
            ({"unit_amount_rounded": 0}, 1, 0),
            ({"unit_amount_rounded": 1}, 0, 0),
            ({"unit_amount_rounded": 2}, 0, 1),
        ):
            entry = self._log_on(ticket, 3, **decided)
            parts = entry | entry.split_part_ids
            with self.subTest(**decided):
                self.assertEqual(block.remaining_hours, left)
                self.assertEqual(post_paid.qty_delivered, delivered)
                self.assertAlmostEqual(sum(parts.mapped("unit_amount")), 3)
                self._check_account(block)
            parts.unlink()
        entry = self._log_on(ticket, 3, invoice_from="2099-01-01")
        parts = entry | entry.split_part_ids
        self.assertEqual(len(parts), 2)
        self.assertEqual(set(parts.mapped("invoice_from")), {entry.invoice_from})
        self.assertEqual(post_paid.qty_to_invoice, 0)

    def test_W4_a_row_whose_hours_follow_its_kind_is_drawn_once(self):
        double = self.env["project.time.type"].create({"name": "Twice", "factor": 2})
        block = self._sell_block(1.5)
        entry = self._log_on(self._create_ticket(), 1)
        entry.write({"time_type_id": double.id, "unit_amount_rounded": 2})
        parts = entry | entry.split_part_ids
        self.assertAlmostEqual(sum(parts.mapped("unit_amount_rounded")), 2)
        self.assertFalse(any(parts.mapped("is_billed_amount_edited")))
        self._check_account(block)

    def test_W5_time_that_is_not_charged_is_not_refused(self):
        goodwill = self.env.ref("helpdesk_track_bill_review.no_charge_reason_goodwill")
        block = self._sell_block(1, hours_overrun="refuse")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 3, no_charge_reason_id=goodwill.id)
        self.assertEqual((entry.unit_amount, block.remaining_hours), (3, 1))

    @freeze_time("2026-03-10")
    def test_W3_parts_on_blocks_with_other_terms_sum_up_to_what_was_decided(self):
        soon = self._sell_block(1, "2026-01-01", "2026-03-31")
        late = self._sell_block(
            0.5, "2026-01-01", "2026-12-31", hours_overrun="refuse", billing_step=1
        )
        entry = self._log_on(self._create_ticket(), 1.5)
        parts = entry | entry.split_part_ids
        self.assertEqual(parts.mapped("so_line"), soon | late)
        self.assertEqual(parts.mapped("unit_amount_rounded"), [1, 0.5])
        self.assertEqual((soon.remaining_hours, late.remaining_hours), (0, 0))
        self._check_account(soon | late)

    def test_W3_a_corrected_part_bills_what_the_work_bills_beyond_the_others(self):
        """A minimum of 1:00 on two blocks: the whole decides, not the proportion."""
        soon = self._sell_block(0.5, "2026-01-01", "2026-03-31", billing_minimum=1)
        late = self._sell_block(10, "2026-01-01", "2026-12-31", billing_minimum=1)
        entry = self._log_on(self._create_ticket(), 0.25)
        part = entry.split_part_ids
        self.assertEqual((entry | part).mapped("unit_amount"), [0.125, 0.125])
        self.assertEqual(part.billing_explanation, "Minimum 01:00")
        for corrected, worked, billed in (
            (part, 0.5, 1),
            (part, 1.125, 1.25),
            # needs a third part
            (entry, 0.25, 1.375),
            # what others bill stays as it is
            (part, 0, 0.625),
            (part, 0.125, 1),
        ):
            corrected.unit_amount = worked
            parts = entry | part | entry.split_part_ids
            with self.subTest(worked=worked, first=corrected == entry):
                self.assertAlmostEqual(sum(parts.mapped("unit_amount_rounded")), billed)
                left = soon.remaining_hours + late.remaining_hours
                self.assertAlmostEqual(10.5 - left, billed)
                self._check_account(soon | late)

    @freeze_time("2026-03-10")
    def test_D10_time_that_another_block_counts_otherwise_is_drawn_as_counted(self):
        soon = self._sell_block(5, "2026-01-01", "2026-03-31")
        late = self._sell_block(
            1.5, "2026-01-01", "2026-12-31", hours_overrun="bill", billing_step=1
        )
        post_paid = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket()
        self.assertEqual(ticket.sale_line_id, soon)
        entry = self._log_on(ticket, 1.5, "2026-04-10")
        parts = entry | entry.split_part_ids
        self.assertEqual(parts.mapped("so_line"), late | post_paid)
        self.assertAlmostEqual(sum(parts.mapped("unit_amount_rounded")), 2)
        self.assertAlmostEqual(late.remaining_hours, 0)
        self._check_account(soon | late)

    def test_BP1_increase_of_approved_time_waits_for_approval(self):
        self.team.review_time = True
        block = self._sell_block(1, hours_overrun="bill")
        post_paid = self._sell(self.post_paid_product, 1, price_unit=50)
        entry = self._log_on(self._create_ticket(), 1)
        entry.review_state = "approved"
        entry.unit_amount = 3
        part = entry.split_part_ids
        self.assertEqual((entry | part).mapped("so_line"), block | post_paid)
        self.assertEqual(part.review_state, "submitted")
        self.assertEqual(post_paid.qty_to_invoice, 0)

    def test_BP1_increase_that_goes_to_another_part_waits_for_approval(self):
        self.team.review_time = True
        block = self._sell_block(1, hours_overrun="bill")
        post_paid = self._sell(self.post_paid_product, 1, price_unit=50)
        entry = self._log_on(self._create_ticket(), 2)
        part = entry.split_part_ids
        (entry | part).write({"review_state": "approved"})
        entry.unit_amount = 3
        parts = entry | entry.split_part_ids
        self.assertAlmostEqual(sum(parts.mapped("unit_amount")), 4)
        # what others have approved is the hour that it was
        waiting = parts - part
        self.assertEqual(set(waiting.mapped("review_state")), {"submitted"})
        self.assertEqual((part.unit_amount, part.review_state), (1, "approved"))
        self.assertEqual(post_paid.qty_to_invoice, 1)
        self._check_account(block)

    def test_BP1_a_split_by_drawing_leaves_approved_time_approved(self):
        self.team.review_time = True
        entry = self._split(1)
        reviewer = self._create_user(
            "reviewer", "helpdesk_track_bill_review.group_reviewer"
        )
        self.team.user_ids += reviewer
        entry.with_user(reviewer).action_approve()
        # more hours to bill than the first block has
        entry.write({"unit_amount_rounded": 3, "review_reason": "Agreed"})
        parts = entry | entry.split_part_ids
        self.assertEqual(len(parts), 2)
        self.assertEqual(parts.mapped("review_state"), ["approved", "approved"])
        self.assertEqual(parts.reviewer_id, reviewer)

    def test_BP1_redrawn_time_stays_approved(self):
        self.team.review_time = True
        entry = self._split()
        (entry | entry.split_part_ids).write({"review_state": "approved"})
        self._sell_block(0.5, "2026-01-01", "2026-03-20")
        self._redraw()
        parts = entry | entry.split_part_ids
        self.assertEqual(len(parts), 3)
        self.assertEqual(set(parts.mapped("review_state")), {"approved"})
        self.assertAlmostEqual(sum(parts.mapped("unit_amount")), 2)

    def test_W2_applying_terms_puts_pieces_together_in_their_own_unit(self):
        hours = self._split(1)
        hours.unlink()
        entry = self._log_on(self.ticket, 0.25, product_uom_id=self.day.id)
        part = entry.split_part_ids
        self.assertEqual((entry.unit_amount, part.unit_amount), (0.125, 0.125))
        part.product_uom_id = self.hour
        part.unit_amount = 1
        entry.sudo()._apply_terms()
        parts = entry | entry.split_part_ids
        self.assertAlmostEqual(sum(some._get_hours(billed=False) for some in parts), 2)

    def test_D9_drawn_time_that_waits_for_approval_says_so(self):
        self.team.review_time = True
        self._sell_block(10)
        entry = self._log_on(self._create_ticket(), 2)
        told = entry.coverage_reason
        self.assertTrue(told.endswith("; waits for approval"))
        entry.review_state = "approved"
        self.assertEqual(entry.coverage_reason + "; waits for approval", told)

    def test_W3_a_split_by_accounts_draws_what_the_whole_drew(self):
        block = self._sell_block(10, billing_minimum=2)
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 1)
        self.assertEqual(block.remaining_hours, 8)
        other = entry.account_id.copy({"name": "Other"})
        entry.analytic_distribution = {
            str(entry.account_id.id): 50,
            str(other.id): 50,
        }
        self.assertEqual(len(ticket.timesheet_ids), 2)
        self.assertEqual(block.remaining_hours, 8)
        self._check_account(block)

    def test_W2_applying_terms_keeps_parts_that_were_decided_otherwise(self):
        entry = self._split()
        part = entry.split_part_ids
        part.write({"time_type_id": self.after_hours.id, "invoice_from": "2099-01-01"})
        self.soon.billing_step = 0.75
        wizard = self.env["helpdesk.time.terms"].create(
            {"partner_id": self.customer.id}
        )
        self.assertFalse(wizard.line_ids)
        with self.assertRaisesRegex(UserError, "by today's terms already"):
            wizard.action_confirm()
        self.assertEqual(entry.split_part_ids, part)

    def test_W4_redraw_keeps_the_kind_of_work_of_each_part(self):
        entry = self._split()
        part = entry.split_part_ids
        part.time_type_id = self.after_hours
        self.soon.product_uom_qty = 5
        self._redraw()
        self.assertEqual(part.time_type_id, self.after_hours)
        self.assertAlmostEqual(self.ticket.total_hours, 2)
        self.assertAlmostEqual(
            sum((entry | entry.split_part_ids).mapped("unit_amount_rounded")), 2.5
        )
        self.assertEqual(self.soon.remaining_hours, 2.5)
        self._check_account(self.soon | self.late)

    def test_BP4_redraw_joins_no_held_back_time_with_other_time(self):
        entry = self._split()
        part = entry.split_part_ids
        part.invoice_from = "2099-01-01"
        self.soon.product_uom_qty = 5
        self._redraw()
        self.assertTrue(part.exists())
        self.assertEqual((part.so_line, entry.so_line), (self.soon, self.soon))
        self.assertFalse(entry.invoice_from)
        self.assertEqual(str(part.invoice_from), "2099-01-01")

    def _split_by_minimum(self):
        """A quarter of an hour, billed as one, on two blocks of the same terms."""
        self.soon = self._sell_block(0.5, "2026-01-01", "2026-03-31", billing_minimum=1)
        self.late = self._sell_block(10, "2026-01-01", "2026-12-31", billing_minimum=1)
        entry = self._log_on(self._create_ticket(), 0.25)
        return entry, entry.split_part_ids

    def test_W3_parts_that_are_corrected_at_once_share_what_their_work_bills(self):
        entry, part = self._split_by_minimum()
        (entry | part).unit_amount = 0.5
        parts = entry | part | entry.split_part_ids
        self.assertAlmostEqual(sum(parts.mapped("unit_amount_rounded")), 1)
        self._check_account(self.soon | self.late)

    def test_W3_a_part_that_had_no_hours_is_decided_anew(self):
        entry, part = self._split_by_minimum()
        part.unit_amount = 0
        entry.unit_amount = 1
        part.unit_amount = 0.125
        parts = entry | part | entry.split_part_ids
        self.assertAlmostEqual(sum(parts.mapped("unit_amount_rounded")), 1.125)
        self._check_account(self.soon | self.late)

    def test_W2_terms_that_decided_about_a_work_change_nothing_of_its_parts(self):
        _entry, part = self._split_by_minimum()
        part.unit_amount = 0.5
        wizard = self.env["helpdesk.time.terms"].create(
            {"partner_id": self.customer.id}
        )
        self.assertFalse(wizard.line_ids)

    def test_BP6_redraw_keeps_the_question_of_a_customer(self):
        entry = self._split()
        part = entry.split_part_ids
        part.is_questioned = True
        self.soon.product_uom_qty = 5
        self._redraw()
        self.assertTrue(part.exists().is_questioned)
