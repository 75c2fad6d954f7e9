from odoo import fields, models

# what a line takes from its product when the product is chosen
TERMS = (
    "hours_overrun",
    "hours_usable_from",
    "hours_period",
    "hours_carry_over",
    "hours_carry_over_cap",
)


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
        help="What happens to time that no prepaid hours cover (D4).",
    )
    hours_usable_from = fields.Selection(
        [
            ("confirmed", "The order is confirmed"),
            ("invoiced", "They are invoiced"),
            ("paid", "They are paid"),
        ],
        "Usable When",
        help="From when on time can draw from the hours (V4).",
    )
    hours_period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        "Allowance per",
        help="The ordered hours are shared over the periods between start and end;"
        " empty is one period (C1).",
    )
    hours_carry_over = fields.Selection(
        [("none", "None"), ("all", "All"), ("capped", "Up to")],
        "Carry Over",
        help="Hours of a period that may be used in the next one (C2).",
    )
    hours_carry_over_cap = fields.Float(
        "Carry Over at Most", help="Hours that a period carries over at most."
    )
