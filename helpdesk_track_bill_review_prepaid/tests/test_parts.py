from odoo.tests import tagged

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
