from collections import defaultdict
from datetime import date

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sale_timesheet_books.tools import get_unit


class AccountMove(models.Model):
    _inherit = "account.move"

    def _link_timesheets_to_invoice(self, start_date=None, end_date=None):
        res = super()._link_timesheets_to_invoice(start_date, end_date)
        self._describe_time_by_ticket()
        return res

    def _describe_time_by_ticket(self):
        """Say on the lines what was done, where their order asks for it.

        In the customer's language and the company's unit; amounts stay as they are.
        Where a line bills less than its time, as after an invoice of more, the tickets
        are named without their hours: nobody knows which of them it bills.
        """
        lines = self.filtered(
            lambda move: move.move_type == "out_invoice"
        ).invoice_line_ids.filtered("sale_line_ids.order_id.invoice_by_ticket")
        # sudo: salespeople need no rights on tickets and their time (A3)
        entries = self.env["account.analytic.line"].sudo()
        hour = get_unit(self.env, "hour")
        found = defaultdict(lambda: (0.0, date.max, date.min))
        for *key, hours, first, last in entries._read_hours(
            Domain("timesheet_invoice_id", "in", lines.move_id.ids)
            & Domain("so_line", "in", lines.sale_line_ids.ids),
            ["timesheet_invoice_id", "so_line", "ticket_id"],
            ["date:min", "date:max"],
        ):
            spent, since, until = found[tuple(key)]
            found[tuple(key)] = spent + hours, min(since, first), max(until, last)
        work = defaultdict(list)
        for (move, item, ticket), (hours, first, last) in found.items():
            work[move.id, item.id].append((first, last, ticket, hours))
        for line in lines:
            move = line.move_id.with_context(lang=line.partner_id.lang)
            rows = sorted(
                (row for item in line.sale_line_ids for row in work[move.id, item.id]),
                key=lambda row: (row[0], row[2].id),
            )
            if not rows:  # sections, notes and down payments have no unit either
                continue
            unit = line.product_uom_id
            spent = hour._compute_quantity(
                sum(hours for *_row, hours in rows),
                unit,
                rounding_method="HALF-UP",
            )
            is_billed = unit.compare(spent, line.quantity) <= 0
            done = [
                move._get_ticket_description(
                    ticket, hours if is_billed else None, first, last
                )
                for first, last, ticket, hours in rows
            ]
            line.name = "\n".join([line.name, *done])

    def _get_ticket_description(self, ticket, hours, first, last):
        """One line about the time of a ticket, or about time on no ticket.

        :param hours: hours spent, or None to leave them out
        """
        self.ensure_one()
        period = format_date(self.env, first)
        if last != first:
            period = f"{period} - {format_date(self.env, last)}"
        work = f"{ticket.number} {ticket.name}" if ticket else self.env._("Other work")
        if hours is None:
            return self.env._("%(work)s: %(period)s", work=work, period=period)
        entries = self.env["account.analytic.line"]
        return self.env._(
            "%(work)s: %(spent)s, %(period)s",
            work=work,
            spent=entries._format_hours(hours, self.company_id),
            period=period,
        )
