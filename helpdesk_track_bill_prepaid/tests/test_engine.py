import math
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..engine import (
    Account,
    Block,
    Entry,
    Hours,
    Refusal,
    TermsError,
    cut_periods,
    end_of_validity,
    make_ledger,
)

SECOND = 1 / 3600
MINUTE = 1 / 60
# Sums of what the tests add up as floats.
CLOSE = 1e-6
JANUARY = date(2026, 1, 1)
POST_PAID = 900

explore = settings(
    max_examples=300,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def day(month, number, year=2026):
    return date(year, month, number)


def sell(number, hours=10, **terms):
    """A block for the year 2026."""
    terms = {"date_start": day(1, 1), "date_end": day(12, 31), **terms}
    return Block(number, hours, **terms)


def sell_allowance(number, hours=10, months=12, **terms):
    """So many hours a month from January on."""
    end = end_of_validity(day(1, 1), months, "month")
    return sell(number, hours * months, period="month", date_end=end, **terms)


class Store:
    """Entries as a database would keep them, with the account they draw from."""

    def __init__(self, *blocks, adjusted=(), post_paid_item=None):
        self.blocks = {block.id: block for block in blocks}
        self.adjusted = list(adjusted)
        self.post_paid_item = post_paid_item
        self.entries = {}
        self.next_id = 1

    def account(self):
        sums = defaultdict(float)
        for entry in self.entries.values():
            sums[entry.item, entry.date] += entry.hours
        used = [Hours(*key, hours) for key, hours in sums.items()]
        blocks = self.blocks.values()
        return Account(blocks, used, self.adjusted, self.post_paid_item)

    def log(self, hours, on, **values):
        """Draw a new entry and write its parts; the draw."""
        entry = Entry(self.next_id, on, hours, **values)
        draw = self.account().draw(entry)
        for part in draw.parts:
            self.save(replace(entry, id=self.next_id, root=entry.id), part)
            self.next_id += 1
        return draw

    def save(self, entry, part):
        self.entries[entry.id] = replace(
            entry, item=part.item, hours=part.hours, coverage=part.coverage
        )

    def apply(self, plan):
        for change in plan.changes:
            if change.action == "delete":
                del self.entries[change.id]
            elif change.action == "create":
                model = self.entries[change.source]
                entry = replace(model, id=self.next_id, root=change.root)
                self.save(replace(entry, date=change.date), change.after)
                self.next_id += 1
            else:
                entry = replace(self.entries[change.id], date=change.date)
                self.save(entry, change.after)
        return plan

    def redraw(self, *span):
        return self.apply(self.account().redraw(self.entries.values(), *span))

    def edit(self, number, **values):
        return self.apply(self.account().change(self.entries[number], **values))

    def update(self, number, **values):
        self.entries[number] = replace(self.entries[number], **values)

    def periods(self, block, on=date.max):
        return self.account().standing(block, on).periods

    def shortage(self, block):
        """Hours drawn beyond what was there."""
        return sum(max(0, -period.hours_left) for period in self.periods(block))

    def rows(self):
        return [
            (e.id, e.item, round(e.hours, 6), e.coverage)
            for e in sorted(self.entries.values(), key=lambda e: e.id)
        ]


def get_parts(draw):
    return [(part.item, round(part.hours, 6), part.coverage) for part in draw.parts]


@tagged("post_install", "-at_install")
class TestEngineDrawing(BaseCase):
    """D1-D6, D9, D11: where one entry goes, and why."""

    def test_D1_soonest_end_first(self):
        account = Account([sell(1), sell(2, date_end=day(6, 30))])
        self.assertEqual(
            get_parts(account.draw(Entry(1, day(3, 3), 2))), [(2, 2, "prepaid")]
        )

    def test_D1_end_of_the_period_counts(self):
        account = Account([sell(1, date_end=day(2, 15)), sell_allowance(2)])
        self.assertEqual(account.draw(Entry(1, day(1, 9), 2)).parts[0].item, 2)
        self.assertEqual(account.draw(Entry(1, day(2, 9), 2)).parts[0].item, 1)

    def test_D1_open_end_last(self):
        account = Account([sell(1, date_end=None), sell(2)])
        self.assertEqual(account.candidates(day(3, 3)), ((2, 10), (1, 10)))

    def test_D1_then_earliest_start_then_order_date_then_id(self):
        blocks = [
            sell(1, date_start=day(2, 1)),
            sell(5, order_date=day(1, 2)),
            sell(4, order_date=day(1, 2)),
            sell(3, order_date=day(1, 3)),
            sell(2, order_date=None),
            sell(6, date_start=None),
        ]
        order = [block for block, _hours in Account(blocks).candidates(day(3, 3))]
        self.assertEqual(order, [6, 4, 5, 3, 2, 1])

    def test_D1_only_on_days_inside(self):
        account = Account([sell(1, date_start=day(3, 3), date_end=day(3, 5))])
        inside = [bool(account.candidates(day(3, number))) for number in range(2, 7)]
        self.assertEqual(inside, [False, True, True, True, False])

    def test_D1_at_least_18_seconds_left(self):
        for seconds, item in ((17, 2), (18, 1)):
            with self.subTest(seconds=seconds):
                used = [Hours(1, day(1, 1), 10 - seconds * SECOND)]
                account = Account([sell(1), sell(2, date_end=None)], used)
                draw = account.draw(Entry(1, day(3, 3), seconds * SECOND))
                self.assertEqual(get_parts(draw)[0][0], item)

    def test_D1_not_closed(self):
        blocks = [sell_allowance(1, closed={day(1, 31): 10}), sell(2)]
        account = Account(blocks)
        self.assertEqual(account.draw(Entry(1, day(1, 9), 1)).parts[0].item, 2)
        self.assertEqual(account.draw(Entry(1, day(2, 9), 1)).parts[0].item, 1)

    def test_D2_chosen_on_the_ticket_is_drawn_first(self):
        account = Account([sell(1), sell(2, 3, date_end=None), sell(3)])
        entry = Entry(1, day(3, 3), 5, ticket_item=2, ticket_item_by_hand=True)
        draw = account.draw(entry)
        self.assertEqual(get_parts(draw), [(2, 3, "prepaid"), (1, 2, "prepaid")])
        self.assertEqual(draw.parts[0].reason.order, "on_ticket")
        self.assertEqual(draw.parts[1].reason.order, "next_to_expire")

    def test_D2_tickets_own_item_takes_its_place_in_the_order(self):
        account = Account([sell(1), sell(2, date_end=None)])
        draw = account.draw(Entry(1, day(3, 3), 5, ticket_item=2))
        self.assertEqual(get_parts(draw), [(1, 5, "prepaid")])

    def test_D2_set_on_the_entry_is_drawn_alone(self):
        account = Account([sell(1), sell(2, 3)])
        draw = account.draw(Entry(1, day(3, 3), 5, item=2, by_hand=True))
        self.assertEqual(get_parts(draw), [(2, 3, "prepaid"), (2, 2, "overrun")])
        self.assertEqual(draw.parts[0].reason.order, "on_entry")

    def test_D2_post_paid_item_chosen(self):
        account = Account([sell(1)])
        for values in (
            {"item": POST_PAID, "by_hand": True},
            {"ticket_item": POST_PAID, "ticket_item_by_hand": True},
        ):
            with self.subTest(values):
                draw = account.draw(Entry(1, day(3, 3), 5, **values))
                self.assertEqual(get_parts(draw), [(POST_PAID, 5, "post_paid")])
                self.assertEqual(draw.parts[0].reason.code, "chosen")

    def test_D2_no_item_chosen(self):
        draw = Account([sell(1)]).draw(Entry(1, day(3, 3), 5, by_hand=True))
        self.assertEqual(get_parts(draw), [(None, 5, "non_billable")])

    def test_D3_split_over_three(self):
        blocks = [sell(1, 1.5), sell(2, 0.25), sell(3, date_end=None)]
        draw = Account(blocks).draw(Entry(1, day(3, 3), 2.5))
        self.assertEqual(
            get_parts(draw),
            [(1, 1.5, "prepaid"), (2, 0.25, "prepaid"), (3, 0.75, "prepaid")],
        )

    def test_D3_one_part_keeps_the_number_that_was_typed(self):
        for hours in (0.1, 1 / 3, 7.123456789012345):
            draw = Account([sell(1)]).draw(Entry(1, day(3, 3), hours))
            self.assertEqual([part.hours for part in draw.parts], [hours])

    def test_D3_no_part_below_a_minute(self):
        blocks = [sell(1, 40 * SECOND), sell(2, date_end=None)]
        draw = Account(blocks).draw(Entry(1, day(3, 3), 1))
        self.assertEqual(get_parts(draw), [(2, 1, "prepaid")])

    def test_D3_below_a_minute_where_it_is_all_of_the_rest(self):
        blocks = [sell(1, 1), sell(2, date_end=None)]
        draw = Account(blocks).draw(Entry(1, day(3, 3), 1 + 30 * SECOND))
        self.assertEqual(
            get_parts(draw),
            [(1, 1, "prepaid"), (2, round(30 * SECOND, 6), "prepaid")],
        )

    def test_D3_less_than_a_second_is_no_part(self):
        block = sell(1, 0.9999, overrun="refuse")
        draw = Account([block]).draw(Entry(1, day(3, 3), 1))
        self.assertEqual(get_parts(draw), [(1, 1, "prepaid")])

    def test_D4_negative_stays_on_the_last_block_drawn(self):
        blocks = [sell(1, 2, overrun="refuse"), sell(2, 2, date_end=None)]
        draw = Account(blocks, post_paid_item=POST_PAID).draw(Entry(1, day(3, 3), 6))
        self.assertEqual(
            get_parts(draw), [(1, 2, "prepaid"), (2, 2, "prepaid"), (2, 2, "overrun")]
        )

    def test_D4_a_block_that_gives_less_than_a_minute_is_not_the_last_drawn(self):
        small = sell(2, 30 * SECOND, date_end=None, overrun="refuse")
        blocks = [sell(1, 2), small]
        draw = Account(blocks).draw(Entry(1, day(3, 3), 3))
        self.assertEqual(get_parts(draw), [(1, 2, "prepaid"), (1, 1, "overrun")])
        draw = Account([small]).draw(Entry(1, day(3, 3), 3))
        self.assertEqual(get_parts(draw), [(None, 3, "uncovered")])
        self.assertEqual(draw.parts[0].reason.why, "under_a_minute")

    def test_D4_nothing_drawn_policy_of_the_tickets_item(self):
        used = [Hours(1, day(1, 1), 10)]
        account = Account([sell(1)], used)
        draw = account.draw(Entry(1, day(3, 3), 1, ticket_item=1))
        self.assertEqual(get_parts(draw), [(1, 1, "overrun")])
        draw = account.draw(Entry(1, day(3, 3), 1))
        self.assertEqual(get_parts(draw), [(None, 1, "uncovered")])
        self.assertEqual(draw.parts[0].reason.why, "used_up")

    def test_D4_negative_needs_a_period_on_the_date(self):
        draw = Account([sell(1)]).draw(Entry(1, day(1, 9, 2027), 1, ticket_item=1))
        self.assertEqual(get_parts(draw), [(None, 1, "uncovered")])
        self.assertEqual(draw.parts[0].reason.why, "expired")

    def test_D4_bill_on_the_nearest_post_paid_item(self):
        for ticket, order, customer, item in (
            (901, 902, 903, 901),
            (None, 902, 903, 902),
            (None, None, 903, 903),
            (None, None, None, None),
        ):
            with self.subTest(item=item):
                block = sell(1, 2, overrun="bill", post_paid_item=order)
                account = Account([block], post_paid_item=customer)
                draw = account.draw(Entry(1, day(3, 3), 2.5, post_paid_item=ticket))
                coverage = "post_paid" if item else "uncovered"
                self.assertEqual(
                    get_parts(draw), [(1, 2, "prepaid"), (item, 0.5, coverage)]
                )

    def test_D4_refuse_says_what_is_left_and_needed(self):
        blocks = [sell(1, 2, date_end=day(6, 1)), sell(2, 1, overrun="refuse")]
        draw = Account(blocks).draw(Entry(1, day(3, 3), 4))
        self.assertEqual(draw.parts, ())
        self.assertEqual(draw.refusal, Refusal(2, day(3, 3), 4, 3, "used_up"))

    def test_D4_timers_are_never_refused(self):
        account = Account([sell(1, 2, overrun="refuse")], post_paid_item=POST_PAID)
        draw = account.draw(Entry(1, day(3, 3), 3, may_refuse=False))
        self.assertIsNone(draw.refusal)
        self.assertEqual(get_parts(draw), [(1, 2, "prepaid"), (None, 1, "uncovered")])

    def test_D5_dated_back_takes_what_is_left_on_its_date(self):
        store = Store(sell(1, 10, overrun="bill"), post_paid_item=POST_PAID)
        store.log(8, day(6, 1))
        store.log(5, day(2, 1))
        self.assertEqual(
            store.rows(),
            [
                (1, 1, 8, "prepaid"),
                (2, 1, 2, "prepaid"),
                (3, POST_PAID, 3, "post_paid"),
            ],
        )

    def test_D5_dated_back_takes_nothing_that_was_carried_and_used(self):
        block = sell_allowance(1, carry_over="all", overrun="bill")
        store = Store(block, post_paid_item=POST_PAID)
        store.log(4, day(1, 9))
        store.log(15, day(2, 9))
        draw = store.log(6, day(1, 20))
        self.assertEqual(
            get_parts(draw), [(1, 1, "prepaid"), (POST_PAID, 5, "post_paid")]
        )
        self.assertEqual(store.shortage(1), 0)

    def test_D5_dated_back_behind_a_debt_that_was_passed_on(self):
        store = Store(sell_allowance(1, 10, months=3))
        store.log(12, day(1, 9), ticket_item=1)
        store.log(8, day(2, 9))
        draw = store.log(1, day(2, 3), ticket_item=1)
        self.assertEqual(get_parts(draw), [(1, 1, "overrun")])
        store.log(9, day(3, 9))
        self.assertEqual(
            [entry.coverage for entry in store.entries.values()],
            ["prepaid", "overrun", "prepaid", "overrun", "prepaid"],
        )
        self.assertEqual(store.shortage(1), 0)

    def test_D6_more_hours_the_increase_is_new(self):
        store = Store(sell(1, 2), sell(2, date_end=None))
        store.log(1.5, day(3, 3))
        plan = store.edit(1, hours=3)
        self.assertEqual([c.action for c in plan.changes], ["update", "create"])
        self.assertEqual(store.rows(), [(1, 1, 2, "prepaid"), (2, 2, 1, "prepaid")])

    def test_D6_more_hours_elsewhere_leave_the_part_alone(self):
        store = Store(sell(1, 2), sell(2, date_end=None))
        store.log(2, day(3, 3))
        plan = store.edit(1, hours=3)
        self.assertEqual([c.action for c in plan.changes], ["keep", "create"])
        self.assertEqual(store.rows(), [(1, 1, 2, "prepaid"), (2, 2, 1, "prepaid")])

    def test_D6_increase_refused(self):
        store = Store(sell(1, 2, overrun="refuse"))
        store.log(1, day(3, 3))
        plan = store.account().change(store.entries[1], hours=4)
        self.assertEqual(plan.refusal, Refusal(1, day(3, 3), 3, 1, "used_up"))
        self.assertFalse(plan.changes)

    def test_D6_fewer_hours_are_given_back(self):
        store = Store(sell(1, 2))
        store.log(2, day(3, 3))
        store.edit(1, hours=0.5)
        self.assertEqual(store.account().candidates(day(3, 3)), ((1, 1.5),))

    def test_D6_date_in_the_same_period_keeps_the_item(self):
        store = Store(sell(1, 2), sell(2, date_start=day(6, 1), date_end=day(7, 1)))
        store.log(2, day(3, 3))
        plan = store.edit(1, date=day(6, 15))
        self.assertEqual(plan.changes[0].after.item, 1)

    def test_D6_date_outside_the_period_is_decided_anew(self):
        store = Store(sell(1, 2, date_end=day(3, 31)), sell(2, date_end=None))
        store.log(2, day(3, 3))
        store.edit(1, date=day(4, 1))
        self.assertEqual(store.rows(), [(1, 2, 2, "prepaid")])
        self.assertEqual(store.account().candidates(day(3, 3)), ((1, 2), (2, 8)))

    def test_D6_frozen_part_is_refused(self):
        store = Store(sell(1))
        store.log(2, day(3, 3))
        store.update(1, frozen=True)
        plan = store.account().change(store.entries[1], hours=3)
        self.assertEqual((plan.blocked, plan.changes), ((1,), ()))

    def test_D9_reasons_carry_the_figures(self):
        block = sell(1, 2, date_end=day(3, 31), overrun="bill")
        account = Account([block], post_paid_item=POST_PAID)
        drawn, billed = (
            part.reason for part in account.draw(Entry(1, day(3, 3), 2.5)).parts
        )
        self.assertEqual((drawn.code, drawn.order), ("drawn", "first_to_expire"))
        self.assertEqual((drawn.hours, drawn.of), (2, 2.5))
        self.assertEqual((drawn.block, drawn.end), (1, day(3, 31)))
        self.assertEqual((billed.code, billed.why), ("bill", "used_up"))
        self.assertEqual((billed.hours, billed.date), (0.5, day(3, 3)))
        self.assertEqual((billed.item, billed.block), (POST_PAID, 1))

    def test_D9_why_not_names_the_first_condition_that_fails(self):
        blocks = [
            sell(1, 2, date_end=day(3, 31)),
            sell(2, date_start=day(3, 4)),
            sell(3, date_end=day(3, 2)),
            sell(4, usable_limit=0),
            sell(5, date_end=day(3, 30)),
            sell(6, date_end=day(4, 1)),
            sell(7, date_end=None),
            sell(8, date_end=day(3, 20), closed={day(3, 20): None}),
            sell(9, 40 * SECOND, date_end=day(3, 21)),
            sell_allowance(10, 10, months=3, carry_over="all"),
        ]
        used = [
            Hours(5, day(2, 2), 10),
            Hours(10, day(1, 1), 10),
            Hours(10, day(2, 2), 10),
            Hours(10, day(3, 3), 10),
        ]
        account = Account(blocks, used)
        codes = {m.block: m.code for m in account.why_not(Entry(1, day(3, 3), 5))}
        self.assertEqual(
            codes,
            {
                1: "drawn",
                2: "upcoming",
                3: "expired",
                4: "unpaid",
                5: "used_up",
                6: "drawn",
                7: "not_needed",
                8: "closed",
                9: "not_needed",
                10: "used_up",
            },
        )
        chosen = account.why_not(Entry(1, day(3, 3), 5, item=7, by_hand=True))
        codes = {miss.block: miss.code for miss in chosen}
        self.assertEqual((codes[7], codes[1]), ("drawn", "other_chosen"))

    def test_D9_why_not_used_by_later_periods(self):
        block = sell_allowance(1, 10, months=2, carry_over="all")
        account = Account([block], [Hours(1, day(2, 2), 20)])
        (miss,) = account.why_not(Entry(1, day(1, 9), 1))
        self.assertEqual((miss.code, miss.left), ("used_later", 10))

    def test_D11_converted_once_and_never_rounded_before_the_sum(self):
        used = [Hours(1, day(1, 1), 1 / 3)] * 30
        draw = Account([sell(1, 10)], used).draw(Entry(1, day(3, 3), 1, ticket_item=1))
        self.assertEqual(get_parts(draw), [(1, 1, "overrun")])

    def test_corrections_are_given_back_whole(self):
        account = Account([sell(1), sell(2, date_end=None)])
        for values, item in (
            ({}, 1),
            ({"ticket_item": 2}, 2),
            ({"item": 2}, 2),
            ({"item": POST_PAID}, POST_PAID),
        ):
            with self.subTest(values):
                draw = account.draw(Entry(1, day(3, 3), -20, **values))
                self.assertEqual(len(draw.parts), 1)
                self.assertEqual(draw.parts[0].item, item)
                self.assertEqual(draw.parts[0].reason.code, "correction")

    def test_corrections_change_no_closed_period(self):
        closed = {day(1, 31): None}
        blocks = [sell_allowance(1, closed=closed), sell(2)]
        draw = Account(blocks).draw(Entry(1, day(1, 9), -2, item=1))
        self.assertEqual(get_parts(draw), [(2, -2, "prepaid")])
        draw = Account(blocks[:1]).draw(Entry(1, day(1, 9), -2, item=1))
        self.assertEqual(get_parts(draw), [(None, -2, "uncovered")])

    def test_correction_can_be_drawn_again(self):
        store = Store(sell(1, 10, overrun="refuse"))
        store.log(10, day(3, 3))
        store.log(-2, day(3, 4))
        self.assertEqual(store.account().candidates(day(5, 5)), ((1, 2),))

    def test_no_hours_draw_nothing_and_are_never_refused(self):
        account = Account([sell(1, 0, overrun="refuse"), sell(2, date_end=None)])
        self.assertEqual(
            get_parts(account.draw(Entry(1, day(3, 3), 0))), [(2, 0, "prepaid")]
        )
        account = Account([sell(1, 0, overrun="refuse")])
        draw = account.draw(Entry(1, day(3, 3), 0, ticket_item=1))
        self.assertEqual(get_parts(draw), [(1, 0, "prepaid")])


@tagged("post_install", "-at_install")
class TestEnginePeriods(BaseCase):
    """C1-C5, V1, V4, V5: periods and states."""

    def _cut(self, start, end, period="month"):
        return cut_periods(Block(1, 12, start, end, period=period))

    def test_C1_month_from_31_january(self):
        self.assertEqual(
            self._cut(day(1, 31), day(5, 30)),
            [
                (day(1, 31), day(2, 28)),
                (day(3, 1), day(3, 30)),
                (day(3, 31), day(4, 30)),
                (day(5, 1), day(5, 30)),
            ],
        )

    def test_C1_month_from_31_january_of_a_leap_year(self):
        periods = self._cut(day(1, 31, 2028), day(1, 30, 2029))
        self.assertEqual(periods[0], (day(1, 31, 2028), day(2, 29, 2028)))
        self.assertEqual(periods[1], (day(3, 1, 2028), day(3, 30, 2028)))
        self.assertEqual(len(periods), 12)

    def test_C1_month_from_the_15th(self):
        periods = self._cut(day(1, 15), day(1, 14, 2027))
        self.assertEqual(periods[1], (day(2, 15), day(3, 14)))
        self.assertEqual(len(periods), 12)

    def test_C1_quarters_and_years(self):
        quarters = self._cut(day(1, 1), day(12, 31), "quarter")
        self.assertEqual(
            [end for _start, end in quarters[:2]], [day(3, 31), day(6, 30)]
        )
        years = self._cut(day(2, 29, 2028), day(2, 27, 2030), "year")
        self.assertEqual(
            years,
            [(day(2, 29, 2028), day(2, 28, 2029)), (day(3, 1, 2029), day(2, 27, 2030))],
        )

    def test_C1_last_period_is_cut_by_the_end(self):
        periods = self._cut(day(1, 1), day(3, 10))
        self.assertEqual(periods[-1], (day(3, 1), day(3, 10)))

    def test_C1_ordered_hours_shared_evenly_remainder_in_the_last(self):
        block = sell(1, 10, date_end=day(7, 31), period="month")
        granted = [
            p.hours_granted for p in Account([block]).standing(1, JANUARY).periods
        ]
        self.assertEqual(granted[:6], [5142 * SECOND] * 6)
        self.assertEqual(granted[6], 5148 * SECOND)

    def test_C1_terms_that_contradict_each_other(self):
        for code, terms in (
            ("period_without_end", {"date_end": None, "period": "month"}),
            ("period_without_start", {"date_start": None, "period": "month"}),
            ("end_before_start", {"date_end": day(12, 31, 2025)}),
            ("not_a_number", {"hours": math.nan}),
            ("not_a_number", {"hours": math.inf}),
        ):
            with self.subTest(code), self.assertRaises(TermsError) as caught:
                Account([sell(1, **terms)])
            self.assertEqual((caught.exception.code, caught.exception.block), (code, 1))

    def test_C1_closed_periods_keep_what_they_were_granted(self):
        block = sell_allowance(1, 12, closed={day(1, 31): 10, day(2, 1): 10})
        granted = [
            p.hours_granted for p in Account([block]).standing(1, JANUARY).periods
        ]
        self.assertEqual(granted, [10, 10] + [12.4] * 10)

    def _flow(self, block, used, on, adjusted=()):
        account = Account(
            [block],
            [Hours(1, day(month, 5), hours) for month, hours in used.items()],
            [Hours(1, day(month, 5), hours) for month, hours in dict(adjusted).items()],
        )
        return [
            (p.hours_carried_in, p.hours_left, p.hours_carried_on, p.hours_expired)
            for p in account.standing(1, on).periods[:3]
        ]

    def test_C2_nothing_is_carried_over_unless_agreed(self):
        flow = self._flow(sell_allowance(1), {1: 4}, day(2, 1))
        self.assertEqual(flow[:2], [(0, 0, 0, 6), (0, 10, 0, 0)])

    def test_C2_carried_up_to_the_cap_the_rest_expires(self):
        block = sell_allowance(1, carry_over="capped", carry_over_cap=5)
        flow = self._flow(block, {1: 4}, day(2, 1))
        self.assertEqual(flow[:2], [(0, 0, 5, 1), (5, 15, 0, 0)])

    def test_C2_carried_hours_are_used_first_and_end_with_the_next_period(self):
        block = sell_allowance(1, carry_over="all")
        flow = self._flow(block, {1: 2, 2: 3}, day(3, 1))
        self.assertEqual(flow, [(0, 0, 8, 0), (8, 0, 10, 5), (10, 20, 0, 0)])
        flow = self._flow(block, {1: 2, 2: 12}, day(3, 1))
        self.assertEqual(flow, [(0, 0, 8, 0), (8, 0, 6, 0), (6, 16, 0, 0)])

    def test_C2_nothing_is_carried_before_the_period_is_over(self):
        block = sell_allowance(1, carry_over="all")
        flow = self._flow(block, {1: 4}, day(1, 31))
        self.assertEqual(flow[:2], [(0, 6, 0, 0), (0, 10, 0, 0)])

    def test_C2_what_later_periods_used_in_advance_is_carried_at_once(self):
        block = sell_allowance(1, carry_over="all")
        flow = self._flow(block, {1: 4, 2: 13}, day(1, 31))
        self.assertEqual(flow[:2], [(0, 3, 3, 0), (3, 0, 0, 0)])

    def test_C3_overrun_is_taken_from_the_next_period(self):
        flow = self._flow(sell_allowance(1), {1: 12}, day(2, 1))
        self.assertEqual(flow[:2], [(0, 0, -2, 0), (-2, 8, 0, 0)])

    def test_C3_overrun_stays_in_the_last_period(self):
        block = sell_allowance(1, months=2)
        flow = self._flow(block, {1: 12, 2: 9}, day(3, 1))
        self.assertEqual(flow, [(0, 0, -2, 0), (-2, -1, 0, 0)])

    def test_C3_only_negative_passes_debts_on(self):
        block = sell_allowance(1, overrun="bill")
        flow = self._flow(block, {1: 12}, day(2, 1))
        self.assertEqual(flow[:2], [(0, -2, 0, 0), (0, 10, 0, 0)])

    def test_C4_late_entries_count_and_carried_hours_follow(self):
        store = Store(sell_allowance(1, carry_over="all"))
        store.log(4, day(1, 9))
        store.log(1, day(2, 2))
        store.log(2, day(1, 30))
        january, february = store.periods(1, day(2, 3))[:2]
        self.assertEqual((january.hours_used, january.hours_carried_on), (6, 4))
        self.assertEqual((february.hours_carried_in, february.hours_left), (4, 13))

    def test_C4_a_closed_period_misses_nothing_that_was_carried_into_it(self):
        closed = {day(2, 1): None}
        block = sell_allowance(1, carry_over="all", closed=closed)
        self.assertFalse(Account([block]).candidates(day(1, 9)))
        block = replace(block, carry_over="capped", carry_over_cap=4)
        self.assertEqual(Account([block]).candidates(day(1, 9)), ((1, 6),))

    def test_V1_end_of_validity(self):
        for start, number, unit, end in (
            (day(1, 1), 0, "month", None),
            (day(1, 1), 1, "day", day(1, 1)),
            (day(1, 1), 2, "week", day(1, 14)),
            (day(1, 1), 1, "month", day(1, 31)),
            (day(1, 31), 1, "month", day(2, 28)),
            (day(1, 31), 2, "month", day(3, 30)),
            (day(3, 17), 1, "year", day(3, 16, 2027)),
            (day(2, 29, 2028), 1, "year", day(2, 28, 2029)),
            (day(1, 1), 99999, "year", date.max),
            (day(1, 1), 9999999, "day", date.max),
        ):
            with self.subTest(start=start, number=number, unit=unit):
                self.assertEqual(end_of_validity(start, number, unit), end)

    def test_V1_both_ends_included(self):
        block = sell(1, date_start=day(3, 1), date_end=day(3, 31))
        account = Account([block])
        states = [
            account.standing(1, on).state
            for on in (day(2, 28), day(3, 1), day(3, 31), day(4, 1))
        ]
        self.assertEqual(states, ["upcoming", "usable", "usable", "expired"])

    def test_states(self):
        for terms, used, on, state in (
            ({}, 4, day(3, 3), "usable"),
            ({}, 10, day(3, 3), "used_up"),
            ({}, 10 - 17 * SECOND, day(3, 3), "used_up"),
            ({}, 12, day(3, 3), "overdrawn"),
            ({"usable_limit": 0}, 0, day(3, 3), "unpaid"),
            ({"usable_limit": 5}, 4, day(3, 3), "usable"),
            ({"usable_limit": 5}, 5, day(3, 3), "unpaid"),
            ({"usable_limit": 5}, 10, day(3, 3), "unpaid"),
            ({"usable_limit": 10}, 12, day(3, 3), "overdrawn"),
            ({"usable_limit": 0}, 0, day(12, 31, 2025), "upcoming"),
            ({}, 4, day(1, 1, 2027), "expired"),
            ({}, 10, day(1, 1, 2027), "used_up"),
            ({}, 12, day(1, 1, 2027), "overdrawn"),
            ({"usable_limit": 2}, 4, day(1, 1, 2027), "unpaid"),
            ({"date_start": None, "date_end": None}, 0, day(1, 1, 2040), "usable"),
        ):
            with self.subTest(state, terms=terms, used=used):
                account = Account([sell(1, **terms)], [Hours(1, day(3, 1), used)])
                self.assertEqual(account.standing(1, on).state, state)

    def test_V4_paid_hours_stand_for_the_first_periods_first(self):
        block = sell_allowance(1, usable_limit=15, overrun="bill")
        account = Account([block])
        usable = [account.candidates(day(month, 5)) for month in (1, 2, 3)]
        self.assertEqual(usable, [((1, 10),), ((1, 5),), ()])

    def test_V4_unpaid_is_not_overrun(self):
        draw = Account([sell(1, usable_limit=2)]).draw(Entry(1, day(3, 3), 3))
        self.assertEqual(get_parts(draw), [(1, 2, "prepaid"), (None, 1, "uncovered")])
        self.assertEqual(draw.parts[1].reason.why, "unpaid")
        self.assertEqual(draw.parts[1].reason.block, 1)

    def test_V4_undone_payment_leaves_what_was_drawn(self):
        store = Store(sell(1, usable_limit=10))
        store.log(4, day(3, 3))
        store.blocks[1] = sell(1, usable_limit=0)
        self.assertEqual(store.account().standing(1, day(3, 4)).state, "unpaid")
        draw = store.log(1, day(3, 4), ticket_item=1)
        self.assertEqual(get_parts(draw), [(None, 1, "uncovered")])

    def test_V5_adjusted_hours_count_in_their_period(self):
        flow = self._flow(sell_allowance(1), {1: 4}, day(2, 1), {1: -3, 2: 2})
        self.assertEqual(flow[:2], [(0, 0, 0, 3), (0, 12, 0, 0)])

    def test_used_outside_the_dates_counts_in_the_nearest_period(self):
        block = sell_allowance(1, months=2)
        used = [Hours(1, None, 1), Hours(1, day(5, 5, 2025), 2), Hours(1, day(5, 5), 4)]
        periods = Account([block], used).standing(1, day(1, 1)).periods
        self.assertEqual([period.hours_used for period in periods], [3, 4])


@tagged("post_install", "-at_install")
class TestEngineLedger(BaseCase):
    """What happened to a block's hours, line by line."""

    def _tell(self, moves):
        return [
            (move.period, move.kind, move.hours, move.balance, move.source)
            for move in moves
        ]

    def test_C5_ledger_runs_from_what_was_granted_to_what_is_left(self):
        block = sell_allowance(1, 10, 3, carry_over="capped", carry_over_cap=4)
        used = [
            Hours(1, day(1, 20), 2, "second"),
            Hours(1, day(1, 5), 3, "first"),
            Hours(2, day(1, 5), 9, "another block's"),
            Hours(1, day(2, 2), 1, "third"),
        ]
        self.assertEqual(
            self._tell(make_ledger(block, used, day=day(2, 15))),
            [
                (0, "granted", 10, 10, None),
                (0, "used", -3, 7, "first"),
                (0, "used", -2, 5, "second"),
                (0, "carried_on", -4, 1, None),
                (0, "expired", -1, 0, None),
                (1, "carried_in", 4, 4, None),
                (1, "granted", 10, 14, None),
                (1, "used", -1, 13, "third"),
                (2, "granted", 10, 10, None),
            ],
        )

    def test_V5_ledger_names_adjustments_before_what_was_used_that_day(self):
        moves = make_ledger(
            sell(1, 2),
            [Hours(1, day(1, 1), 3, "entry")],
            [Hours(1, day(1, 1), 1, "goodwill")],
            day(1, 1),
        )
        self.assertEqual(
            self._tell(moves),
            [
                (0, "granted", 2, 2, None),
                (0, "adjusted", 1, 3, "goodwill"),
                (0, "used", -3, 0, "entry"),
            ],
        )

    def test_C3_ledger_passes_a_debt_on(self):
        moves = make_ledger(
            sell_allowance(1, 10, 2), [Hours(1, day(1, 9), 12)], day=day(2, 1)
        )
        self.assertEqual(
            self._tell(moves)[1:4],
            [
                (0, "used", -12, -2, None),
                (0, "carried_on", 2, 0, None),
                (1, "carried_in", -2, -2, None),
            ],
        )


@tagged("post_install", "-at_install")
class TestEngineAnew(BaseCase):
    """D7, D8, V2, V3: decided anew, as a plan."""

    def test_D7_in_the_order_of_date_and_id(self):
        store = Store(sell(1, 4, overrun="bill"), post_paid_item=POST_PAID)
        store.log(3, day(5, 5))
        store.log(3, day(2, 2))
        store.redraw()
        self.assertEqual(
            store.rows(),
            [
                (1, 1, 1, "prepaid"),
                (2, 1, 3, "prepaid"),
                (4, POST_PAID, 2, "post_paid"),
            ],
        )

    def test_D7_joins_parts_that_belong_together(self):
        store = Store(sell(1, 2, overrun="bill"), post_paid_item=POST_PAID)
        store.log(3, day(2, 2))
        self.assertEqual(len(store.entries), 2)
        store.blocks[1] = sell(1, 20, overrun="bill")
        plan = store.redraw()
        self.assertEqual([c.action for c in plan.changes], ["update", "delete"])
        self.assertEqual(store.rows(), [(1, 1, 3, "prepaid")])

    def test_D7_leaves_frozen_and_by_hand_and_others_days_alone(self):
        store = Store(sell(1, 20))
        for number in (2, 3, 4, 5):
            store.log(1, day(number, 1))
        store.update(1, item=None, coverage="uncovered", frozen=True)
        store.update(2, item=None, coverage="non_billable", by_hand=True)
        store.update(3, item=None, coverage="uncovered")
        store.update(4, item=None, coverage="uncovered")
        plan = store.redraw(day(1, 1), day(4, 1))
        self.assertEqual([change.id for change in plan.writes], [3])

    def test_D7_twice_is_once(self):
        store = Store(sell(1, 4), sell(2, 5, date_end=None, overrun="bill"))
        for number in (5, 2, 7, 3):
            store.log(2.6, day(number, 1))
        self.assertTrue(store.redraw().writes)
        self.assertFalse(store.redraw().writes)

    def test_D7_refuses_nothing(self):
        store = Store(sell(1, 4, overrun="refuse"))
        store.log(4, day(3, 3))
        store.blocks[1] = sell(1, 3, overrun="refuse")
        store.redraw()
        self.assertEqual(
            store.rows(), [(1, 1, 3, "prepaid"), (2, None, 1, "uncovered")]
        )

    def test_D7_corrections_stay(self):
        store = Store(sell(1, 4), sell(2, 9, date_end=None))
        store.log(4, day(3, 3))
        store.log(-1, day(3, 4), item=1)
        store.log(2, day(3, 5))
        self.assertFalse(store.redraw().writes)

    def test_V3_cancelled_order(self):
        store = Store(sell(1, 4), sell(2, 9, date_end=None))
        store.log(4, day(3, 3))
        store.log(-1, day(3, 3), item=1)
        store.update(2, root=1)
        del store.blocks[1]
        gone = [replace(entry, item=None) for entry in store.entries.values()]
        store.apply(store.account().redraw(gone))
        self.assertEqual(store.rows(), [(1, 2, 4, "prepaid"), (2, 2, -1, "prepaid")])

    def test_D8_covers_overrun_uncovered_and_post_paid_by_date(self):
        store = Store(sell(1, 1), post_paid_item=POST_PAID)
        store.log(3, day(3, 3))
        store.log(1, day(2, 2))
        store.log(1, day(4, 4), ticket_item=POST_PAID)
        store.log(1, day(1, 5, 2025))
        store.blocks[2] = sell(2, 3.5)
        plan = store.apply(store.account().cover(2, store.entries.values()))
        self.assertEqual(
            [(change.action, change.id) for change in plan.writes],
            [("update", 3), ("update", 2), ("update", 4), ("create", None)],
        )
        self.assertEqual(
            store.rows(),
            [
                (1, 1, 1, "prepaid"),
                (2, 2, 2, "prepaid"),
                (3, 2, 1, "prepaid"),
                (4, 2, 0.5, "prepaid"),
                (5, None, 1, "uncovered"),
                (6, POST_PAID, 0.5, "post_paid"),
            ],
        )
        self.assertEqual(store.shortage(1), 0)

    def test_D8_hours_added_to_a_block_cover_its_own_overrun(self):
        store = Store(sell(1, 3))
        store.log(5, day(3, 3))
        store.blocks[1] = sell(1, 4)
        store.apply(store.account().cover(1, store.entries.values()))
        self.assertEqual(
            store.rows(),
            [(1, 1, 3, "prepaid"), (2, 1, 1, "prepaid"), (3, 1, 1, "overrun")],
        )

    def test_D8_leaves_frozen_and_by_hand_alone(self):
        store = Store()
        store.log(1, day(3, 3), ticket_item=POST_PAID)
        store.log(1, day(3, 3), item=POST_PAID, by_hand=True)
        store.update(1, frozen=True)
        store.blocks[2] = sell(2)
        self.assertFalse(store.account().cover(2, store.entries.values()).changes)

    def test_V2_end_moved_before_time_already_drawn(self):
        store = Store(sell(1), sell(2, date_end=None))
        store.log(1, day(3, 3))
        store.log(1, day(5, 5))
        store.blocks[1] = sell(1, date_end=day(4, 30))
        store.apply(store.account().refit(1, store.entries.values()))
        self.assertEqual(store.rows(), [(1, 1, 1, "prepaid"), (2, 2, 1, "prepaid")])

    def test_V2_frozen_time_is_named(self):
        store = Store(sell(1), sell(2, date_end=None))
        store.log(1, day(5, 5))
        store.log(1, day(6, 6))
        store.update(2, frozen=True)
        store.blocks[1] = sell(1, date_end=day(4, 30))
        plan = store.account().refit(1, store.entries.values())
        self.assertEqual((plan.blocked, plan.changes), ((2,), ()))

    def test_V3_latest_parts_are_decided_anew(self):
        store = Store(sell(1, overrun="bill"), sell(2, date_end=None))
        for number in (5, 3, 4):
            store.log(2, day(number, 1))
        before = store.account()
        store.blocks[1] = sell(1, 5, overrun="bill")
        plan = store.apply(store.account().refit(1, store.entries.values(), before))
        self.assertEqual([c.id for c in plan.writes if c.id], [1])
        self.assertEqual(
            store.rows(),
            [
                (1, 1, 1, "prepaid"),
                (2, 1, 2, "prepaid"),
                (3, 1, 2, "prepaid"),
                (4, 2, 1, "prepaid"),
            ],
        )

    def test_V3_below_what_is_fixed_is_refused(self):
        store = Store(sell(1))
        store.log(4, day(3, 3))
        store.log(4, day(4, 4))
        store.update(1, frozen=True)
        before = store.account()
        store.blocks[1] = sell(1, 3)
        plan = store.account().refit(1, store.entries.values(), before)
        self.assertEqual(plan.blocked, (1,))

    def test_V3_raised_quantity_moves_nothing(self):
        store = Store(sell(1), sell(2, date_end=None))
        store.log(12, day(3, 3), item=1, by_hand=True)
        store.update(1, frozen=True)
        before = store.account()
        store.blocks[1] = sell(1, 11)
        plan = store.account().refit(1, store.entries.values(), before)
        self.assertEqual((plan.blocked, plan.changes), ((), ()))


# ---------------------------------------------------------------------------
# properties
# ---------------------------------------------------------------------------
DATES = st.integers(0, 150).map(lambda days: JANUARY + timedelta(days))
QUARTERS = st.integers(0, 60).map(lambda n: n / 4)
WORKED = st.integers(1, 480).map(lambda minutes: minutes / 60)
CARRY = st.sampled_from(["none", "all", "capped"])
OVERRUN = st.sampled_from(["negative", "bill", "refuse"])


@st.composite
def blocks(draw, overrun=OVERRUN, limits=True, closed=True):
    """One to four blocks with any terms, in any order."""
    found = []
    for number in draw(st.permutations([1, 2, 3, 4]))[: draw(st.integers(1, 4))]:
        start = draw(DATES)
        end = start + timedelta(draw(st.integers(0, 150)))
        period = draw(st.sampled_from([None, "month"]))
        if not period and draw(st.booleans()):
            start = None
        if not period and draw(st.booleans()):
            end = None
        block = Block(
            number,
            draw(QUARTERS),
            start,
            end,
            order_date=draw(st.sampled_from([None, JANUARY])),
            period=period,
            carry_over=draw(CARRY),
            carry_over_cap=draw(QUARTERS),
            overrun=draw(overrun),
            usable_limit=draw(st.none() | QUARTERS) if limits else None,
            post_paid_item=draw(st.sampled_from([None, POST_PAID + number])),
        )
        if closed and draw(st.booleans()):
            block = replace(block, closed={cut_periods(block)[0][1]: None})
        found.append(block)
    return found


@st.composite
def entries(draw, size=8):
    """What people type, with an item chosen here and there."""
    found = []
    for number in range(1, draw(st.integers(1, size)) + 1):
        found.append(
            Entry(
                number,
                draw(DATES),
                draw(WORKED),
                item=draw(st.sampled_from([None, 1, POST_PAID])),
                by_hand=draw(st.integers(0, 5)) == 0,
                ticket_item=draw(st.sampled_from([None, 1, 2, 3, 4])),
                ticket_item_by_hand=draw(st.integers(0, 5)) == 0,
                may_refuse=draw(st.booleans()),
            )
        )
    return found


def log_all(store, typed):
    """Log in the order of the list, whatever the dates."""
    for entry in typed:
        store.log(
            entry.hours,
            entry.date,
            item=entry.item if entry.by_hand else None,
            by_hand=entry.by_hand,
            ticket_item=entry.ticket_item,
            ticket_item_by_hand=entry.ticket_item_by_hand,
            may_refuse=entry.may_refuse,
        )


@tagged("post_install", "-at_install")
class TestEngineProperties(BaseCase):
    """What holds for all terms and all entries."""

    def _check_periods(self, store, on):
        for number, block in store.blocks.items():
            periods = store.periods(number, on)
            came = 0
            for period in periods:
                self.assertAlmostEqual(period.hours_carried_in, came, delta=CLOSE)
                came = period.hours_carried_on
                self.assertAlmostEqual(
                    period.hours_granted
                    + period.hours_carried_in
                    + period.hours_adjusted,
                    period.hours_used
                    + period.hours_left
                    + period.hours_carried_on
                    + period.hours_expired,
                    delta=CLOSE,
                )
                self.assertGreaterEqual(period.hours_expired, 0)
                own = period.hours_granted + period.hours_adjusted
                self.assertLessEqual(came, max(0, own) + CLOSE)
                if block.carry_over == "capped":
                    self.assertLessEqual(came, block.carry_over_cap + CLOSE)
                if block.carry_over == "none":
                    self.assertLessEqual(came, 0)
            self.assertEqual(came, 0)
            granted = math.fsum(period.hours_granted for period in periods)
            self.assertAlmostEqual(granted, block.hours, delta=CLOSE)

    @explore
    @given(blocks(), entries(), st.lists(st.tuples(DATES, QUARTERS)), DATES)
    def test_C5_sums_hold_for_every_period(self, sold, typed, adjusted, on):
        amounts = [
            Hours(1 + n % 4, when, hours - 7)
            for n, (when, hours) in enumerate(adjusted)
        ]
        store = Store(*sold, adjusted=amounts, post_paid_item=POST_PAID)
        log_all(store, typed)
        self._check_periods(store, on)
        used = math.fsum(
            period.hours_used
            for number in store.blocks
            for period in store.periods(number, on)
        )
        drawn = math.fsum(
            entry.hours
            for entry in store.entries.values()
            if entry.item in store.blocks
        )
        self.assertAlmostEqual(used, drawn, delta=CLOSE)

    @explore
    @given(blocks(), entries(), st.lists(st.tuples(DATES, QUARTERS)), DATES)
    def test_C5_a_ledger_ends_at_what_is_left(self, sold, typed, adjusted, on):
        """Each balance is the one before with its hours; the sums are the figures."""
        block = sold[0]
        adjusted = [
            Hours(block.id, when, hours - 5, number)
            for number, (when, hours) in enumerate(adjusted)
        ]
        used = [Hours(block.id, e.date, e.hours, e) for e in typed]
        moves = make_ledger(block, used, adjusted, on)
        periods = Account([block], used, adjusted).standing(block.id, on).periods
        for period in periods:
            balance = 0
            totals = defaultdict(float)
            for move in moves:
                if move.period == period.number:
                    balance += move.hours
                    totals[move.kind] += move.hours
                    self.assertAlmostEqual(move.balance, balance, 6)
            self.assertAlmostEqual(balance, period.hours_left, 6)
            for kind, sign in (
                *(("granted", 1), ("carried_in", 1), ("adjusted", 1)),
                *(("used", -1), ("carried_on", -1), ("expired", -1)),
            ):
                figure = getattr(period, f"hours_{kind}")
                self.assertAlmostEqual(sign * totals[kind], figure, 6)
        told = [move.source for move in moves if move.kind == "used"]
        self.assertEqual(sorted(e.id for e in told), sorted(e.id for e in typed))

    @explore
    @given(blocks(), entries(), st.randoms(use_true_random=False))
    def test_order_of_what_is_given_does_not_matter(self, sold, typed, chance):
        store = Store(*sold, post_paid_item=POST_PAID)
        log_all(store, typed)
        other = Store(*chance.sample(sold, len(sold)), post_paid_item=POST_PAID)
        saved = list(store.entries.values())
        chance.shuffle(saved)
        other.entries = {entry.id: entry for entry in saved}
        one, two = store.account(), other.account()
        for entry in typed:
            self.assertEqual(one.draw(entry), two.draw(entry))
            self.assertEqual(one.why_not(entry), two.why_not(entry))
        self.assertEqual(one.redraw(store.entries.values()), two.redraw(saved))
        self.assertEqual(one.draw_all(typed), two.draw_all(typed[::-1]))
        for block in sold:
            self.assertEqual(
                one.cover(block.id, store.entries.values()), two.cover(block.id, saved)
            )
            self.assertEqual(
                one.refit(block.id, store.entries.values()), two.refit(block.id, saved)
            )

    @explore
    @given(blocks(), entries(1), st.floats(0.0001, 24), st.lists(QUARTERS))
    def test_D3_parts_add_up_to_what_was_typed(self, sold, typed, hours, used):
        used = [Hours(1 + n % 4, JANUARY, amount) for n, amount in enumerate(used)]
        account = Account(sold, used, post_paid_item=POST_PAID)
        draw = account.draw(replace(typed[0], hours=hours))
        if draw.refusal:
            self.assertFalse(draw.parts)
            return
        self.assertAlmostEqual(
            sum(part.hours for part in draw.parts), hours, delta=1e-12
        )
        for part in draw.parts[:-1]:
            self.assertGreaterEqual(part.hours, MINUTE - CLOSE)
        if len(draw.parts) > 1:
            self.assertGreaterEqual(draw.parts[-1].hours, SECOND - CLOSE)
        prepaid = [part.item for part in draw.parts if part.coverage == "prepaid"]
        self.assertEqual(len(prepaid), len(set(prepaid)))
        for part in draw.parts:
            self.assertEqual(part.reason.hours, part.hours)
            self.assertEqual(part.reason.of, hours)

    @explore
    @given(blocks(), entries())
    def test_D5_entries_dated_back_push_nobody_out(self, sold, typed):
        store = Store(*sold, post_paid_item=POST_PAID)
        for entry in typed:
            before = {block.id: store.shortage(block.id) for block in sold}
            saved = dict(store.entries)
            log_all(store, [entry])
            for number, old in saved.items():
                self.assertEqual(store.entries[number], old)
            for block in sold:
                over = sum(
                    part.hours
                    for number, part in store.entries.items()
                    if number not in saved
                    and part.item == block.id
                    and part.coverage == "overrun"
                )
                if block.overrun != "negative":
                    self.assertEqual(over, 0)
                self.assertLessEqual(
                    store.shortage(block.id), before[block.id] + over + SECOND
                )

    @explore
    @given(
        blocks(limits=False, closed=False), DATES, st.lists(st.tuples(DATES, WORKED))
    )
    def test_D5_what_can_be_drawn_is_the_most_that_hurts_nobody(self, sold, on, used):
        used = [Hours(1 + n % 4, *amount) for n, amount in enumerate(used)]
        store = Store(*sold)
        account = Account(sold, used)

        def shortages(more=()):
            periods = Account(sold, [*used, *more]).standing(block, date.max).periods
            return [min(0, period.hours_left) for period in periods]

        for block, hours in account.candidates(on):
            if store.blocks[block].overrun == "negative":
                continue
            self.assertEqual(shortages([Hours(block, on, hours)]), shortages())
            more = shortages([Hours(block, on, hours + MINUTE)])
            self.assertLess(sum(more), sum(shortages()) - MINUTE / 2)

    @explore
    @given(blocks(st.sampled_from(["bill", "refuse"]), False, False), entries(), DATES)
    def test_what_is_left_on_a_day_can_be_drawn_on_it(self, sold, typed, on):
        store = Store(*sold)
        log_all(store, typed)
        for block in sold:
            for period in store.periods(block.id, on):
                holds = (period.date_start or date.min) <= on
                holds = holds and on <= (period.date_end or date.max)
                if holds:
                    self.assertAlmostEqual(
                        period.hours_usable, max(0, period.hours_left), delta=SECOND
                    )

    @explore
    @given(blocks(), entries(), st.data())
    def test_D7_redraw_twice_is_once_and_nothing_frozen_changes(
        self, sold, typed, data
    ):
        store = Store(*sold, post_paid_item=POST_PAID)
        log_all(store, typed)
        frozen = data.draw(st.sets(st.sampled_from([*store.entries, 0])))
        for number in frozen & store.entries.keys():
            store.update(number, frozen=True)
        fixed = {n: e for n, e in store.entries.items() if e.frozen or e.by_hand}
        hours = math.fsum(entry.hours for entry in store.entries.values())
        store.redraw()
        self.assertEqual(
            {n: e for n, e in store.entries.items() if e.frozen or e.by_hand}, fixed
        )
        after = math.fsum(entry.hours for entry in store.entries.values())
        self.assertAlmostEqual(after, hours, delta=CLOSE)
        self.assertFalse(store.redraw().writes)
        self._check_periods(store, JANUARY)

    @explore
    @given(
        blocks(),
        st.lists(
            st.tuples(st.sampled_from([day(2, 20), day(4, 20)]), st.floats(0.01, 24)),
            max_size=8,
        ),
    )
    def test_D7_twice_is_once_with_any_fraction_of_an_hour(self, sold, typed):
        store = Store(*sold, post_paid_item=POST_PAID)
        for on, hours in typed:
            store.log(hours, on, may_refuse=False)
        store.redraw()
        self.assertFalse(store.redraw().writes)

    @explore
    @given(
        blocks(st.sampled_from(["bill", "refuse"])),
        entries(),
        st.lists(
            st.tuples(st.sampled_from(["edit", "redraw", "cover", "date"]), WORKED)
        ),
    )
    def test_D10_bill_and_refuse_never_fall_below_zero(self, sold, typed, steps):
        store = Store(*sold, post_paid_item=POST_PAID)
        log_all(store, typed)
        for n, (step, hours) in enumerate(steps):
            numbers = sorted(store.entries)
            if step == "redraw":
                store.redraw()
            elif step == "cover":
                block = sold[n % len(sold)].id
                store.apply(store.account().cover(block, store.entries.values()))
            elif numbers and step == "edit":
                store.edit(numbers[n % len(numbers)], hours=hours)
            elif numbers:
                on = JANUARY + timedelta(int(hours * 10))
                store.edit(numbers[n % len(numbers)], date=on)
            for block in sold:
                self.assertLess(store.shortage(block.id), SECOND)
        self._check_periods(store, JANUARY)

    @explore
    @given(blocks(), entries(), WORKED)
    def test_D6_an_increase_taken_back_leaves_the_account_as_it_was(
        self, sold, typed, more
    ):
        store = Store(*sold, post_paid_item=POST_PAID)
        log_all(store, typed)
        before = {block.id: store.periods(block.id) for block in sold}
        saved = dict(store.entries)
        for number in sorted(saved):
            old = store.entries[number]
            store.edit(number, hours=old.hours + more)
            total = math.fsum(entry.hours for entry in store.entries.values())
            added = total - math.fsum(entry.hours for entry in saved.values())
            self.assertTrue(min(abs(added), abs(added - more)) < CLOSE)
            self.assertEqual(store.entries[number].item, old.item)
            store.edit(number, hours=old.hours)
            for new in store.entries.keys() - saved.keys():
                del store.entries[new]
        self.assertEqual(store.entries, saved)
        for block in sold:
            self.assertEqual(store.periods(block.id), before[block.id])

    @explore
    @given(blocks(closed=False), entries(), QUARTERS, st.booleans(), st.booleans())
    def test_V3_new_terms_leave_no_more_overdrawn_than_before(
        self, sold, typed, hours, shorter, freeze
    ):
        store = Store(*sold, post_paid_item=POST_PAID)
        log_all(store, typed)
        if freeze and store.entries:
            store.update(
                random.Random(hours).choice(sorted(store.entries)), frozen=True
            )
        before = store.account()
        old = sold[0]
        allowed = store.shortage(old.id)
        new = replace(old, hours=hours)
        if shorter and old.date_start and old.date_end:
            new = replace(new, date_end=old.date_start + timedelta(20))
        store.blocks[old.id] = new
        frozen = {n: e for n, e in store.entries.items() if e.frozen}
        plan = store.account().refit(old.id, store.entries.values(), before)
        self.assertLessEqual(set(plan.blocked), set(frozen))
        if plan.blocked:
            self.assertFalse(plan.changes)
            return
        store.apply(plan)
        self.assertLessEqual(frozen.items(), store.entries.items())
        over = sum(
            entry.hours
            for entry in store.entries.values()
            if entry.item == old.id and entry.coverage == "overrun"
        )
        self.assertLessEqual(store.shortage(old.id), allowed + over + SECOND)
        self._check_periods(store, JANUARY)

    @explore
    @given(blocks(closed=False), entries())
    def test_V4_no_more_is_drawn_than_is_paid(self, sold, typed):
        store = Store(*sold, post_paid_item=POST_PAID)
        log_all(store, typed)
        for block in sold:
            if block.usable_limit is not None:
                drawn = math.fsum(
                    entry.hours
                    for entry in store.entries.values()
                    if entry.item == block.id and entry.coverage == "prepaid"
                )
                self.assertLess(drawn, block.usable_limit + SECOND)
