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
                "credit",
                "correct_invoice",
                "cancel",
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
        cls.tickets = cls._create_ticket(sale_line_id=cls.items[1].id)
        cls.tickets |= cls._create_ticket(sale_line_id=cls.items[2].id)
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
            self.logged = 0.0
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
    def invoices(self):
        return self.items.order_id.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.invoice_line_ids.sale_line_ids & self.items[1:]
                and not move.reversal_move_ids
            )
        ).sorted("id")

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
        self._invoice(self._pick(self.items[1:], position).order_id)

    def _step_invoice_period(self, position, _hours, day):
        start = fields.Date.to_date(day).replace(day=1)
        end = start.replace(day=28)
        self._invoice(self._pick(self.items[1:], position).order_id, start, end)

    def _step_credit(self, position, _hours, _day):
        if self.invoices:
            wizard = self._reverse(self._pick(self.invoices, position))
            wizard.reverse_moves()
            wizard.new_move_ids.action_post()

    def _step_correct_invoice(self, position, _hours, _day):
        if self.invoices:
            wizard = self._reverse(self._pick(self.invoices, position))
            wizard.modify_moves()
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
            self.assertAlmostEqual(item.qty_invoiced, invoiced[item])
            self.assertAlmostEqual(item.qty_to_invoice, hours[item] - invoiced[item])
            posted = item.invoice_lines.filtered(
                lambda line: line.parent_state == "posted"
            )
            money = sum(
                line.price_subtotal * (1 if line.move_type == "out_invoice" else -1)
                for line in posted
            )
            self.assertAlmostEqual(money, invoiced[item] * PRICE)
