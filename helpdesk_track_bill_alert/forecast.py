"""How long prepaid hours last (F1): no database, no clock, standard library only.

The pace is that of the last 4, 8 and 13 weeks, in hours per working day. Their mean is
the likely one. The range is theirs, made wider by how much the weeks differ among
themselves: what a few weeks say of a mean, and what the weeks to come will differ from
it. With a pace the blocks are walked in the order of D1, with their ends and what they
carry over.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

WEEKS = (4, 8, 13)
# fewer entries than this say nothing
LEAST_ENTRIES = 3
# how far a forecast looks
DAYS_AHEAD = 3 * 365
# hours that are none
LEAST = 0.005
# hours that are a rounding
ROUNDING = 1e-9
# a pace that is none, but sees hours end
SLOWEST = 1e-6
# width of the range, in standard deviations of the mean pace: made series say how
# often it holds (`bench/forecast.py`)
WIDTH = 1.3
# of the difference between the last weeks and all weeks: a trend goes on
DRIFT = 1.0
DAY = timedelta(days=1)


class Calendar:
    """The working days of a company.

    :param weekdays: numbers of the weekdays worked, Monday is 0; none are all
    :param holidays: days off
    """

    def __init__(self, weekdays=(), holidays=()):
        self.weekdays = frozenset(weekdays) or frozenset(range(7))
        self.holidays = sorted(
            {day for day in holidays if day.weekday() in self.weekdays}
        )

    def count(self, first, last):
        """Working days from first to last, both included."""
        days = (last - first).days + 1
        if days <= 0:
            return 0
        weeks, rest = divmod(days, 7)
        number = weeks * len(self.weekdays) + sum(
            (first.weekday() + i) % 7 in self.weekdays for i in range(rest)
        )
        off = bisect_right(self.holidays, last) - bisect_left(self.holidays, first)
        return number - off

    def find(self, first, number):
        """The day of the so manieth working day from first on."""
        low, high = 0, 7 * (number + len(self.holidays) + 1)
        while low < high:
            middle = (low + high) // 2
            if self.count(first, first + timedelta(days=middle)) >= number:
                high = middle
            else:
                low = middle + 1
        return first + timedelta(days=low)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours of a block, or of one of its periods, that can be used within some days."""

    block: int
    hours: float
    start: date | None = None
    end: date | None = None
    carry: float = 0.0  # hours that pass on to the block's next stretch at most
    rank: tuple = ()  # order among stretches that end and start on the same days


@dataclass(frozen=True, slots=True)
class Pace:
    """Hours per working day."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Walk:
    """What becomes of hours at a pace."""

    lasts_until: date | None  # last day with hours; None: longer than one looks ahead
    emptied: dict = field(default_factory=dict)  # block: day on which it is used up
    expired: dict = field(default_factory=dict)  # block: hours that end unused


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days are the last ones with hours; None where one does not look so far."""

    lasts_until: date | None
    earliest: date | None
    latest: date | None
    pace: Pace
    walk: Walk  # at the likely pace


def measure(used, today, calendar, left=math.inf, since=None):
    """The pace of hours, from what was used.

    :param used: (day, hours) of the last 13 weeks; days may occur several times
    :param left: hours that are left: the fewer weeks they last, the less sure it is
    :param since: first day on which hours could be used, if it is known
    :rtype: Pace
    """
    by_day = defaultdict(float)
    for day, hours in used:
        by_day[day] += hours
    # a day that has just begun says nothing yet
    last = today if today in by_day else today - DAY
    begun = min([*by_day, *([since] if since else [])], default=last)
    week = len(calendar.weekdays)
    paces = []
    for weeks in WEEKS:
        first = max(last - timedelta(weeks=weeks) + DAY, begun)
        hours = sum(amount for day, amount in by_day.items() if first <= day <= last)
        paces.append(max(hours, 0.0) / max(calendar.count(first, last), week))
    likely = sum(paces) / len(paces)
    ahead = left / (likely * week) if likely else math.inf
    error = WIDTH * _get_error(by_day, begun, last, ahead) / week
    drift = DRIFT * abs(paces[0] - paces[-1])
    return Pace(
        max(min(paces) - drift - error, 0.0), likely, max(paces) + drift + error
    )


def _get_error(by_day, begun, last, ahead):
    """Standard error of the mean hours of the weeks ahead, from how weeks differ."""
    totals = []
    for number in range(WEEKS[-1]):
        end = last - timedelta(weeks=number)
        first = end - timedelta(days=6)
        if first < begun and totals:
            break
        totals.append(
            sum(amount for day, amount in by_day.items() if first <= day <= end)
        )
    if len(totals) < 2:
        return totals[0]
    mean = sum(totals) / len(totals)
    variance = sum((total - mean) ** 2 for total in totals) / (len(totals) - 1)
    return math.sqrt(variance * (1 / len(totals) + 1 / max(ahead, LEAST)))


def walk(stretches, pace, today, calendar):
    """Use hours at a pace from tomorrow on, in the order of D1.

    :param pace: hours per working day
    :rtype: Walk
    """
    horizon = today + timedelta(days=DAYS_AHEAD)
    stock = _Stock(stretches, horizon)
    emptied, lasts, covered = {}, None, today
    day = today + DAY
    while day <= horizon:
        last = min(stock.get_next_change(day) - DAY, horizon)
        available = stock.get_available(day)
        need = pace * calendar.count(day, last)
        drawn = 0.0
        for stretch in available:
            take = min(stock.left[stretch], need - drawn)
            stock.left[stretch] -= take
            drawn += take
            if take and stock.left[stretch] < LEAST:
                number = max(math.ceil(drawn / pace - 1e-6), 1)
                emptied[stretch.block] = calendar.find(day, number)
        short = need - drawn > ROUNDING
        if available:
            covered = last
            if short:
                covered = calendar.find(day, max(math.ceil(drawn / pace - 1e-6), 1))
        if short and lasts is None:
            lasts = covered
        stock.end(last)
        day = last + DAY
    gone = {block for block in emptied if stock.has_hours(block)}
    return Walk(
        lasts,
        {block: day for block, day in emptied.items() if block not in gone},
        dict(stock.expired),
    )


class _Stock:
    """What is left of stretches while days go by."""

    def __init__(self, stretches, horizon):
        self.stretches = sorted(
            stretches,
            key=lambda stretch: (
                stretch.end or date.max,
                stretch.start or date.min,
                stretch.rank,
                stretch.block,
            ),
        )
        self.left = {stretch: stretch.hours for stretch in self.stretches}
        self.expired = defaultdict(float)
        self.changes = sorted(
            {stretch.start for stretch in self.stretches if stretch.start}
            | {
                stretch.end + DAY
                for stretch in self.stretches
                if stretch.end and stretch.end < horizon
            }
        )

    def get_next_change(self, day):
        position = bisect_right(self.changes, day)
        return self.changes[position] if position < len(self.changes) else date.max

    def get_available(self, day):
        return [
            stretch
            for stretch in self.stretches
            if self.left[stretch] >= LEAST
            and (not stretch.start or stretch.start <= day)
            and (not stretch.end or day <= stretch.end)
        ]

    def end(self, day):
        """Carry on, or lose, what is left of the stretches that end on a day."""
        for stretch in self.stretches:
            left = self.left[stretch]
            if stretch.end != day or left < LEAST:
                continue
            carried = min(left, stretch.carry)
            following = self._get_following(stretch)
            if following and carried > 0:
                self.left[following] += carried
                left -= carried
            self.left[stretch] = 0.0
            if left >= LEAST:
                self.expired[stretch.block] += left

    def _get_following(self, stretch):
        later = (
            other
            for other in self.stretches
            if other.block == stretch.block
            and other.start
            and other.start > stretch.end
        )
        return min(later, key=lambda other: other.start, default=None)

    def has_hours(self, block):
        return any(
            left >= LEAST
            for stretch, left in self.left.items()
            if stretch.block == block
        )


def foresee(used, entries, stretches, today, calendar, since=None):
    """The forecast of a customer's hours; None where there is not enough data.

    :param used: (day, hours) of the last 13 weeks
    :param entries: number of time entries that they come from
    :param stretches: hours that are left, and until when
    :param since: first day on which hours could be used, if it is known
    """
    if entries < LEAST_ENTRIES:
        return None
    pace = measure(
        used, today, calendar, sum(stretch.hours for stretch in stretches), since
    )
    if pace.likely <= 0:
        return None
    likely = walk(stretches, pace.likely, today, calendar)
    latest = walk(stretches, max(pace.low, SLOWEST), today, calendar)
    earliest = walk(stretches, pace.high, today, calendar)
    return Forecast(
        likely.lasts_until, earliest.lasts_until, latest.lasts_until, pace, likely
    )
