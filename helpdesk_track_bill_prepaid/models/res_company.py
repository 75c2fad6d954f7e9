from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    hours_closing_days = fields.Integer(
        "Close Prepaid Periods After",
        default=7,
        help="Days after the end of a period of prepaid hours until it is closed.",
    )

    _hours_closing_days_positive = models.Constraint(
        "CHECK (hours_closing_days >= 0)",
        "Prepaid periods are closed after their end: enter 0 days or more.",
    )
