from odoo import models
from odoo.fields import Command


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        """Time goes along with what replaces its invoice, where nothing else frees it.

        See :meth:`_hands_over`.
        """
        if not is_modify:
            return super().reverse_moves(is_modify)
        moves = self.move_ids.filtered(lambda move: move._bills_or_credits())
        # sudo: as core frees the entries; accountants need no rights on timesheets
        entries = self.env["account.analytic.line"].sudo()
        entries_by_move = entries.search(
            [("timesheet_invoice_id", "in", moves.ids)]
        ).grouped("timesheet_invoice_id")
        action = super().reverse_moves(is_modify)
        for move, replacement in self._pair_replacements(moves):
            entries_by_move.get(move, entries).filtered(
                lambda entry, move=move: self._hands_over(move, entry)
            ).write(
                {
                    "timesheet_invoice_id": replacement.id,
                    # the credit note can only be withdrawn with the replacement
                    "credited_invoice_ids": [Command.link(move.id)],
                }
            )
        return action

    def _hands_over(self, move, _entry):
        """Hook: whether an entry of a replaced move belongs to its replacement.

        Core (19.0) frees the time of an invoice that a credit note credits at once:
        its own tests promise that it can be edited. It forgets those that wait for
        their day, after which the hours of both invoices count; and it knows of no
        time on refunds, whose corrections are given back once more.
        """
        return move.move_type == "out_refund" or any(
            note.state == "draft" and note.auto_post != "no"
            for note in move.reversal_move_ids
        )

    def _pair_replacements(self, moves):
        """Each move with the one that replaces it: the first of its order lines.

        :returns: a list of (move, replacement)
        """
        pairs = []
        # in the order of creation, which is that of the moves; read again, the field
        # is in the order of moves, the newest first
        replacements = self.new_move_ids.sorted("id")
        for move in moves:
            items = move.invoice_line_ids.sale_line_ids
            replacement = replacements.filtered(
                lambda new, move=move, items=items: (
                    new.move_type == move.move_type
                    and new.invoice_line_ids.sale_line_ids == items
                )
            )[:1]
            replacements -= replacement
            pairs.append((move, replacement))
        return pairs

    def _modify_default_reverse_values(self, origin_move):
        """A corrected credit note credits the invoice that the first one credited.

        Core (19.0) makes it one of no invoice: the time that it credits stays invoiced.
        """
        values = super()._modify_default_reverse_values(origin_move)
        if origin_move.move_type == "out_refund":
            values["reversed_entry_id"] = origin_move.reversed_entry_id.id
        return values
