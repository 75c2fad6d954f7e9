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
        (posted | posted._get_credited_invoices())._sync_credited_time()
        return posted

    def button_draft(self):
        """A credit note that is withdrawn takes back the time that it freed.

        Core (19.0) leaves it free although its invoice stands, and lets a cancelled
        invoice stand again although another one bills its time.

        :raises UserError: where another invoice bills that time by now
        """
        res = super().button_draft()
        (self | self._get_credited_invoices())._sync_credited_time()
        return res

    def button_cancel(self):
        """A draft that is cancelled gives time back as one that is posted does.

        :raises UserError: where another invoice bills that time by now
        """
        touched = self._get_invoices_of_time()
        res = super().button_cancel()
        touched._sync_credited_time()
        return res

    def unlink(self):
        """So does one that is deleted, see :meth:`button_cancel`."""
        touched = self._get_invoices_of_time() - self
        res = super().unlink()
        touched.exists()._sync_credited_time()
        return res

    def _get_invoices_of_time(self):
        """Other invoices that may bill the time again that these bill or credit."""
        moves = self.filtered(lambda move: move._bills_or_credits())
        if not moves:
            return moves
        # sudo: accountants need no rights on timesheets
        entries = self.env["account.analytic.line"].sudo()
        replaced = entries.search(
            [
                ("timesheet_invoice_id", "in", moves.ids),
                ("credited_invoice_ids", "!=", False),
            ]
        ).credited_invoice_ids
        return moves._get_credited_invoices() | replaced

    def _get_credited_invoices(self):
        """The moves whose credited quantities these can change.

        What reverses a credit note takes from what the invoice is credited.
        """
        found = self.browse()
        # sudo: nothing but which invoices, however far up
        moves = self.sudo().filtered(lambda move: move._bills_or_credits())
        origins = moves.reversed_entry_id
        while origins - found:
            found |= origins
            origins = origins.reversed_entry_id
        return found

    def _bills_or_credits(self):
        """Whether a move is of a kind that bills time or gives it back."""
        self.ensure_one()
        return self.move_type in ("out_invoice", "out_refund")

    def _sync_credited_time(self):
        """An entry is invoiced exactly as long as its hours stand on an invoice.

        The entries of an order line are free when the posted credit notes of their
        invoice credit that line in full, and remember the invoice; otherwise they are
        its own again. Entries that left a cancelled invoice for another one remember
        it, too. Called whenever that can have changed; doing it twice does nothing.

        :raises UserError: where another invoice bills entries to be taken back
        """
        # sudo: accountants need no rights on timesheets
        invoices = self.sudo().filtered(
            lambda move: move._bills_or_credits() and move.state != "cancel"
        )
        if not invoices:
            return
        is_time = Domain("project_id", "!=", False)
        # two searches, as each has an index
        entries = invoices.env["account.analytic.line"].search(
            is_time & Domain("credited_invoice_ids", "in", invoices.ids)
        )
        # nothing frees the entries of other invoices, and they can be many
        with_credit = invoices.filtered("reversal_move_ids")
        if with_credit:
            entries |= entries.search(
                is_time & Domain("timesheet_invoice_id", "in", with_credit.ids)
            )
        for invoice in invoices if entries else ():
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
                        " now: cancel or credit %(other)s first.",
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
        credited = self._get_credited_quantities()
        billed = self._get_quantities_by_item()
        items = self.env["sale.order.line"].union(*credited)
        return items.filtered(
            lambda item: (
                item.product_uom_id
                and item.product_uom_id.compare(
                    # an invoice can have negative lines
                    credited[item] * (-1 if billed[item] < 0 else 1),
                    abs(billed[item]),
                )
                >= 0
            )
        )

    def _get_credited_quantities(self):
        """What posted moves take from this one, by order line, in its unit.

        Less what others take from them in turn.
        """
        self.ensure_one()
        credited = defaultdict(float)
        for note in self.reversal_move_ids:
            if note.state != "posted" or not note._bills_or_credits():
                continue
            settled = note.timesheet_ids.so_line
            again = note._get_credited_quantities()
            for item, quantity in note._get_quantities_by_item().items():
                if item not in settled:
                    credited[item] += quantity - again[item]
        return credited

    def _is_reversal_in_draft(self, item):
        """Whether a move will take hours from another one, but does not yet.

        A credit note gives hours back once it is posted, and what reverses a credit
        note bills them again then. Two count from their draft on: a refund that
        settles negative entries and claims them; and a credit note that waits for its
        day, where the invoice that replaces its own has the time by now.
        """
        self.ensure_one()
        origin = self.reversed_entry_id
        if self.state != "draft" or not origin:
            return False
        if self.move_type == "out_invoice":
            return origin.move_type == "out_refund"
        return (
            self.move_type == "out_refund"
            and item not in self.timesheet_ids.so_line
            and (self.auto_post == "no" or origin._has_time_of(item))
        )

    def _has_time_of(self, item):
        """Whether the move bills time of an order line."""
        self.ensure_one()
        # sudo: accountants need no rights on timesheets
        entries = self.env["account.analytic.line"].sudo()
        return bool(
            entries.search_count(
                [("timesheet_invoice_id", "=", self.id), ("so_line", "=", item.id)],
                limit=1,
            )
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
            # see _is_reversal_in_draft
            self.env.add_to_compute(items._fields["qty_invoiced"], items)
        return res
