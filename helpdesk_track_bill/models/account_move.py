from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_duration, formatLang

from ..tools import get_unit


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

    def _link_timesheets_to_invoice(self, start_date=None, end_date=None):
        res = super()._link_timesheets_to_invoice(start_date, end_date)
        self._describe_time_by_ticket()
        return res

    def _describe_time_by_ticket(self):
        """Say on the lines what was done, where their order asks for it.

        In the customer's language and the company's unit; amounts stay as they are.
        """
        lines = self.invoice_line_ids.filtered(
            "sale_line_ids.order_id.invoice_by_ticket"
        )
        # sudo: salespeople need no rights on tickets and their time (A3)
        entries = self.env["account.analytic.line"].sudo()
        hour = get_unit(self.env, "hour")
        work = defaultdict(list)
        for move, item, ticket, unit, amount, first, last in entries._read_group(
            Domain("timesheet_invoice_id", "in", lines.move_id.ids)
            & Domain("so_line", "in", lines.sale_line_ids.ids),
            ["timesheet_invoice_id", "so_line", "ticket_id", "product_uom_id"],
            ["unit_amount:sum", "date:min", "date:max"],
        ):
            hours = unit._compute_quantity(amount, hour, round=False)
            work[move.id, item.id].append((first, last, ticket, hours))
        for line in lines:
            move = line.move_id.with_context(lang=line.partner_id.lang)
            done = [
                move._get_ticket_description(ticket, hours, first, last)
                for item in line.sale_line_ids
                for first, last, ticket, hours in sorted(
                    work[move.id, item.id],
                    key=lambda row: (row[0], row[2].id),
                )
            ]
            line.name = "\n".join([line.name, *done])

    def _get_ticket_description(self, ticket, hours, first, last):
        """One line about the time of a ticket, or about time on no ticket."""
        self.ensure_one()
        period = format_date(self.env, first)
        if last != first:
            period = f"{period} - {format_date(self.env, last)}"
        entries = self.env["account.analytic.line"].with_company(self.company_id)
        if entries._is_timesheet_encode_uom_day():
            days = entries._convert_hours_to_days(hours)
            spent = self.env._("%(days)s days", days=formatLang(self.env, days))
        else:
            spent = self.env._("%(hours)s hours", hours=format_duration(hours))
        return self.env._(
            "%(work)s: %(spent)s, %(period)s",
            work=f"{ticket.number} {ticket.name}"
            if ticket
            else self.env._("Other work"),
            spent=spent,
            period=period,
        )
