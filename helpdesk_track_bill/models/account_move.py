from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    # sudo: in Odoo 19.0.0 the invoice form counts payments with the rights of the
    # user, so that salespeople could not open the invoices that they make (A3)
    payment_count = fields.Integer(compute_sudo=True)

    def _post(self, soft=True):
        """Free the time that a credit note gives back, however it is posted (B2, E5).

        Core does so for the Confirm button of the form only: credit notes posted from
        the list or by the scheduler left their time invoiced.
        """
        posted = super()._post(soft)
        credit_notes = posted.filtered(
            lambda move: move.move_type == "out_refund" and move.reversed_entry_id
        )
        if credit_notes:
            # sudo: accountants need no rights on timesheets
            entries = self.env["account.analytic.line"].sudo()
            entries.search(
                [
                    ("timesheet_invoice_id", "in", credit_notes.reversed_entry_id.ids),
                    ("so_line", "in", credit_notes.invoice_line_ids.sale_line_ids.ids),
                    ("project_id", "!=", False),
                ]
            ).timesheet_invoice_id = False
        return posted
