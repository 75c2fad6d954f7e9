from odoo import api, fields, models
from odoo.fields import Domain
from odoo.models import parse_read_group_spec
from odoo.tools import SQL, format_date, format_duration

from .sale_order_line import STATES

# what lists, pivots and graphs add up
MEASURES = (
    "hours_granted",
    "hours_adjusted",
    "hours_used",
    "hours_expired",
    "hours_left",
    "hours_usable",
)


class PrepaidHoursBlock(models.Model):
    """A block for everybody who may see it: names, days and hours of an order's item.

    A row for each item that has periods; its id is the item's. Who may see the
    customer's tickets reads it, without the order and its prices (A1). The figures are
    the engine's, over all periods of the block.
    """

    _name = "prepaid.hours.block"
    _description = "Prepaid Hours"
    _auto = False
    _order = "partner_id, date_end, id"
    _depends = {
        "sale.order.line": ["hours_date_end", "hours_date_start", "state"],
        "sale.order.line.hours.period": ["company_id", "line_id", "partner_id"],
    }

    line_id = fields.Many2one("sale.order.line", "Sales Order Item", readonly=True)
    name = fields.Char(
        "Prepaid Hours",
        compute="_compute_name",
        search="_search_name",
        compute_sudo=True,
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_start = fields.Date("From", readonly=True)
    date_end = fields.Date("Until", readonly=True)
    hours_granted = fields.Float(
        "Bought",
        compute="_compute_hours",
        compute_sudo=True,
        aggregator="sum",
        help="Hours that were ordered.",
    )
    hours_adjusted = fields.Float(
        "Adjusted",
        compute="_compute_hours",
        compute_sudo=True,
        aggregator="sum",
        help="Hours that managers added, less those they took.",
    )
    hours_used = fields.Float(
        "Used", compute="_compute_hours", compute_sudo=True, aggregator="sum"
    )
    hours_expired = fields.Float(
        "Expired",
        compute="_compute_hours",
        compute_sudo=True,
        aggregator="sum",
        help="Hours that were neither used nor carried over.",
    )
    hours_left = fields.Float(
        "Left",
        compute="_compute_hours",
        compute_sudo=True,
        aggregator="sum",
        help="Hours that are left, those of periods to come among them.",
    )
    hours_usable = fields.Float(
        "Usable Today",
        compute="_compute_hours",
        compute_sudo=True,
        aggregator="sum",
        help="Hours that time can draw today.",
    )
    state = fields.Selection(
        STATES, compute="_compute_hours", search="_search_state", compute_sudo=True
    )
    period_ids = fields.One2many(
        "sale.order.line.hours.period", compute="_compute_period_ids", string="Periods"
    )
    ledger = fields.Html(
        "History",
        compute="_compute_ledger",
        sanitize=False,
        help="Every change of the hours, with what was left after it.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id,
                   line.id AS line_id,
                   period.partner_id,
                   period.company_id,
                   line.hours_date_start AS date_start,
                   line.hours_date_end AS date_end
              FROM sale_order_line_hours_period period
              JOIN sale_order_line line ON line.id = period.line_id
             WHERE period.number = 0 AND line.state = 'sale'
            """
        )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    def _compute_name(self):
        for block in self:
            # sudo by the field: a name without prices (A1)
            block.name = block.line_id._get_hours_name()

    def _search_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        domain = Domain("order_id.name", operator, value) | Domain(
            "product_id.name", operator, value
        )
        # sudo: agents find items by name, and read no items (A1)
        return Domain("id", "in", self.env["sale.order.line"].sudo()._search(domain))

    @api.depends("line_id.hours_usable")
    def _compute_hours(self):
        standings = self.line_id._get_standings()
        for block in self:
            standing = standings.get(block.line_id)
            periods = standing.periods if standing else ()
            for name in MEASURES[:-1]:
                block[name] = round(sum(getattr(part, name) for part in periods), 6)
            block.hours_usable = standing and standing.usable
            block.state = standing and standing.state

    def _search_state(self, operator, value):
        # a block's id is its item's
        return self.env["sale.order.line"]._search_hours_state(operator, value)

    def _compute_period_ids(self):
        periods = self.env["sale.order.line.hours.period"].search(
            [("line_id", "in", self.ids)], order="number"
        )
        by_line = periods.grouped(lambda period: period.line_id.id)
        for block in self:
            block.period_ids = by_line.get(block.id)

    # ------------------------------------------------------------------
    # The ledger
    # ------------------------------------------------------------------
    @api.depends_context("lang", "uid")
    def _compute_ledger(self):
        # sudo: the hours of everybody's time; which ticket and what was done is only
        # told to who may read the ticket, or the entry
        ledgers = self.line_id.sudo()._get_ledger()
        account = self.env["prepaid.account"]
        entries = self.env["account.analytic.line"]
        for moves in ledgers.values():
            entries |= entries.union(
                *(move.source for move in moves if move.kind == "used")
            )
        readable = {
            record
            for records in (entries, entries.ticket_id)
            for record in records.sudo(False)._filtered_access("read").sudo()
        }
        for block in self:
            periods = {period.number: period for period in block.period_ids}
            rows = []
            for move in ledgers.get(block.line_id.sudo(), ()):
                if move.kind in ("carried_in", "granted") and (
                    not rows or rows[-1]["period"] != move.period
                ):
                    rows.append(
                        {
                            "period": move.period,
                            "title": len(periods) > 1
                            and move.period in periods
                            and account._name_span(
                                periods[move.period].date_start,
                                periods[move.period].date_end,
                            ),
                        }
                    )
                rows.append(self._prepare_ledger_row(move, readable))
            block.ledger = self.env["ir.qweb"]._render(
                "helpdesk_track_bill_prepaid.hours_ledger", {"rows": rows}
            )

    def _prepare_ledger_row(self, move, readable):
        """What is shown of a line of the ledger."""
        text, note, link = self._tell_move(move, readable)
        return {
            "period": move.period,
            "title": False,
            "date": format_date(self.env, move.date) if move.date else "",
            "text": text,
            "note": note,
            "link": link,
            "hours": self._tell_hours(move.hours, "+"),
            "balance": self._tell_hours(move.balance),
            "negative": round(move.balance, 4) < 0,
        }

    @api.model
    def _tell_hours(self, hours, plus=""):
        sign = "-" if round(hours, 4) < 0 else plus
        return f"{sign}{format_duration(abs(hours))}"

    def _tell_move(self, move, readable):
        """Title, details and address of what moved hours."""
        if move.kind == "used":
            entry = move.source
            ticket = entry.ticket_id
            note = entry in readable and f"{entry.employee_id.name}: {entry.name}"
            if ticket in readable:
                link = f"/odoo/helpdesk.ticket/{ticket.id}"
                return ticket.display_name, note, link
            return self.env._("Other time"), note, ""
        if move.kind == "adjusted":
            adjustment = move.source
            note = self.env._(
                "%(reason)s (%(user)s, %(day)s)",
                reason=adjustment.reason,
                user=adjustment.create_uid.name,
                day=format_date(self.env, adjustment.create_date),
            )
            return self.env._("Adjusted"), note, ""
        titles = {
            "granted": self.env._("Bought"),
            "carried_in": self.env._("Carried in"),
            "carried_on": self.env._("Carried on"),
            "expired": self.env._("Expired"),
        }
        return titles[move.kind], "", ""

    # ------------------------------------------------------------------
    # Sums of what is computed
    # ------------------------------------------------------------------
    def _read_group_select(self, aggregate_spec, query):
        """Lists, pivots and graphs add up the engine's figures."""
        name, _property, func = parse_read_group_spec(aggregate_spec)
        if name in MEASURES and func == "sum":
            return SQL("SUM(%s)", SQL.identifier(self._join_measures(query), name))
        return super()._read_group_select(aggregate_spec, query)

    def _join_measures(self, query):
        """Join the figures of the blocks that a query finds; the alias they have."""
        alias = query.make_alias(self._table, "measures")
        if alias not in query._joins:
            blocks = self.browse(query.get_result_ids())
            columns = [[block.id for block in blocks]]
            columns += [[block[name] for block in blocks] for name in MEASURES]
            arrays = SQL(", ").join(
                SQL("%s::float8[]" if n else "%s::int4[]", column)
                for n, column in enumerate(columns)
            )
            names = SQL(", ").join(map(SQL.identifier, ("id", *MEASURES)))
            query.add_join(
                "LEFT JOIN",
                alias,
                SQL("(SELECT * FROM unnest(%s) AS figures(%s))", arrays, names),
                SQL(
                    "%s = %s",
                    SQL.identifier(alias, "id"),
                    SQL.identifier(self._table, "id"),
                ),
            )
        return alias

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_view_entries(self):
        """Open the time that draws from the block."""
        return self.period_ids.action_view_entries()
