from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class AccountMove(models.Model):
    _inherit = "account.move"

    # Core 19.0.0 counts the payments of an invoice with the rights of the user:
    # salespeople could not open the invoices that they make.
    payment_count = fields.Integer(compute_sudo=True)

    # ------------------------------------------------------------------
    # Posting and withdrawing
    # ------------------------------------------------------------------
    def action_post(self):
        """Keep the time invoiced that a credit note credits in part only.

        Core (19.0) frees all time of the invoice, however little is credited: it
        could be changed, reassigned and billed once more, while it stays billed.
        """
        # sudo: accountants need no rights on timesheets
        entries = self.env["account.analytic.line"].sudo()
        claimed = entries.search(
            [("timesheet_invoice_id", "in", self._get_credited_invoices().ids)]
        ).grouped("timesheet_invoice_id")
        res = super().action_post()
        for invoice, entries in claimed.items():
            entries.filtered(
                lambda entry, invoice=invoice: (
                    not entry.timesheet_invoice_id
                    and invoice not in entry.credited_invoice_ids
                )
            ).timesheet_invoice_id = invoice
        return res

    def _post(self, soft=True):
        """Free the time that a credit note gives back, however it is posted.

        Core (19.0) does so for the Confirm button of the form only: credit notes
        posted from the list or by the scheduler leave their time invoiced.
        """
        posted = super()._post(soft)
        posted._get_invoices_with_credit()._sync_credited_time()
        return posted

    def button_draft(self):
        """A credit note that is withdrawn takes back the time that it freed.

        Core (19.0) leaves it free although its invoice stands.

        :raises UserError: where another invoice bills that time by now
        """
        res = super().button_draft()
        self._get_invoices_with_credit()._sync_credited_time()
        return res

    def _get_credited_invoices(self):
        """The invoices that the credit notes among these moves credit."""
        return self.filtered(lambda move: move.move_type == "out_refund").mapped(
            "reversed_entry_id"
        )

    def _get_invoices_with_credit(self):
        """Invoices whose credited quantities these moves can change, or are."""
        return self._get_credited_invoices() | self.filtered(
            lambda move: move.move_type == "out_invoice" and move.reversal_move_ids
        )

    def _sync_credited_time(self):
        """An entry is invoiced exactly as long as its hours stand on an invoice.

        The entries of an order line are free when the posted credit notes of their
        invoice credit that line in full, and remember the invoice; otherwise they are
        its own again. Called whenever that can have changed; doing it twice does
        nothing.

        :raises UserError: where another invoice bills entries to be taken back
        """
        # sudo: accountants need no rights on timesheets
        invoices = self.sudo().filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "cancel"
        )
        if not invoices:
            return
        entries = invoices.env["account.analytic.line"].search(
            Domain("project_id", "!=", False)
            & (
                Domain("timesheet_invoice_id", "in", invoices.ids)
                | Domain("credited_invoice_ids", "in", invoices.ids)
            )
        )
        for invoice in invoices:
            items = invoice._get_items_credited_in_full()
            freed = entries.filtered(
                lambda entry, invoice=invoice, items=items: (
                    entry.timesheet_invoice_id == invoice and entry.so_line in items
                )
            )
            claimed = entries.filtered(
                lambda entry, invoice=invoice, items=items: (
                    invoice in entry.credited_invoice_ids and entry.so_line not in items
                )
            )
            invoice._check_claimable(claimed)
            freed.write(
                {
                    "timesheet_invoice_id": False,
                    "credited_invoice_ids": [Command.link(invoice.id)],
                }
            )
            claimed.write(
                {
                    "timesheet_invoice_id": invoice.id,
                    "credited_invoice_ids": [Command.unlink(invoice.id)],
                }
            )

    def _check_claimable(self, entries):
        """Entries can come back to the invoice unless another one bills them."""
        self.ensure_one()
        for entry in entries:
            if not entry._is_not_billed() and entry.timesheet_invoice_id != self:
                raise UserError(
                    self.env._(
                        "The time of the invoice %(invoice)s is billed by %(other)s by"
                        " now: cancel or credit %(other)s before you withdraw the"
                        " credit note.",
                        invoice=self.display_name,
                        other=entry.timesheet_invoice_id.display_name,
                    )
                )

    def _get_items_credited_in_full(self):
        """Order lines of the invoice that its posted credit notes credit in full.

        A credit note that settles negative entries says by them which hours it gives
        back: it credits no others.
        """
        self.ensure_one()
        credited = defaultdict(float)
        items = self.env["sale.order.line"]
        for note in self.reversal_move_ids:
            if note.move_type == "out_refund" and note.state == "posted":
                settled = note.timesheet_ids.so_line
                for item, quantity in note._get_quantities_by_item().items():
                    if item not in settled:
                        credited[item] += quantity
                        items |= item
        billed = self._get_quantities_by_item()
        return items.filtered(
            lambda item: (
                item.product_uom_id
                and item.product_uom_id.compare(abs(credited[item]), abs(billed[item]))
                >= 0
            )
        )

    def _is_credit_in_draft(self, item):
        """Whether a move will give back hours of an invoice, but does not yet.

        A refund that settles negative entries claims them from its draft on.
        """
        self.ensure_one()
        return (
            self.move_type == "out_refund"
            and self.state == "draft"
            and bool(self.reversed_entry_id)
            and item not in self.timesheet_ids.so_line
        )

    def _get_quantities_by_item(self):
        """What a move bills or credits of each order line, in the order line's unit."""
        self.ensure_one()
        quantities = defaultdict(float)
        for line in self.invoice_line_ids:
            for item in line.sale_line_ids:
                quantities[item] += line.product_uom_id._compute_quantity(
                    line.quantity, item.product_uom_id, round=False
                )
        return quantities

    # ------------------------------------------------------------------
    # Linking
    # ------------------------------------------------------------------
    def _link_timesheets_to_invoice(self, start_date=None, end_date=None):
        """Link the time that a refund of a final invoice gives back to that refund.

        Core (19.0) links time to invoices only: a negative entry whose refund was
        made stays "to invoice", and the invoice of the next period deducts it again.
        """
        res = super()._link_timesheets_to_invoice(start_date, end_date)
        lines = self.env["account.move.line"]
        # sudo: salespeople need no rights on timesheets
        entries = self.env["account.analytic.line"].sudo()
        for refund in self.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "draft"
        ):
            items = refund.invoice_line_ids.sale_line_ids.filtered(
                lambda item: item._is_billed_by_time()
            )
            start, end = start_date, end_date
            if not start and not end:
                start, end = refund._get_range_dates(items.order_id)
            entries.search(
                Domain(lines._timesheet_domain_get_invoiced_lines(items))
                & entries._domain_of_period(start, end)
            ).timesheet_invoice_id = refund
            # see _is_credit_in_draft
            self.env.add_to_compute(items._fields["qty_invoiced"], items)
        return res
