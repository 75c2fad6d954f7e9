from odoo import fields, models


class PrepaidHoursStatementUnlock(models.TransientModel):
    """Why a statement is unlocked (S4)."""

    _name = "prepaid.hours.statement.unlock"
    _description = "Unlock a Statement of Prepaid Hours"

    statement_id = fields.Many2one(
        "prepaid.hours.statement", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """:raises UserError: where a later statement is locked"""
        self.ensure_one()
        self.statement_id._unlock(self.reason)
        return {"type": "ir.actions.act_window_close"}
