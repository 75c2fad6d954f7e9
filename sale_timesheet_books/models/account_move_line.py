from odoo import api, models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _timesheet_domain_get_invoiced_lines(self, sale_line_delivery):
        """An invoice claims entries that no invoice claims, and no others.

        Core (19.0) takes over those of a reversed invoice, which a credit note of the
        same money for fewer hours makes of it: a new invoice of the hours that were
        credited would claim all of them. And it looks at the product alone, where the
        line's delivery is entered by hand since before.
        """
        by_time = sale_line_delivery.filtered(lambda line: line._is_delivered_by_time())
        return (
            Domain(super()._timesheet_domain_get_invoiced_lines(by_time))
            & self.env["account.analytic.line"]._domain_not_billed()
            & self.env["account.analytic.line"]._domain_due()
        )

    def unlink(self):
        """Removing the line of a draft refund frees its time.

        As core does for invoices, see
        :meth:`~.account_move.AccountMove._link_timesheets_to_invoice`.
        """
        # sudo: accountants need no rights on timesheets
        entries = self.env["account.analytic.line"].sudo()
        for refund, lines in self.grouped("move_id").items():
            if refund.move_type == "out_refund" and refund.state == "draft":
                entries.search(
                    [
                        ("timesheet_invoice_id", "=", refund.id),
                        ("so_line", "in", lines.sudo().sale_line_ids.ids),
                    ]
                ).timesheet_invoice_id = False
        return super().unlink()
