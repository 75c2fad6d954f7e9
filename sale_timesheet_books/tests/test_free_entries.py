from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BooksCommon


@tagged("post_install", "-at_install")
class TestFreeEntries(BooksCommon):
    """A free entry that changes belongs to no invoice any more."""

    def _log_and_cancel(self):
        item, entry = self._sell_and_log(4)
        invoice = self._invoice(item.order_id)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertTrue(entry._is_not_billed())
        return entry, invoice

    def _post_again(self, invoice):
        invoice.button_draft()
        invoice.action_post()

    def test_invoice_posted_again_claims_its_time(self):
        entry, invoice = self._log_and_cancel()
        entry.name = "Described"
        self._post_again(invoice)
        self.assertEqual(entry.timesheet_invoice_id, invoice)

    def test_invoice_posted_again_claims_no_time_that_changed(self):
        other_item = self._sell()
        other_task = self._create_task(other_item)
        for values in (
            {"unit_amount": 3},
            {"date": "2026-05-05"},
            {"so_line": other_item.id, "is_so_line_edited": True},
            {"task_id": other_task.id},
        ):
            with self.subTest(values=values):
                entry, invoice = self._log_and_cancel()
                entry.write(values)
                self._post_again(invoice)
                self.assertFalse(entry.timesheet_invoice_id)

    def test_invoice_posted_again_claims_time_written_but_not_changed(self):
        entry, invoice = self._log_and_cancel()
        entry.write({"unit_amount": 4, "date": entry.date})
        self._post_again(invoice)
        self.assertEqual(entry.timesheet_invoice_id, invoice)

    def test_invoice_posted_again_claims_no_time_given_another_item_by_its_task(self):
        """Odoo computes the item anew without a write on the entry."""
        entry, invoice = self._log_and_cancel()
        entry.task_id.sale_line_id = self._sell()
        self.env.flush_all()
        self._post_again(invoice)
        self.assertFalse(entry.timesheet_invoice_id)

    def test_invoice_of_time_on_another_invoice_is_not_posted_again(self):
        entry, invoice = self._log_and_cancel()
        other = self._invoice(entry.order_id)
        self.assertEqual(entry.timesheet_invoice_id, other)
        with self.assertRaises(UserError) as refused:
            self._post_again(invoice)
        self.assertIn(other.name, str(refused.exception))
        self.assertEqual(invoice.state, "cancel")
        # once the other is withdrawn, it is the first one's again
        other.button_draft()
        other.button_cancel()
        self._post_again(invoice)
        self.assertEqual(entry.timesheet_invoice_id, invoice)
        with self.assertRaises(UserError) as refused:
            self._post_again(other)
        self.assertIn(invoice.name, str(refused.exception))

    def test_invoice_posted_again_claims_the_time_of_a_deleted_or_credited_one(self):
        for withdraw in (
            lambda other: other.unlink(),
            lambda other: (other.action_post(), self._credit(other)),
        ):
            with self.subTest(withdraw=withdraw):
                entry, invoice = self._log_and_cancel()
                withdraw(self._invoice(entry.order_id, post=False))
                self.assertTrue(entry._is_not_billed())
                self._post_again(invoice)
                self.assertEqual(entry.timesheet_invoice_id, invoice)
                item = entry.so_line
                self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, 0))

    def test_invoice_is_posted_again_where_its_time_changed_before_it_was_billed(self):
        entry, invoice = self._log_and_cancel()
        entry.unit_amount = 3
        other = self._invoice(entry.order_id)
        self._post_again(invoice)
        self.assertEqual(entry.timesheet_invoice_id, other)

    def test_credited_time_that_changed_is_not_taken_back(self):
        item, entry = self._sell_and_log(4)
        note = self._credit(self._invoice(item.order_id))
        entry.task_id.sale_line_id = self._sell()
        self.env.flush_all()
        self.assertFalse(entry.credited_invoice_ids)
        note.button_draft()
        self.assertFalse(entry.timesheet_invoice_id)

    def test_deleted_time_is_not_taken_back(self):
        item, entry = self._sell_and_log(4)
        note = self._credit(self._invoice(item.order_id))
        entry.unlink()
        note.button_cancel()
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (4, -4))
