from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..tools import get_unit


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    credited_invoice_ids = fields.Many2many(
        "account.move",
        "account_move_credited_timesheet_rel",
        "timesheet_id",
        "invoice_id",
        string="Credited Invoices",
        copy=False,
        readonly=True,
        groups="account.group_account_invoice",
        help="Invoices that billed the entry until credit notes freed it, or that were"
        " cancelled before another one billed it.",
    )

    def _compute_so_line(self):
        """A free entry that changes its item leaves its invoices, see :meth:`write`.

        Odoo gives entries another item by this compute, too, without a write.
        """
        items = {entry: entry.so_line for entry in self._get_once_invoiced()}
        res = super()._compute_so_line()
        self.browse(
            entry.id for entry, item in items.items() if entry.so_line != item
        )._leave_invoices()
        return res

    def write(self, vals):
        """A free entry that changes belongs to none of its former invoices any more.

        Core (19.0) keeps the entry of a cancelled invoice linked to it: when the
        invoice is posted again, it claims what it does not bill. The same holds for
        a credit note that is withdrawn.
        """
        if vals.get("timesheet_invoice_id"):
            self._remember_cancelled_invoices()
        names = sorted(self._get_fields_of_invoice() & vals.keys())
        if not names:
            return super().write(vals)
        values = {
            entry: [entry[name] for name in names]
            for entry in self._get_once_invoiced()
        }
        res = super().write(vals)
        self.browse(
            entry.id
            for entry, before in values.items()
            if [entry[name] for name in names] != before
        )._leave_invoices()
        return res

    @api.model
    def _get_fields_of_invoice(self):
        """What an invoice says of an entry: a free entry that changes it leaves it."""
        return {
            "date",
            "product_uom_id",
            "project_id",
            "so_line",
            "task_id",
            "unit_amount",
        }

    def _get_once_invoiced(self):
        """The free entries that a cancelled or credited invoice could take back."""
        # sudo: who logs time needs no rights on invoices
        return (
            self.sudo()
            ._origin.filtered("project_id")
            .filtered(
                lambda entry: (
                    (entry.timesheet_invoice_id or entry.credited_invoice_ids)
                    and entry._is_not_billed()
                )
            )
        )

    def _remember_cancelled_invoices(self):
        """Of the two invoices of an entry, one can stand, see ``_check_claimable``.

        Core (19.0) forgets the cancelled one when another bills its time: it could be
        posted again.
        """
        # sudo: see _get_once_invoiced; one query, however many entries there are
        entries = self.sudo().search(
            Domain("id", "in", self.ids)
            & Domain("timesheet_invoice_id.state", "=", "cancel")
        )
        for invoice, taken in entries.grouped("timesheet_invoice_id").items():
            taken.credited_invoice_ids = [Command.link(invoice.id)]

    def _leave_invoices(self):
        if self:
            # sudo: see _get_once_invoiced
            self.sudo().write(
                {
                    "timesheet_invoice_id": False,
                    "credited_invoice_ids": [Command.clear()],
                }
            )

    @api.model
    def _domain_not_billed(self):
        """The entries of which :meth:`_is_not_billed` is true, as a domain."""
        # any!: who logs time may not read its invoices
        return Domain("timesheet_invoice_id", "=", False) | Domain(
            "timesheet_invoice_id",
            "any!",
            [("state", "=", "cancel"), ("payment_state", "!=", "invoicing_legacy")],
        )

    @api.model
    def _domain_due(self):
        """Hook: the delivered entries that may be invoiced now; here all of them.

        Others are neither in the quantity to invoice nor linked to an invoice.
        """
        return Domain.TRUE

    @api.model
    def _domain_of_period(self, start_date, end_date):
        """The entries from a day to a day, both included; none: without an end."""
        domain = Domain.TRUE
        if start_date:
            domain &= Domain("date", ">=", start_date)
        if end_date:
            domain &= Domain("date", "<=", end_date)
        return domain

    @api.model
    def _get_hours_field(self, billed):
        """The column that hours are summed from.

        :param billed: whether the hours are for money and for hours left, or for work
        """
        return "unit_amount"

    @api.model
    def _domain_with_hours(self, operator="!="):
        """Entries that have hours for money, or more (``>``) or less than none."""
        return Domain(self._get_hours_field(billed=True), operator, 0)

    @api.model
    def _read_hours(self, domain, groupby=(), aggregates=(), billed=True):
        """Sum hours of entries: the one place that does, but for the cards of teams.

        Converted from the unit of each entry, and not rounded: what is shown or
        compared is rounded once, after the last sum (B3).

        :param domain: which entries
        :param groupby: fields as of ``_read_group``
        :param aggregates: more aggregates as of ``_read_group``
        :param billed: whether the hours are for money and for hours left, or for work
        :returns: a list of ``(*groups, hours, *aggregates)``; a group comes once for
            each unit that its entries were logged in, so callers add up
        """
        amount = f"{self._get_hours_field(billed)}:sum"
        rows = self._read_group(
            domain, [*groupby, "product_uom_id"], [amount, *aggregates]
        )
        return self._convert_to_hours(rows, len(groupby))

    @api.model
    def _sum_hours(self, domain, groupby, billed=True):
        """As :meth:`_read_hours`, added up over units: ``{groups: hours}``."""
        sums = defaultdict(float)
        for *groups, hours in self._read_hours(domain, groupby, billed=billed):
            sums[tuple(groups)] += hours
        return sums

    @api.model
    def _read_hours_by(self, domain, groupings, billed=True):
        """Sum hours in several groupings, by one query.

        :param groupings: a list of what :meth:`_read_hours` takes as ``groupby``
        :returns: a list of its answers; for the other parameters see there
        """
        amount = f"{self._get_hours_field(billed)}:sum"
        answers = self._read_grouping_sets(
            domain,
            [[*groupby, "product_uom_id"] for groupby in groupings],
            [amount],
        )
        return [
            self._convert_to_hours(rows, len(groupby))
            for groupby, rows in zip(groupings, answers, strict=True)
        ]

    @api.model
    def _convert_to_hours(self, rows, size):
        """Rows of so many groups, unit, quantity and more: hours for the two."""
        hour = get_unit(self.env, "hour")
        return [
            (
                *row[:size],
                row[size]._compute_quantity(row[size + 1], hour, round=False),
                *row[size + 2 :],
            )
            for row in rows
        ]

    def _get_hours(self, billed=True, unit=None):
        """The hours of one entry, saved or not; see :meth:`_read_hours`.

        :param unit: the unit of an entry that has none yet; hours where not given
        """
        self.ensure_one()
        hour = get_unit(self.env, "hour")
        quantity = self[self._get_hours_field(billed)]
        unit = self.product_uom_id or unit or hour
        return unit._compute_quantity(quantity, hour, round=False)
