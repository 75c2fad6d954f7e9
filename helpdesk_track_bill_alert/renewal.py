"""The days of renewed hours (R1): no database, no clock."""

from datetime import timedelta

from odoo.addons.helpdesk_track_bill_prepaid.engine import last_day

# a term of whole months stays one; longer ones are counted in days
MOST_MONTHS = 120


def get_next_days(start, end, today):
    """First and last day of hours that go on with those from start to end.

    They start on the day after the end and last as long: in months, where they did.
    Where that would be over already they start today. Without an end nothing is
    decided: they start when they are confirmed.

    :returns: (first day, last day), each None where it is open
    """
    if not end:
        return None, None
    first = end + timedelta(days=1)
    if not start:
        return max(first, today), None
    last = _get_last(first, start, end)
    if last < today:
        first = today
        last = _get_last(first, start, end)
    return first, last


def _get_last(first, start, end):
    for months in range(1, MOST_MONTHS + 1):
        last = last_day(start, months)
        if last == end:
            return last_day(first, months)
        if last > end:
            break
    return first + (end - start)
