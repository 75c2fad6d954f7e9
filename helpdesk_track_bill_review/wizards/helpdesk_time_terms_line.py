from odoo import fields, models


class HelpdeskTimeTermsLine(models.TransientModel):
    """Before and after, side by side; hours in hours."""

    _name = "helpdesk.time.terms.line"
    _description = "Time by Other Terms"

    wizard_id = fields.Many2one("helpdesk.time.terms", ondelete="cascade")
    date = fields.Date()
    ticket_id = fields.Many2one("helpdesk.ticket")
    entry_name = fields.Char("Description")
    hours_before = fields.Float("Before")
    hours_after = fields.Float("After")
