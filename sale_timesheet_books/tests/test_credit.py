from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import BooksCommon


@tagged("post_install", "-at_install")
class TestCredit(BooksCommon):
    """An entry is invoiced exactly as long as its hours stand on an invoice."""

    def test_credit_in_full_frees_the_time(self):
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        self.assertEqual(self._is_free(entries), [False])
        self._credit(invoice)
        self.assertEqual(self._is_free(entries), [True])
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (0, 4))

    def test_credit_posted_by_the_scheduler_or_the_list_frees_the_time(self):
        item, entries = self._sell_and_log(4)
        note = self._credit(self._invoice(item.order_id), post=False)
        note._post(soft=False)
        self.assertEqual(self._is_free(entries), [True])

    def test_credit_in_part_frees_nothing(self):
        item, entries = self._sell_and_log(1, 3)
        self._credit(self._invoice(item.order_id), hours=1)
        self.assertEqual(self._is_free(entries), [False, False])
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (3, 1))
        with self.assertRaises(UserError):
            entries[0].unit_amount = 2

    def test_credits_in_part_free_the_time_once_they_are_credit_in_full(self):
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        first = self._credit(invoice, hours=1)
        self.assertEqual(self._is_free(entries), [False])
        self._credit(invoice, hours=3)
        self.assertEqual(self._is_free(entries), [True])
        first.button_draft()
        self.assertEqual(entries.timesheet_invoice_id, invoice)

    def test_credit_of_a_line_frees_the_time_of_that_line(self):
        first, second = self._sell(self.post_paid_product, self.post_paid_product)
        of_first = self._log(self._create_task(first), 4)
        of_second = self._log(self._create_task(second), 2)
        note = self._credit(self._invoice(first.order_id), post=False)
        note.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids == second
        ).unlink()
        note.action_post()
        self.assertEqual(self._is_free(of_first | of_second), [True, False])

    def test_credit_of_the_same_money_for_fewer_hours_frees_nothing(self):
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        note = self._credit(invoice, post=False)
        note.invoice_line_ids.write({"quantity": 1, "price_unit": 200})
        note.action_post()
        self.assertEqual(invoice.payment_state, "reversed")
        again = self._invoice(item.order_id)
        self.assertEqual(again.invoice_line_ids.quantity, 1)
        self.assertEqual(entries.timesheet_invoice_id, invoice)

    def test_credit_of_an_item_sold_in_days(self):
        item = self._sell(product_uom_id=self.day.id, price_unit=400)
        entry = self._log(self._create_task(item), 12)
        invoice = self._invoice(item.order_id)
        self.assertEqual(invoice.invoice_line_ids.quantity, 1.5)
        self._credit(invoice, hours=1)
        self.assertEqual(self._is_free(entry), [False])
        self._credit(invoice, hours=0.5)
        self.assertEqual(self._is_free(entry), [True])

    def test_withdrawn_credit_takes_back_what_it_freed(self):
        for withdraw in ("button_draft", "button_cancel"):
            with self.subTest(withdraw=withdraw):
                item, entries = self._sell_and_log(4)
                invoice = self._invoice(item.order_id)
                note = self._credit(invoice)
                getattr(note, withdraw)()
                self.assertEqual(entries.timesheet_invoice_id, invoice)
                self.assertEqual(self._is_free(entries), [False])

    def test_credit_posted_again_frees_again(self):
        item, entries = self._sell_and_log(4)
        note = self._credit(self._invoice(item.order_id))
        note.button_draft()
        note.action_post()
        self.assertEqual(self._is_free(entries), [True])

    def test_credit_of_time_on_another_invoice_cannot_be_withdrawn(self):
        item, entries = self._sell_and_log(4)
        note = self._credit(self._invoice(item.order_id))
        again = self._invoice(item.order_id)
        with self.assertRaises(UserError) as refused:
            note.button_draft()
        self.assertIn(again.name, str(refused.exception))
        self._credit(again)
        note.button_draft()
        self.assertEqual(entries.timesheet_invoice_id, note.reversed_entry_id)

    def test_withdrawn_credit_leaves_changed_time_alone(self):
        item, entries = self._sell_and_log(1, 3)
        note = self._credit(self._invoice(item.order_id))
        entries[0].unit_amount = 2
        note.button_draft()
        self.assertEqual(self._is_free(entries), [True, False])

    def test_replaced_invoice_frees_its_time_as_core_does(self):
        item, entries = self._sell_and_log(4)
        wizard = self._reverse(self._invoice(item.order_id))
        wizard.modify_moves()
        self.assertEqual(self._is_free(entries), [True])
        wizard.new_move_ids.action_post()
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))
        with self.assertRaises(UserError):
            self._invoice(item.order_id, "2026-01-01", "2026-01-31")

    def _replace_later(self, invoice):
        """Replace an invoice; its credit note waits for its day."""
        wizard = self._reverse(invoice)
        wizard.date = fields.Date.add(fields.Date.today(), days=10)
        wizard.modify_moves()
        return wizard.new_move_ids, invoice.reversal_move_ids

    def test_replaced_invoice_is_billed_once_before_its_credit_is_posted(self):
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        replacement, note = self._replace_later(invoice)
        self.assertEqual((note.state, note.auto_post), ("draft", "at_date"))
        self.assertEqual(entries.timesheet_invoice_id, replacement)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))
        self._log(entries.task_id, 5)
        self.assertEqual(self._invoice(item.order_id).invoice_line_ids.quantity, 5)
        note.date = note.invoice_date = fields.Date.today()
        note._post(soft=False)
        self.assertEqual(entries.timesheet_invoice_id, replacement)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (9, 0))

    def test_dropped_replacement_gives_the_time_back_to_its_invoice(self):
        for drop in ("unlink", "button_cancel"):
            with self.subTest(drop=drop):
                item, entries = self._sell_and_log(4)
                invoice = self._invoice(item.order_id)
                replacement, note = self._replace_later(invoice)
                with self.assertRaises(UserError):
                    note.button_cancel()
                getattr(replacement, drop)()
                self.assertEqual(entries.timesheet_invoice_id, invoice)
                note.button_cancel()
                self.assertEqual(self._is_free(entries), [False])
                self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))
                if replacement.exists():
                    with self.assertRaises(UserError):
                        replacement.button_draft()

    def test_dropped_replacement_of_a_credited_invoice_leaves_the_time_free(self):
        item, entries = self._sell_and_log(4)
        wizard = self._reverse(self._invoice(item.order_id))
        wizard.modify_moves()
        wizard.new_move_ids.unlink()
        self.assertEqual(self._is_free(entries), [True])
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (0, 4))

    def test_corrected_refund_keeps_the_time_that_it_settles(self):
        item, entries = self._sell_and_log(4)
        self._invoice(item.order_id)
        correction = self._log(entries.task_id, -1, "2026-02-10")
        wizard = self._reverse(self._invoice(item.order_id))
        wizard.modify_moves()
        refund = wizard.new_move_ids
        refund.action_post()
        self.assertEqual(correction.timesheet_invoice_id, refund)
        self._log(entries.task_id, 2, "2026-03-10")
        last = self._invoice(item.order_id, "2026-02-01", "2026-03-31")
        self.assertEqual(last.invoice_line_ids.quantity, 2)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (5, 0))

    def test_salespeople_open_the_invoices_that_they_make(self):
        item, _entries = self._sell_and_log(4)
        order = item.order_id
        order.user_id = self.salesperson
        invoice = self._invoice(order)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()
        self.env.invalidate_all()
        self.assertEqual(invoice.with_user(self.salesperson).payment_count, 1)

    def test_accountants_without_rights_on_time_credit_and_withdraw(self):
        accountant = self.env["res.users"].create(
            {
                "name": "Accountant",
                "login": "books_accountant",
                "group_ids": [
                    (6, 0, self.env.ref("account.group_account_invoice").ids)
                ],
            }
        )
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        wizard = (
            self.env["account.move.reversal"]
            .with_user(accountant)
            .create({"move_ids": invoice.ids, "journal_id": invoice.journal_id.id})
        )
        wizard.reverse_moves()
        note = wizard.new_move_ids
        note.action_post()
        self.assertEqual(self._is_free(entries), [True])
        note.button_draft()
        self.assertEqual(self._is_free(entries), [False])

    def test_credit_in_draft_gives_nothing_back_yet(self):
        item, entries = self._sell_and_log(4)
        note = self._credit(self._invoice(item.order_id), post=False)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))
        with self.assertRaises(UserError):
            self._invoice(item.order_id)
        note.action_post()
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (0, 4))
        note.button_draft()
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))
        self.assertEqual(self._is_free(entries), [False])

    def test_quantity_of_the_invoice_by_hand_counts(self):
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id, post=False)
        with Form(invoice) as form, form.invoice_line_ids.edit(0) as line:
            line.quantity = 6
        invoice.action_post()
        self._credit(invoice, hours=4)
        self.assertEqual(self._is_free(entries), [False])
        self._credit(invoice, hours=2)
        self.assertEqual(self._is_free(entries), [True])

    # --- credit notes that are reversed themselves ----------------------
    def test_reversed_credit_note_gives_the_time_back_to_its_invoice(self):
        item, entries = self._sell_and_log(1, 3)
        invoice = self._invoice(item.order_id)
        note = self._credit(invoice)
        self.assertEqual(self._is_free(entries), [True, True])
        again = self._credit(note, post=False)
        self.assertEqual((again.move_type, again.state), ("out_invoice", "draft"))
        # in draft it takes nothing back, as a credit note in draft gives nothing back
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (0, 4))
        self.assertEqual(self._is_free(entries), [True, True])
        again.action_post()
        self.assertEqual(entries.timesheet_invoice_id, invoice)
        self.assertEqual(self._is_free(entries), [False, False])
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))
        again.button_draft()
        self.assertEqual(self._is_free(entries), [True, True])
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (0, 4))

    def test_credit_note_reversed_in_part_credits_no_longer_in_full(self):
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        note = self._credit(invoice)
        self._credit(note, hours=1)
        self.assertEqual(entries.timesheet_invoice_id, invoice)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (1, 3))

    def test_reversal_of_a_credit_note_is_credited_in_turn(self):
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        again = self._credit(self._credit(invoice))
        self.assertEqual(entries.timesheet_invoice_id, invoice)
        self._credit(again)
        self.assertEqual(self._is_free(entries), [True])
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (0, 4))

    def test_corrected_credit_note_credits_the_invoice(self):
        item, entries = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        wizard = self._reverse(self._credit(invoice))
        wizard.modify_moves()
        corrected = wizard.new_move_ids
        self.assertEqual(corrected.move_type, "out_refund")
        self.assertEqual(corrected.state, "draft")
        self.assertEqual(entries.timesheet_invoice_id, invoice)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))
        corrected.action_post()
        self.assertEqual(self._is_free(entries), [True])
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (0, 4))

    def test_credit_note_of_time_on_another_invoice_cannot_be_reversed(self):
        item, entries = self._sell_and_log(4)
        note = self._credit(self._invoice(item.order_id))
        other = self._invoice(item.order_id)
        again = self._credit(note, post=False)
        with self.assertRaises(UserError) as refused:
            again.action_post()
        self.assertIn(other.name, str(refused.exception))
        self.assertEqual(entries.timesheet_invoice_id, other)

    def test_reversed_refund_of_corrections_frees_them(self):
        item, entries = self._sell_and_log(4)
        self._invoice(item.order_id)
        correction = self._log(entries.task_id, -1, "2026-02-10")
        refund = self._invoice(item.order_id)
        self.assertEqual(self._is_free(correction), [False])
        again = self._credit(refund)
        self.assertEqual(self._is_free(correction), [True])
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, -1))
        again.button_draft()
        self.assertEqual(self._is_free(correction), [False])
