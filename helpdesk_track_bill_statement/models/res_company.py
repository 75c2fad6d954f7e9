from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    prepaid_hours_portal = fields.Boolean(
        "Prepaid Hours in the Portal",
        default=True,
        help="Customers see their prepaid hours, and what they were used for, in the"
        " portal.",
    )
    prepaid_hours_mail = fields.Boolean(
        "Monthly Statements of Prepaid Hours",
        help="Contacts marked Prepaid Hours get the statement of each month by e-mail.",
    )
