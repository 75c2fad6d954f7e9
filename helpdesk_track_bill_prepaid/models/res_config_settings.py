from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    hours_closing_days = fields.Integer(
        related="company_id.hours_closing_days", readonly=False
    )
