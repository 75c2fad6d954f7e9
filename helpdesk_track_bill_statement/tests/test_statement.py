from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from odoo.addons.helpdesk_track_bill_prepaid.engine import (
    Account,
    Block,
    Hours,
    end_of_validity,
)

from ..statement import Figures, Used, draw_up

DAY = timedelta(days=1)
JANUARY = date(2026, 1, 1)

explore = settings(
    max_examples=300,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
days = st.integers(-20, 200).map(lambda number: JANUARY + number * DAY)
hours = st.sampled_from([0.25, 0.5, 1.75, 6.0, 10 / 3, 0.33, 2.505, -1.5, 1e-4])


@st.composite
def accounts(draw):
    """Blocks of every kind, entries and adjustments on any day."""
    blocks = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        start = JANUARY + draw(st.integers(0, 60)) * DAY
        months = draw(st.integers(1, 5))
        allowance = draw(st.sampled_from([None, "month", "month"]))
        open_end = not allowance and draw(st.booleans())
        open_start = not allowance and draw(st.booleans())
        blocks.append(
            Block(
                number,
                draw(st.sampled_from([0.0, 2.0, 10.0, 10 / 3])) * months,
                None if open_start else start,
                None if open_end else end_of_validity(start, months, "month"),
                JANUARY,
                allowance,
                draw(st.sampled_from(["none", "all", "capped"])),
                1.5,
                draw(st.sampled_from(["negative", "bill", "refuse"])),
            )
        )
    numbers = st.integers(1, len(blocks))
    used = draw(st.lists(st.tuples(numbers, days, hours), max_size=12))
    adjusted = draw(st.lists(st.tuples(numbers, days, hours), max_size=3))
    return (
        {block.id: block for block in blocks},
        [Used(number, *entry) for number, entry in enumerate(used, 1)],
        [Hours(*amount) for amount in adjusted],
    )


def ask(known, first, last, locked=None):
    blocks, used, adjusted = known
    account = Account(blocks.values(), [Hours(*entry[1:]) for entry in used], adjusted)
    return draw_up(
        account,
        {block.id: block.order_date for block in blocks.values()},
        [Hours(*entry[1:]) for entry in used if first and entry.date < first],
        [entry for entry in used if (first or date.min) <= entry.date <= last],
        adjusted,
        (first, last),
        locked,
    )


def add_up(figures):
    return (
        figures.opening
        + figures.corrected
        + figures.bought
        + figures.carried
        + figures.adjusted
        - figures.used
        - figures.expired
    )


def get_closing(statement):
    return {
        (line.block, line.number): line.figures.closing
        for line in statement.lines
        if line.figures.closing
    }


def get_opening(statement):
    return {
        (line.block, line.number): line.figures.opening
        for line in statement.lines
        if line.figures.opening
    }


@tagged("post_install", "-at_install")
class TestStatement(BaseCase):
    """S1, for whatever was bought, drawn and adjusted."""

    @explore
    @given(known=accounts(), first=days, length=st.integers(0, 120))
    def test_S1_opening_and_changes_are_closing(self, known, first, length):
        statement = ask(known, first, first + length * DAY)
        for line in statement.lines:
            self.assertEqual(add_up(line.figures), line.figures.closing)
        total = statement.sum_up()
        self.assertEqual(add_up(total), total.closing)
        self.assertEqual(sum(statement.minutes.values()), total.used)
        by_block = sum((statement.sum_up(block) for block in known[0]), Figures())
        self.assertEqual(by_block, total)

    @explore
    @given(
        known=accounts(),
        cuts=st.lists(days, min_size=3, max_size=5, unique=True).map(sorted),
    )
    def test_S1_closing_is_the_next_opening_for_any_cut(self, known, cuts):
        spans = [(first, second - DAY) for first, second in pairwise(cuts)]
        pieces = [ask(known, *span) for span in spans]
        whole = ask(known, spans[0][0], spans[-1][1])
        for one, two in pairwise(pieces):
            self.assertEqual(get_closing(one), get_opening(two))
        self.assertEqual(get_opening(whole), get_opening(pieces[0]))
        self.assertEqual(get_closing(whole), get_closing(pieces[-1]))
        totals = [piece.sum_up() for piece in pieces]
        for name in ("bought", "carried", "adjusted", "used", "expired"):
            self.assertEqual(
                getattr(whole.sum_up(), name),
                sum(getattr(total, name) for total in totals),
            )
        minutes = {}
        for piece in pieces:
            minutes.update(piece.minutes)
        self.assertEqual(minutes, whole.minutes)

    @explore
    @given(known=accounts(), last=days)
    def test_S2_closing_is_what_the_engine_has_left(self, known, last):
        """Of the periods that have begun, as if nothing came after the day."""
        blocks, used, adjusted = known
        used = [entry for entry in used if entry.date <= last]
        adjusted = [amount for amount in adjusted if amount.date <= last]
        closing = get_closing(ask((blocks, used, adjusted), None, last))
        account = Account(
            blocks.values(), [Hours(*entry[1:]) for entry in used], adjusted
        )
        for block in blocks.values():
            for period in account.standing(block.id, last).periods:
                begun = (period.date_start or block.order_date) <= last
                early = any(
                    (entry.block, entry.date < JANUARY) == (block.id, True)
                    for entry in [*used, *adjusted]
                )
                if begun and not early:
                    self.assertLessEqual(
                        abs(
                            closing.get((block.id, period.number), 0)
                            - period.hours_left * 60
                        ),
                        0.5 + 1e-6,
                    )

    @explore
    @given(known=accounts(), first=days, length=st.integers(0, 60))
    def test_S1_whole_minutes_show_as_they_are(self, known, first, length):
        blocks, used, adjusted = known
        used = [entry._replace(hours=round(entry.hours * 60) / 60) for entry in used]
        statement = ask((blocks, used, adjusted), first, first + length * DAY)
        for entry in used:
            if entry.id in statement.minutes:
                self.assertEqual(statement.minutes[entry.id], round(entry.hours * 60))

    @explore
    @given(known=accounts(), more=hours, first=days, length=st.integers(0, 60))
    def test_S4_a_locked_closing_is_the_next_opening(self, known, more, first, length):
        """Also where the locked days change afterwards."""
        blocks, used, adjusted = known
        last = first + length * DAY
        locked = get_closing(ask(known, first, last))
        changed = (blocks, used, [*adjusted, Hours(1, first, more)])
        following = ask(changed, last + DAY, last + 30 * DAY, locked)
        self.assertEqual(get_opening(following), locked)
        self.assertEqual(
            get_closing(following), get_closing(ask(changed, first, last + 30 * DAY))
        )
        for line in following.lines:
            self.assertEqual(add_up(line.figures), line.figures.closing)

    def test_S1_an_allowance_month_by_month(self):
        """Carried and expired on the day after a month's last."""
        end = end_of_validity(JANUARY, 3, "month")
        block = Block(
            1, 30, JANUARY, end, JANUARY, "month", "capped", 3, overrun="bill"
        )
        used = [Used(1, 1, date(2026, 1, 10), 4.0), Used(2, 1, date(2026, 2, 3), 1.0)]
        known = ({1: block}, used, [Hours(1, date(2026, 2, 5), 0.5)])
        january = ask(known, JANUARY, date(2026, 1, 31))
        self.assertEqual(
            [line.figures for line in january.lines],
            [Figures(bought=600, used=240, closing=360)],
        )
        february = ask(known, date(2026, 2, 1), date(2026, 2, 28))
        self.assertEqual(
            [line.figures for line in february.lines],
            [
                Figures(opening=360, carried=-180, expired=180),
                Figures(bought=600, carried=180, adjusted=30, used=60, closing=750),
            ],
        )
        self.assertEqual(
            february.sum_up(),
            Figures(
                opening=360, bought=600, adjusted=30, used=60, expired=180, closing=750
            ),
        )

    def test_S1_overrun_is_carried_into_the_next_period(self):
        end = end_of_validity(JANUARY, 2, "month")
        block = Block(1, 4, JANUARY, end, JANUARY, "month")
        known = ({1: block}, [Used(1, 1, date(2026, 1, 10), 3.0)], [])
        february = ask(known, date(2026, 2, 1), date(2026, 2, 28))
        self.assertEqual(
            [line.figures for line in february.lines],
            [
                Figures(opening=-60, carried=60),
                Figures(bought=120, carried=-60, closing=60),
            ],
        )

    def test_S1_minutes_of_parts_of_a_minute_add_up(self):
        block = Block(1, 1, JANUARY, date(2026, 12, 31), JANUARY)
        used = [Used(n, 1, date(2026, 1, n), 20.4 / 60) for n in (1, 2, 3)]
        statement = ask(({1: block}, used, []), JANUARY, date(2026, 1, 31))
        self.assertEqual(list(statement.minutes.values()), [20, 21, 20])
        self.assertEqual(statement.sum_up(), Figures(bought=60, used=61, closing=-1))

    def test_S4_a_block_that_is_gone_is_corrected(self):
        known = ({}, [], [])
        statement = ask(known, JANUARY, date(2026, 1, 31), {(7, 0): 90})
        self.assertEqual(statement.sum_up(), Figures(opening=90, corrected=-90))
