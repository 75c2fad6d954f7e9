from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    prepaid_hours_portal = fields.Boolean(
        related="company_id.prepaid_hours_portal", readonly=False
    )
    prepaid_hours_mail = fields.Boolean(
        related="company_id.prepaid_hours_mail", readonly=False
    )
