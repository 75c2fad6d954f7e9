"""When prepaid hours cross the limit of a rule (AL1): no database, no clock.

Hours are those of the engine; a balance is what a block, or all blocks of a customer,
come to on a day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.helpdesk_track_bill_prepaid import engine

# hours that are not worth a word, as for the engine
LEAST = engine.to_hours(engine.LEAST)
# states of a block that can run low: the others have not begun, or are not paid
BEGUN = ("usable", "used_up", "overdrawn", "expired")


@dataclass(frozen=True, slots=True)
class Balance:
    """Hours of a block, or of all blocks of a customer, on a day."""

    usable: float = 0.0  # that can be drawn on the day
    size: float = 0.0  # of which they are left: bought, carried in and adjusted
    granted: float = 0.0  # ever, up to the day: more of it arms a rule again (AL3)
    overdrawn: float = 0.0
    unpaid: float = 0.0  # used, or waiting, without being paid
    begun: bool = False
    start: date | None = None
    end: date | None = None  # last day, None is open


def read_balance(standing, day, unpaid=0.0):
    """What the engine says of a block, as a balance.

    :param standing: the block's `engine.Standing` on the day
    :param unpaid: hours of the block that were used without being paid
    """
    periods = standing.periods
    begun = [
        period
        for period in periods
        if not period.date_start or period.date_start <= day
    ]
    current = begun[-1:]
    return Balance(
        usable=standing.usable,
        size=sum(
            period.hours_granted + period.hours_carried_in + period.hours_adjusted
            for period in current
        ),
        granted=sum(period.hours_granted + period.hours_adjusted for period in begun),
        overdrawn=-sum(min(period.hours_left, 0.0) for period in periods),
        unpaid=unpaid,
        begun=standing.state in BEGUN,
        start=periods[0].date_start,
        end=periods[-1].date_end,
    )


def add_up(balances, day):
    """The balance of a customer from those of the blocks.

    Hours end when the last of them do; blocks that begin by then go on with them.
    """
    usable = [balance for balance in balances if balance.usable >= LEAST]
    sized = usable or [balance for balance in balances if balance.begun]
    return Balance(
        usable=sum(balance.usable for balance in usable),
        size=sum(balance.size for balance in sized),
        granted=sum(balance.granted for balance in balances),
        overdrawn=sum(balance.overdrawn for balance in balances),
        unpaid=sum(balance.unpaid for balance in balances),
        begun=any(balance.begun for balance in balances),
        end=_get_last_day(usable, balances, day),
    )


def _get_last_day(usable, balances, day):
    if not usable or any(balance.end is None for balance in usable):
        return None
    last = max(balance.end for balance in usable)
    upcoming = (
        balance for balance in balances if balance.start and balance.start > day
    )
    for balance in sorted(upcoming, key=lambda balance: balance.start):
        if balance.start <= last + timedelta(days=1):
            if balance.end is None:
                return None
            last = max(last, balance.end)
    return last


def is_crossed(kind, limit, balance, day):
    """Whether a balance is beyond the limit of a rule on a day.

    :param kind: ``hours``, ``percent``, ``ends``, ``overrun`` or ``unpaid``
    :param limit: hours, percent or days; of no meaning for the last two kinds
    """
    if kind == "overrun":
        return balance.overdrawn >= LEAST and balance.usable < LEAST
    if kind == "unpaid":
        return balance.unpaid >= LEAST
    if not balance.begun:
        return False
    if kind == "hours":
        return balance.usable < limit
    if kind == "percent":
        return balance.usable * 100 < limit * balance.size
    return (
        balance.usable >= LEAST
        and balance.end is not None
        and day <= balance.end <= day + timedelta(days=limit)
    )


def is_armed(kind, limit, balance, told):
    """Whether a rule tells of a crossing that is another than it last told of (AL3).

    There are more hours than then, and so many that they went beyond the limit: those
    that stay under it are the same crossing.

    :param told: hours granted at that time, and the hours that the rule told: left, or
        overdrawn; None if it never did
    """
    if told is None:
        return True
    granted, hours = told
    more = balance.granted - granted
    if more < LEAST:
        return False
    if kind == "hours":
        return hours + more >= limit
    if kind == "percent":
        return (hours + more) * 100 >= limit * balance.size
    if kind == "overrun":
        return hours - more < LEAST
    return True
