from collections import defaultdict
from dataclasses import asdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_duration

from odoo.addons.sale_timesheet_books.tools import get_unit

from .. import engine

# the first of PostgreSQL's two numbers of an advisory lock; the customer is the second
LOCK = 1752461410


class PrepaidAccount(models.AbstractModel):
    """Between the records and the engine: reads what it asks for, says what it decides.

    The figures and decisions are the engine's alone. Everything here runs as
    superuser: hours left count everybody's time, and callers check access first.
    """

    _name = "prepaid.account"
    _description = "Account of Prepaid Hours"

    # ------------------------------------------------------------------
    # What the engine is asked about
    # ------------------------------------------------------------------
    @api.model
    def _open(self, customer, company, items=None, days=None):
        """The account of a customer in a company, as the engine takes it.

        :param items: items to include besides the open blocks: those of the tickets
            and entries asked about; other customers' hours are not this one's
        :param days: first and last day asked about; all if not given
        :rtype: engine.Account
        """
        blocks = self._find_open_blocks(customer, company, days)
        items = (items or blocks).sudo()
        blocks |= items.filtered(
            lambda line: line._is_block() and line._is_of(customer, company)
        )
        post_paid_item = None
        if "bill" in blocks.mapped("hours_overrun"):
            post_paid_item = self._get_post_paid_item(customer, company)
        return self._build(blocks, post_paid_item)

    @api.model
    def _find_open_blocks(self, customers, company, days):
        """The customers' open blocks.

        Without computing hours left of items whose time has just changed: they count
        as open. Computing them here would do it twice in each time entry.
        """
        lines = self.env["sale.order.line"].sudo()
        left = lines._fields["remaining_hours"]
        changed = self.env.records_to_compute(left)
        query = lines._search(
            self._domain_open_blocks(days)
            & lines._domain_of(customers.ids, company.ids)
        )
        select = query.select()
        for field in select.to_flush:
            if field != left:
                self.env[field.model_name].flush_model([field.name])
        # what is computed is written, without computing more
        lines._flush()
        self.env.cr.execute(select)
        blocks = lines.browse(row[0] for row in self.env.cr.fetchall())
        # what was found of the others is as it was: they may be sold in another unit
        changed = changed.sudo()
        return (blocks - changed) | changed.filtered(
            lambda line: (
                line.id and line._is_block() and line._is_of(customers, company)
            )
        )

    @api.model
    def _find_first_blocks(self, customers, company):
        """The block that each customer's time draws from first today (D1).

        :returns: ``{commercial entity: item}`` of those who have one
        """
        if not company:
            return {}
        today = company._get_today()
        blocks = self._find_open_blocks(customers, company, (today, today))
        by_id = {line.id: line for line in blocks}
        first = {}
        for block, _room in self._build(blocks).candidates(today):
            customer = by_id[block].order_partner_id.commercial_partner_id
            first.setdefault(customers.browse(customer.id), by_id[block])
        return first

    @api.model
    def _drain_pending_totals(self, customer, company):
        """Settle the totals by which open blocks are found, before money moves."""
        lines = self.env["sale.order.line"].sudo()
        lines._find_blocks_of(customer, company)._drain_pending_totals()

    @api.model
    def _build(self, blocks, post_paid_item=None):
        """:raises UserError: where the terms of a block contradict each other"""
        try:
            return engine.Account(
                blocks._prepare_engine_blocks(),
                self._read_used(blocks),
                self._read_adjusted(blocks),
                post_paid_item,
            )
        except engine.TermsError as error:
            raise UserError(blocks.browse(error.block)._explain_terms(error)) from error

    @api.model
    def _domain_open_blocks(self, days=None):
        """Blocks that may have hours, or were given some; found by an index.

        Those among them whose hours left nobody has added up yet.
        """
        lines = self.env["sale.order.line"]
        domain = (
            lines._domain_ticket_prepaid()
            | (lines._domain_blocks() & Domain("hours_adjusted", "!=", 0))
            | (lines._domain_blocks() & lines._domain_pending_totals())
        )
        if days:
            first, last = days
            domain &= Domain("hours_date_start", "=", False) | Domain(
                "hours_date_start", "<=", last
            )
            domain &= Domain("hours_date_end", "=", False) | Domain(
                "hours_date_end", ">=", first
            )
        return domain

    @api.model
    def _get_post_paid_item(self, customer, company):
        """The customer's newest confirmed post-paid item (D4), its id or None."""
        lines = self.env["sale.order.line"].sudo()
        newest = lines._get_newest_by_customer(
            lines._domain_ticket_post_paid(), customer, company
        )
        return newest.get((customer, company), lines).id or None

    @api.model
    def _read_used(self, blocks):
        """Hours drawn from blocks, by day."""
        entries = self.env["account.analytic.line"].sudo()
        # all at once, or what was read now is computed and written once more below
        entries.flush_model()
        rows = entries._read_hours(self._domain_used(blocks), ["so_line", "date:day"])
        return [
            *(engine.Hours(line.id, day, hours) for line, day, hours in rows),
            *self._read_unseen(blocks),
        ]

    @api.model
    def _domain_used(self, blocks):
        """Time that draws from blocks."""
        return Domain("so_line", "in", blocks.ids) & Domain("project_id", "!=", False)

    @api.model
    def _read_uses(self, blocks):
        """Hours drawn from blocks, each entry for itself and as the source."""
        entries = self.env["account.analytic.line"].sudo()
        return [
            engine.Hours(entry.so_line.id, entry.date, entry._get_hours(), entry)
            for entry in entries.search(self._domain_used(blocks), order="date, id")
        ]

    @api.model
    def _read_adjusted(self, blocks):
        """Hours that managers added or took, with the adjustments as the source."""
        adjustments = self.env["sale.order.line.hours.adjustment"].sudo()
        return [
            engine.Hours(
                adjustment.line_id.id, adjustment.date, adjustment.hours, adjustment
            )
            for adjustment in adjustments.search([("line_id", "in", blocks.ids)])
        ]

    @api.model
    def _get_usable_hours(self, customers, company):
        """Hours that customers can use today: ``{commercial entity: hours}``."""
        if not company:  # in a form, while another one is being chosen
            return {}
        today = company._get_today()
        lines = self.env["sale.order.line"].sudo()
        blocks = lines.search(
            self._domain_open_blocks((today, today))
            & lines._domain_of(customers.ids, company.ids)
        )
        account = self._build(blocks)
        usable = defaultdict(float)
        for line in blocks:
            customer = line.order_partner_id.commercial_partner_id
            usable[customers.browse(customer.id)] += account.standing(
                line.id, today
            ).usable
        return usable

    # ------------------------------------------------------------------
    # Many at once (D10)
    # ------------------------------------------------------------------
    @api.model
    def _lock(self, customer):
        """Let one transaction at a time draw from a customer's hours.

        Until its end. Who waited sees an old picture of the database: what others
        committed meanwhile is read by :meth:`_read_unseen`.
        """
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK, customer.id)
        )
        self.env.cr.cache["prepaid.account.locked"] = True

    @api.model
    def _note_own(self, entries):
        """Remember which entries this transaction writes: it sees them as they are."""
        self.env.cr.cache.setdefault("prepaid.account.own", set()).update(entries.ids)

    @api.model
    def _read_unseen(self, blocks):
        """Hours that others drew since this transaction began to read."""
        if not blocks or not self.env.cr.cache.get("prepaid.account.locked"):
            return []
        if not self.env.registry.ready:
            # modules are being loaded: nobody else draws, and a second cursor would
            # wait for the tables that this one has altered
            return []
        self.env["account.analytic.line"].flush_model()
        with self.env.registry.cursor() as cr:
            fresh = self._read_recent(cr, SQL("so_line IN %s", blocks._ids))
        own = self.env.cr.cache.get("prepaid.account.own", set())
        fresh = {key: row for key, row in fresh.items() if key not in own}
        if not fresh:
            return []
        known = self._read_recent(self.env.cr, SQL("id IN %s", tuple(fresh)), all_=True)
        unseen = []
        for key, row in fresh.items():
            if known.get(key) != row:
                unseen.append(engine.Hours(*row))
                if key in known:
                    line, day, hours = known[key]
                    unseen.append(engine.Hours(line, day, -hours))
        return unseen

    @api.model
    def _read_recent(self, cr, condition, all_=False):
        """Entries written lately, by a cursor: ``{id: (item, date, hours)}``.

        Lately is longer than a request lives.
        """
        hour = get_unit(self.env, "hour")
        amount = SQL.identifier(
            self.env["account.analytic.line"]._get_hours_field(billed=True)
        )
        recent = SQL("TRUE")
        if not all_:
            recent = SQL(
                "write_date > now() at time zone 'UTC' - interval '20 minutes'"
            )
        cr.execute(
            SQL(
                "SELECT id, so_line, date, product_uom_id, %s"
                "  FROM account_analytic_line WHERE %s AND %s",
                amount,
                condition,
                recent,
            )
        )
        units = self.env["uom.uom"]
        return {
            key: (
                line,
                day,
                units.browse(unit)._compute_quantity(quantity, hour, round=False),
            )
            for key, line, day, unit, quantity in cr.fetchall()
        }

    # ------------------------------------------------------------------
    # Sentences, in the reader's language (D9)
    # ------------------------------------------------------------------
    @api.model
    def _pack_reason(self, reason):
        """A reason as it is stored on an entry."""
        return {
            name: fields.Date.to_string(value) if name in ("date", "end") else value
            for name, value in asdict(reason).items()
            if value is not None
        }

    @api.model
    def _explain(self, reason, names):
        """One sentence on why a part draws from where it does; no prices.

        :param names: what :meth:`_name_items` says of the reason's items
        """
        block = names.get(reason.get("block"))
        item = names.get(reason.get("item")) or block
        words = {
            "hours": format_duration(reason["hours"]),
            "of": format_duration(reason["of"]),
            "block": block,
            "item": item,
            "date": format_date(self.env, reason["date"]),
            "why": self._explain_why(reason, block),
        }
        if reason["code"] == "drawn":
            return self.env._(
                "%(hours)s of %(of)s from %(block)s, %(how)s",
                how=self._explain_order(reason),
                **words,
            )
        # only the one that is asked for is put into words
        sentences = {
            "overrun": lambda: self.env._(
                "%(hours)s beyond the hours of %(block)s: %(why)s", **words
            ),
            "bill": lambda: self.env._(
                "%(hours)s to bill on %(item)s: %(why)s", **words
            ),
            "chosen": lambda: (
                self.env._("%(hours)s on %(item)s, chosen by hand", **words)
                if item
                else self.env._("%(hours)s not billed, as chosen by hand", **words)
            ),
            "correction": lambda: self.env._(
                "%(hours)s given back to %(item)s", **words
            ),
            "nothing": lambda: self.env._("no hours"),
            "kept": lambda: self.env._("%(hours)s of %(of)s stay on %(item)s", **words),
            "uncovered": lambda: self.env._("uncovered: %(why)s", **words),
        }
        return sentences[reason["code"]]()

    @api.model
    def _explain_order(self, reason):
        """Why a block was the one to be drawn."""
        order = reason["order"]
        if order == "no_end":
            return self.env._("which does not expire")
        if order == "on_entry":
            return self.env._("chosen on the entry")
        if order == "on_ticket":
            return self.env._("chosen on the ticket")
        if order == "on_order":
            return self.env._("chosen on its order")
        day = format_date(self.env, reason["end"])
        if order == "next_to_expire":
            return self.env._("the next to expire (%(day)s)", day=day)
        return self.env._("the first to expire (%(day)s)", day=day)

    @api.model
    def _explain_why(self, reason, block):
        """Why hours could not be drawn, for a code of the engine."""
        words = {"block": block, "date": format_date(self.env, reason.get("date"))}
        sentences = {
            "no_block": lambda: self.env._("the customer has no prepaid hours"),
            "no_post_paid": lambda: self.env._(
                "no item to bill it on, and no prepaid hours left"
            ),
            "unpaid": lambda: self.env._("%(block)s is not paid", **words),
            "upcoming": lambda: self.env._(
                "%(block)s has not begun on %(date)s", **words
            ),
            "expired": lambda: self.env._("%(block)s had expired on %(date)s", **words),
            "closed": lambda: self.env._("the period of %(block)s is closed", **words),
            "used_up": lambda: self.env._("no prepaid hours left on %(date)s", **words),
            "used_later": lambda: self.env._(
                "the hours of %(block)s are used by later time", **words
            ),
            "other_chosen": lambda: self.env._("another item was chosen by hand"),
            "under_a_minute": lambda: self.env._(
                "less than a minute is left on %(block)s", **words
            ),
            "not_needed": lambda: self.env._("other hours come first and suffice"),
            "drawn": lambda: self.env._("hours were drawn from %(block)s", **words),
            "available": lambda: self.env._(
                "its hours came later: a redraw would use them"
            ),
            "fixed": lambda: self.env._("the time is fixed where it is"),
        }
        explain = sentences.get(reason.get("why"))
        return explain() if explain else ""

    @api.model
    def _name_items(self, ids):
        """Names of items without prices: order and product."""
        # sudo: agents read names of items, not the items (A1)
        lines = self.env["sale.order.line"].sudo().browse(filter(None, ids))
        return {line.id: line._get_hours_name() for line in lines.exists()}

    @api.model
    def _name_span(self, start, end):
        return self.env._(
            "%(start)s to %(end)s",
            start=format_date(self.env, start),
            end=format_date(self.env, end),
        )

    @api.model
    def _explain_refusal(self, refusal):
        """What is left, what is needed and who can help (D4)."""
        line = self.env["sale.order.line"].sudo().browse(refusal.block)
        helper = line.order_id.user_id.name
        return self.env._(
            "Only %(left)s of the %(needed)s hours can be drawn on %(date)s:"
            " %(block)s takes no more time. Ask %(helper)s for more hours, or choose"
            " another item.",
            left=format_duration(refusal.left),
            needed=format_duration(refusal.needed),
            date=format_date(self.env, refusal.date),
            block=line._get_hours_name(),
            helper=helper or self.env._("a salesperson"),
        )
