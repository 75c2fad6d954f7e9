from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_repr

# what a line takes from its product when the product is chosen
TERMS = (
    "hours_overrun",
    "hours_usable_from",
    "hours_period",
    "hours_carry_over",
    "hours_carry_over_cap",
)


def tell_hours(env, hours):
    """Hours as they stand in a sentence: no more decimals than they have."""
    text = float_repr(round(hours, 2), 2).rstrip("0").rstrip(".")
    lang = env["res.lang"]._get_data(code=env.lang or "en_US")
    return text.replace(".", lang.decimal_point or ".")


class HoursTermsMixin(models.AbstractModel):
    """What is agreed about prepaid hours: the same on products and on order lines."""

    _name = "hours.terms.mixin"
    _description = "Terms of Prepaid Hours"

    hours_overrun = fields.Selection(
        [
            ("negative", "Go on below zero"),
            ("bill", "Bill afterwards"),
            ("refuse", "Refuse the time"),
        ],
        "When Hours Run Out",
        help="What happens to time that no prepaid hours cover.",
    )
    hours_usable_from = fields.Selection(
        [
            ("confirmed", "The order is confirmed"),
            ("invoiced", "They are invoiced"),
            ("paid", "They are paid"),
        ],
        "Usable When",
        help="From when on time can draw from the hours.",
    )
    hours_period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        "Allowance per",
        help="The ordered hours are shared over the periods between start and end;"
        " empty is one period.",
    )
    hours_carry_over = fields.Selection(
        [("none", "None"), ("all", "All"), ("capped", "Up to")],
        "Carry Over",
        help="Hours of a period that may be used in the next one.",
    )
    hours_carry_over_cap = fields.Float(
        "Carry Over at Most", help="Hours that a period carries over at most."
    )

    @api.constrains("hours_carry_over_cap")
    def _check_hours_terms(self):
        for record in self:
            record._check_hours_number(record.hours_carry_over_cap)

    def _check_hours_number(self, number):
        """:raises ValidationError: where a number of the terms cannot be meant"""
        self.ensure_one()
        if not 0 <= number < 1e6:
            raise ValidationError(
                self.env._(
                    "The terms of the prepaid hours of %(product)s have a number that"
                    " is negative or too large: enter one from 0 to 999,999.",
                    product=self.display_name,
                )
            )
