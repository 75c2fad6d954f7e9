from collections import defaultdict

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TrackBillCommon

PRICE = 50
DAYS = ["2026-01-10", "2026-02-10", "2026-03-10"]

# A step: what is done, which record it is done to (by position), hours, a day.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "log",
                "log",
                "log",
                "correct",
                "delete",
                "move",
                "by_hand",
                "free",
                "reassign",
                "change_item",
                "clear_item",
                "invoice",
                "invoice_period",
                "invoice_pending",
                "invoice_by_hand",
                "credit",
                "credit_hours",
                "credit_line",
                "withdraw",
                "correct_invoice",
                "correct_all",
                "cancel",
                "post_again",
            ]
        ),
        st.integers(0, 11),
        st.sampled_from([0.25, 0.5, 1, 1.75, 6]),
        st.sampled_from(DAYS),
    ),
    min_size=4,
    max_size=14,
)


@tagged("post_install", "-at_install")
class TestBooks(TrackBillCommon):
    """B2: no hour twice and none lost, whatever is done in whatever order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = (
            cls._sell_hours(10)
            | cls._sell(cls.post_paid_product, 0, price_unit=PRICE)
            | cls._sell(cls.post_paid_product, 0, price_unit=PRICE)
        )
        # two on one order, so that an invoice has two lines
        line = cls.items[1].copy_data()[0]
        cls.items[1].order_id.order_line = [fields.Command.create(line)]
        cls.items |= cls.items[1].order_id.order_line
        cls.tickets = cls.env["helpdesk.ticket"]
        for item in cls.items[1:]:
            cls.tickets |= cls._create_ticket(sale_line_id=item.id)
        cls.tickets |= cls._create_ticket(sale_line_id=False)

    @settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=STEPS)
    def test_B2_no_hour_twice_and_none_lost(self, steps):
        with self.cr.savepoint() as savepoint:
            # Whether what is invoiced is the sum of the invoiced entries. Hours
            # credited in part, quantities changed by hand, and time that changed while
            # its invoice or credit note was withdrawn are on invoices without an entry
            # that says so, or the other way round: then only the invoices themselves
            # agree with the order, and the next invoice makes up for the difference.
            self.is_exact = True
            for step, position, hours, day in steps:
                self._do(step, position, hours, day)
                self._check_books()
            savepoint.rollback()
        self.env.invalidate_all()

    # --- the steps ----------------------------------------------------
    def _do(self, step, position, hours, day):
        """Do a step where it makes sense; a refusal must change nothing."""
        try:
            with self.cr.savepoint():
                getattr(self, f"_step_{step}")(position, hours, day)
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()

    def _pick(self, records, position):
        return records[position % len(records)] if records else records

    @property
    def entries(self):
        return self.tickets.timesheet_ids.sorted("id")

    @property
    def moves(self):
        return self.items[1:].order_id.invoice_ids.sorted("id")

    @property
    def standing(self):
        """Posted invoices of which something is left to credit."""
        return self.moves.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and any(self._get_left(line) > 0 for line in move.invoice_line_ids)
            )
        )

    @property
    def invoices(self):
        """Posted invoices that were never credited."""
        return self.standing.filtered(lambda move: not move.reversal_move_ids)

    def _get_left(self, line):
        """Hours of an invoice line that no credit note credits, not in draft either."""
        notes = line.move_id.reversal_move_ids.filtered(
            lambda note: note.state != "cancel"
        )
        return line.quantity - sum(
            note_line.quantity
            for note_line in notes.invoice_line_ids
            if note_line.sale_line_ids == line.sale_line_ids
        )

    def _invoice_items(self, position, *period):
        """Invoice an order: never beyond what is left, in either direction."""
        order = self._pick(self.items[1:], position).order_id
        before = {
            line: line.qty_delivered - line.qty_invoiced for line in order.order_line
        }
        self._invoice(order, *period)
        for line, left in before.items():
            after = line.qty_delivered - line.qty_invoiced
            self.assertGreaterEqual(after, min(left, 0) - 1e-9)
            self.assertLessEqual(after, max(left, 0) + 1e-9)

    def _step_log(self, position, hours, day):
        self._log(self._pick(self.tickets, position), hours, date=day)

    def _step_correct(self, position, hours, day):
        self._pick(self.entries, position).write({"unit_amount": hours, "date": day})

    def _step_delete(self, position, _hours, _day):
        self._pick(self.entries, position).unlink()

    def _step_move(self, position, _hours, _day):
        self._pick(self.entries, position).ticket_id = self._pick(
            self.tickets, position + 1
        )

    def _step_by_hand(self, position, _hours, _day):
        self._pick(self.entries, position).so_line = self._pick(self.items, position)

    def _step_free(self, position, _hours, _day):
        self._pick(self.entries, position).so_line = False

    def _step_reassign(self, position, _hours, _day):
        self._pick(self.tickets, position).action_reassign_timesheets()

    def _step_change_item(self, position, _hours, _day):
        self._pick(self.tickets, position).sale_line_id = self._pick(
            self.items, position // 2
        )

    def _step_clear_item(self, position, _hours, _day):
        self._pick(self.tickets, position).sale_line_id = False

    def _step_invoice(self, position, _hours, _day):
        self._invoice_items(position)

    def _step_invoice_period(self, position, _hours, day):
        start = fields.Date.to_date(day).replace(day=1)
        self._invoice_items(position, start, start.replace(day=28))

    def _step_invoice_pending(self, position, hours, day):
        """An invoice while the totals of an entry wait to be settled."""
        item = self._pick(self.items[1:], position)
        ticket = self._pick(self.tickets, position)
        self._log(ticket, hours, date=day, so_line=item.id)
        if "timesheet.settlement" in self.env:
            names = {"invoice_status", "qty_delivered", "qty_to_invoice"}
            self.env.flush_all()
            self.cr.execute(
                """
                UPDATE sale_order_line
                   SET qty_delivered = qty_delivered - %s,
                       qty_to_invoice = qty_to_invoice - %s
                 WHERE id = %s
                """,
                [hours, hours, item.id],
            )
            self.env.invalidate_all()
            self.env["timesheet.settlement"].create(
                {"res_model": item._name, "res_id": item.id, "totals": ",".join(names)}
            )
        self._invoice(item.order_id)
        self.assertIn(ticket.timesheet_ids.sorted("id")[-1], self.moves.timesheet_ids)

    def _step_invoice_by_hand(self, position, hours, _day):
        """The quantity of a draft invoice raised or lowered before it is posted."""
        order = self._pick(self.items[1:], position).order_id
        invoice = self._invoice(order, post=False)
        line = self._pick(invoice.invoice_line_ids, position)
        line.quantity = max(line.quantity + (hours if position % 2 else -hours), 0)
        self.is_exact = False
        invoice.action_post()

    def _step_credit(self, position, _hours, _day):
        if self.invoices:
            wizard = self._reverse(self._pick(self.invoices, position))
            wizard.reverse_moves()
            wizard.new_move_ids.action_post()

    def _step_credit_hours(self, position, hours, _day):
        """Some hours of each line, in one credit note of several."""
        if self.standing:
            invoice = self._pick(self.standing, position)
            left = {
                line.sale_line_ids: self._get_left(line)
                for line in invoice.invoice_line_ids
            }
            wizard = self._reverse(invoice)
            wizard.reverse_moves()
            for line in wizard.new_move_ids.invoice_line_ids:
                line.quantity = min(hours, left[line.sale_line_ids])
            self.is_exact = False
            wizard.new_move_ids.action_post()

    def _step_credit_line(self, position, _hours, _day):
        """One line of an invoice, in full."""
        if self.invoices:
            wizard = self._reverse(self._pick(self.invoices, position))
            wizard.reverse_moves()
            lines = wizard.new_move_ids.invoice_line_ids
            (lines - self._pick(lines, position)).unlink()
            wizard.new_move_ids.action_post()

    def _step_withdraw(self, position, _hours, _day):
        """A credit note reset to draft, or cancelled."""
        notes = self.moves.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        if notes:
            note = self._pick(notes, position)
            note.button_draft()
            if position % 2:
                note.button_cancel()
            self.is_exact = False

    def _step_post_again(self, position, _hours, _day):
        """A cancelled invoice or credit note, or one in draft."""
        moves = self.moves.filtered(lambda move: move.state != "posted")
        if moves:
            move = self._pick(moves, position)
            if move.state == "cancel":
                move.button_draft()
            move.action_post()
            self.is_exact = False

    def _step_correct_invoice(self, position, _hours, _day):
        if self.invoices:
            wizard = self._reverse(self._pick(self.invoices, position))
            wizard.modify_moves()
            wizard.new_move_ids.action_post()

    def _step_correct_all(self, _position, _hours, _day):
        """Several invoices replaced at once."""
        if self.invoices:
            claimed = {
                invoice.timesheet_ids: invoice.invoice_line_ids.sale_line_ids
                for invoice in self.invoices
            }
            wizard = self._reverse(self.invoices)
            wizard.modify_moves()
            for entries, items in claimed.items():
                replacement = entries.timesheet_invoice_id
                self.assertLessEqual(len(replacement), 1)
                self.assertLessEqual(replacement.invoice_line_ids.sale_line_ids, items)
            wizard.new_move_ids.action_post()

    def _step_cancel(self, position, _hours, _day):
        invoice = self._pick(self.invoices, position)
        invoice.button_draft()
        invoice.button_cancel()

    # --- the books ----------------------------------------------------
    def _check_books(self):
        self.env.flush_all()
        self.env.invalidate_all()
        hours = defaultdict(float)
        invoiced = defaultdict(float)
        for entry in self.entries:
            hours[entry.so_line] += entry.unit_amount
            if not entry._is_not_billed():
                invoiced[entry.so_line] += entry.unit_amount
        for ticket in self.tickets:
            self.assertAlmostEqual(
                ticket.total_hours, sum(ticket.timesheet_ids.mapped("unit_amount"))
            )
        non_billable = hours.pop(self.env["sale.order.line"], 0.0)
        # every hour is on one of the items or non-billable
        self.assertAlmostEqual(
            sum(self.tickets.mapped("total_hours")),
            sum(self.items.mapped("qty_delivered")) + non_billable,
        )
        prepaid = self.items[0]
        self.assertAlmostEqual(prepaid.remaining_hours, 10 - hours[prepaid])
        for item in self.items:
            self.assertAlmostEqual(item.qty_delivered, hours[item])
        for item in self.items[1:]:
            self.assertAlmostEqual(
                item.qty_to_invoice, item.qty_delivered - item.qty_invoiced
            )
            self._check_invoices(item)
            if self.is_exact:
                self.assertAlmostEqual(item.qty_invoiced, invoiced[item])
        for entry in self.entries:
            self._check_invoice_of_entry(entry)

    def _check_invoices(self, item):
        """What invoices bill is what the order says, in hours and in money."""
        sign = {"out_invoice": 1, "out_refund": -1}
        hours = money = 0.0
        for line in item.invoice_lines:
            move = line.move_id
            # a credit note in draft gives nothing back yet; a refund of too much, which
            # has no origin, counts like an invoice
            counts = move.state == "posted" or (
                move.state == "draft" and not move.reversed_entry_id
            )
            if counts:
                hours += sign[move.move_type] * line.quantity
                money += sign[move.move_type] * line.price_subtotal
        self.assertAlmostEqual(item.qty_invoiced, hours)
        self.assertAlmostEqual(money, item.qty_invoiced * PRICE)

    def _check_invoice_of_entry(self, entry):
        """An entry is invoiced exactly as long as its hours are on an invoice that
        stands: not cancelled, and its line not credited in full."""
        invoice = entry.timesheet_invoice_id
        if not entry._is_not_billed():
            self.assertIn(entry.so_line, invoice.invoice_line_ids.sale_line_ids)
            self.assertFalse(self._is_credited_in_full(invoice, entry.so_line))
        for once in entry.credited_invoice_ids:
            self.assertTrue(
                # free as long as the credit notes hold, or on another invoice
                once.state == "cancel"
                or not entry._is_not_billed()
                or self._is_credited_in_full(once, entry.so_line)
            )

    def _is_credited_in_full(self, invoice, item):
        def add_up(moves):
            lines = moves.invoice_line_ids.filtered(
                lambda line: line.sale_line_ids == item
            )
            return sum(lines.mapped("quantity"))

        notes = invoice.reversal_move_ids.filtered(lambda note: note.state == "posted")
        return (
            item in notes.invoice_line_ids.sale_line_ids
            and add_up(notes) >= add_up(invoice) - 1e-9
        )
