from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    allow_self_approval = fields.Boolean(
        "Approve Own Time",
        help="Reviewers may approve the time that they logged themselves.",
    )
