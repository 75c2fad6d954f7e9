from odoo import api, fields, models


class PrepaidHoursWhyNot(models.TransientModel):
    """Every block of the customer, with what speaks against it for an entry (D9)."""

    _name = "prepaid.hours.why.not"
    _description = "Why Not These Prepaid Hours"

    entry_id = fields.Many2one("account.analytic.line", required=True, readonly=True)
    date = fields.Date(related="entry_id.date")
    entry_name = fields.Char(related="entry_id.name", string="Description")
    hours = fields.Float(compute="_compute_hours")
    coverage_reason = fields.Char(
        related="entry_id.coverage_reason", string="Draws From"
    )
    line_ids = fields.One2many(
        "prepaid.hours.why.not.line",
        "wizard_id",
        "Blocks",
        compute="_compute_line_ids",
        store=True,
    )

    @api.depends("entry_id")
    def _compute_hours(self):
        for wizard in self:
            wizard.hours = wizard.entry_id._get_hours()

    @api.depends("entry_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"name": name, "reason": reason})
                    for name, reason in wizard.entry_id._get_misses()
                ),
            ]


class PrepaidHoursWhyNotLine(models.TransientModel):
    """One block, and the first condition that fails."""

    _name = "prepaid.hours.why.not.line"
    _description = "Prepaid Hours and What Speaks Against Them"

    wizard_id = fields.Many2one("prepaid.hours.why.not", ondelete="cascade")
    name = fields.Char("Prepaid Hours")
    reason = fields.Char("Drawn, or Why Not")
