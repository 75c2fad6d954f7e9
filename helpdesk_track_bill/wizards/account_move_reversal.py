from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _hands_over(self, move, entry):
        """Tickets' time stays invoiced when a corrected invoice replaces its own (E5).

        Core (19.0) frees the entries although the new invoice bills them: they could
        be changed, reassigned and billed once more. Time on no ticket is freed as core
        does: its own tests promise that it can be edited.
        """
        return super()._hands_over(move, entry) or bool(entry.ticket_id)
