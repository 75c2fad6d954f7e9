from odoo import models
from odoo.fields import Command


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        """Tickets' time stays invoiced when a corrected invoice replaces its own (E5).

        Core (19.0) frees the entries although the new invoice bills them: they could
        be changed, reassigned and billed once more. Time on no ticket is freed as core
        does: its own tests promise that it can be edited.
        """
        if not is_modify:
            return super().reverse_moves(is_modify)
        invoices = self.move_ids.filtered(lambda move: move.move_type == "out_invoice")
        # sudo: as core frees the entries; accountants need no rights on timesheets
        entries = self.env["account.analytic.line"].sudo()
        entries_by_invoice = entries.search(
            [
                ("timesheet_invoice_id", "in", invoices.ids),
                ("ticket_id", "!=", False),
            ]
        ).grouped("timesheet_invoice_id")
        action = super().reverse_moves(is_modify)
        for invoice, replacement in self._pair_replacements(invoices):
            entries_by_invoice.get(invoice, entries).write(
                {
                    "timesheet_invoice_id": replacement.id,
                    # the credit note can only be withdrawn with the replacement
                    "credited_invoice_ids": [Command.link(invoice.id)],
                }
            )
        return action

    def _pair_replacements(self, invoices):
        """Each invoice with the one that replaces it: the first of its order lines.

        :returns: a list of (invoice, replacement)
        """
        pairs = []
        # in the order of creation, which is that of the invoices; read again, the
        # field is in the order of moves, the newest first
        replacements = self.new_move_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        ).sorted("id")
        for invoice in invoices:
            items = invoice.invoice_line_ids.sale_line_ids
            replacement = replacements.filtered(
                lambda move, items=items: move.invoice_line_ids.sale_line_ids == items
            )[:1]
            replacements -= replacement
            pairs.append((invoice, replacement))
        return pairs
