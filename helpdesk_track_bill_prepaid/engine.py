"""The account of a customer's prepaid hours: one pure decision, no database, no clock.

The caller reads the blocks of one customer and company (``Block``), what was drawn from
them (``Hours``) and the time entries that it asks about (``Entry``), makes an
``Account`` of them and asks. Answers are data (``Draw``, ``Plan``, ``Standing``,
``Miss``); nothing given is changed, and the order of what is given does not matter.

**Units.** Hours come in and go out as floats. Inside they are whole microseconds: every
value that people type (minutes, seconds, up to six decimals of an hour) is one exactly,
an ``int`` sums without error, and a float of hours keeps a microsecond up to a million
hours. Each value is converted once; nothing is rounded before a sum (D11). A part that
is all of its entry keeps the float that was typed, and the last of several parts is
what was typed less the others. Three amounts are not worth a decision: hours left below
18 seconds are none (``LEAST``), a part below a minute is made only where it is all of
the rest (``MINUTE``, D3), and a rest below one second is a rounding that stays on the
part before it (``ROUNDING``), so that a block is never short of more than that by it.

**Flow.** In a period, hours used are taken from the carried ones first. So, with
``own`` for granted + adjusted hours, what is left is ``own + carried in - used``, and
what passes on to the next period is

* left >= 0: ``min(left, own, cap)``: what was carried in ends here (C2);
* left < 0 under ``negative``: all of it, as a debt (C3);
* else, and in the last period: nothing.

**What can be drawn** on a date is the *room* of the period that holds it. An entry may
be dated back, and the hours left in its period may have been passed on and used since.
Room is therefore the most that can be taken without anything later falling short:

    room(last) = max(0, left)
    room(i)    = max(0, left(i) - max(0, passed on(i) - room(i + 1)))

Taking ``x <= left(i) - passed on(i)`` touches hours that nobody carried. Each hour
beyond that lowers what the next period gets by at most one, and by induction it can
miss as much as its own room. So no draw makes any period's left negative, or more
negative than it was: ``bill`` and ``refuse`` never fall below zero, C5 holds by the
definition of the flow, and no entry drawn before loses its hours (D5). A closed period
gives no room to earlier ones. Room looks at all periods as if over: it depends on the
dates of the entries alone, never on the day they are drawn on (V1). What ``negative``
adds beyond the room is a debt: it moves on to the last period, and entries drawn later
in time stay even where it takes the hours under them.

**Not all usable** (V4). ``usable_limit`` hours of the ordered ones are invoiced or
paid. They stand for the first periods first. A second flow with only those granted
gives a second room, and what can be drawn is the smaller of the two.

**Cost.** A flow is linear in the periods of its block and computed when first asked
after a change; the candidates of a date are sorted once.
"""

import math
from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

SECOND = 1_000_000
HOUR = 3600 * SECOND
LEAST = 18 * SECOND
MINUTE = 60 * SECOND
ROUNDING = SECOND
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "week": 7}


class TermsError(ValueError):
    """Terms or hours that no account can be made of.

    ``code`` is ``period_without_start``, ``period_without_end``, ``end_before_start``,
    ``not_a_number`` or ``twice``; ``block`` the id, where it is known.
    """

    def __init__(self, code, block=None):
        super().__init__(code if block is None else f"{code}: {block}")
        self.code = code
        self.block = block


# ---------------------------------------------------------------------------
# what comes in
# ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Block:
    """A confirmed item with its terms."""

    id: int
    hours: float  # ordered
    date_start: date | None = None  # both days included, None is open
    date_end: date | None = None
    order_date: date | datetime | None = None
    period: str | None = None  # month, quarter, year
    carry_over: str = "none"  # none, all, capped
    carry_over_cap: float = 0.0
    overrun: str = "negative"  # negative, bill, refuse
    usable_limit: float | None = None  # hours invoiced or paid; None: all (V4)
    post_paid_item: int | None = None  # the post-paid item on its order (D4)
    # any day of a closed period -> hours granted when it was closed, None for its share
    closed: Mapping[date, float | None] = field(default_factory=dict, hash=False)


class Hours(NamedTuple):
    """Hours used or adjusted in the period of a block that holds the date.

    Any sum will do: of an entry, a day, a period (with any of its days). A date outside
    the block, or None, counts in the nearest period. ``source`` is the caller's: a
    ledger hands it back.
    """

    block: int
    date: date | None
    hours: float
    source: object = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A time entry, new or saved, or what was typed for one."""

    id: int  # for new ones any numbers in the order in which they are saved
    date: date
    hours: float
    root: int | None = None  # the first part of the same work; None: itself
    ticket: int | None = None
    item: int | None = None  # that it is on, or that was chosen for it
    by_hand: bool = False  # the item (or none) was chosen on the entry
    coverage: str | None = None
    frozen: bool = False
    ticket_item: int | None = None
    ticket_item_by_hand: bool = False
    post_paid_item: int | None = None  # the ticket's
    may_refuse: bool = True  # False for timers, e-mails and merges (D4)
    alone: bool = False  # never joined with other parts of the same work (D7)


# ---------------------------------------------------------------------------
# what comes out
# ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part went where it is (D9).

    ===============  ==================================================================
    code             meaning, and what is filled besides ``hours``, ``of`` and ``date``
    ===============  ==================================================================
    ``drawn``        ``block``, ``order``, ``end`` of the period, ``left`` before
    ``overrun``      stays on ``block`` by its policy; ``left`` before
    ``bill``         on the post-paid ``item``; ``block`` whose policy asks for it, and
                     ``why`` that one could not be drawn (further)
    ``chosen``       on ``item`` (None: on none), chosen ``on_entry`` or ``on_ticket``
                     (``order``)
    ``uncovered``    ``why``, and the ``block`` it speaks of, if any
    ``correction``   negative hours, given back to ``block`` or ``item``
    ``nothing``      no hours: nothing is drawn
    ``kept``         hours of a part that was changed for itself and stays where it was
    ===============  ==================================================================

    ``order``: ``on_entry``, ``on_ticket``, ``on_order`` (D8), ``first_to_expire``,
    ``next_to_expire`` (after others were drawn) or ``no_end``. ``why``: a code of
    ``Miss``, or ``no_block``, ``no_post_paid``.
    """

    code: str
    hours: float
    of: float
    date: date
    block: int | None = None
    item: int | None = None
    order: str | None = None
    end: date | None = None
    left: float | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    item: int | None
    hours: float
    coverage: str  # prepaid, overrun, post_paid, uncovered, non_billable
    reason: Reason
    period: int | None = None  # number of the block's period, from 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing is saved (D4): of ``needed`` hours ``left`` are there on ``date``."""

    block: int  # whose policy refuses
    date: date
    needed: float
    left: float
    why: str  # a code of Miss


@dataclass(frozen=True, slots=True)
class Draw:
    entry: Entry
    parts: tuple[Part, ...]
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a block does not cover an entry: the first condition that fails.

    ``upcoming`` (``day``: its first), ``expired`` (its last), ``closed``,
    ``used_up`` (``left``, may be negative), ``used_later`` (its ``left`` hours are used
    by later periods), ``unpaid`` (``left`` were there but for that), ``other_chosen``
    (by hand, to be drawn alone), ``under_a_minute``, ``not_needed`` (others come before
    it and suffice). Where none fails: ``drawn`` (``left`` before), or ``available``:
    what is saved draws from elsewhere, and would from it if it were drawn anew;
    ``fixed`` where it cannot be.
    """

    block: int
    code: str
    left: float | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """C5: granted + carried_in + adjusted = used + left + carried_on + expired."""

    number: int
    date_start: date | None
    date_end: date | None
    hours_granted: float
    hours_carried_in: float
    hours_adjusted: float
    hours_used: float
    hours_left: float
    hours_carried_on: float
    hours_expired: float
    closed: bool
    hours_usable: float  # that an entry dated in it can still draw
    hours_carry_limit: float  # the most that it can pass on (C2)


@dataclass(frozen=True, slots=True)
class Standing:
    """A block on a day."""

    block: int
    state: str  # upcoming, unpaid, usable, used_up, overdrawn, expired
    usable: float  # hours that can be drawn on the day
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A line of a block's ledger, see ``make_ledger``.

    ``kind`` is ``carried_in``, ``granted``, ``adjusted``, ``used``, ``carried_on`` or
    ``expired``. ``hours`` are signed: what they add to what is left of the period
    (number ``period``), which is ``balance`` after them. ``source`` came with the
    ``Hours`` of what was used or adjusted.
    """

    period: int
    kind: str
    date: date | None
    hours: float
    balance: float
    source: object = None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one part.

    ``id`` and ``before`` are None for ``create``, ``after`` for ``delete``; ``root`` is
    the first part of the work, which may be frozen, ``source`` the part to copy for
    ``create``.
    """

    action: str  # keep, update, create, delete
    id: int | None
    root: int
    source: int
    date: date
    before: Entry | None
    after: Part | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes in the order of date and id; nothing is written.

    With ``blocked`` (ids of frozen parts in the way) or ``refusal`` there are none.
    """

    changes: tuple[Change, ...] = ()
    blocked: tuple[int, ...] = ()
    refusal: Refusal | None = None

    @property
    def writes(self):
        """The changes that change something."""
        return tuple(change for change in self.changes if change.action != "keep")


# ---------------------------------------------------------------------------
# days and units
# ---------------------------------------------------------------------------
def to_ticks(hours, block=None):
    if not math.isfinite(hours):
        raise TermsError("not_a_number", block)
    return round(hours * HOUR)


def to_hours(ticks):
    return ticks / HOUR


def last_day(start, months):
    """The last of so many calendar months from a day on, both included.

    In a month that lacks the first day's number it is the last one: a month from 31
    January ends on 28 (29) February, and two months from it end on 30 March.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    length = monthrange(year, month + 1)[1]
    if start.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, start.day) - timedelta(days=1)


def end_of_validity(start, number, unit):
    """The last day of ``number`` days, weeks, months or years; None for 0 (V1)."""
    if number <= 0:
        return None
    if unit in DAYS:
        days = min(number * DAYS[unit] - 1, (date.max - start).days)
        return start + timedelta(days=days)
    return last_day(start, number * MONTHS[unit])


def cut_periods(block):
    """First and last days of the block's periods, with None at an open side (C1)."""
    start, end = block.date_start, block.date_end
    if start and end and end < start:
        raise TermsError("end_before_start", block.id)
    if not block.period:
        return [(start, end)]
    if not start:
        raise TermsError("period_without_start", block.id)
    if not end:
        raise TermsError("period_without_end", block.id)
    months = MONTHS[block.period]
    periods = []
    first = start
    while first <= end:
        # from the first start, so that 31 January is not forgotten in February
        last = min(last_day(start, months * (len(periods) + 1)), end)
        periods.append((first, last))
        if last == date.max:
            break
        first = last + timedelta(days=1)
    return periods


def share(ticks, count):
    """Ticks in equal shares of whole seconds, the remainder in the last (C1)."""
    each = ticks // count // SECOND * SECOND
    return [each] * (count - 1) + [ticks - each * (count - 1)]


# ---------------------------------------------------------------------------
# the flow through the periods of one block
# ---------------------------------------------------------------------------
class _Flow:
    """What is left in each period, is passed on by it, and can be drawn in it."""

    __slots__ = ("left", "passed", "room")

    def __init__(self, book, own, used):
        count = len(own)
        self.left = left = [0] * count
        self.passed = passed = [0] * count
        came = 0
        for i in range(count):
            left[i] = own[i] + came - used[i]
            came = passed[i] = book.pass_on(i, left[i], own[i])
        self.room = room = [0] * count
        later = 0
        for i in reversed(range(count)):
            if left[i] > 0 and not book.closed[i]:
                room[i] = later = left[i] - max(0, passed[i] - later)
            else:
                later = 0


class _Book:
    """A block with the hours used in its periods, in ticks.

    Clones share everything but ``used``.
    """

    __slots__ = (
        "adjusted",
        "block",
        "cap",
        "closed",
        "flow",
        "granted",
        "in_debt",
        "own",
        "own_usable",
        "periods",
        "starts",
        "usable_flow",
        "used",
    )

    def __init__(self, block):
        self.block = block
        self.periods = cut_periods(block)
        count = len(self.periods)
        self.starts = [start or date.min for start, _end in self.periods]
        self.closed = [False] * count
        self.granted = self._grant()
        self.adjusted = [0] * count
        self.used = [0] * count
        self.in_debt = block.overrun == "negative"
        self.cap = {
            "none": 0,
            "all": None,
            "capped": max(0, to_ticks(block.carry_over_cap, block.id)),
        }[block.carry_over]
        self.flow = None

    def _grant(self):
        block = self.block
        pinned = {}
        for day, hours in block.closed.items():
            i = self.nearest(day)
            self.closed[i] = True
            if hours is not None:
                pinned[i] = to_ticks(hours, block.id)
        count = len(self.periods)
        rest = to_ticks(block.hours, block.id) - sum(pinned.values())
        free = [i for i in range(count) if i not in pinned]
        granted = [pinned.get(i, 0) for i in range(count)]
        if free:
            for i, ticks in zip(free, share(rest, len(free)), strict=True):
                granted[i] = ticks
        else:
            granted[-1] += rest
        return granted

    def settle(self):
        """Once the adjustments are in."""
        self.own = [a + b for a, b in zip(self.granted, self.adjusted, strict=True)]
        self.own_usable = None
        if self.block.usable_limit is not None:
            limit = to_ticks(self.block.usable_limit, self.block.id)
            self.own_usable = []
            for granted, adjusted in zip(self.granted, self.adjusted, strict=True):
                usable = min(max(limit, 0), max(granted, 0))
                limit -= usable
                self.own_usable.append(usable + adjusted)

    def clone(self):
        book = _Book.__new__(_Book)
        for name in self.__slots__:
            if name not in ("flow", "usable_flow", "used"):
                setattr(book, name, getattr(self, name))
        book.used = self.used[:]
        book.flow = None
        return book

    def add(self, i, ticks):
        self.used[i] += ticks
        self.flow = None

    def nearest(self, day):
        """The number of the period that holds the day, else of the nearest one."""
        return max(0, bisect_right(self.starts, day or date.min) - 1)

    def find(self, day):
        """The number of the period that holds the day, or None."""
        i = self.nearest(day)
        start, end = self.periods[i]
        if (start and day < start) or (end and day > end):
            return None
        return i

    def pass_on(self, i, left, own):
        if i == len(self.periods) - 1:
            return 0
        if left < 0:
            return left if self.in_debt else 0
        passed = min(left, max(own, 0))
        return passed if self.cap is None else min(passed, self.cap)

    def carry_limit(self, i):
        """The most that a period can pass on, were nothing of it used."""
        own = max(self.own[i], 0)
        return self.pass_on(i, own, own)

    def _flows(self):
        if self.flow is None:
            self.flow = self.usable_flow = _Flow(self, self.own, self.used)
            if self.own_usable is not None:
                self.usable_flow = _Flow(self, self.own_usable, self.used)
        return self.flow, self.usable_flow

    def room(self, i):
        """What can be drawn in a period."""
        flow, usable = self._flows()
        return flow.room[i] if usable is flow else min(flow.room[i], usable.room[i])

    def left(self, i):
        return self._flows()[0].left[i]

    def room_if_paid(self, i):
        return self._flows()[0].room[i]

    def is_unpaid(self, i):
        """Whether hours of the period are held back, or drawn, without payment."""
        flow, usable = self._flows()
        return flow is not usable and flow.left[i] - usable.left[i] >= LEAST

    def shortage(self):
        """What was drawn beyond what was there."""
        left = self._flows()[0].left
        if self.in_debt:
            return max(0, -left[-1])
        return sum(-ticks for ticks in left if ticks < 0)

    def is_shorter_than(self, allowed):
        """Whether more was drawn beyond what was there than is allowed."""
        return self.shortage() - allowed >= ROUNDING

    def miss(self, day):
        """The first condition of D1 that fails on a day, or None."""
        i = self.find(day)
        if i is None:
            start, end = self.periods[0][0], self.periods[-1][1]
            early = start and day < start
            return Miss(
                self.block.id,
                "upcoming" if early else "expired",
                day=start if early else end,
            )
        left = self.left(i)
        if self.closed[i]:
            code = "closed"
        elif left < LEAST:
            code = "used_up"
        elif self.room_if_paid(i) < LEAST:
            code = "used_later"
        elif self.room(i) < LEAST:
            code, left = "unpaid", self.room_if_paid(i)
        else:
            return None
        return Miss(self.block.id, code, to_hours(left), self.periods[i][1])

    # -- figures ------------------------------------------------------------
    def _needs(self):
        """What each period and those after it have used beyond their own hours."""
        needs = [0] * (len(self.periods) + 1)
        for i in reversed(range(len(self.periods))):
            passed = self.pass_on(i, max(needs[i + 1], 0), self.own[i])
            needs[i] = max(0, self.used[i] + passed - self.own[i])
        return needs

    def figures(self, day):
        """The periods on a day.

        What a period that is not over has left stays in it, less what later ones have
        used of it already.
        """
        needs = self._needs()
        came = 0
        for i, (start, end) in enumerate(self.periods):
            value = self.own[i] + came - self.used[i]
            over = self.closed[i] or (end is not None and end < day)
            passed = self.pass_on(i, value, self.own[i])
            if not over:
                passed = max(0, min(passed, needs[i + 1]))
            left = value - passed
            expired = left if over and value >= 0 else 0
            yield Period(
                i,
                start,
                end,
                to_hours(self.granted[i]),
                to_hours(came),
                to_hours(self.adjusted[i]),
                to_hours(self.used[i]),
                to_hours(left - expired),
                to_hours(passed),
                to_hours(expired),
                self.closed[i],
                to_hours(self.room(i)),
                to_hours(self.carry_limit(i)),
            )
            came = passed

    def state(self, day):
        start, end = self.periods[0][0], self.periods[-1][1]
        if start and day < start:
            return "upcoming"
        if end and day > end:
            return self._state_of_past()
        i = self.find(day)
        if self.room(i) >= LEAST:
            return "usable"
        if self.is_unpaid(i) and not self.closed[i]:
            return "unpaid"
        return "overdrawn" if self.left(i) <= -LEAST else "used_up"

    def _state_of_past(self):
        if self.shortage() >= LEAST:
            return "overdrawn"
        limit = self.own_usable
        if limit is not None and sum(self.used) - sum(limit) >= LEAST:
            return "unpaid"
        return "expired" if self.left(-1) >= LEAST else "used_up"

    def sort_key(self, i):
        """D1: soonest end, open end last, then earliest start, order date, id."""
        start, end = self.periods[i]
        ordered = self.block.order_date
        return (
            end or date.max,
            start or date.min,
            ordered is None,
            ordered,
            self.block.id,
        )


# ---------------------------------------------------------------------------
# drawing
# ---------------------------------------------------------------------------
class _Piece(NamedTuple):
    item: int | None
    period: int | None
    ticks: int
    coverage: str
    code: str
    reason: dict


class _Ledger:
    """Books of all blocks, and what is decided on them."""

    def __init__(self, books, post_paid_item):
        self.books = books
        self.post_paid_item = post_paid_item
        self._candidates = {}

    def clone(self):
        books = {block: book.clone() for block, book in self.books.items()}
        return _Ledger(books, self.post_paid_item)

    def add(self, item, day, ticks):
        """Count hours as used, in the period that holds the day or the nearest."""
        book = self.books.get(item)
        if book:
            book.add(book.nearest(day), ticks)

    def take(self, pieces):
        for piece in pieces:
            if piece.period is not None:
                self.books[piece.item].add(piece.period, piece.ticks)

    def candidates(self, day):
        """The books with a period on the day, in the order of D1."""
        found = self._candidates.get(day)
        if found is None:
            found = []
            for book in self.books.values():
                i = book.find(day)
                if i is not None and not book.closed[i]:
                    found.append((book.sort_key(i), book, i))
            found.sort(key=lambda candidate: candidate[0])
            found = [(book, i) for _key, book, i in found]
            self._candidates[day] = found
        return found

    def candidates_of(self, entry):
        """D2: one set on the entry alone, one chosen on the ticket first."""
        candidates = self.candidates(entry.date)
        if entry.by_hand:
            return [found for found in candidates if found[0].block.id == entry.item]
        if entry.ticket_item_by_hand:
            mine = entry.ticket_item
            # sorting is stable
            return sorted(candidates, key=lambda found: found[0].block.id != mine)
        return candidates

    def order_of(self, entry, block, drawn, end):
        if entry.by_hand:
            return "on_entry"
        if entry.ticket_item_by_hand and entry.ticket_item == block:
            return "on_ticket"
        if end is None:
            return "no_end"
        return "next_to_expire" if drawn else "first_to_expire"

    # -- one entry ----------------------------------------------------------
    def draw(self, entry, ticks):
        """Pieces for so many ticks of an entry, and a refusal if there is one."""
        chosen = self._chosen_elsewhere(entry, ticks)
        if chosen:
            return [chosen], None
        if ticks < 0:
            return [self._correct(entry, ticks)], None
        if not ticks:
            return [self._nothing(entry)], None
        pieces, rest, last = self._draw_periods(entry, ticks)
        if not rest:
            return pieces, None
        piece, refusal = self._overrun(entry, rest, last, ticks)
        return ([], refusal) if refusal else ([*pieces, piece], None)

    def _chosen_elsewhere(self, entry, ticks):
        """An item chosen by hand that is no block, or none at all."""
        if entry.by_hand:
            item, order = entry.item, "on_entry"
        elif entry.ticket_item_by_hand:
            item, order = entry.ticket_item, "on_ticket"
        else:
            return None
        if item in self.books:
            return None
        coverage = "non_billable" if item is None else "post_paid"
        reason = {"item": item, "order": order}
        return _Piece(item, None, ticks, coverage, "chosen", reason)

    def _draw_periods(self, entry, ticks):
        pieces = []
        rest, last = ticks, None
        for book, i in self.candidates_of(entry):
            room = book.room(i)
            if room < LEAST:
                continue
            taken = rest if rest - room < ROUNDING else room
            if taken < MINUTE and taken != rest:
                continue
            last = book
            end = book.periods[i][1]
            block = book.block.id
            reason = {
                "block": block,
                "order": self.order_of(entry, block, bool(pieces), end),
                "end": end,
                "left": to_hours(room),
            }
            pieces.append(_Piece(block, i, taken, "prepaid", "drawn", reason))
            rest -= taken
            if not rest:
                break
        return pieces, rest, last

    def _overrun(self, entry, rest, last, ticks):
        """D4: what no period covers."""
        item = entry.item if entry.by_hand else entry.ticket_item
        book = last or self.books.get(item)
        if not book:
            if item is None:
                return self._uncovered(rest, self._tell(entry.date)), None
            # the ticket's item, chosen by the system, is a post-paid one
            return self._bill(rest, item, None, "no_block"), None
        i = book.find(entry.date)
        miss = book.miss(entry.date)
        # drawn to its end by this entry, nothing is written yet
        why = miss.code if miss else self._why_no_more(book, i)
        block = book.block
        if block.overrun == "refuse" and entry.may_refuse:
            return None, self._refuse(entry, block, why, ticks)
        if block.overrun == "bill":
            for item in (
                entry.post_paid_item,
                block.post_paid_item,
                self.post_paid_item,
            ):
                if item is not None:
                    return self._bill(rest, item, block.id, why), None
            why = "no_post_paid"
        elif block.overrun == "negative" and self._stays(book, i, why):
            left = book.left(i) if rest == ticks else 0
            reason = {"block": block.id, "left": to_hours(left), "why": why}
            return _Piece(block.id, i, rest, "overrun", "overrun", reason), None
        return self._uncovered(rest, (why, block.id)), None

    @staticmethod
    def _why_no_more(book, i):
        """Why a period that is drawn to its end gives no more."""
        room = book.room(i)
        if book.room_if_paid(i) - room >= LEAST:
            return "unpaid"
        return "used_later" if book.left(i) - room >= LEAST else "used_up"

    @staticmethod
    def _stays(book, i, why):
        return i is not None and not book.closed[i] and why != "unpaid"

    def _refuse(self, entry, block, why, needed):
        rooms = [book.room(i) for book, i in self.candidates_of(entry)]
        left = sum(room for room in rooms if room >= LEAST)
        return Refusal(block.id, entry.date, to_hours(needed), to_hours(left), why)

    def _tell(self, day):
        """The most telling reason why no block covers a day, and its block."""
        ranks = ("unpaid", "closed", "used_later", "used_up", "expired", "upcoming")
        misses = [book.miss(day) for book in self.books.values()]
        misses = [
            (ranks.index(miss.code), miss.block, miss.code) for miss in misses if miss
        ]
        if not misses:
            # of those that have hours left it is too little to make a part of
            block = min(self.books, default=None)
            return "no_block" if block is None else "under_a_minute", block
        _rank, block, code = min(misses)
        return code, block

    @staticmethod
    def _bill(ticks, item, block, why):
        reason = {"block": block, "item": item, "why": why}
        return _Piece(item, None, ticks, "post_paid", "bill", reason)

    @staticmethod
    def _uncovered(ticks, why):
        reason = {"block": why[1], "why": why[0]}
        return _Piece(None, None, ticks, "uncovered", "uncovered", reason)

    def _correct(self, entry, ticks):
        """Negative hours are given back to one item, whole.

        To the one the entry is on, else the ticket's, else the first of D1 with a
        period on that date; none: uncovered.
        """
        for item in (entry.item, entry.ticket_item):
            if item is None:
                continue
            book = self.books.get(item)
            if not book:
                reason = {"item": item}
                return _Piece(item, None, ticks, "post_paid", "correction", reason)
            i = book.find(entry.date)
            if i is not None and not book.closed[i]:
                reason = {"block": item}
                return _Piece(item, i, ticks, "prepaid", "correction", reason)
        for book, i in self.candidates(entry.date):
            reason = {"block": book.block.id}
            return _Piece(book.block.id, i, ticks, "prepaid", "correction", reason)
        return self._uncovered(ticks, ("no_block", None))

    def _nothing(self, entry):
        """No hours: on the block that hours would be drawn from, else the ticket's."""
        candidates = self.candidates_of(entry)
        mine = entry.item if entry.by_hand else entry.ticket_item
        found = [pair for pair in candidates if pair[0].room(pair[1]) >= LEAST]
        found += [pair for pair in candidates if pair[0].block.id == mine]
        if not found:
            return _Piece(None, None, 0, "uncovered", "nothing", {})
        book, i = found[0]
        reason = {"block": book.block.id}
        return _Piece(book.block.id, i, 0, "prepaid", "nothing", reason)


def _make_parts(pieces, hours, day):
    """Parts of pieces; they add up to the hours exactly."""
    parts = []
    given = 0.0
    for n, piece in enumerate(pieces):
        last = n == len(pieces) - 1
        amount = hours - given if last else to_hours(piece.ticks)
        given += amount
        reason = Reason(piece.code, amount, hours, day, **piece.reason)
        parts.append(Part(piece.item, amount, piece.coverage, reason, piece.period))
    return tuple(parts)


def _order(entry):
    return entry.date, entry.id


def _match(entries, pieces, exact=True):
    """Which piece stands on which entry already: number of the piece -> entry."""
    free = defaultdict(list)
    for entry in sorted(entries, key=_order, reverse=True):
        free[entry.item, entry.coverage].append(entry)
    found = {}
    for n, piece in enumerate(pieces):
        same = free[piece.item, piece.coverage]
        for entry in reversed(same):
            difference = abs(to_ticks(entry.hours) - piece.ticks)
            if difference == 0 or (not exact and difference < ROUNDING):
                found[n] = entry
                same.remove(entry)
                break
    return found


def _plan_group(entries, pieces, day):
    """Changes that turn the parts of one piece of work into others."""
    entries = sorted(entries, key=_order)
    first = entries[0]
    hours = math.fsum(entry.hours for entry in entries)
    # to the second: what sums of floats differ by is no change
    found = _match(entries, pieces, exact=False)
    if not len(found) == len(pieces) == len(entries):
        found = _match(entries, pieces)
    kept = {entry.id for entry in found.values()}
    others = [entry for entry in entries if entry.id not in kept]
    others.reverse()
    changes = []
    for n, part in enumerate(_make_parts(pieces, hours, day)):
        if n in found:
            entry = found[n]
            changes.append(("keep", entry, replace(part, hours=entry.hours)))
        elif others:
            changes.append(("update", others.pop(), part))
        else:
            changes.append(("create", None, part))
    changes += [("delete", entry, None) for entry in reversed(others)]
    root = first.id if first.root is None else first.root
    return [
        Change(action, entry and entry.id, root, first.id, day, entry, part)
        for action, entry, part in changes
    ]


# ---------------------------------------------------------------------------
# the account
# ---------------------------------------------------------------------------
class Account:
    """The blocks of one customer and company, and what was drawn from them.

    :param blocks: open blocks, and besides them those that are items of the tickets and
        entries asked about; an item not among them counts as a post-paid one
    :param used: ``Hours`` of everything that was drawn from them; of others ignored
    :param adjusted: ``Hours`` added (or, negative, taken) by hand (V5)
    :param post_paid_item: the customer's newest confirmed post-paid item (D4)
    :raises TermsError: terms that contradict each other, or hours that are no number
    """

    def __init__(self, blocks, used=(), adjusted=(), post_paid_item=None):
        books = {}
        for block in blocks:
            if block.id in books:
                raise TermsError("twice", block.id)
            books[block.id] = _Book(block)
        for amounts, name in ((adjusted, "adjusted"), (used, "used")):
            for block, day, hours, _source in amounts:
                book = books.get(block)
                if book:
                    getattr(book, name)[book.nearest(day)] += to_ticks(hours, block)
        for book in books.values():
            book.settle()
        self._ledger = _Ledger(books, post_paid_item)

    # -- reading ------------------------------------------------------------
    def standing(self, block, day):
        """A block's state, usable hours and periods on a day (C1-C5, V1, V4)."""
        book = self._ledger.books[block]
        i = book.find(day)
        usable = book.room(i) if i is not None else 0
        return Standing(
            block,
            book.state(day),
            to_hours(usable) if usable >= LEAST else 0.0,
            tuple(book.figures(day)),
        )

    def candidates(self, day):
        """Blocks that can be drawn on a day in the order of D1, with their hours.

        The first is a ticket's own item (D2).
        """
        return tuple(
            (book.block.id, to_hours(book.room(i)))
            for book, i in self._ledger.candidates(day)
            if book.room(i) >= LEAST
        )

    def has_block(self, block):
        """Whether hours can be drawn from a block at all: it is in the account."""
        return block in self._ledger.books

    def has_left(self, block):
        """Whether a block has hours left that can be drawn on some day."""
        book = self._ledger.books.get(block)
        return bool(book) and any(
            book.room(i) >= LEAST for i in range(len(book.periods))
        )

    def is_shorter_than(self, before, block):
        """Whether more hours of a block are missing than before, rounding aside."""
        book, old = (account._ledger.books.get(block) for account in (self, before))
        return bool(book) and book.is_shorter_than(old.shortage() if old else 0)

    def get_used_up(self, after):
        """Ids of the blocks that had hours left here and have none afterwards."""
        return [
            block
            for block, book in self._ledger.books.items()
            if book.used != after._ledger.books[block].used
            and self.has_left(block)
            and not after.has_left(block)
        ]

    def find_nearest_period(self, block, day):
        """The number of the block's period that hours of a day count in."""
        return self._ledger.books[block].nearest(day)

    def without(self, entries):
        """The account as if the entries had not been drawn."""
        ledger = self._ledger.clone()
        for entry in entries:
            ledger.add(entry.item, entry.date, -to_ticks(entry.hours))
        return self._wrap(ledger)

    def with_drawn(self, draws):
        """The account with draws written."""
        ledger = self._ledger.clone()
        for draw in draws:
            for part in draw.parts:
                if part.period is not None:
                    book = ledger.books[part.item]
                    book.add(part.period, to_ticks(part.hours))
        return self._wrap(ledger)

    @staticmethod
    def _wrap(ledger):
        account = Account.__new__(Account)
        account._ledger = ledger
        return account

    # -- drawing ------------------------------------------------------------
    def draw(self, entry):
        """The parts of a new entry and their reasons, or a refusal (D1-D4, D9, D11)."""
        pieces, refusal = self._ledger.draw(entry, to_ticks(entry.hours))
        return Draw(entry, _make_parts(pieces, entry.hours, entry.date), refusal)

    def draw_all(self, entries):
        """Draws of several new entries, in the order of date and id."""
        ledger = self._ledger.clone()
        draws = []
        for entry in sorted(entries, key=_order):
            pieces, refusal = ledger.draw(entry, to_ticks(entry.hours))
            ledger.take(pieces)
            parts = _make_parts(pieces, entry.hours, entry.date)
            draws.append(Draw(entry, parts, refusal))
        return draws

    def why_not(self, entry):
        """For every block the first condition that fails for an entry (D9).

        For a saved entry ask the account ``without`` it.
        """
        drawn = {}
        rest = to_ticks(entry.hours)
        pieces, _refusal = self._ledger.draw(replace(entry, may_refuse=False), rest)
        for piece in pieces:
            if piece.coverage == "prepaid":
                drawn[piece.item] = piece
                rest -= piece.ticks
        books = sorted(
            self._ledger.books.values(),
            key=lambda book: book.sort_key(book.nearest(entry.date)),
        )
        return tuple(self._miss(book, entry, drawn, rest) for book in books)

    def _miss(self, book, entry, drawn, rest):
        miss = book.miss(entry.date)
        if miss:
            return miss
        i = book.find(entry.date)
        block, room = book.block.id, book.room(i)
        if entry.item == block and entry.coverage == "prepaid":
            code = "drawn"
        elif block in drawn and entry.frozen:
            code = "fixed"
        elif block in drawn:
            # a saved entry stays where it was drawn (D5)
            code = "available" if entry.coverage else "drawn"
        elif self._ledger._chosen_elsewhere(entry, 1) or entry.by_hand:
            code = "other_chosen"
        elif rest and room < MINUTE:
            code = "under_a_minute"
        else:
            code = "not_needed"
        return Miss(block, code, to_hours(room), book.periods[i][1])

    # -- deciding anew ------------------------------------------------------
    def redraw(self, entries, date_start=None, date_end=None):
        """Draw the parts of a span anew in the order of date and id (D7).

        Parts that are frozen, set by hand or without hours stay as they are, and so do
        corrections as long as their item, where it is a block, has a period on their
        date. Of the others, those of one piece of work (same root, date and ticket) are
        joined and drawn as one, unless they are to stand alone. Nothing is refused:
        what is not covered is uncovered.

        For an item that is gone (its order is cancelled, V3) leave out the block and
        give its parts with no ``item``, and not as chosen by hand.
        """
        ledger = self._ledger.clone()
        return Plan(self._redraw(ledger, self._movable(entries, date_start, date_end)))

    def _movable(self, entries, date_start, date_end):
        first, last = date_start or date.min, date_end or date.max
        return [
            entry
            for entry in entries
            if not (entry.frozen or entry.by_hand)
            and first <= entry.date <= last
            and self._is_drawn_anew(entry)
        ]

    def _is_drawn_anew(self, entry):
        if entry.hours > 0:
            return True
        if not entry.hours:
            return False
        book = self._ledger.books.get(entry.item)
        return entry.item is None or (bool(book) and book.find(entry.date) is None)

    def _redraw(self, ledger, entries):
        groups = defaultdict(list)
        for entry in entries:
            ticks = to_ticks(entry.hours)
            ledger.add(entry.item, entry.date, -ticks)
            root = entry.id if entry.root is None else entry.root
            # a correction is for one item, and never joined
            alone = entry.id if entry.alone or entry.hours < 0 else None
            hand = (entry.by_hand, entry.item) if entry.by_hand else None
            groups[root, entry.date, entry.ticket, alone, hand].append(entry)
        changes = []
        for group in sorted(groups.values(), key=lambda group: min(map(_order, group))):
            ticks = sum(to_ticks(entry.hours) for entry in group)
            first = replace(min(group, key=_order), may_refuse=False)
            pieces, _refusal = ledger.draw(first, ticks)
            ledger.take(pieces)
            changes += _plan_group(group, pieces, first.date)
        return tuple(changes)

    def cover(self, block, entries):
        """Cover overrun, uncovered and post-paid parts from one block (D8).

        In the order of date and id; what does not fit stays where it is, and so does
        what is frozen or set by hand.
        """
        ledger = self._ledger.clone()
        book = ledger.books[block]
        changes = []
        for entry in sorted(entries, key=_order):
            i = book.find(entry.date)
            ticks = to_ticks(entry.hours)
            if (
                entry.coverage not in ("overrun", "uncovered", "post_paid")
                or entry.frozen
                or entry.by_hand
                or i is None
                or ticks <= 0
            ):
                continue
            ledger.add(entry.item, entry.date, -ticks)
            alone = replace(entry, item=block, by_hand=True)
            pieces, rest, _last = ledger._draw_periods(alone, ticks)
            pieces = [
                piece._replace(reason={**piece.reason, "order": "on_order"})
                for piece in pieces
            ]
            if rest:
                pieces.append(self._keep(ledger, entry, rest))
            ledger.take(pieces)
            if len(pieces) > 1 or pieces[0].code != "kept":
                changes += _plan_group([entry], pieces, entry.date)
        return Plan(tuple(changes))

    @staticmethod
    def _keep(ledger, entry, ticks):
        """So many ticks of a part that stay where the part is."""
        book = ledger.books.get(entry.item)
        period = book.nearest(entry.date) if book else None
        reason = {"block" if book else "item": entry.item}
        return _Piece(entry.item, period, ticks, entry.coverage, "kept", reason)

    def refit(self, block, entries, before=None):
        """Decide anew what no longer fits into a block with new terms (V2, V3, V5).

        :param entries: all parts that draw from the block
        :param before: the account with the terms of before; what was overdrawn then is
            no reason to move anything now
        :return: a plan; ``blocked`` names the frozen parts that do not fit

        Parts outside the dates are decided anew, then the latest until no more is
        overdrawn than before. An item set by hand is kept where only hours are short;
        on a date without a period it cannot be.
        """
        ledger = self._ledger.clone()
        book = ledger.books[block]
        old = before._ledger.books.get(block) if before else None
        allowed = old.shortage() if old else 0
        inside, outside = [], []
        for entry in entries:
            if entry.item == block:
                fits = book.find(entry.date) is not None
                (inside if fits else outside).append(entry)
        # what was outside before stays: other terms are no reason to move it now (E2)
        outside = [
            entry for entry in outside if not old or old.find(entry.date) is not None
        ]
        blocked = [entry.id for entry in outside if entry.frozen]
        moving = [entry for entry in outside if not entry.frozen]
        for entry in moving:
            ledger.add(block, entry.date, -to_ticks(entry.hours))
        latest = self._give_back_latest(book, inside, allowed)
        if book.is_shorter_than(allowed):
            blocked += [entry.id for entry in inside if entry.frozen]
        if blocked:
            return Plan(blocked=tuple(sorted(blocked)))
        moving = [replace(entry, by_hand=False) for entry in moving] + latest
        # counted as used until _redraw gives them back
        for entry in moving:
            ledger.add(block, entry.date, to_ticks(entry.hours))
        return Plan(self._redraw(ledger, moving))

    @staticmethod
    def _give_back_latest(book, entries, allowed):
        moving = []
        short = book.shortage()
        for entry in sorted(entries, key=_order, reverse=True):
            if short - allowed < ROUNDING:
                break
            if entry.frozen or entry.hours <= 0:
                continue
            i, ticks = book.nearest(entry.date), to_ticks(entry.hours)
            book.add(i, -ticks)
            if book.shortage() < short:
                short = book.shortage()
                moving.append(entry)
            else:
                book.add(i, ticks)
        return moving

    def change(self, entry, hours=None, date=None):
        """What other hours, or another date, make of a saved part (D6).

        More hours: the increase is new. Fewer: given back. Another date: kept where the
        same period holds it, else all is decided anew.
        """
        if entry.frozen:
            return Plan(blocked=(entry.id,))
        new = replace(
            entry,
            hours=entry.hours if hours is None else hours,
            date=entry.date if date is None else date,
        )
        old_ticks, ticks = to_ticks(entry.hours), to_ticks(new.hours)
        ledger = self._ledger.clone()
        kept = self._is_kept(ledger, entry, new)
        if kept and (old_ticks <= 0 or ticks <= 0):
            kept = old_ticks == ticks or ticks == 0
        if not kept:
            ledger.add(entry.item, entry.date, -old_ticks)
            pieces, refusal = ledger.draw(new, ticks)
        elif ticks <= old_ticks:
            pieces, refusal = [self._keep(ledger, new, ticks)], None
        else:
            pieces, refusal = ledger.draw(new, ticks - old_ticks)
            pieces = self._extend(ledger, new, old_ticks, pieces)
        if refusal:
            return Plan(refusal=refusal)
        return Plan(tuple(self._plan_change(entry, new, pieces)))

    @staticmethod
    def _is_kept(ledger, entry, new):
        if entry.date == new.date:
            return True
        book = ledger.books.get(entry.item)
        if not book:
            return entry.by_hand
        i = book.find(new.date)
        return i is not None and i == book.find(entry.date)

    def _extend(self, ledger, entry, ticks, pieces):
        """Put the piece of an increase that is of the part's own kind onto the part."""
        for n, piece in enumerate(pieces):
            if (piece.item, piece.coverage) == (entry.item, entry.coverage):
                pieces = [*pieces[:n], *pieces[n + 1 :]]
                return [piece._replace(ticks=ticks + piece.ticks), *pieces]
        return [self._keep(ledger, entry, ticks), *pieces]

    @staticmethod
    def _plan_change(entry, new, pieces):
        root = entry.id if entry.root is None else entry.root
        for n, part in enumerate(_make_parts(pieces, new.hours, new.date)):
            if n:
                yield Change("create", None, root, entry.id, new.date, None, part)
                continue
            same = (part.item, part.coverage) == (entry.item, entry.coverage)
            same = same and part.hours == entry.hours and new.date == entry.date
            action = "keep" if same else "update"
            yield Change(action, entry.id, root, entry.id, new.date, entry, part)


# ---------------------------------------------------------------------------
# the history of a block
# ---------------------------------------------------------------------------
def make_ledger(block, used=(), adjusted=(), day=date.max):
    """Every change of a block's hours in order, with the balance after it.

    The balance is that of the period: it starts with what is carried in and granted and
    ends at the period's hours left on the day (C5). What a period carries on is what
    the next begins with, so that it runs on over the periods that are over. Adjustments
    come before what was used on the same date, those of one date in the given order.

    :param used: ``Hours`` drawn from the block; of other blocks ignored
    :param adjusted: ``Hours`` added (or, negative, taken) by hand (V5)
    :param day: what is over on this day is carried on or expired
    :returns: a tuple of ``Move``; no line moves 0 hours but what was granted
    :raises TermsError: as ``Account``
    """
    used, adjusted = tuple(used), tuple(adjusted)
    book = _Book(block)
    facts = defaultdict(list)
    for kind, sign, amounts in (("adjusted", 1, adjusted), ("used", -1, used)):
        for number, when, hours, source in amounts:
            if number == block.id:
                ticks = sign * to_ticks(hours, number)
                facts[book.nearest(when)].append((when, kind, ticks, source))
    moves = []
    for period in Account([block], used, adjusted).standing(block.id, day).periods:
        start, end = period.date_start, period.date_end
        balance = 0
        for when, kind, ticks, source in (
            (start, "carried_in", to_ticks(period.hours_carried_in), None),
            (start, "granted", to_ticks(period.hours_granted), None),
            # sorted is stable: adjustments were put in first
            *sorted(facts[period.number], key=lambda fact: fact[0] or date.min),
            (end, "carried_on", -to_ticks(period.hours_carried_on), None),
            (end, "expired", -to_ticks(period.hours_expired), None),
        ):
            balance += ticks
            if ticks or kind == "granted":
                hours, left = to_hours(ticks), to_hours(balance)
                moves.append(Move(period.number, kind, when, hours, left, source))
    return tuple(moves)
