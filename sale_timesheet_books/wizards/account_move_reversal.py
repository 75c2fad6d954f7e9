from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _modify_default_reverse_values(self, origin_move):
        """A corrected credit note credits the invoice that the first one credited.

        Core (19.0) makes it one of no invoice: the time that it credits stays invoiced.
        """
        values = super()._modify_default_reverse_values(origin_move)
        if origin_move.move_type == "out_refund":
            values["reversed_entry_id"] = origin_move.reversed_entry_id.id
        return values
