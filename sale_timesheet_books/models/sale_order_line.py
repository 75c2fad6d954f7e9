from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..tools import get_unit


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # ------------------------------------------------------------------
    # Hours left
    # ------------------------------------------------------------------
    @api.depends("product_uom_id")
    def _compute_remaining_hours_available(self):
        """As core (19.0), which asks the database for the unit at each line, and does
        not count the unit among what it depends on."""
        # pylint: disable=missing-return  # a compute has nothing to return
        hour = get_unit(self.env, "hour")
        for line in self:
            unit = line.product_uom_id
            line.remaining_hours_available = (
                line.product_id.service_policy == "ordered_prepaid"
                and bool(unit)
                and unit._has_common_reference(hour)
            )

    @api.depends("product_uom_id", "remaining_hours_available")
    def _compute_remaining_hours(self):
        """Count hours left by the hours logged, not by the rounded quantity.

        Core (19.0) takes Delivered, which is rounded in the unit of sale: an hour of
        an 8-hour day leaves 0.87 of a day, and the hours left disagree with the
        entries. Nor does it count among what it depends on the unit, or whether the
        product is prepaid.
        """
        # pylint: disable=missing-return  # a compute has nothing to return
        by_time = self.filtered(
            lambda line: line.remaining_hours_available and line._is_delivered_by_time()
        )
        others = self - by_time
        if others:
            super(SaleOrderLine, others)._compute_remaining_hours()
        spent = defaultdict(float)
        # sudo: hours left count everyone's time
        entries = self.env["account.analytic.line"].sudo()
        for line, hours in entries._read_hours(
            Domain("so_line", "in", by_time.ids)
            & Domain(by_time._timesheet_compute_delivered_quantity_domain()),
            ["so_line"],
        ):
            spent[line.id] += hours
        for line in by_time:
            left = line._get_ordered_hours() - spent[line._origin.id]
            line.remaining_hours = round(left, 6)

    def _get_ordered_hours(self):
        """The ordered quantity in hours; the item is sold in a unit of time."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, get_unit(self.env, "hour"), round=False
        )

    def _get_delivered_quantity_by_analytic(self, additional_domain):
        """Sum time without sorting it.

        Core (19.0) counts the different journal items of an item's entries, for which
        PostgreSQL sorts them all; time comes from no journal item.
        """
        core = super()._get_delivered_quantity_by_analytic
        if any(line.qty_delivered_method != "timesheet" for line in self):
            return core(additional_domain)
        groups = self.env["account.analytic.line"]._read_hours(
            Domain("so_line", "in", self.ids) & Domain(additional_domain),
            ["so_line"],
            ["move_line_id:count"],
        )
        if any(from_journal_items for *_group, from_journal_items in groups):
            return core(additional_domain)
        hour = get_unit(self.env, "hour")
        quantities = defaultdict(float)
        for line, hours, _from_journal_items in groups:
            # rounded for each unit of entries, as core does
            quantities[line.id] += hour._compute_quantity(
                hours, line.product_uom_id, rounding_method="HALF-UP"
            )
        return quantities

    # ------------------------------------------------------------------
    # To invoice
    # ------------------------------------------------------------------
    def _drain_pending_totals(self):
        """Hook: bring stored totals up to date before they become money.

        Nothing is pending here; an addon that puts totals off writes them now.
        """

    @api.model
    def _domain_pending_totals(self):
        """Hook: the lines of which stored totals are pending; none here."""
        return Domain.FALSE

    def _is_billed_by_time(self):
        """Whether the line bills what its time entries deliver."""
        self.ensure_one()
        return (
            bool(self.product_id)  # lines of down payments have none
            and self.product_id._is_delivered_timesheet()
            and self._is_delivered_by_time()
        )

    def _is_delivered_by_time(self):
        """Whether time entries are what is delivered of the line."""
        self.ensure_one()
        return self.qty_delivered_method == "timesheet"

    def _prepare_qty_invoiced(self):
        """A credit note gives hours back once it is posted, as it frees their time.

        Core (19.0) counts it from its draft on: an invoice made before it is posted,
        or after it was reset to draft, bills the same hours twice. So does what
        reverses a credit note.
        """
        quantities = super()._prepare_qty_invoiced()
        for line in self:
            if not line._is_billed_by_time():
                continue
            for invoice_line in line._get_invoice_lines():
                move = invoice_line.move_id
                if move._is_reversal_in_draft(line):
                    quantity = invoice_line.product_uom_id._compute_quantity(
                        invoice_line.quantity, line.product_uom_id
                    )
                    is_credit = move.move_type == "out_refund"
                    quantities[line] += quantity if is_credit else -quantity
        return quantities

    def _get_hours_to_invoice(self, start_date=None, end_date=None):
        """What an invoice of a period would bill; nothing is written.

        Lines billed by their time answer from entries and invoices themselves, not
        from stored totals. Their invoice of a period bills its own entries and never
        goes beyond what is left: hours billed ahead are not billed again, nor hours
        given back ahead given back; see :meth:`_limit_to_period`. Core (19.0) sums the
        entries that no invoice claims and all those of credited invoices, most of
        which stay billed.

        Other lines are invoiced whole, whatever the period.

        :param date start_date: first day of the period; none: from the beginning
        :param date end_date: last day of the period; none: to the end
        :returns: ``{line: quantity}``, the quantity in the line's unit of measure
            (hours, days…), negative where too much was invoiced
        """
        by_time = self.filtered(lambda line: line._is_billed_by_time())
        quantities = by_time._get_quantities_left()
        if start_date or end_date:
            quantities = by_time._limit_to_period(quantities, start_date, end_date)
        quantities |= {line: line.qty_to_invoice for line in self - by_time}
        return {line: quantities[line] for line in self}

    def _get_quantities_left(self):
        """Delivered and not invoiced, per line and in its unit."""
        # sudo: as stored totals are computed; salespeople need no rights on time
        lines = self.sudo()
        delivered = lines._prepare_qty_delivered()
        invoiced = lines._prepare_qty_invoiced()
        withheld = self._get_withheld_quantities()
        return {
            line: line._withhold(
                line.product_uom_id.round(delivered[line] - invoiced[line]),
                withheld.get(line.id),
            )
            if line.state == "sale"
            else 0.0
            for line in self
        }

    def _get_withheld_quantities(self):
        """Delivered by entries that no invoice claims and that are not due yet.

        :returns: ``{line id: quantity}`` of lines with such hours, the quantity in the
            line's unit
        """
        # sudo: salespeople need no rights on time
        lines = self.sudo()
        entries = lines.env["account.analytic.line"]
        due = entries._domain_due()
        if due.is_true():
            return {}
        return lines._get_delivered_quantity_by_analytic(
            Domain(lines._timesheet_compute_delivered_quantity_domain())
            & entries._domain_not_billed()
            & entries._domain_with_hours()
            & ~due
        )

    def _withhold(self, left, withheld):
        """What is left to invoice now; withholding time never gives any back.

        What was invoiced and what is withheld were rounded apart: the last digit of
        the unit alone is no work, and is invoiced with what is withheld.

        :param withheld: in the line's unit; None where no hours are withheld
        """
        self.ensure_one()
        unit = self.product_uom_id
        due = unit.round(left - (withheld or 0.0))
        # hours that are less than the last digit are withheld, too
        if withheld is None or withheld < 0:
            return due
        if due > 0 and unit.compare(due, unit.rounding) <= 0:
            return 0.0
        return max(due, min(left, 0.0))

    def _limit_to_period(self, left, start_date, end_date):
        """The part of what is left that the entries of a period are.

        Those that no invoice claims; and, where an invoice bills less than the entries
        that it claims, or was credited in part, so many hours of its entries as are
        left without an entry of their own.

        What is left is the limit, as it were without the free entries of the other sign
        outside the period: those belong to the invoice of their own period. A negative
        one that made this invoice bill less would be deducted a second time there.

        :param dict left: quantity left per line, in its unit
        :returns: ``{line: quantity}``
        """
        # sudo: salespeople need no rights on time
        lines = self.sudo()
        entries = lines.env["account.analytic.line"]
        delivered = Domain(lines._timesheet_compute_delivered_quantity_domain())
        free = delivered & entries._domain_not_billed() & entries._domain_due()
        period = entries._domain_of_period(start_date, end_date)
        quantities = lines._get_delivered_quantity_by_analytic(free & period)
        invoices = lines.order_id.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "cancel"
        )
        all_free = lines._get_delivered_quantity_by_analytic(free) if invoices else {}
        # entries and invoices were rounded apart: the last digit is no work
        more = lines.filtered(
            lambda line: (
                line.order_id.invoice_ids & invoices
                and line.product_uom_id.compare(
                    left[line] - all_free.get(line.id, 0.0),
                    line.product_uom_id.rounding,
                )
                > 0
            )
        )
        if more:
            claimed = more._get_delivered_quantity_by_analytic(
                delivered & period & Domain("timesheet_invoice_id", "in", invoices.ids)
            )
            # a credit of hours that a correction of another period takes back is no
            # hour to bill again
            corrected = more._get_delivered_quantity_by_analytic(
                free & ~period & entries._domain_with_hours("<")
            )
            for line in more:
                with_entry = all_free.get(line.id, 0.0) - corrected.get(line.id, 0.0)
                without_entry = left[line] - with_entry
                quantities[line.id] = quantities.get(line.id, 0.0) + max(
                    0.0, min(without_entry, claimed.get(line.id, 0.0))
                )
        most = {line: max(left[line], 0.0) for line in self}
        least = {line: min(left[line], 0.0) for line in self}
        for limits, widest, operator in ((most, max, "<"), (least, min, ">")):
            beyond = lines.browse(
                line.id
                for line, limit in limits.items()
                if widest(quantities.get(line.id, 0.0), limit) != limit
            )
            if beyond:
                others = beyond._get_delivered_quantity_by_analytic(
                    free & ~period & entries._domain_with_hours(operator)
                )
                for line in self & beyond:
                    limits[line] = widest(left[line] - others.get(line.id, 0.0), 0.0)
        return {
            line: line.product_uom_id.round(
                min(max(quantities.get(line.id, 0.0), least[line]), most[line])
            )
            for line in self
        }

    def _recompute_qty_to_invoice(self, start_date, end_date):
        """Replaces core's (19.0), see :meth:`_get_hours_to_invoice`."""
        self._drain_pending_totals()
        by_time = self.filtered(lambda line: line._is_billed_by_time())
        quantities = by_time._get_hours_to_invoice(start_date, end_date)
        for line, quantity in quantities.items():
            status = line.invoice_status
            line.qty_to_invoice = quantity
            if not quantity:
                # as core: the period says nothing about the rest
                line.invoice_status = status
