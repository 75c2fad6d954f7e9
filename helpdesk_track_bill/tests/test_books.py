import os
from collections import defaultdict

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from odoo import fields
from odoo.tests import tagged

from .common import TrackBillCommon

# see docs/development.md
EXAMPLES = int(os.environ.get("BOOKS_EXAMPLES", "300"))
PRICE = 50
DAYS = ["2026-01-10", "2026-02-10", "2026-03-10"]

# What is done; logging more often than the rest.
WHAT = [
    "log",
    "log",
    "log",
    "correct",
    "correct_down",
    "delete",
    "move",
    "move_to_company",
    "merge",
    "change_team",
    "change_company",
    "change_customer",
    "change_employer",
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
    "reverse_credit",
    "withdraw",
    "correct_invoice",
    "correct_all",
    "cancel",
    "post_again",
    "cancel_order",
    "open_order_again",
]
KINDS = set(WHAT)
# A step: what is done, which record it is done to (by position), hours, a day.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(WHAT),
        st.integers(0, 11),
        st.sampled_from([0.25, 0.5, 1, 1.75, 6]),
        st.sampled_from(DAYS),
    ),
    min_size=4,
    max_size=14,
)

# what is rare by chance, each step after those that it needs
RARE = [
    # the time of a cancelled invoice on another one
    ["log", "invoice", "cancel", "invoice", "post_again"],
    ["log", "invoice", "credit", "withdraw", "post_again"],
    ["log", "invoice", "credit", "reverse_credit"],
    ["log", "invoice", "credit_line"],
    ["log", "invoice", "correct_all"],
    ["log", "invoice_period"],
    ["log", "change_item", "reassign"],
    ["cancel_order", "open_order_again"],
]


def with_rare_sequences(play):
    for kinds in RARE:
        play = example(steps=[(kind, 0, 1, DAYS[0]) for kind in kinds])(play)
    return play


@tagged("post_install", "-at_install")
class TestBooks(TrackBillCommon):
    """B2: no hour twice and none lost, whatever is done in whatever order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_company()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.second, install_demo=False
        )
        cls.employees = {
            cls.company: cls.employee,
            cls.second: cls._create_employee(cls.agent, company_id=cls.second.id),
        }
        cls.teams = cls.team | cls.env["helpdesk.ticket.team"].create(
            [
                {"name": "Second Line", "allow_billable": True},
                {"name": "Own Matters", "allow_timesheet": True},
                {
                    "name": "Support of the Second",
                    "allow_billable": True,
                    "company_id": cls.second.id,
                },
            ]
        )
        cls.prepaid = cls._sell_hours(10)
        cls.prepaid |= cls._sell_hours(10, partner=cls.other_customer)
        post_paid = cls._sell(cls.post_paid_product, 0, price_unit=PRICE)
        # two on one order, so that an invoice has two lines
        line = post_paid.copy_data()[0]
        post_paid.order_id.order_line = [fields.Command.create(line)]
        orders = (
            cls._sell(cls.post_paid_product, 0, price_unit=PRICE).order_id
            | post_paid.order_id
            | cls._sell(
                cls.post_paid_product, 0, partner=cls.other_customer, price_unit=PRICE
            ).order_id
            | cls._sell_in_second_company()
        )
        cls.post_paid = orders.order_line
        cls.items = cls.prepaid | cls.post_paid
        cls.tickets = cls.env["helpdesk.ticket"]
        for item in cls.post_paid:
            cls.tickets |= cls._create_ticket(
                sale_line_id=item.id,
                partner_id=(
                    cls.contact
                    if item.order_partner_id == cls.customer
                    else item.order_partner_id
                ).id,
                company_id=item.company_id.id,
                team_id=cls.teams.filtered(
                    lambda team, item=item: team.company_id == item.company_id
                )[:1].id,
            )
        cls.tickets |= cls._create_ticket(sale_line_id=False)
        # there is something to invoice from the first step on
        for ticket in cls.tickets:
            cls._log(ticket, 1, date=DAYS[0])

    @classmethod
    def _sell_in_second_company(cls):
        order = (
            cls.env["sale.order"]
            .with_company(cls.second)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.second.id,
                    "order_line": [
                        fields.Command.create(
                            {
                                "product_id": cls.post_paid_product.id,
                                "product_uom_qty": 0,
                                "price_unit": PRICE,
                                "tax_ids": [fields.Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        order.action_confirm()
        return order.with_env(cls.env)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=STEPS)
    @with_rare_sequences
    def _play(self, steps):
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

    def test_B2_no_hour_twice_and_none_lost(self):
        self._play()
        # what is refused every time is not played
        self.assertEqual(self.accepted, KINDS)

    def setUp(self):
        super().setUp()
        # kinds of steps that changed something at least once
        self.accepted = set()
        # what each invoice billed when it last stood, and those of which that changed
        self.billed = {}
        self.changed = set()

    def _do(self, step, *arguments):
        before = None if step in self.accepted else self._read_state()
        done = super()._do(step, *arguments)
        if before and done and self._read_state() != before:
            self.accepted.add(step)
        self.env.flush_all()
        for move in self.moves:
            if move.state != "cancel":
                self.billed[move] = {
                    entry: self._read_billed(entry) for entry in move.timesheet_ids
                }
                self.changed.discard(move)
            elif any(
                not entry.exists()
                or (entry._is_not_billed() and self._read_billed(entry) != before)
                for entry, before in self.billed.get(move, {}).items()
            ):
                self.changed.add(move)
        return done

    def _read_state(self):
        """What steps change, to tell those that found nothing to do."""
        return [
            records.read(names, load=None)
            for records, names in (
                (self.entries, ["date", "so_line", "ticket_id", "unit_amount"]),
                (self.tickets, ["company_id", "partner_id", "sale_line_id", "team_id"]),
                (self.moves, ["state", "amount_untaxed"]),
                (self.items.order_id, ["state"]),
                (self.contact, ["parent_id"]),
            )
        ]

    def _read_billed(self, entry):
        return [entry[name] for name in sorted(entry._get_fields_of_invoice())]

    # --- the steps ----------------------------------------------------
    @property
    def entries(self):
        return self.tickets.timesheet_ids.sorted("id")

    @property
    def moves(self):
        return self.post_paid.order_id.invoice_ids.sorted("id")

    @property
    def standing(self):
        """Posted invoices of which something is left to credit."""
        return self.moves.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and not move.reversed_entry_id
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
            self._get_left(note_line)
            for note_line in notes.invoice_line_ids
            if note_line.sale_line_ids == line.sale_line_ids
        )

    def _invoice_items(self, position, *period):
        """Invoice an order: never beyond what is left, in either direction.

        Negative time of other days than the period's is left to the invoice of those.
        """
        order = self._pick(self.post_paid, position).order_id
        before = {
            line: line.qty_delivered - line.qty_invoiced for line in order.order_line
        }
        free = [entry for entry in self.entries if entry._is_not_billed()]
        others = defaultdict(lambda: [0, 0])
        for entry in free if period else ():
            if not period[0] <= entry.date <= period[1]:
                others[entry.so_line][entry.unit_amount > 0] += entry.unit_amount
        self._invoice(order, *period)
        for line, left in before.items():
            after = line.qty_delivered - line.qty_invoiced
            below, above = others[line]
            self.assertGreaterEqual(after, min(left, below, 0) - 1e-9)
            self.assertLessEqual(after, max(left, above, 0) + 1e-9)

    def _step_log(self, position, hours, day):
        self._log(self._pick(self.tickets, position), hours, date=day)

    @classmethod
    def _log(cls, ticket, hours, **values):
        employee = cls.employees[ticket.company_id]
        return super()._log(ticket, hours, employee_id=employee.id, **values)

    def _step_correct(self, position, hours, day):
        self._pick(self.entries, position).write({"unit_amount": hours, "date": day})

    def _step_correct_down(self, position, _hours, day):
        """Less than was logged, on another day."""
        if self.entries:
            ticket = self._pick(self.entries, position).ticket_id
            self._log(ticket, -0.25, date=day)

    def _step_delete(self, position, _hours, _day):
        self._pick(self.entries, position).unlink()

    def _step_move(self, position, _hours, _day):
        self._move(
            self._pick(self.entries, position), self._pick(self.tickets, position + 1)
        )

    def _step_move_to_company(self, position, _hours, _day):
        entry = self._pick(self.entries, position)
        tickets = self.tickets.filtered(
            lambda ticket: ticket.company_id != entry.company_id
        )
        self._move(entry, self._pick(tickets, position))

    def _move(self, entry, ticket):
        """An employee works for one company: that of the ticket gets its own."""
        employee = self.employees[ticket.company_id]
        entry.write({"ticket_id": ticket.id, "employee_id": employee.id})

    def _step_merge(self, position, _hours, _day):
        """What merging tickets does to their time."""
        survivor = self._pick(self.tickets, position)
        merged = self._pick(self.tickets - survivor, position // 2)
        time = merged.sudo().timesheet_ids
        billed = {entry: entry.so_line for entry in time if not entry._is_not_billed()}
        time._as_merged()._move_to_ticket(survivor.sudo(), keep_item=True)
        self.assertFalse(merged.timesheet_ids)
        for entry, item in billed.items():
            self.assertEqual(entry.so_line, item)

    def _step_change_team(self, position, _hours, _day):
        self._pick(self.tickets, position).team_id = self._pick(
            self.teams, position // 2
        )

    def _step_change_company(self, position, _hours, _day):
        team = self._pick(self.teams, position)
        self._pick(self.tickets, position // 2).write(
            {"company_id": team.company_id.id, "team_id": team.id}
        )

    def _step_change_customer(self, position, _hours, _day):
        customers = [
            self.contact,
            self.customer,
            self.other_customer,
            self.env["res.partner"],
        ]
        self._pick(self.tickets, position).partner_id = self._pick(
            customers, position // 2
        )

    def _step_change_employer(self, position, _hours, _day):
        """The hierarchy of contacts moves nothing (K3b)."""

        def get_items():
            return [
                (record.id, *record.mapped(name).ids)
                for records, name in (
                    (self.tickets, "sale_line_id"),
                    (self.entries, "so_line"),
                )
                for record in records
            ]

        before = get_items()
        employers = [self.customer, self.other_customer, self.env["res.partner"]]
        self.contact.parent_id = self._pick(employers, position)
        self.env.flush_all()
        self.assertEqual(get_items(), before)

    def _step_cancel_order(self, position, _hours, _day):
        """Open tickets leave it (K3c)."""
        order = self._pick(self.items.order_id, position)
        order.action_cancel()
        self.assertNotIn(order, self.tickets.sale_order_id)

    def _step_open_order_again(self, position, _hours, _day):
        orders = self.items.order_id.filtered(lambda order: order.state == "cancel")
        if orders:
            order = self._pick(orders, position)
            order.action_draft()
            order.action_confirm()

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
        item = self._pick(self.post_paid, position)
        tickets = self.tickets.filtered(
            lambda ticket: not item._get_refusal(ticket, with_hours=False)
        )
        if not tickets:
            return
        ticket = self._pick(tickets, position)
        self._log(ticket, hours, date=day, so_line=item.id)
        if not item.qty_to_invoice:
            return
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
        order = self._pick(self.post_paid, position).order_id
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

    def _step_reverse_credit(self, position, _hours, _day):
        """A credit note that is reversed itself, as what it credits is owed again."""
        notes = self.moves.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.state == "posted"
                and not move.reversal_move_ids
            )
        )
        if notes:
            wizard = self._reverse(self._pick(notes, position))
            wizard.reverse_moves()
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
            # refused where another invoice bills its time
            if move.move_type == "out_refund" or move in self.changed:
                self.is_exact = False

    def _step_correct_invoice(self, position, _hours, _day):
        if self.invoices:
            wizard = self._reverse(self._pick(self.invoices, position))
            wizard.modify_moves()
            wizard.new_move_ids.action_post()

    def _step_correct_all(self, _position, _hours, _day):
        """Several invoices replaced at once."""
        if self.invoices:
            # core's wizard takes those of one company
            invoices = self.invoices.grouped("company_id")[self.invoices[0].company_id]
            claimed = {
                invoice.timesheet_ids: invoice.invoice_line_ids.sale_line_ids
                for invoice in invoices
            }
            wizard = self._reverse(invoices)
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
        for item in self.prepaid:
            self.assertAlmostEqual(item.remaining_hours, 10 - hours[item])
        for item in self.items:
            self.assertAlmostEqual(item.qty_delivered, hours[item])
        for item in self.post_paid:
            # a cancelled order has nothing to invoice
            to_invoice = item.qty_delivered - item.qty_invoiced
            self.assertAlmostEqual(
                item.qty_to_invoice, item.state == "sale" and to_invoice
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
        def add_up(move):
            lines = move.invoice_line_ids.filtered(
                lambda line: line.sale_line_ids == item
            )
            return sum(lines.mapped("quantity"))

        def get_credit(move):
            """What is credited of a move, less what was billed again of that."""
            return sum(add_up(note) - get_credit(note) for note in get_notes(move))

        def get_notes(move):
            return move.reversal_move_ids.filtered(
                lambda note: (
                    note.state == "posted"
                    and item in note.invoice_line_ids.sale_line_ids
                )
            )

        sign = -1 if add_up(invoice) < 0 else 1
        return (
            bool(get_notes(invoice))
            and sign * get_credit(invoice) >= sign * add_up(invoice) - 1e-9
        )
