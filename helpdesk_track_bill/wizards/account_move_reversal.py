from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        """Keep tickets' time invoiced when a corrected invoice replaces it (B2, E5).

        Core frees the entries although the new invoice bills them: they could be
        changed, reassigned and billed once more. Time on tasks stays as core has it.
        """
        if not is_modify:
            return super().reverse_moves(is_modify)
        invoices = self.move_ids.filtered(lambda move: move.move_type == "out_invoice")
        # sudo: core frees the entries as superuser too; accountants need no rights on
        # timesheets
        entries_by_invoice = [
            self.env["account.analytic.line"]
            .sudo()
            .search(
                [
                    ("timesheet_invoice_id", "=", invoice.id),
                    ("ticket_id", "!=", False),
                ]
            )
            for invoice in invoices
        ]
        action = super().reverse_moves(is_modify)
        replacements = self.new_move_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        for entries, replacement in zip(entries_by_invoice, replacements, strict=True):
            entries.timesheet_invoice_id = replacement
        return action
