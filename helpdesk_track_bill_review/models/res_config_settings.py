from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    allow_self_approval = fields.Boolean(
        related="company_id.allow_self_approval", readonly=False
    )
