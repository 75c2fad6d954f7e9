"""Small helpers without a model of their own."""

import math

LARGEST_ID = 2**31 - 1


def get_unit(env, name):
    """A unit of core; ``env.ref`` asks the database each time whether it exists."""
    unit_id = env["ir.model.data"]._xmlid_to_res_id(f"uom.product_uom_{name}", True)
    return env["uom.uom"].browse(unit_id)


def is_id(value):
    """Whether a value from a client's context can be the id of a record."""
    return type(value) is int and 0 < value <= LARGEST_ID


def is_number(value):
    """Whether a value to search for is a finite number, or none."""
    try:
        return math.isfinite(float(value or 0))
    except (OverflowError, TypeError, ValueError):
        return False
