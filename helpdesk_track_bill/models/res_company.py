from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    allow_long_timesheets = fields.Boolean(
        "Entries over 24 Hours",
        help="One time entry on a ticket may have more than 24 hours.",
    )
