from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestBilling(TrackBillCommon):
    # --- B1 -----------------------------------------------------------
    def test_B1_prepaid_is_invoiced_before_any_work(self):
        item = self._sell_hours(10)
        invoice = self._invoice(item.order_id)
        self.assertEqual(invoice.amount_untaxed, 1000)
        ticket = self._create_ticket()
        self._log(ticket, 4)
        self.assertEqual(item.qty_delivered, 4)
        self.assertEqual(ticket.remaining_hours_so, 6)
        self.assertEqual(item.qty_to_invoice, 0)

    def test_B1_overrun_never_invoices_more(self):
        item = self._sell_hours(10)
        self._invoice(item.order_id)
        ticket = self._create_ticket()
        self._log(ticket, 14)
        self.assertEqual(ticket.remaining_hours_so, -4)
        self.assertEqual(item.qty_to_invoice, 0)
        with self.assertRaises(UserError):
            self._invoice(item.order_id)

    def test_B1_down_payment_before_any_work(self):
        item = self._sell_hours(10)
        order = item.order_id
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard.create_invoices()
        order.invoice_ids.action_post()
        self.assertEqual(order.invoice_ids.amount_untaxed, 300)
        self.assertEqual(self._create_ticket().sale_line_id, item)
        final = self._invoice(order)
        self.assertEqual(final.amount_untaxed, 700)

    def test_B1_hours_left_are_counted_where_the_item_is_prepaid_time(self):
        item = self._sell_hours(10)
        ticket = self._create_ticket()
        self.assertTrue(ticket.remaining_hours_available)
        item.product_id.service_policy = "delivered_timesheet"
        self.assertFalse(ticket.remaining_hours_available)
        item.product_id.service_policy = "ordered_prepaid"
        self.assertTrue(ticket.remaining_hours_available)
        item.product_uom_id = self.env.ref("uom.product_uom_unit")
        self.assertFalse(ticket.remaining_hours_available)
        ticket.sale_line_id = self._sell_hours(5)
        self.assertTrue(ticket.remaining_hours_available)
        ticket.sale_line_id = self._sell(self.post_paid_product, 1)
        self.assertFalse(ticket.remaining_hours_available)

    # --- B2 -----------------------------------------------------------
    def test_B2_nothing_logged_nothing_to_invoice(self):
        item = self._sell(self.post_paid_product, 1)
        with self.assertRaisesRegex(UserError, "nothing to invoice|Cannot create"):
            self._invoice(item.order_id)

    def test_B2_delivered_equals_the_hours_logged(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 2)
        self._log(ticket, 1.5)
        self.assertEqual(item.qty_delivered, ticket.total_hours)
        self.assertEqual(self._invoice(item.order_id).amount_untaxed, 175)

    def test_B2_period_invoices_only_entries_inside_it(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket(sale_line_id=item.id)
        before = self._log(ticket, 1, date="2026-01-31")
        inside = self._log(ticket, 2, date="2026-02-01")
        inside |= self._log(ticket, 3, date="2026-02-28")
        after = self._log(ticket, 4, date="2026-03-01")
        february = self._invoice(item.order_id, "2026-02-01", "2026-02-28")
        self.assertEqual(february.amount_untaxed, 250)
        self.assertEqual(february.timesheet_ids, inside)
        rest = self._invoice(item.order_id)
        self.assertEqual(rest.amount_untaxed, 250)
        self.assertEqual(rest.timesheet_ids, before | after)
        self.assertEqual(item.qty_to_invoice, 0)

    def test_B2_period_on_an_order_with_a_down_payment(self):
        item = self._sell(self.post_paid_product, 10, price_unit=50)
        self._pay_down(item.order_id, 100)
        ticket = self._create_ticket(sale_line_id=item.id)
        inside = self._log(ticket, 4, date="2026-02-10")
        self._log(ticket, 1, date="2026-03-10")
        february = self._invoice(item.order_id, "2026-02-01", "2026-02-28")
        # four hours, less the down payment
        self.assertEqual(february.amount_untaxed, 100)
        self.assertEqual(february.timesheet_ids, inside)
        self.assertEqual(item.qty_to_invoice, 1)

    def _pay_down(self, order, amount):
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": amount})
        )
        wizard.create_invoices()
        order.invoice_ids.action_post()

    def _credit(self, invoice, hours=None):
        wizard = self._reverse(invoice)
        wizard.reverse_moves()
        if hours:
            wizard.new_move_ids.invoice_line_ids.quantity = hours
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def test_B2_credited_hours_are_invoiced_once_more(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        self._log(self._create_ticket(sale_line_id=item.id), 4, date="2026-02-10")
        self._credit(self._invoice(item.order_id))
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (0, 4))
        again = self._invoice(item.order_id, "2026-02-01", "2026-02-28")
        self.assertEqual(again.amount_untaxed, 200)
        with self.assertRaises(UserError):
            self._invoice(item.order_id, "2026-02-01", "2026-02-28")

    def test_B2_partly_credited_hours_are_not_invoiced_twice_by_period(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        self._log(self._create_ticket(sale_line_id=item.id), 4, date="2026-02-10")
        self._credit(self._invoice(item.order_id), hours=1)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (3, 1))
        again = self._invoice(item.order_id, "2026-02-01", "2026-02-28")
        self.assertEqual(again.invoice_line_ids.quantity, 1)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))

    def test_B2_replaced_invoice_keeps_its_time(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 4, date="2026-02-10")
        invoice = self._invoice(item.order_id)
        wizard = self._reverse(invoice)
        wizard.modify_moves()
        self.assertEqual(entry.timesheet_invoice_id, wizard.new_move_ids)
        # with something to invoice, core would find the replaced hours in the period
        self._log(ticket, 1, date="2026-03-10")
        with self.assertRaises(UserError):
            self._invoice(item.order_id, "2026-02-01", "2026-02-28")

    def test_E5_credit_of_a_replaced_invoice_is_withdrawn_after_the_replacement(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        entry = self._log(self._create_ticket(sale_line_id=item.id), 4)
        invoice = self._invoice(item.order_id)
        wizard = self._reverse(invoice)
        wizard.modify_moves()
        replacement = wizard.new_move_ids
        with self.assertRaises(UserError) as refused:
            invoice.reversal_move_ids.button_draft()
        self.assertIn(replacement.display_name, str(refused.exception))
        replacement.unlink()
        self.assertTrue(entry._is_not_billed())
        invoice.reversal_move_ids.button_draft()
        self.assertEqual(entry.timesheet_invoice_id, invoice)

    def test_E5_replaced_invoices_hand_on_each_its_own_time(self):
        items = self._sell(self.post_paid_product, 1, price_unit=50)
        items |= self._sell(self.post_paid_product, 1, price_unit=50)
        invoices = self.env["account.move"]
        for item in items:
            self._log(self._create_ticket(sale_line_id=item.id), 4)
            invoices |= self._invoice(item.order_id)
        self._reverse(invoices).modify_moves()
        for item in items:
            self.assertEqual(
                item.timesheet_ids.timesheet_invoice_id.invoice_line_ids.sale_line_ids,
                item,
            )

    def _invoice_an_item_twice(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket(sale_line_id=item.id)
        invoices = self.env["account.move"]
        for hours in (4, 2):
            self._log(ticket, hours)
            invoices |= self._invoice(item.order_id)
        return ticket.timesheet_ids, invoices

    def test_E5_replaced_invoices_of_one_item_hand_on_each_its_own_time(self):
        entries, invoices = self._invoice_an_item_twice()
        self._reverse(invoices).modify_moves()
        for entry in entries:
            self.assertEqual(
                entry.timesheet_invoice_id.invoice_line_ids.quantity, entry.unit_amount
            )

    def test_E5_replacements_read_again_are_paired_as_they_were_made(self):
        _entries, invoices = self._invoice_an_item_twice()
        wizard = self._reverse(invoices)
        wizard.modify_moves()
        self.env.flush_all()
        # the newest first, as moves are ordered
        wizard.invalidate_recordset(["new_move_ids"])
        for invoice, replacement in wizard._pair_replacements(invoices):
            self.assertEqual(
                replacement.invoice_line_ids.quantity, invoice.invoice_line_ids.quantity
            )

    def test_B2_replaced_invoice_is_billed_once_before_its_credit_is_posted(self):
        """Reversed on a day to come, the credit note waits; its invoice is replaced."""
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 4, date="2026-02-10")
        invoice = self._invoice(item.order_id)
        wizard = self._reverse(invoice)
        wizard.date = fields.Date.today() + timedelta(days=10)
        wizard.modify_moves()
        replacement = wizard.new_move_ids
        note = invoice.reversal_move_ids
        self.assertEqual((note.state, note.auto_post), ("draft", "at_date"))
        self.assertEqual(entry.timesheet_invoice_id, replacement)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))
        self._log(ticket, 1, date="2026-03-10")
        again = self._invoice(item.order_id)
        self.assertEqual(again.invoice_line_ids.quantity, 1)
        # its day comes
        note.date = note.invoice_date = fields.Date.today()
        note._post(soft=False)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (5, 0))
        self.assertEqual(entry.timesheet_invoice_id, replacement)

    def test_B2_cancelled_invoice_frees_its_time(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        self._log(self._create_ticket(sale_line_id=item.id), 4, date="2026-02-10")
        invoice = self._invoice(item.order_id)
        invoice.button_draft()
        invoice.button_cancel()
        again = self._invoice(item.order_id, "2026-02-01", "2026-02-28")
        self.assertEqual(again.amount_untaxed, 200)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))

    def test_E5_free_time_moved_to_another_ticket_leaves_its_invoice(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        entry = self._log(self._create_ticket(sale_line_id=item.id), 4)
        invoice = self._invoice(item.order_id)
        invoice.button_draft()
        invoice.button_cancel()
        entry.ticket_id = self._create_ticket(sale_line_id=item.id)
        invoice.button_draft()
        invoice.action_post()
        self.assertFalse(entry.timesheet_invoice_id)

    def test_tickets_on_invoices_never_say_more_hours_than_the_line_bills(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        item.order_id.invoice_by_ticket = True
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 4)
        invoice = self._invoice(item.order_id, post=False)
        self.assertIn("4:00 hours", invoice.invoice_line_ids.name.replace("04:", "4:"))
        # an hour billed ahead
        invoice.invoice_line_ids.quantity = 5
        invoice.action_post()
        self._log(ticket, 3)
        line = self._invoice(item.order_id).invoice_line_ids
        self.assertEqual(line.quantity, 2)
        self.assertIn(ticket.number, line.name)
        self.assertNotIn("hours", line.name)

    def test_tickets_on_invoices_are_named_once_whatever_their_units(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        item.order_id.invoice_by_ticket = True
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 4, date="2026-03-10")
        self._log(ticket, 1, date="2026-03-12", product_uom_id=self.day.id)
        name = self._invoice(item.order_id).invoice_line_ids.name
        self.assertEqual(name.count(ticket.number), 1)
        self.assertIn("12:00 hours", name)

    def test_E4_moved_time_leaves_one_note_whatever_its_units(self):
        old, new = self._sell_hours(), self._sell_hours()
        ticket = self._create_ticket(sale_line_id=old.id)
        self._log(ticket, 4)
        self._log(ticket, 1, product_uom_id=self.day.id)
        ticket.sale_line_id = new
        ticket.action_reassign_timesheets()
        notes = [body for body in ticket.message_ids.mapped("body") if "moved" in body]
        self.assertEqual(len(notes), 1)
        self.assertIn("12:00 hours moved", notes[0])

    def test_tickets_on_invoices_of_an_order_with_lines_without_time(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        order = item.order_id
        order.invoice_by_ticket = True
        order.order_line = [
            fields.Command.create({"display_type": kind, "name": kind, "sequence": 1})
            for kind in ("line_section", "line_note")
        ]
        order.invalidate_recordset(["order_line"])
        self._pay_down(order, 100)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 4)
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_untaxed, 100)
        names = invoice.invoice_line_ids.sorted("id").mapped("name")
        self.assertIn("line_section", names)
        self.assertIn("line_note", names)
        self.assertEqual(sum(ticket.number in name for name in names), 1)

    def test_B2_thirds_of_an_hour_add_up_over_the_periods(self):
        item = self._sell(self.post_paid_product, 1, price_unit=100)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 10 / 3, date="2026-01-10")
        self._log(ticket, 10 / 3, date="2026-02-10")
        self._invoice(item.order_id, "2026-01-01", "2026-01-31")
        self._invoice(item.order_id)
        self.assertEqual(item.qty_delivered, 6.67)
        self.assertEqual(sum(item.order_id.invoice_ids.mapped("amount_untaxed")), 667)

    # --- B3 -----------------------------------------------------------
    def test_B3_hours_days_and_packs_give_the_same_money_and_hours_left(self):
        pack = self.env["uom.uom"].create(
            {"name": "Pack", "relative_factor": 5, "relative_uom_id": self.hour.id}
        )
        for unit, quantity, price in (
            (self.hour, 40, 100),
            (self.day, 5, 800),
            (pack, 8, 500),
        ):
            with self.subTest(unit=unit.name):
                prepaid = self._sell_hours(
                    quantity, product_uom_id=unit.id, price_unit=price
                )
                ticket = self._create_ticket(sale_line_id=prepaid.id)
                for _time in range(3):
                    self._log(ticket, 1)
                self.assertEqual(ticket.remaining_hours_so, 37)
                self.assertEqual(self._invoice(prepaid.order_id).amount_untaxed, 4000)
                post_paid = self._sell(
                    self.post_paid_product,
                    0,
                    product_uom_id=unit.id,
                    price_unit=price,
                )
                ticket = self._create_ticket(sale_line_id=post_paid.id)
                for _time in range(4):
                    self._log(ticket, 5)
                self.assertEqual(self._invoice(post_paid.order_id).amount_untaxed, 2000)
