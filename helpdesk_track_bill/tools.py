"""Small helpers without a model of their own."""

import math

LARGEST_ID = 2**31 - 1


def is_id(value):
    """Whether a value from a client's context can be the id of a record."""
    return type(value) is int and 0 < value <= LARGEST_ID


def is_number(value):
    """Whether a value to search for is a finite number, or none."""
    try:
        return math.isfinite(float(value or 0))
    except (OverflowError, TypeError, ValueError):
        return False


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
