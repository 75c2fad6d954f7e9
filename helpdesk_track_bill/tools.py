"""Small helpers without a model of their own."""

import math
import re

LARGEST_ID = 2**31 - 1

_TYPED_HOURS = re.compile(
    r"""(?P<sign>-?)(?:
        (?P<whole>\d{1,9}):(?P<minutes>[0-5]\d)
        | (?P<hours>\d{1,9}([.,]\d{1,9})?)
    )""",
    re.ASCII | re.VERBOSE,
)


def is_id(value):
    """Whether a value from a client's context can be the id of a record."""
    return type(value) is int and 0 < value <= LARGEST_ID


def is_number(value):
    """Whether a value to search for is a finite number, or none."""
    try:
        return math.isfinite(float(value or 0))
    except (OverflowError, TypeError, ValueError):
        return False


def parse_hours(text):
    """Hours as people type them: 1:30, 1.5 or 1,5; None where it is no number."""
    match = _TYPED_HOURS.fullmatch(text.strip())
    if not match:
        return None
    hours = (match["hours"] or match["whole"]).replace(",", ".")
    hours = float(hours) + int(match["minutes"] or 0) / 60
    return -hours if match["sign"] else hours


def translate_base(env, text):
    """A text of ``helpdesk_mgmt``'s Python code, where it has no translation.

    Odoo looks for those in the addon that says them; a file of ours reaches only what
    is in the database.
    """
    return {
        "All": env._("All"),
        "Category": env._("Category"),
        "Last Stage Update": env._("Last Stage Update"),
        "Newest": env._("Newest"),
        "None": env._("None"),
        "Open Tickets": env._("Open Tickets"),
        "Open Tickets without team": env._("Open Tickets without team"),
        "Search in All": env._("Search in All"),
        "Search in Number": env._("Search in Number"),
        "Search in Title": env._("Search in Title"),
        "Stage": env._("Stage"),
        "Title": env._("Title"),
    }.get(text, text)
