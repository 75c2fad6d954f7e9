"""How far the forecast of prepaid hours is off, on made series (F1).

    scripts/run python bench/forecast.py

Each series has a past, from which the forecast is made, and a future, which says on
what day the hours were really used up. Series are made from fixed seeds: the figures
are always the same. Needs neither Odoo nor a database.
"""

import math
import random
import statistics
import sys
from datetime import date, timedelta
from pathlib import Path

ADDON = Path(__file__).resolve().parent.parent / "helpdesk_track_bill_alert"
sys.path.insert(0, str(ADDON))

from forecast import Calendar, Stretch, foresee  # noqa: E402

TODAY = date(2026, 3, 10)
PAST, FUTURE = 13 * 7, 365
SERIES = 300
CALENDAR = Calendar(range(5))


def steady(day, draw):
    """About the same on each working day."""
    return draw.gauss(1, 0.25)


def weekly(day, draw):
    """Mondays have most, Fridays least."""
    return (2.2, 1.2, 0.8, 0.6, 0.2)[day.weekday()] * draw.uniform(0.6, 1.4)


def scattered(day, draw):
    """A few calls a month, each of some hours."""
    return draw.expovariate(1 / 2.5) if draw.random() < 0.2 else 0.0


def seasonal(day, draw):
    """Slowly more and less over the year."""
    return (1 + 0.6 * math.sin(day.toordinal() / 365 * 2 * math.pi)) * draw.gauss(
        1, 0.3
    )


def growing(day, draw):
    """A third more in a quarter of a year."""
    return max(0.2, 1 + (day - TODAY).days / 270) * draw.gauss(1, 0.3)


def stopped(day, draw):
    """Steady until five weeks ago, nothing since."""
    return draw.gauss(1, 0.25) if day < TODAY - timedelta(weeks=5) else 0.0


KINDS = (steady, weekly, scattered, seasonal, growing, stopped)


def make(kind, seed):
    """Hours by day of a series, from 13 weeks ago on."""
    draw = random.Random(f"{kind.__name__} {seed}")
    offset = draw.randrange(365) if kind is seasonal else 0
    series = {}
    for number in range(-PAST, FUTURE):
        day = TODAY + timedelta(days=number + 1)
        if day.weekday() < 5:
            at = day + timedelta(days=offset) if offset else day
            series[day] = max(kind(at, draw), 0.0)
    return series


def measure(kind):
    """Errors in days and in percent of the time, and how often the range held."""
    days, shares, held, silent = [], [], 0, 0
    for seed in range(SERIES):
        series = make(kind, seed)
        draw = random.Random(seed)
        past = [(day, hours) for day, hours in series.items() if day <= TODAY and hours]
        hours = draw.choice((10, 20, 40))
        found = foresee(past, len(past), [Stretch(1, hours)], TODAY, CALENDAR)
        real = get_last_day(series, hours)
        if found is None:
            silent += 1
            continue
        latest = found.latest or date.max
        held += (found.earliest or date.max) <= (real or date.max) <= latest
        if real and found.lasts_until:
            days.append(abs((found.lasts_until - real).days))
            shares.append(100 * days[-1] / max((real - TODAY).days, 1))
    told = SERIES - silent
    return days, shares, 100 * held / told if told else None, silent


def get_last_day(series, hours):
    """The day on which hours were used up, None where they never were."""
    for day, used in series.items():
        if day > TODAY:
            hours -= used
            if hours <= 0:
                return day
    return None


def main():
    print(f"{SERIES} series of each kind, with 10, 20 or 40 hours left:")
    print(f"{'series':<11}{'median error':>16}{'worst of 10':>14}{'range holds':>14}")
    for kind in KINDS:
        days, shares, held, _silent = measure(kind)
        middle, worst = "never used up", ""
        if days:
            middle = (
                f"{statistics.median(days):.0f} d, {statistics.median(shares):.0f} %"
            )
            worst = f"{statistics.quantiles(days, n=10)[-1]:.0f} d"
        print(f"{kind.__name__:<11}{middle:>16}{worst:>14}{held:>12.0f} %")


if __name__ == "__main__":
    main()
