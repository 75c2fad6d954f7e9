from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    hours_portal_order = fields.Boolean(
        related="company_id.hours_portal_order", readonly=False
    )
