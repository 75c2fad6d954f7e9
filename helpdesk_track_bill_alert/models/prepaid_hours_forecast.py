import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .. import forecast

_logger = logging.getLogger(__name__)

# customers that are looked at between two commits
WRITTEN_AT_ONCE = 500
WEEKS = forecast.WEEKS[-1]
# what a forecast says, as fields of a row
FIGURES = (
    "state",
    "lasts_until",
    "earliest",
    "latest",
    "hours_expired",
    "hours_per_week",
    "date",
)


class PrepaidHoursForecast(models.Model):
    """How long the hours of a customer, and of each of their blocks, last (F1).

    Written nightly. Nobody reads the rows but through the fields of blocks and
    customers.
    """

    _name = "prepaid.hours.forecast"
    _description = "Forecast of Prepaid Hours"
    _order = "id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "sale.order.line",
        "Block",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all hours of the customer.",
    )
    date = fields.Date("Day of Forecast", required=True, index=True)
    state = fields.Selection(
        [("known", "Known"), ("few", "Not enough data")], required=True
    )
    lasts_until = fields.Date(help="Empty: longer than three years.")
    earliest = fields.Date()
    latest = fields.Date()
    hours_expired = fields.Float("Hours Likely to Expire")
    hours_per_week = fields.Float()

    _block_unique = models.UniqueIndex("(company_id, partner_id, COALESCE(line_id, 0))")

    def _get_sentence(self):
        """The forecast in the reader's language."""
        self.ensure_one()
        if self.state == "few":
            return self.env._("Not enough data")
        if not self.earliest:
            return self.env._("Longer than three years")
        if not self.lasts_until:
            return self.env._(
                "%(earliest)s or later", earliest=format_date(self.env, self.earliest)
            )
        words = {
            "day": format_date(self.env, self.lasts_until),
            "earliest": format_date(self.env, self.earliest),
            "latest": format_date(self.env, self.latest),
        }
        if self.earliest == self.latest:
            return words["day"]
        if not self.latest:
            return self.env._("%(day)s (%(earliest)s or later)", **words)
        return self.env._("%(day)s (%(earliest)s to %(latest)s)", **words)

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    @api.model
    def _cron_forecast(self):
        """Write today's forecasts, in batches; the next run goes on."""
        cron = self.env["ir.cron"]
        periods = self.env["sale.order.line.hours.period"]
        companies = [company for (company,) in periods._read_group([], ["company_id"])]
        for number, company in enumerate(companies, 1):
            others = len(companies) - number
            while customers := self._find_due(company):
                self._write_forecasts(customers, company)
                # and those of yesterday are to be deleted
                left = len(self._find_due(company, 1)) + 1 + others
                if not cron._commit_progress(len(customers), remaining=left):
                    return
            today = company._get_today()
            self.search(
                [("company_id", "=", company.id), ("date", "<", today)]
            ).unlink()
            if not cron._commit_progress(remaining=others) and others:
                return

    @api.model
    def _find_due(self, company, limit=WRITTEN_AT_ONCE):
        """Customers with hours left of whom there is no forecast of today."""
        today = company._get_today()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT period.partner_id
                  FROM sale_order_line_hours_period period
                  JOIN sale_order_line line ON line.id = period.line_id
                 WHERE period.company_id = %(company)s
                   AND period.closed IS NOT TRUE
                   AND (period.date_end IS NULL OR period.date_end >= %(today)s)
                   AND line.state = 'sale'
                   AND (line.remaining_hours > 0 OR line.hours_adjusted <> 0)
                   AND NOT EXISTS (
                       SELECT 1
                         FROM prepaid_hours_forecast known
                        WHERE known.company_id = period.company_id
                          AND known.partner_id = period.partner_id
                          AND known.line_id IS NULL
                          AND known.date = %(today)s
                       )
                 LIMIT %(limit)s
                """,
                company=company.id,
                today=today,
                limit=limit,
            )
        )
        return self.env["res.partner"].browse(customer for (customer,) in rows)

    @api.model
    def _write_forecasts(self, customers, company):
        """Write what is foreseen of customers; bad terms of one do not stop the others.

        :param customers: commercial entities
        """
        try:
            values = self._foresee(customers, company)
        except UserError as error:
            if len(customers) > 1:
                for customer in customers:
                    self._write_forecasts(customer, company)
                return
            _logger.warning("Prepaid hours of %s: %s", customers.display_name, error)
            today = company._get_today()
            lines = self.env["sale.order.line"]
            values = {(customers, lines): self._prepare_customer(None, None, today)}
        self._replace(values, customers, company)

    @api.model
    def _replace(self, values, customers, company):
        """Store forecasts of customers, all at once; what is no more foreseen goes.

        Nothing hangs on the rows: not a write for each of them, which takes as long as
        to foresee them.

        :param values: of :meth:`_foresee`
        """
        self.flush_model()
        rows = [
            (
                *(company.id, customer.id, line.id or None),
                *(vals.get(name) or None for name in FIGURES),
            )
            for (customer, line), vals in values.items()
        ]
        names = [SQL.identifier(name) for name in FIGURES]
        written = self.env.execute_query(
            SQL(
                """
                INSERT INTO prepaid_hours_forecast
                       (company_id, partner_id, line_id, %s)
                VALUES %s
                    ON CONFLICT (company_id, partner_id, COALESCE(line_id, 0))
                    DO UPDATE SET %s
                RETURNING id
                """,
                SQL(", ").join(names),
                SQL(", ").join(SQL("%s", row) for row in rows),
                SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in names),
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM prepaid_hours_forecast"
                " WHERE company_id = %s AND partner_id IN %s AND id NOT IN %s",
                company.id,
                customers._ids,
                tuple(key for (key,) in written),
            )
        )
        self.invalidate_model()

    @api.model
    def _foresee(self, customers, company):
        """The forecast of customers, and of each of their blocks, as values of rows.

        :returns: ``{(customer, block or none): values}``
        :raises UserError: where terms of a block contradict each other
        """
        lines = self.env["sale.order.line"].sudo()
        # also those that are used up: their hours are the pace
        blocks = lines._find_blocks_of(customers, company)
        by_customer = blocks.grouped(
            lambda line: line.order_partner_id.commercial_partner_id
        )
        standings = blocks._get_standings()
        today = company._get_today()
        used, counts = self._read_used(blocks, today)
        calendar = company._get_hours_calendar(today)
        values = {}
        for customer in customers:
            own = by_customer.get(customer, lines)
            found = forecast.foresee(
                [pair for line in own for pair in used.get(line, ())],
                sum(counts.get(line, 0) for line in own),
                [
                    stretch
                    for line in own
                    for stretch in line._get_stretches(standings[line], today)
                ],
                today,
                calendar,
                min((line._get_first_day() for line in own), default=None),
            )
            values[customer, lines] = self._prepare_customer(found, calendar, today)
            for line in own:
                standing = standings[line]
                if standing and standing.state in ("upcoming", "usable"):
                    values[customer, line] = self._prepare_block(line, found, today)
        return values

    @api.model
    def _prepare_block(self, line, found, today):
        if not found:
            return {**dict.fromkeys(FIGURES, False), "state": "few", "date": today}
        emptied = found.walk.emptied.get(line.id)
        return {
            **dict.fromkeys(FIGURES, False),
            "state": "known",
            "date": today,
            "lasts_until": emptied or line.hours_date_end,
            "hours_expired": found.walk.expired.get(line.id, 0.0),
        }

    @api.model
    def _prepare_customer(self, found, calendar, today):
        if not found:
            return {**dict.fromkeys(FIGURES, False), "state": "few", "date": today}
        return {
            "state": "known",
            "date": today,
            "lasts_until": found.lasts_until,
            "earliest": found.earliest,
            "latest": found.latest,
            "hours_expired": sum(found.walk.expired.values()),
            "hours_per_week": found.pace.likely * len(calendar.weekdays),
        }

    @api.model
    def _read_used(self, blocks, today):
        """Hours of the last 13 weeks, and the number of entries, per block."""
        # sudo: the whole account counts, whoever logged the time
        entries = self.env["account.analytic.line"].sudo()
        domain = (
            self.env["prepaid.account"]._domain_used(blocks)
            & Domain("date", ">", today - timedelta(weeks=WEEKS))
            & Domain("date", "<=", today)
        )
        used = {}
        for line, day, hours in entries._read_hours(domain, ["so_line", "date:day"]):
            used.setdefault(line, []).append((day, hours))
        return used, dict(entries._read_group(domain, ["so_line"], ["__count"]))

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @api.model
    def _get_by_customer(self, customers, company):
        """The forecasts of customers: ``{customer: row}``."""
        # sudo: who may see the customer's hours may see how long they last
        rows = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", customers.ids),
                ("line_id", "=", False),
            ]
        )
        return {row.partner_id: row for row in rows}

    @api.model
    def _get_by_block(self, lines):
        """The forecasts of blocks: ``{id of the line: row}``."""
        # sudo: as above
        rows = self.sudo().search([("line_id", "in", lines.ids)])
        return {row.line_id.id: row for row in rows}
