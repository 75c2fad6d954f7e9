"""The statement of prepaid hours: every figure of it, no database, no clock.

The caller makes an ``engine.Account`` of the customer's blocks and of all that was
drawn from them, reads the entries of the span, and asks :func:`draw_up`. Portal, print,
spreadsheet and mail show what comes back and compute nothing (S2).

**Days.** A balance is that of the end of a day. Each hour enters and leaves once:

* *bought* on the first day of its period; where that is open, on the day of the order;
* *adjusted* on the day of the adjustment;
* *used* on the date of the entry, in the period that the engine counts it in;
* *carried* over on the day after the last one of a period, from it to the next;
* *expired* on the day after the last one of a period: that day can still be worked.

So the closing balance of a day is what the engine calls left on that day, of the
periods that have begun, and each movement belongs to exactly one span, however spans
are cut.

**Minutes.** Inside are the engine's ticks. What is shown are whole minutes, and they
add up, too (S1): the balance of each period is rounded, and a movement shows the
difference of the rounded balances around it. A movement of whole minutes shows just
those.

**Locked.** The closing balance of a locked statement stays what it says. Where terms or
quantities of its days change afterwards, the next statement opens with it all the same
and shows the difference as *corrected* (S4).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from odoo.addons.helpdesk_track_bill_prepaid.engine import MINUTE, to_ticks

# the order of movements of one day
BOUGHT, CARRIED, ADJUSTED, USED, EXPIRED = range(5)
DAY = timedelta(days=1)


class Used(NamedTuple):
    """Hours that an entry draws from a block."""

    id: int
    block: int
    date: date
    hours: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Whole minutes: opening + corrected + bought + carried + adjusted
    - used - expired = closing.
    """

    opening: int = 0
    corrected: int = 0
    bought: int = 0
    carried: int = 0
    adjusted: int = 0
    used: int = 0
    expired: int = 0
    closing: int = 0

    def __add__(self, other):
        return Figures(
            *(getattr(self, name) + getattr(other, name) for name in self.__slots__)
        )

    def __bool__(self):
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one period of a block; without days where the period is gone."""

    block: int
    number: int
    date_start: date | None
    date_end: date | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Statement:
    """Lines of periods with figures, in order, and the minutes of each entry."""

    first: date | None
    last: date
    lines: tuple[Line, ...]
    minutes: dict[int, int]  # entry -> minutes used

    def sum_up(self, block=None):
        """The figures in all, or of a block."""
        return sum(
            (line.figures for line in self.lines if block in (None, line.block)),
            Figures(),
        )


def to_minutes(ticks):
    """Half a minute counts as one; so whole minutes more are as many minutes more."""
    return (ticks + MINUTE // 2) // MINUTE


def draw_up(account, blocks, used_before, used, adjusted, span, locked=None):
    """The statement of a span.

    :param account: ``engine.Account`` with the blocks and all hours used and adjusted,
        those after the span too
    :param blocks: ``{block: day of its order}``, in the order in which they are shown
    :param used_before: ``engine.Hours`` used before the span, sums of any kind
    :param used: ``Used`` entries of the span
    :param adjusted: ``engine.Hours`` of these blocks, all
    :param span: first and last day, both included; first None: from the beginning
    :param locked: where a locked statement ends on the day before the span, its
        closing minutes as ``{(block, number of the period): minutes}``
    """
    ledger = _Ledger(span)
    for block, ordered in blocks.items():
        # on the last day of all, every period with an end is over
        for period in account.standing(block, date.max).periods:
            ledger.add_period(block, period, ordered or date.min)

    def find(block, day):
        return block, account.find_nearest_period(block, day)

    for some in adjusted:
        key = find(some.block, some.date)
        ledger.move(key, some.date, ADJUSTED, some.hours)
    for some in used_before:
        ledger.opening[find(some.block, some.date)] -= to_ticks(some.hours)
    for entry in used:
        key = find(entry.block, entry.date)
        ledger.move(key, entry.date, USED, -entry.hours, entry.id)

    minutes = {entry.id: 0 for entry in used}
    lines = []
    for key in ledger.get_keys(locked or {}):
        figures = ledger.draw_up(key, minutes)
        if locked is not None:
            was = locked.get(key, 0)
            figures = replace(figures, opening=was, corrected=figures.opening - was)
        if figures:
            period = ledger.periods.get(key)
            days = (period.date_start, period.date_end) if period else (None, None)
            lines.append(Line(*key, *days, figures))
    first, last = span
    return Statement(first, last, tuple(lines), minutes)


class _Ledger:
    """Movements of periods, by block and number of the period."""

    def __init__(self, span):
        first, self.last = span
        self.first = first or date.min
        self.periods = {}
        self.opening = defaultdict(int)  # ticks
        self.changes = defaultdict(list)

    def move(self, key, day, kind, hours, entry=0):
        """Hours that enter a period on a day, or leave it."""
        ticks = to_ticks(hours)
        if not ticks or day > self.last:
            return
        if day < self.first:
            self.opening[key] += ticks
        else:
            self.changes[key].append((day, kind, entry, ticks))

    def add_period(self, block, period, ordered):
        key = block, period.number
        self.periods[key] = period
        begin = period.date_start or ordered
        self.move(key, begin, BOUGHT, period.hours_granted)
        self.move(key, begin, CARRIED, period.hours_carried_in)
        if period.date_end and period.date_end < date.max:
            over = period.date_end + DAY
            self.move(key, over, CARRIED, -period.hours_carried_on)
            self.move(key, over, EXPIRED, -period.hours_expired)

    def get_keys(self, locked):
        """Periods in order, and those of locked days that are gone."""
        return [*self.periods, *sorted(locked.keys() - self.periods.keys())]

    def draw_up(self, key, minutes):
        """The figures of one period; the minutes of its entries are filled in."""
        balance = self.opening[key]
        shown = opening = to_minutes(balance)
        sums = [0] * 5
        for _day, kind, entry, ticks in sorted(self.changes[key]):
            balance += ticks
            before, shown = shown, to_minutes(balance)
            sums[kind] += shown - before
            if kind == USED:
                minutes[entry] = before - shown
        return Figures(
            opening,
            0,
            sums[BOUGHT],
            sums[CARRIED],
            sums[ADJUSTED],
            -sums[USED],
            -sums[EXPIRED],
            shown,
        )
