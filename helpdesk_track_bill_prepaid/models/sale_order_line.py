from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.helpdesk_track_bill.models.sale_order_line import SMALLEST_HOURS_LEFT

from .. import engine
from .hours_terms_mixin import TERMS, tell_hours

STATES = [
    ("upcoming", "Upcoming"),
    ("unpaid", "Unpaid"),
    ("usable", "Usable"),
    ("used_up", "Used Up"),
    ("overdrawn", "Overdrawn"),
    ("expired", "Expired"),
]
# the first and the last day of an item's hours
DAYS = ("hours_date_start", "hours_date_end")
# what is agreed about an item's hours
TERM_FIELDS = {*TERMS, *DAYS}
# what the figures of the block's periods follow from
FLOW_FIELDS = {
    *TERM_FIELDS,
    "product_id",
    "product_uom_id",
    "product_uom_qty",
}


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "hours.terms.line.mixin"]

    # a copied order starts a block of its own (V1)
    hours_date_start = fields.Date(
        "Hours From",
        copy=False,
        help="First day that time can draw from the hours; empty: any.",
    )
    hours_date_end = fields.Date(
        "Hours Until",
        copy=False,
        help="Last day that time can draw from the hours; empty: any.",
    )
    # those that nobody typed: they are anew when the order is confirmed again
    hours_days_given = fields.Json(copy=False, export_string_translation=False)
    hours_terms_text = fields.Char(
        "Terms",
        compute="_compute_hours_terms_text",
        help="What is agreed about the prepaid hours, as it is printed on the order.",
    )
    hours_adjusted = fields.Float(
        "Adjusted Hours",
        compute="_compute_hours_adjusted",
        store=True,
        help="Hours that managers added to the item's periods or took from them.",
    )
    hours_adjustment_ids = fields.One2many(
        "sale.order.line.hours.adjustment", "line_id", "Adjustments"
    )
    hours_period_ids = fields.One2many(
        "sale.order.line.hours.period", "line_id", "Periods"
    )
    hours_usable = fields.Float(
        "Usable Hours",
        compute="_compute_hours_standing",
        compute_sudo=True,
        help="Hours that time can draw today, over the item's periods.",
    )
    hours_state = fields.Selection(
        STATES,
        compute="_compute_hours_standing",
        search="_search_hours_state",
        compute_sudo=True,
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("hours_adjustment_ids.hours")
    def _compute_hours_adjusted(self):
        totals = dict(
            self.env["sale.order.line.hours.adjustment"]._read_group(
                [("line_id", "in", self.ids)], ["line_id"], ["hours:sum"]
            )
        )
        for line in self:
            line.hours_adjusted = totals.get(line._origin, 0.0)

    @api.depends(
        *TERM_FIELDS,
        "analytic_line_ids.date",
        "hours_adjusted",
        "hours_period_ids.closed",
        "order_id.order_line.invoice_lines.move_id.payment_state",
        "order_id.order_line.invoice_lines.move_id.state",
        "product_uom_id",
        "product_uom_qty",
        "remaining_hours",
        "state",
    )
    @api.depends_context("company")
    def _compute_hours_standing(self):
        for line, standing in self._get_standings().items():
            line.hours_usable = standing and standing.usable
            line.hours_state = standing and standing.state

    def _search_hours_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        states = set(value)
        found = Domain.FALSE
        # sudo: whose items are found is for the reader's rules
        blocks = self.sudo()
        if states - {False}:
            lines = blocks.search(
                self._domain_blocks() & self._domain_may_be(states - {False})
            )
            # as it is, not as somebody read it before: days pass
            standings = lines._get_standings()
            found |= Domain(
                "id",
                "in",
                [
                    line.id
                    for line, standing in standings.items()
                    if standing and standing.state in states
                ],
            )
        if False in states:
            # what has no state is no block
            found |= Domain("id", "not in", blocks._search(self._domain_blocks()))
        return found if operator == "in" else ~found

    @api.model
    def _domain_may_be(self, states):
        """What their days say of items in a state, so that few are looked at.

        With a day of grace, as today is not the same in all companies.
        """
        today = fields.Date.today()
        yesterday = fields.Date.subtract(today, days=1)
        tomorrow = fields.Date.add(today, days=1)
        domain = Domain.TRUE
        if states == {"upcoming"}:
            domain &= Domain("hours_date_start", ">=", today)
        elif "upcoming" not in states:
            domain &= Domain("hours_date_start", "=", False) | Domain(
                "hours_date_start", "<=", tomorrow
            )
        if states == {"expired"}:
            domain &= Domain("hours_date_end", "<=", today)
        elif states <= {"usable", "upcoming"}:
            domain &= Domain("hours_date_end", "=", False) | Domain(
                "hours_date_end", ">=", yesterday
            )
        return domain

    def _get_standings(self):
        """Each line with what the engine says of it today; None where it is no block.

        :rtype: dict
        """
        # a line that is being added in a form has no hours yet
        blocks = self.filtered(lambda line: line._origin and line._is_block())
        account = self.env["prepaid.account"]._build(blocks._origin)
        days = {company: company._get_today() for company in blocks.company_id}
        return {
            line: account.standing(line._origin.id, days[line.company_id])
            if line in blocks
            else None
            for line in self
        }

    def _get_ledger(self):
        """Every change of the lines' hours until today, with the balance after it.

        The sources of the moves are time entries and adjustments.

        :returns: ``{line: tuple of engine.Move}``; lines that are no blocks have none
        """
        blocks = self.filtered(lambda line: line._is_block())
        accounts = self.env["prepaid.account"]
        used = accounts._read_uses(blocks)
        adjusted = accounts._read_adjusted(blocks)
        by_line = defaultdict(lambda: ([], []))
        for side, amounts in enumerate((used, adjusted)):
            for amount in amounts:
                by_line[amount.block][side].append(amount)
        return {
            line: engine.make_ledger(
                block, *by_line[line.id], line.company_id._get_today()
            )
            for line, block in zip(blocks, blocks._prepare_engine_blocks(), strict=True)
        }

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._start_hours()
        return lines

    def write(self, vals):
        # superuser only: a client cannot take the way of the start by its context
        starting = self.env.su and self.env.context.get("hours_start")
        if starting or FLOW_FIELDS.isdisjoint(vals):
            return super().write(vals)
        blocks = self.filtered(lambda line: line._is_block() and line.hours_period_ids)
        if not TERM_FIELDS.isdisjoint(vals):
            blocks._check_not_locked()
        blocks._lock_accounts()
        before = {line: line._open_account() for line in blocks}
        terms = {line: line._get_terms() for line in blocks}
        res = super().write(vals)
        self._start_hours()
        still = blocks.filtered(lambda line: line._is_block())
        (blocks - still)._end_hours()
        still._sync_hours_periods()
        for line in still:
            line._refit_hours(before[line])
            line._note_changed_terms(terms[line])
        return res

    # ------------------------------------------------------------------
    # Terms
    # ------------------------------------------------------------------
    @api.model
    def _get_terms_to_renew(self):
        """Hook: the fields that a renewal of a block has as the block does (R1)."""
        return set(TERMS)

    @api.model
    def _domain_blocks(self):
        """Confirmed items that were given periods, those that are over among them."""
        return self._domain_ticket_service() & Domain("hours_period_ids", "!=", False)

    def _is_block(self):
        """Whether the item is confirmed, and prepaid in a unit of time (P1)."""
        self.ensure_one()
        return (
            self.state == "sale"
            and self.is_service
            and not self.is_expense
            and not self.is_downpayment
            and self.remaining_hours_available
            and self._is_delivered_by_time()
        )

    @api.model
    def _find_blocks_of(self, customers, company):
        """The blocks of commercial entities in a company, used up or not."""
        return self.search(
            self._domain_blocks() & self._domain_of(customers.ids, company.ids)
        )

    def _is_of(self, customers, company):
        """Whether the item is a customer's in a company: the twin of _domain_of."""
        self.ensure_one()
        owner = self.order_partner_id.commercial_partner_id
        return self.company_id == company and owner.id in customers.ids

    # ------------------------------------------------------------------
    # What tickets can draw from (K4): hours that a manager added are hours, too, and
    # those that one took are none (V5)
    # ------------------------------------------------------------------
    @api.model
    def _domain_ticket_items(self):
        adjusted = self._domain_blocks() & Domain("hours_adjusted", ">", 0)
        return super()._domain_ticket_items() | adjusted

    @api.model
    def _get_ticket_drop_down_domain(self):
        domain = super()._get_ticket_drop_down_domain()
        # sudo: see the caller
        adjusted = self.sudo().search(domain & Domain("hours_adjusted", "!=", 0))
        used_up = adjusted.filtered(lambda line: line._is_used_up())
        return domain & Domain("id", "not in", used_up.ids)

    def _is_drawable_by(self, ticket):
        return super()._is_drawable_by(ticket) and not self._is_used_up()

    def _is_used_up(self):
        """Whether an item that hours were added to, or taken from, has none left."""
        self.ensure_one()
        left = self.remaining_hours + self.hours_adjusted
        return (
            self.remaining_hours_available
            and bool(self.hours_adjusted)
            and left < SMALLEST_HOURS_LEFT
        )

    @api.model
    def _get_newest_prepaid_by_customer(self, customers, companies):
        """Hours that a manager took are none that a ticket could have (K2, V5)."""
        # no part of the domain, which is that of a form, too
        left = Domain.custom(to_sql=self._compare_hours_left)
        return self._get_newest_by_customer(
            self._domain_ticket_prepaid() & left, customers, companies
        )

    @api.model
    def _compare_hours_left(self, lines, alias, query):
        """That items have hours left with what was adjusted, as SQL."""
        return SQL(
            "%s + COALESCE(%s, 0) >= %s",
            lines._field_to_sql(alias, "remaining_hours", query),
            lines._field_to_sql(alias, "hours_adjusted", query),
            SMALLEST_HOURS_LEFT,
        )

    def _get_refusal(self, ticket, with_hours=True):
        """What can be drawn today is never refused."""
        refusal = super()._get_refusal(ticket, with_hours)
        if refusal and with_hours and self._is_block() and self.hours_usable:
            return super()._get_refusal(ticket, with_hours=False)
        return refusal

    # ------------------------------------------------------------------
    # Days and periods
    # ------------------------------------------------------------------
    def _start_hours(self):
        """Give confirmed items their first and last day, and their periods (V1).

        The day of the company on which they were confirmed; the end follows from the
        product's validity. Both can be changed afterwards.
        """
        blocks = self.filtered(
            lambda line: line._is_block() and not line.hours_period_ids
        )
        blocks._give_days()
        blocks._sync_hours_periods()

    def _give_days(self):
        """Give items that are being confirmed the days that nobody typed (V1)."""
        alike = defaultdict(self.browse)
        worked = self.filtered("hours_period_ids")._filter_worked()
        for line in self - worked:
            given = line._get_days_to_give()
            today = line.company_id._get_today()
            start, end = line.hours_date_start or None, line.hours_date_end or None
            over = end and "hours_date_end" not in given and end < today
            if "hours_date_start" in given and not over:
                start = today
            if "hours_date_end" in given:
                end = line._get_end_of_validity(start or today)
            alike[start, end, given] |= line
        for (start, end, given), lines in alike.items():
            if given:
                days = dict(zip(DAYS, (start, end), strict=True))
                texts = {name: fields.Date.to_string(days[name]) for name in given}
                # sudo: the start follows from the order, which the user may write
                lines.sudo().with_context(hours_start=True).write(
                    {**days, "hours_days_given": texts}
                )

    def _get_days_to_give(self):
        """The names of the days that follow from the order's confirmation (V1).

        Of an order that is confirmed again those that are as they were given.
        """
        self.ensure_one()
        if not self.hours_period_ids:
            return tuple(name for name in DAYS if not self[name])
        given = self.hours_days_given or {}
        return tuple(
            name
            for name in DAYS
            if name in given and given[name] == fields.Date.to_string(self[name])
        )

    def _filter_worked(self):
        """Items with time since their first day, or that could cover some (D8).

        Their days stay when an order is confirmed again: the time would have no hours.
        """
        if not self:
            return self
        # sudo: the whole account counts, whoever logged the time
        entries = self.env["account.analytic.line"].sudo()
        found = entries.search(
            Domain("so_line", "in", self.ids) | self._domain_open_time()
        )
        by_account = found.grouped(lambda entry: entry._get_ticket_account())
        return self.filtered(
            lambda line: (
                line in found.so_line
                or by_account.get(
                    (line.order_partner_id.commercial_partner_id, line.company_id),
                    entries,
                ).filtered_domain(line._domain_within_hours())
            )
        )

    def _domain_open_time(self):
        """Time of the items' customers that they could cover, and within their days."""
        entries = self.env["account.analytic.line"]
        return (
            entries._domain_to_cover()
            & entries._domain_of_accounts(
                self.order_partner_id.commercial_partner_id, self.company_id
            )
            & Domain.OR(line._domain_within_hours() for line in self)
        )

    def _domain_within_hours(self):
        """Time that is dated from the item's first day to its last."""
        self.ensure_one()
        domain = Domain.TRUE
        if self.hours_date_start:
            domain &= Domain("date", ">=", self.hours_date_start)
        if self.hours_date_end:
            domain &= Domain("date", "<=", self.hours_date_end)
        return domain

    def _get_end_of_validity(self, start):
        """The last day of the product's validity from a day on; None is for ever."""
        product = self.product_id
        return engine.end_of_validity(
            start, product.hours_validity, product.hours_validity_unit or "month"
        )

    def _confirm_hours(self):
        """Give items of a confirmed order their hours, the order's first time or not.

        :raises UserError: where terms contradict each other
        """
        again = self.filtered("hours_period_ids")
        self._start_hours()
        blocks = again.filtered(lambda line: line._is_block())
        (again - blocks)._end_hours()
        blocks._give_days()
        blocks._sync_hours_periods(anew=True)

    def _sync_hours_periods(self, anew=False):
        """Cut the time of blocks into periods, as their terms say (C1).

        :param anew: whether the order has just been confirmed again: periods that were
            closed, and have other days now, are open
        :raises UserError: where terms contradict each other, or would give other days
            to a closed period (C4)
        """
        # sudo: periods follow from the order, which the user may write
        periods = self.env["sale.order.line.hours.period"].sudo()
        known = defaultdict(periods.browse)
        for period in periods.search([("line_id", "in", self.ids)], order="number"):
            known[period.line_id] |= period
        new, recut = [], self.browse()
        for line, block in zip(self, self._prepare_engine_blocks(), strict=True):
            try:
                cuts = engine.cut_periods(block)
            except engine.TermsError as error:
                raise UserError(line._explain_terms(error)) from error
            rows = known[line.sudo()]
            days = [(row.date_start or None, row.date_end or None) for row in rows]
            if not anew:
                line._check_closed_stay(rows, days, cuts)
            if rows and days != cuts:
                recut |= line
            for number, (start, end) in enumerate(cuts):
                row = rows[number : number + 1]
                if not row:
                    new.append(
                        {
                            "line_id": line.id,
                            "number": number,
                            "date_start": start,
                            "date_end": end,
                        }
                    )
                elif days[number] != (start, end):
                    row.write({"date_start": start, "date_end": end, "closed": False})
            rows[len(cuts) :].unlink()
        periods.create(new)
        if recut:
            entries = recut._get_drawing_entries()
            self.env.add_to_compute(entries._fields["hours_period_id"], entries)

    def _check_closed_stay(self, rows, days, cuts):
        """Closed periods keep their days and their place (C4).

        :param rows: the line's periods, which have these days
        :raises UserError: naming the first that would not
        """
        for number, row in enumerate(rows):
            if row.closed and cuts[number : number + 1] != days[number : number + 1]:
                raise UserError(
                    self.env._(
                        "%(item)s cannot be changed so: its period until %(date)s is"
                        " closed and keeps its days. Open that period again first.",
                        item=self._get_hours_name(),
                        date=format_date(self.env, row.date_end),
                    )
                )

    def _check_not_locked(self):
        """:raises UserError: where the order is locked; core checks the quantity"""
        for order in self.order_id.filtered("locked"):
            raise UserError(
                self.env._(
                    "%(order)s is locked: unlock it to change the terms of its prepaid"
                    " hours.",
                    order=order.name,
                )
            )

    def _explain_terms(self, error):
        """A sentence for terms that no account can be made of."""
        name = self.display_name
        if error.code in ("period_without_end", "period_without_start"):
            return self.env._(
                "The hours of %(item)s are an allowance per period but have no first or"
                " last day: enter both.",
                item=name,
            )
        if error.code == "end_before_start":
            return self.env._(
                "The hours of %(item)s end before they start: change one of the days.",
                item=name,
            )
        return self.env._(
            "The hours of %(item)s are no number that one can sell: change them.",
            item=name,
        )

    def _get_terms(self):
        """What is noted on the order when it changes, as the client would show it."""
        self.ensure_one()
        names = [*TERMS, *DAYS]
        shown = {}
        for name in names:
            field, value = self._fields[name], self[name]
            if field.type == "selection":
                value = dict(field._description_selection(self.env)).get(value)
            elif field.type == "date":
                value = format_date(self.env, value)
            shown[field._description_string(self.env)] = value or "-"
        return shown

    def _note_changed_terms(self, before):
        """Keep changed terms in the order's history: old and new value."""
        self.ensure_one()
        for name, value in self._get_terms().items():
            if value != before[name]:
                self.order_id.message_post(
                    body=self.env._(
                        "%(item)s: %(term)s changed from %(old)s to %(new)s.",
                        item=self._get_hours_name(),
                        term=name,
                        old=before[name],
                        new=value,
                    )
                )

    def _get_hours_name(self):
        """The item's name for those who read no orders: order and product."""
        self.ensure_one()
        return f"{self.order_id.name} {self.product_id.name}"

    def action_hours_terms(self):
        """Open the terms of the item's prepaid hours."""
        self.ensure_one()
        view = self.env.ref(
            "helpdesk_track_bill_prepaid.sale_order_line_view_form_terms"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Terms of %(item)s", item=self.product_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------------
    # The terms in one sentence
    # ------------------------------------------------------------------
    @api.depends(
        *TERMS,
        "hours_date_start",
        "hours_date_end",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "remaining_hours_available",
        "state",
    )
    @api.depends_context("lang")
    def _compute_hours_terms_text(self):
        for line in self:
            line.hours_terms_text = line.remaining_hours_available and "; ".join(
                line._tell_terms()
            )

    def _tell_terms(self):
        """What is agreed about the item's hours, as parts of one sentence."""
        self.ensure_one()
        start = self.hours_date_start or self.company_id._get_today()
        end = self.hours_date_end or self._get_end_of_validity(start)
        hours, count = self._get_ordered_hours(), 0
        if self.hours_period and end and start <= end:
            block = engine.Block(0, hours, start, end, period=self.hours_period)
            count = len(engine.cut_periods(block))
            hours = engine.to_hours(engine.share(engine.to_ticks(hours), count)[0])
        words = {"hours": tell_hours(self.env, hours)}
        # before the order is confirmed, its day is not known: say how long instead
        if end and (self.hours_date_end or self.state == "sale"):
            words["end"] = format_date(self.env, end, date_format="long")
            yield self._tell_hours_until(count, words)
        else:
            yield self._tell_hours_for(count, words)
        if count and self.hours_carry_over == "all":
            yield self.env._("what is left is carried over")
        elif count and self.hours_carry_over == "capped":
            cap = tell_hours(self.env, self.hours_carry_over_cap)
            yield self.env._("up to %(hours)s carried over", hours=cap)
        if self.hours_usable_from == "invoiced":
            yield self.env._("usable once they are invoiced")
        elif self.hours_usable_from == "paid":
            yield self.env._("usable once they are paid")
        if self.hours_overrun == "bill":
            yield self.env._("time beyond is billed afterwards")

    def _tell_hours_until(self, count, words):
        if count and self.hours_period == "month":
            return self.env._("%(hours)s hours a month until %(end)s", **words)
        if count and self.hours_period == "quarter":
            return self.env._("%(hours)s hours a quarter until %(end)s", **words)
        if count:
            return self.env._("%(hours)s hours a year until %(end)s", **words)
        return self.env._("%(hours)s hours until %(end)s", **words)

    def _tell_hours_for(self, count, words):
        product = self.product_id
        if not product.hours_validity or self.state == "sale":
            return self.env._("%(hours)s hours without an end", **words)
        number = product.hours_validity
        units = {
            "day": self.env._("day") if number == 1 else self.env._("days"),
            "week": self.env._("week") if number == 1 else self.env._("weeks"),
            "month": self.env._("month") if number == 1 else self.env._("months"),
            "year": self.env._("year") if number == 1 else self.env._("years"),
        }
        words |= {
            "number": number,
            "unit": units[product.hours_validity_unit or "month"],
        }
        if count and self.hours_period == "month":
            return self.env._(
                "%(hours)s hours a month for %(number)s %(unit)s from the order on",
                **words,
            )
        if count and self.hours_period == "quarter":
            return self.env._(
                "%(hours)s hours a quarter for %(number)s %(unit)s from the order on",
                **words,
            )
        if count:
            return self.env._(
                "%(hours)s hours a year for %(number)s %(unit)s from the order on",
                **words,
            )
        return self.env._(
            "%(hours)s hours for %(number)s %(unit)s from the order on", **words
        )

    # ------------------------------------------------------------------
    # The engine
    # ------------------------------------------------------------------
    def _prepare_engine_blocks(self):
        """The lines as the engine takes them, in their order."""
        closed = self._read_closed()
        post_paid = self._find_post_paid_beside()
        return [
            engine.Block(
                line.id,
                line._get_ordered_hours(),
                line.hours_date_start or None,
                line.hours_date_end or None,
                line.order_id.date_order or None,
                line.hours_period or None,
                line.hours_carry_over or "none",
                line.hours_carry_over_cap,
                line.hours_overrun or "negative",
                line._get_usable_limit(),
                post_paid.get(line.order_id),
                closed[line.id],
            )
            for line in self
        ]

    def _read_closed(self):
        """Hours granted to the lines' closed periods: ``{id: {first day: hours}}``."""
        # sudo: hours left count what is closed, whoever reads them
        return {
            line.id: {
                period.date_start: period.closed_hours_granted
                for period in line.hours_period_ids
                if period.closed
            }
            for line in self.sudo()._read_periods()
        }

    def _read_periods(self):
        """Read the periods of lines with their days by one query, for all that follows.

        :returns: the lines
        """
        field = self._fields["hours_period_ids"]
        missing = self.browse(filter(None, field._cache_missing_ids(self)))
        if missing:
            periods = self.env["sale.order.line.hours.period"].search_fetch(
                [("line_id", "in", missing.ids)],
                ["line_id", "date_start", "date_end", "closed", "closed_hours_granted"],
                order="line_id.id, number",
            )
            by_line = periods.grouped(lambda period: period.line_id.id)
            field._insert_cache(
                missing,
                [by_line.get(id_, periods.browse())._ids for id_ in missing.ids],
            )
        return self

    def _find_post_paid_beside(self):
        """The first post-paid item on each order whose overrun is billed (D4).

        :returns: ``{order: id}``
        """
        orders = self.filtered(lambda line: line.hours_overrun == "bill").order_id
        found = {}
        if orders:
            for line in self.search_fetch(
                self._domain_ticket_post_paid() & Domain("order_id", "in", orders.ids),
                ["order_id"],
            ):
                found.setdefault(line.order_id, line.id)
        return found

    def _get_usable_limit(self):
        """Ordered hours that are invoiced or paid, None where all are usable (V4)."""
        self.ensure_one()
        if (self.hours_usable_from or "confirmed") == "confirmed":
            return None
        # sudo: hours left depend on invoices that not every reader may see
        line = self.sudo()
        quantity = 0.0
        for invoiced in line.invoice_lines:
            if self._counts_as_usable(invoiced.move_id):
                sign = -1 if invoiced.move_id.move_type == "out_refund" else 1
                quantity += sign * invoiced.product_uom_id._compute_quantity(
                    invoiced.quantity, line.product_uom_id, round=False
                )
        ordered = line.product_uom_qty
        share = line._get_down_payment_share()
        quantity += max(ordered - quantity, 0.0) * share
        if not ordered:
            return 0.0
        return line._get_ordered_hours() * min(max(quantity / ordered, 0.0), 1.0)

    def _counts_as_usable(self, move):
        """Whether a move gives hours, or takes those that its invoice gave (V4)."""
        if move.state != "posted":
            return False
        if self.hours_usable_from == "invoiced":
            return True
        if move.move_type == "out_refund":
            invoice = move.reversed_entry_id
            return not invoice or self._counts_as_usable(invoice)
        return move.payment_state in ("paid", "in_payment", "reversed")

    def _get_down_payment_share(self):
        """The part of the order that down payments have invoiced or paid."""
        order = self.order_id
        total = order.amount_total
        if not total:
            return 0.0
        paid = sum(
            (-1 if line.move_id.move_type == "out_refund" else 1)
            * line.currency_id._convert(
                line.price_total,
                order.currency_id,
                order.company_id,
                line.move_id.invoice_date or line.date,
                round=False,
            )
            for line in order.order_line.filtered("is_downpayment").invoice_lines
            if line.quantity > 0 and self._counts_as_usable(line.move_id)
        )
        return min(max(paid / total, 0.0), 1.0)

    def _lock_accounts(self):
        """Let nobody draw from the lines' hours until the transaction ends (D10)."""
        customers = self.order_partner_id.commercial_partner_id
        # in the order of ids, so that two who do it do not wait for each other
        for customer in customers.sorted("id"):
            self.env["prepaid.account"].sudo()._lock(customer)

    def _open_account(self):
        """The account of the line's customer, the line in it."""
        self.ensure_one()
        return (
            self.env["prepaid.account"]
            .sudo()
            ._open(
                self.order_partner_id.commercial_partner_id,
                self.company_id,
                self.sudo(),
            )
        )

    def _get_drawing_entries(self):
        """Time of teams that draw, on these items."""
        # sudo: the whole account counts, whoever logged the time
        entries = self.env["account.analytic.line"].sudo()
        return entries.search(
            Domain("so_line", "in", self.ids) & entries._domain_drawing()
        )

    def _plan_to_cover(self):
        """What each block would cover of its customer's open time (D8).

        :returns: ``{block: engine.Plan}``
        """
        # sudo: the whole account counts, whoever logged the time
        entries = self.env["account.analytic.line"].sudo()
        # what the engine would leave where it is need not be read
        open_time = entries.search(
            self._domain_open_time() & Domain("is_so_line_edited", "=", False),
            order="date, id",
        )
        if not open_time:
            return {}
        account = self.env["prepaid.account"].sudo()._build(self)
        prepared = defaultdict(list)
        for entry, known in zip(
            open_time, open_time._prepare_engine_entries(), strict=True
        ):
            prepared[entry._get_ticket_account()].append(known)
        return {
            line: account.cover(
                line.id,
                prepared[line.order_partner_id.commercial_partner_id, line.company_id],
            )
            for line in self
        }

    def _refit_hours(self, before):
        """Decide anew what no longer fits into changed terms (V2, V3).

        Time of tickets whose contacts have moved to other customers is drawn from
        those (K3b).

        :raises UserError: where frozen time is in the way
        """
        self.ensure_one()
        entries = self._get_drawing_entries()
        if not entries:
            return
        plan = self._open_account().refit(
            self.id, entries._prepare_engine_entries(), before
        )
        if plan.blocked:
            entry = entries.browse(plan.blocked[0])
            raise UserError(
                self.env._(
                    "%(item)s cannot be changed so: the time entry %(entry)s of"
                    " %(date)s draws from it and is invoiced, locked or in a closed"
                    " period.",
                    item=self._get_hours_name(),
                    entry=entry.name,
                    date=format_date(self.env, entry.date),
                )
            )
        foreign = entries.browse(
            change.id for change in plan.writes if change.before
        ).filtered(lambda entry: entry._draws_from_elsewhere())
        if foreign:
            foreign._draw_without_item()
            # without them, less may have to go
            self._refit_hours(before)
        else:
            entries._apply_plan(plan)

    def _open_frozen_account(self):
        """The account with that time on the line alone that stays in any case."""
        entries = self._get_drawing_entries()._prepare_engine_entries()
        return self._open_account().without(
            [entry for entry in entries if not entry.frozen]
        )

    def _end_hours(self):
        """Items that are blocks no more, sold in another unit, have no hours.

        :raises UserError: where frozen time is in the way
        """
        self._release_hours()
        # sudo: periods follow from the order, which the user may write
        self.sudo().hours_period_ids.unlink()

    def _release_hours(self):
        """Decide anew all time of items that can be drawn from no longer (V3).

        Core deletes no confirmed item: its order is cancelled first. Time that is
        billed afterwards stays where it is once it is invoiced.

        :raises UserError: where frozen time of prepaid hours is in the way
        """
        entries = self._get_drawing_entries()
        frozen = entries.filtered(lambda entry: entry._is_fixed())
        for entry in frozen.filtered("so_line.hours_period_ids")[:1]:
            raise UserError(
                self.env._(
                    "%(item)s cannot go: the time entry %(entry)s of %(date)s draws"
                    " from it and is invoiced, locked or in a closed period.",
                    item=entry.so_line._get_hours_name(),
                    entry=entry.name,
                    date=format_date(self.env, entry.date),
                )
            )
        (entries - frozen)._draw_without_item()
