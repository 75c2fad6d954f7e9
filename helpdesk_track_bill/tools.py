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
