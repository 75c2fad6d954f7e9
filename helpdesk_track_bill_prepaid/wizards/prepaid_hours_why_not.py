from odoo import api, fields, models


class PrepaidHoursWhyNot(models.TransientModel):
    """Every block of the customer, with what speaks against it for an entry (D9)."""

    _name = "prepaid.hours.why.not"
    _description = "Why Not These Prepaid Hours"

    entry_id = fields.Many2one("account.analytic.line", required=True, readonly=True)
    # nothing as superuser: it is told to who may read the entry (A4)
    date = fields.Date(related="entry_id.date", related_sudo=False)
    entry_name = fields.Char(
        related="entry_id.name", related_sudo=False, string="Description"
    )
    hours = fields.Float(compute="_compute_hours")
    coverage_reason = fields.Char("Draws From", compute="_compute_hours")
    line_ids = fields.One2many(
        "prepaid.hours.why.not.line",
        "wizard_id",
        "Blocks",
        compute="_compute_line_ids",
        store=True,
        compute_sudo=False,
    )

    @api.depends("entry_id")
    def _compute_hours(self):
        self.entry_id.check_access("read")
        for wizard in self:
            wizard.hours = wizard.entry_id._get_hours()
            wizard.coverage_reason = wizard.entry_id.coverage_reason

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
