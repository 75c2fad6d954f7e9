from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BooksCommon

JANUARY = ("2026-01-01", "2026-01-31")
FEBRUARY = ("2026-02-01", "2026-02-28")
MARCH = ("2026-03-01", "2026-03-31")


@tagged("post_install", "-at_install")
class TestPeriod(BooksCommon):
    def _log_by_month(self, *hours):
        """A post-paid item and an entry a month, from January on."""
        item = self._sell()
        task = self._create_task(item)
        entries = [
            self._log(task, amount, f"2026-{month:02}-10")
            for month, amount in enumerate(hours, 1)
        ]
        return item, entries

    def _get_hours(self, item, period=(None, None)):
        return item._get_hours_to_invoice(*period)[item]

    # --- what would be billed -----------------------------------------
    def test_hours_to_invoice_of_a_period_and_of_all(self):
        item, _entries = self._log_by_month(4, 3)
        self.assertEqual(self._get_hours(item, JANUARY), 4)
        self.assertEqual(self._get_hours(item, FEBRUARY), 3)
        self.assertEqual(self._get_hours(item, MARCH), 0)
        self.assertEqual(self._get_hours(item, ("2026-01-05", None)), 7)
        self.assertEqual(self._get_hours(item, (None, "2026-01-31")), 4)
        self.assertEqual(self._get_hours(item), 7)

    def test_hours_to_invoice_are_what_the_invoice_bills(self):
        item, _entries = self._log_by_month(10 / 3, 10 / 3)
        for period, hours in ((JANUARY, 3.33), ((None, None), 3.34)):
            self.assertEqual(self._get_hours(item, period), hours)
            invoice = self._invoice(item.order_id, *period)
            self.assertEqual(invoice.invoice_line_ids.quantity, hours)

    def test_hours_to_invoice_write_nothing(self):
        item, _entries = self._log_by_month(4, 3)
        self.env.flush_all()
        before = item.read()
        item.with_user(self.salesperson)._get_hours_to_invoice(*JANUARY)
        self.assertFalse(any(field.store for field in self.env.fields_to_compute()))
        self.assertEqual(item.read(), before)

    def test_hours_to_invoice_are_in_the_unit_of_the_item(self):
        item = self._sell(product_uom_id=self.day.id)
        self._log(self._create_task(item), 12)
        self.assertEqual(self._get_hours(item, JANUARY), 1.5)

    def test_other_lines_are_invoiced_whole(self):
        item, prepaid = self._sell(
            self.post_paid_product, self.prepaid_product, quantity=10
        )
        self._log(self._create_task(item), 4)
        self.assertEqual(
            (item | prepaid)._get_hours_to_invoice(*FEBRUARY), {item: 0, prepaid: 10}
        )

    def test_nothing_to_invoice_before_the_order_is_confirmed(self):
        item, _entries = self._log_by_month(4)
        item.order_id._action_cancel()
        self.assertEqual(self._get_hours(item), 0)
        self.assertEqual(self._get_hours(item, JANUARY), 0)

    # --- invoices ------------------------------------------------------
    def test_period_on_an_order_with_a_down_payment(self):
        item, _entries = self._log_by_month(4, 1)
        order = item.order_id
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "fixed", "fixed_amount": 20}
        ).create_invoices()
        order.invoice_ids.action_post()
        invoice = self._invoice(order, *JANUARY)
        self.assertEqual(invoice.amount_untaxed, 4 * 50 - 20)

    def test_period_invoices_credited_hours_once(self):
        item, _entries = self._log_by_month(4, 3)
        self._credit(self._invoice(item.order_id, *JANUARY), hours=1)
        again = self._invoice(item.order_id, *JANUARY)
        self.assertEqual(again.invoice_line_ids.quantity, 1)
        with self.assertRaises(UserError):
            self._invoice(item.order_id, *JANUARY)
        february = self._invoice(item.order_id, *FEBRUARY)
        self.assertEqual(february.invoice_line_ids.quantity, 3)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (7, 0))

    def test_period_invoices_hours_that_its_invoice_does_not_bill(self):
        item, _entries = self._log_by_month(4, 3)
        invoice = self._invoice(item.order_id, *JANUARY, post=False)
        invoice.invoice_line_ids.quantity = 3
        self.assertEqual(self._get_hours(item, JANUARY), 1)
        invoice.action_post()
        february = self._invoice(item.order_id, *FEBRUARY)
        self.assertEqual(february.invoice_line_ids.quantity, 3)
        again = self._invoice(item.order_id, *JANUARY)
        self.assertEqual(again.invoice_line_ids.quantity, 1)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (7, 0))

    def test_delivery_by_hand_bills_no_time_whatever_its_product_does_now(self):
        by_hand = self._create_service("By Hand", "delivered_manual")
        (item,) = self._sell(by_hand)
        by_hand.service_policy = "delivered_timesheet"
        entry = self._log(self._create_task(item), 4)
        self.assertEqual(item.qty_delivered_method, "manual")
        item.qty_delivered = 1
        invoice = self._invoice(item.order_id)
        self.assertEqual(invoice.invoice_line_ids.quantity, 1)
        self.assertFalse(entry.timesheet_invoice_id)

    def test_period_does_not_invoice_what_was_billed_ahead(self):
        item, (january,) = self._log_by_month(4)
        invoice = self._invoice(item.order_id, post=False)
        invoice.invoice_line_ids.quantity = 6
        invoice.action_post()
        self._log(january.task_id, 3, "2026-02-10")
        again = self._invoice(item.order_id, *FEBRUARY)
        self.assertEqual(again.invoice_line_ids.quantity, 1)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (7, 0))

    def test_period_leaves_what_it_has_nothing_of_to_the_next_invoice(self):
        first, second = self._sell(self.post_paid_product, self.post_paid_product)
        self._log(self._create_task(first), 4)
        self._log(self._create_task(second), 3, "2026-02-10")
        self._invoice(first.order_id, *JANUARY)
        self.assertEqual(second.qty_to_invoice, 3)
        rest = self._invoice(first.order_id)
        self.assertEqual(rest.invoice_line_ids.sale_line_ids, second)
        self.assertEqual(rest.amount_untaxed, 150)

    # --- negative corrections ------------------------------------------
    def test_settled_correction_is_not_deducted_again(self):
        item, (january,) = self._log_by_month(4)
        self._invoice(item.order_id)
        correction = self._log(january.task_id, -1, "2026-02-10")
        refund = self._invoice(item.order_id)
        self.assertEqual(refund.move_type, "out_refund")
        self.assertEqual(refund.amount_untaxed, 50)
        self.assertEqual(correction.timesheet_invoice_id, refund)
        self.assertEqual(self._get_hours(item, FEBRUARY), 0)
        self._log(january.task_id, 2, "2026-03-10")
        last = self._invoice(item.order_id, "2026-02-01", "2026-03-31")
        self.assertEqual(last.invoice_line_ids.quantity, 2)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (5, 0))

    def test_correction_of_a_period_is_given_back_once(self):
        item, (january,) = self._log_by_month(4)
        self._invoice(item.order_id, *JANUARY)
        self._log(january.task_id, -1, "2026-02-10")
        refund = self._invoice(item.order_id, *FEBRUARY)
        self.assertEqual(refund.move_type, "out_refund")
        with self.assertRaises(UserError):
            self._invoice(item.order_id, *FEBRUARY)
        self.assertEqual(item.qty_invoiced, 3)

    def test_correction_of_another_period_is_deducted_by_its_own(self):
        item, (january,) = self._log_by_month(4)
        self._log(january.task_id, -1, "2026-02-02")
        first = self._invoice(item.order_id, *JANUARY)
        self.assertEqual(first.invoice_line_ids.quantity, 4)
        self._log(january.task_id, 10, "2026-02-10")
        second = self._invoice(item.order_id, *FEBRUARY)
        self.assertEqual(second.invoice_line_ids.quantity, 9)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (13, 0))

    def test_correction_of_another_period_in_any_order_of_the_periods(self):
        for periods in ((FEBRUARY, MARCH), (MARCH, FEBRUARY)):
            with self.subTest(periods=periods):
                item, (january,) = self._log_by_month(4)
                self._invoice(item.order_id)
                self._log(january.task_id, -1, "2026-02-10")
                self._log(january.task_id, 2, "2026-03-10")
                hours = {FEBRUARY: -1, MARCH: 2}
                for period in periods:
                    self.assertEqual(self._get_hours(item, period), hours[period])
                    self._invoice(item.order_id, *period)
                self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (5, 0))

    def test_correction_of_another_period_explains_a_credit_by_hand(self):
        for late, hours in ((0, 0), (2, 2)):
            with self.subTest(late=late):
                item, (january,) = self._log_by_month(4)
                invoice = self._invoice(item.order_id, *JANUARY)
                self._log(january.task_id, -1, "2026-02-10")
                self._credit(invoice, hours=1)
                if late:
                    self._log(january.task_id, late, "2026-01-20")
                self.assertEqual(self._get_hours(item, JANUARY), hours)

    def test_correction_of_another_period_gives_nothing_billed_ahead(self):
        item, (january,) = self._log_by_month(4)
        invoice = self._invoice(item.order_id, post=False)
        invoice.invoice_line_ids.quantity = 6
        invoice.action_post()
        self._log(january.task_id, 4, "2026-02-10")
        self._log(january.task_id, -1, "2026-03-10")
        # four less the two billed ahead
        self.assertEqual(self._get_hours(item, FEBRUARY), 2)
        self._invoice(item.order_id, *FEBRUARY)
        self.assertEqual(self._get_hours(item, MARCH), -1)
        self._invoice(item.order_id, *MARCH)
        self.assertEqual((item.qty_invoiced, item.qty_to_invoice), (7, 0))

    def test_refund_of_corrections_credits_no_other_time(self):
        item, (january,) = self._log_by_month(4)
        invoice = self._invoice(item.order_id)
        correction = self._log(january.task_id, -4, "2026-02-10")
        refund = self._invoice(item.order_id, post=False)
        # as localisations do that want the origin of each refund
        refund.reversed_entry_id = invoice
        refund.action_post()
        self.assertEqual(self._is_free(january | correction), [False, False])

    def test_removed_line_or_cancelled_refund_frees_its_correction(self):
        for remove in (
            lambda refund: refund.invoice_line_ids.unlink(),
            lambda refund: refund.button_cancel(),
            lambda refund: refund.unlink(),
        ):
            with self.subTest(remove=remove):
                item, (january,) = self._log_by_month(4)
                self._invoice(item.order_id)
                correction = self._log(january.task_id, -1, "2026-02-10")
                refund = self._invoice(item.order_id, post=False)
                self.assertEqual(self._is_free(correction), [False])
                remove(refund)
                self.assertEqual(self._is_free(correction), [True])
                self.assertEqual(item.qty_to_invoice, -1)
