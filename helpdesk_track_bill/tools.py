"""What comes by RPC, checked before it goes into a row."""

import math

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.models import BaseModel

LARGEST_ID = 2**31 - 1
# of create, update, delete, unlink, link, clear, set
COMMAND_SIZES = (3, 3, 2, 2, 2, 1, 3)


def is_id(value):
    """Whether a value can be the id of a record."""
    return type(value) is int and 0 < value <= LARGEST_ID


def is_number(value):
    """Whether a value is a finite number, or none."""
    try:
        return math.isfinite(float(value or 0))
    except (OverflowError, TypeError, ValueError):
        return False


def is_date(value):
    try:
        return not value or bool(fields.Date.to_date(value))
    except (TypeError, ValueError):
        return False


def is_text(value):
    return not value or (isinstance(value, str) and "\x00" not in value)


def is_link(value):
    return not value or isinstance(value, BaseModel) or is_id(value)


def is_command(value):
    return (
        isinstance(value, (list, tuple))
        and bool(value)
        and value[0] in range(len(COMMAND_SIZES))
        and len(value) >= COMMAND_SIZES[value[0]]
    )


def is_list_of_commands(value):
    return value is None or (
        isinstance(value, (list, tuple)) and all(map(is_command, value))
    )


CHECKS = {
    "char": is_text,
    "date": is_date,
    "float": is_number,
    "many2many": is_list_of_commands,
    "many2one": is_link,
    "monetary": is_number,
    "one2many": is_list_of_commands,
    "text": is_text,
}


def check_values(model, vals_list, names=None):
    """Refuse values that no form sends, in one sentence instead of a traceback.

    :param names: fields to look at, all of them if not given
    :raises ValidationError: where a field does not exist, or cannot hold the value
    """
    for vals in vals_list:
        for name in vals if names is None else names & vals.keys():
            field = model._fields.get(name)
            if field is None:
                raise ValidationError(
                    model.env._(
                        "There is no field %(field)s in %(model)s: leave it out.",
                        field=name,
                        model=model._description,
                    )
                )
            check = CHECKS.get(field.type)
            if check and not check(vals[name]):
                raise ValidationError(
                    model.env._(
                        "%(value)s cannot be the %(field)s: enter another value.",
                        value=str(vals[name])[:80],
                        field=field._description_string(model.env),
                    )
                )
