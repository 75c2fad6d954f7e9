from collections import defaultdict
from dataclasses import asdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.helpdesk_track_bill_prepaid.engine import Hours

from ..statement import Figures, Line, Used, draw_up

# columns that stand there also where they are empty
SHOWN_ALWAYS = ("opening", "bought", "used", "expired", "closing")


class PrepaidAccount(models.AbstractModel):
    _inherit = "prepaid.account"

    # ------------------------------------------------------------------
    # Figures: the pure module's alone (S2)
    # ------------------------------------------------------------------
    @api.model
    def _get_blocks(self, customers, company):
        """All blocks of customers in a company, also those that are over."""
        # sudo: see the class
        lines = self.env["sale.order.line"].sudo()
        blocks = lines._find_blocks_of(customers, company).sorted("id")
        return blocks.filtered(lambda line: line._is_block())

    @api.model
    def _draw_up(self, blocks, customer, company, first, last):
        """The statement of a customer in a company, over a span.

        What comes after today is no history yet: the span ends today at the latest.

        :param blocks: the customer's, of :meth:`_get_blocks`
        :returns: the pure module's statement, and the entries of the span
        """
        last = min(last, company._get_today())
        # sudo: see the class
        entries = self.env["account.analytic.line"].sudo()
        drawn = self._domain_used(blocks)
        before = entries._read_hours(
            drawn & Domain("date", "<", first), ["so_line", "date:day"]
        )
        entries = entries.search_fetch(
            drawn & entries._domain_of_period(first, last),
            [
                "date",
                "so_line",
                "ticket_id",
                "employee_id",
                "product_uom_id",
                entries._get_hours_field(billed=True),
            ],
            order="date, id",
        )
        adjusted = self._read_adjusted(blocks)
        statement = draw_up(
            self._build(blocks),
            {line.id: company._get_day(line.order_id.date_order) for line in blocks},
            [Hours(line.id, day, hours) for line, day, hours in before],
            [
                Used(entry.id, entry.so_line.id, entry.date, entry._get_hours())
                for entry in entries
            ],
            adjusted,
            (first, last),
            self.env["prepaid.hours.statement"]._get_closing(
                customer, company, first - timedelta(days=1)
            ),
        )
        return statement, entries

    @api.model
    def _check_all_seen(self, blocks, first, last):
        """Make sure that others wrote no time of days to be locked since this began.

        Nobody writes such time now: the caller holds the customer. Where somebody did,
        this fails and is run again by Odoo: then it sees the time (S4).

        :param first: the first day that is not locked yet
        :param last: the last day to be locked
        :raises ConcurrencyError: where others added time
        """
        if not blocks:
            return
        self.env["account.analytic.line"].flush_model()
        query = SQL(
            "SELECT id FROM account_analytic_line"
            " WHERE so_line IN %s AND date BETWEEN %s AND %s",
            blocks._ids,
            first,
            last,
        )
        # fails where others changed or deleted one
        seen = self.env.execute_query(SQL("%s FOR SHARE", query))
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            fresh = cr.fetchall()
        own = self.env.cr.cache.get("prepaid.account.own", set())
        if any(key not in own for (key,) in set(fresh).difference(seen)):
            raise ConcurrencyError("Time of a customer came while it was being locked.")

    # ------------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------------
    @api.model
    def _get_sheet(self, customer, company, first, last, sees=None):
        """What portal, print and spreadsheet show of a span, in the reader's language.

        Minutes are whole numbers that add up. Nothing of prices; who worked is named
        where the ticket's team shows time in the portal (A4).

        :param sees: from the customer's tickets to those that the reader may see;
            hours of others are one line
        """
        blocks = self._get_blocks(customer, company)
        statement, entries = self._draw_up(blocks, customer, company, first, last)
        names = self._name_items(
            [*entries.so_line.ids, *(line.block for line in statement.lines)]
        )
        seen = entries.ticket_id.filtered(
            lambda ticket: ticket.commercial_partner_id == customer
        )
        seen = sees(seen) if sees else seen
        return {
            "customer": customer,
            "company": company,
            "first": first,
            "last": statement.last,
            **self._prepare_blocks(statement.lines, names),
            "adjustments": self._prepare_adjustments(blocks, first, last),
            **self._prepare_tickets(statement, entries, set(seen.ids), names),
        }

    @api.model
    def _prepare_blocks(self, lines, names):
        """The figures of each block, and of its periods where there are several."""
        by_block = defaultdict(list)
        for line in lines:
            by_block[line.block].append(line)
        # sudo: see the class
        blocks = self.env["sale.order.line"].sudo().browse(by_block).exists()
        allowances = set(blocks.filtered("hours_period").ids)
        figures = [asdict(line.figures) for line in lines]
        empty = {
            name
            for name in Figures.__slots__
            if not any(figure[name] for figure in figures)
        }
        return {
            "columns": [
                name
                for name in Figures.__slots__
                if name in SHOWN_ALWAYS or name not in empty
            ],
            # of these, what a narrow screen does without
            "empty": empty - {"opening", "used", "closing"},
            "total": asdict(sum((line.figures for line in lines), Figures())),
            "blocks": [
                {
                    "id": block,
                    "name": names.get(block) or self.env._("Cancelled order"),
                    "end": periods[-1].date_end,
                    "figures": asdict(
                        sum((line.figures for line in periods), Figures())
                    ),
                    "periods": [
                        {
                            "name": self._name_span(line.date_start, line.date_end),
                            "figures": asdict(line.figures),
                        }
                        for line in periods
                        if block in allowances and len(periods) > 1 and line.date_start
                    ],
                }
                for block, periods in by_block.items()
            ],
        }

    @api.model
    def _prepare_adjustments(self, blocks, first, last):
        """Adjustments of the span with their reasons (V5)."""
        # sudo: see the class
        adjustments = self.env["sale.order.line.hours.adjustment"].sudo()
        return [
            {
                "date": adjustment.date,
                "block": adjustment.line_id._get_hours_name(),
                "hours": adjustment.hours,
                "reason": adjustment.reason,
            }
            for adjustment in adjustments.search(
                Domain("line_id", "in", blocks.ids)
                & Domain("date", ">=", first)
                & Domain("date", "<=", last),
                order="date, id",
            )
        ]

    @api.model
    def _prepare_tickets(self, statement, entries, seen, names):
        """Time by ticket, and each entry of those that are seen.

        :param seen: ids of tickets that the reader may see
        """
        tickets, rows = {}, []
        others = {True: 0, False: 0}
        for entry in entries:
            ticket = entry.ticket_id
            minutes = statement.minutes[entry.id]
            if not minutes and not entry._is_shown_to_customers():
                continue
            if ticket.id not in seen:
                others[bool(ticket)] += minutes
                continue
            if ticket.id not in tickets:
                tickets[ticket.id] = {
                    "id": ticket.id,
                    "name": ticket.display_name,
                    "shows_who": ticket.team_id.show_timesheet_portal,
                    "minutes": 0,
                    "rows": [],
                }
            told = tickets[ticket.id]
            row = {
                "date": entry.date,
                "ticket": told,
                "who": entry.employee_id.name if told["shows_who"] else "",
                "block": names.get(entry.so_line.id),
                "minutes": minutes,
            }
            told["minutes"] += minutes
            told["rows"].append(row)
            rows.append(row)
        return {
            "tickets": list(tickets.values()),
            "rows": rows,
            "other_tickets": others[True],
            "other_work": others[False],
        }

    @api.model
    def _pack_lines(self, lines):
        """Lines as they are stored with a locked statement."""
        return [
            {
                "block": line.block,
                "number": line.number,
                "date_start": line.date_start and str(line.date_start),
                "date_end": line.date_end and str(line.date_end),
                "figures": [getattr(line.figures, name) for name in Figures.__slots__],
            }
            for line in lines
        ]

    @api.model
    def _unpack_lines(self, packed):
        """:param packed: of :meth:`_pack_lines`; False where there are none"""
        to_date = fields.Date.to_date
        return tuple(
            Line(
                line["block"],
                line["number"],
                to_date(line["date_start"]),
                to_date(line["date_end"]),
                Figures(*line["figures"]),
            )
            for line in packed or ()
        )
