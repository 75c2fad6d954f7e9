from collections import defaultdict

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo.tests import freeze_time, tagged

from .common import PrepaidCommon

DAYS = ["2026-01-05", "2026-01-31", "2026-02-10", "2026-03-03", "2026-03-31"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("log", "log", "log", "log"),
                *("correct", "redate", "delete", "move", "by_hand", "free"),
                *("buy", "lower", "raise_", "end", "adjust", "close", "reopen"),
                *("redraw", "reassign", "change_item", "cancel_order"),
                *("invoice", "credit"),
            ]
        ),
        st.integers(0, 11),
        st.sampled_from([0.25, 0.5, 1.75, 6, 10 / 3]),
        st.sampled_from(DAYS),
    ),
    min_size=6,
    max_size=20,
)


@tagged("post_install", "-at_install")
class TestAccount(PrepaidCommon):
    """C5 and SPEC's sums hold, whatever is done in whatever order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocks = (
            cls._sell_block(2, "2026-01-01", "2026-03-31", hours_overrun="bill")
            | cls._sell_block(1.5, "2026-02-01", "2026-12-31", hours_overrun="bill")
            | cls._sell_block(
                6,
                "2026-01-01",
                "2026-03-31",
                hours_period="month",
                hours_carry_over="capped",
                hours_carry_over_cap=1,
                hours_overrun="negative",
            )
        )
        cls.post_paid = cls._sell(cls.post_paid_product, 0, price_unit=50)
        cls.tickets = cls._create_ticket() | cls._create_ticket()

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=STEPS)
    @freeze_time("2026-03-20 12:00:00")
    def test_C5_the_account_adds_up(self, steps):
        with self.cr.savepoint() as savepoint:
            self.items = self.blocks
            for step, position, hours, day in steps:
                self._do(step, position, hours, day)
                self._check()
            savepoint.rollback()
        self.env.invalidate_all()

    def _do(self, step, *arguments):
        """A refusal must change nothing."""
        before = self._picture()
        done = super()._do(step, *arguments)
        if not done:
            self.assertEqual(self._picture(), before)
        return done

    def _picture(self):
        return [
            (entry.id, entry.so_line.id, entry.unit_amount, entry.coverage)
            for entry in self.entries
        ]

    @property
    def entries(self):
        return self.env["account.analytic.line"].search(
            [("ticket_id", "in", self.tickets.ids)], order="id"
        )

    def _step_log(self, position, hours, day):
        self._log(self._pick(self.tickets, position), hours, date=day)

    def _step_correct(self, position, hours, _day):
        entry = self._pick(self.entries, position)
        if entry:
            expected = sum(self.entries.mapped("unit_amount")) - entry.unit_amount
            entry.unit_amount = hours
            # what was typed, be it in parts
            self.assertAlmostEqual(
                sum(self.entries.mapped("unit_amount")), expected + hours, 4
            )

    def _step_redate(self, position, _hours, day):
        self._pick(self.entries, position).date = day

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

    def _step_buy(self, position, hours, day):
        self.items |= self._sell_block(
            hours, day, hours_overrun=["bill", "refuse", "negative"][position % 3]
        )

    def _step_lower(self, position, hours, _day):
        self._pick(self.items, position).product_uom_qty = hours

    def _step_raise_(self, position, hours, _day):
        self._pick(self.items, position).product_uom_qty += hours

    def _step_end(self, position, _hours, day):
        self._pick(self.items, position).hours_date_end = day

    def _step_adjust(self, position, hours, _day):
        periods = self.items.hours_period_ids
        self._pick(periods, position)._adjust(hours - 1.5, "Because")

    def _step_close(self, position, _hours, _day):
        self._pick(self.items.hours_period_ids, position)._close()

    def _step_reopen(self, position, _hours, _day):
        period = self._pick(self.items.hours_period_ids, position)
        if period.closed:
            period._reopen("Because")

    def _step_redraw(self, _position, _hours, _day):
        action = self.contact.action_redraw_prepaid_hours()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({}).action_confirm()
        _entries, again = wizard.create({})._get_plan()
        # twice is once
        self.assertFalse(again.writes)

    def _step_reassign(self, position, _hours, _day):
        self._pick(self.tickets, position).action_reassign_timesheets()

    def _step_change_item(self, position, _hours, _day):
        self._pick(self.tickets, position).sale_line_id = self._pick(
            self.items, position // 2
        )

    def _step_cancel_order(self, position, _hours, _day):
        item = self._pick(self.items, position)
        item.order_id._action_cancel()
        self.items -= item

    def _step_invoice(self, _position, _hours, _day):
        self._invoice(self.post_paid.order_id)

    def _step_credit(self, _position, _hours, _day):
        invoices = self.post_paid.order_id.invoice_ids.filtered(
            lambda move: move.state == "posted" and not move.reversal_move_ids
        )
        if invoices:
            wizard = self._reverse(invoices[:1])
            wizard.reverse_moves()
            wizard.new_move_ids.action_post()

    def _check(self):
        self._check_account(self.items)
        spent = defaultdict(float)
        for entry in self.entries:
            spent[entry.so_line] += entry.unit_amount
            if entry.so_line in self.items and entry.hours_period_id:
                self.assertEqual(entry.hours_period_id.line_id, entry.so_line)
        for item in self.items | self.post_paid:
            self.assertAlmostEqual(item.qty_delivered, spent[item], 2)
        for ticket in self.tickets:
            self.assertAlmostEqual(
                ticket.total_hours, sum(ticket.timesheet_ids.mapped("unit_amount")), 4
            )
