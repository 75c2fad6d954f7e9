from collections import defaultdict

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill.tests import test_books

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "log",
                "log",
                "log",
                "log_kind",
                "approve",
                "approve",
                "approve_all",
                "reject",
                "hold",
                "release",
                "set_hours",
                "reset",
                "no_charge",
                "write_off",
                "charge",
                "split",
                "correct",
                "delete",
                "move",
                "by_hand",
                "free",
                "reassign",
                "invoice",
                "invoice",
                "invoice_period",
                "credit",
                "credit_hours",
                "withdraw",
                "correct_invoice",
                "cancel",
                "post_again",
            ]
        ),
        st.integers(0, 11),
        st.sampled_from([0.25, 0.5, 1, 1.75, 6]),
        st.sampled_from(test_books.DAYS),
    ),
    min_size=5,
    max_size=18,
)


# what is rare by chance, each step after those that it needs
RARE = [
    ["approve_all", "invoice", "cancel", "post_again"],
    ["approve_all", "invoice", "credit", "withdraw"],
    ["approve_all", "invoice", "correct_invoice"],
    ["hold", "release"],
    ["no_charge", "charge"],
    ["change_item", "reassign"],
]


@tagged("post_install", "-at_install")
class TestReviewBooks(test_books.TestBooks):
    """BP4: no hour twice and none lost, with terms, approval and edits between."""

    # its books without review are kept by its own addon
    test_B2_no_hour_twice_and_none_lost = None  # noqa: N815

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.review_time = True
        cls.items[2].write({"billing_step": 0.5, "billing_minimum": 1})
        # enough to start with that a few steps meet the same entry
        for ticket in cls.tickets[:3]:
            (cls._log(ticket, 1) | cls._log(ticket, 2)).action_approve()
        account = cls.tickets[0].project_id.account_id
        cls.other_account = account.copy({"name": "Other", "company_id": False})
        cls.kind = cls.env["project.time.type"].create({"name": "Travel", "factor": 2})
        cls.goodwill, cls.written_off = (
            cls.env.ref(f"helpdesk_track_bill_review.no_charge_reason_{name}")
            for name in ("goodwill", "written_off")
        )

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=STEPS)
    def test_BP4_no_hour_twice_and_none_lost(self, steps):
        with self.cr.savepoint() as savepoint:
            self.is_exact = True
            for step, position, hours, day in steps:
                self._do(step, position, hours, day)
                self._check_books()
            savepoint.rollback()
        self.env.invalidate_all()

    def test_BP4_what_is_rare_by_chance_keeps_the_books_too(self):
        for kinds in RARE:
            with self.subTest(kinds=kinds), self.cr.savepoint() as savepoint:
                self.accepted.clear()
                self.is_exact = True
                for kind in kinds:
                    self._do(kind, 0, 1, test_books.DAYS[0])
                    self._check_books()
                # what changes nothing is not played
                self.assertEqual(self.accepted, set(kinds))
                savepoint.rollback()
            self.env.invalidate_all()

    def _read_state(self):
        names = ["invoice_from", "no_charge_reason_id", "review_state"]
        return [*super()._read_state(), self.entries.read(names, load=None)]

    # --- the steps ----------------------------------------------------
    def _step_log_kind(self, position, hours, day):
        self._log(
            self._pick(self.tickets, position),
            hours,
            date=day,
            time_type_id=self.kind.id,
        )

    def _step_approve(self, position, _hours, _day):
        self._pick(self.entries, position).action_approve()

    def _step_approve_all(self, _position, _hours, _day):
        self.entries.filtered(lambda entry: entry._is_not_billed()).action_approve()

    def _step_reject(self, position, _hours, _day):
        self._pick(self.entries, position).review_state = "rejected"

    def _step_hold(self, position, _hours, _day):
        self._pick(self.entries, position).invoice_from = "2100-01-01"

    def _step_release(self, position, _hours, _day):
        self._pick(self.entries, position).invoice_from = False

    def _step_set_hours(self, position, hours, _day):
        self._pick(self.entries, position).unit_amount_rounded = hours

    def _step_reset(self, position, _hours, _day):
        self._pick(self.entries, position).action_reset_hours()

    def _step_no_charge(self, position, _hours, _day):
        self._pick(self.entries, position).no_charge_reason_id = self.goodwill

    def _step_write_off(self, position, _hours, _day):
        self._pick(self.entries, position).no_charge_reason_id = self.written_off

    def _step_charge(self, position, _hours, _day):
        self._pick(self.entries, position).no_charge_reason_id = False

    def _step_split(self, position, _hours, _day):
        """By analytic accounts: what is billed in sum stays."""
        entry = self._pick(self.entries, position)
        billed = sum(self.entries.mapped("unit_amount_rounded"))
        entry.analytic_distribution = {
            str(entry.account_id.id): 25,
            str(self.other_account.id): 75,
        }
        self.assertAlmostEqual(
            sum(self.entries.mapped("unit_amount_rounded")), billed, 5
        )

    # --- the books ----------------------------------------------------
    def _read_billed(self, entry):
        """Time that is rejected leaves its invoices, too."""
        return [*super()._read_billed(entry), entry.review_state == "rejected"]

    def _check_books(self):
        self.env.flush_all()
        self.env.invalidate_all()
        hours, invoiced, withheld = (defaultdict(float) for _number in range(3))
        for entry in self.entries:
            billed = entry.unit_amount_rounded
            hours[entry.so_line] += billed
            if not entry._is_not_billed():
                invoiced[entry.so_line] += billed
            elif entry.invoice_from or entry.review_state not in (False, "approved"):
                withheld[entry.so_line] += billed
        for ticket in self.tickets:
            entries = ticket.timesheet_ids
            self.assertAlmostEqual(
                ticket.total_hours, sum(entries.mapped("unit_amount"))
            )
            self.assertAlmostEqual(
                ticket.billed_hours, sum(entries.mapped("unit_amount_rounded"))
            )
        for item in self.prepaid:
            self.assertAlmostEqual(
                item.remaining_hours, item.product_uom_qty - hours[item]
            )
        for item in self.items:
            self.assertAlmostEqual(item.qty_delivered, hours[item])
        for item in self.post_paid:
            left = item.qty_delivered - item.qty_invoiced
            self.assertAlmostEqual(
                item.qty_to_invoice, max(left - withheld[item], min(left, 0))
            )
            self.assertAlmostEqual(
                item.qty_to_invoice, item._get_hours_to_invoice()[item]
            )
            self._check_invoices(item)
            if self.is_exact:
                self.assertAlmostEqual(item.qty_invoiced, invoiced[item])
        for entry in self.entries:
            self._check_invoice_of_entry(entry)
