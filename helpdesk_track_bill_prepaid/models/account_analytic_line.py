from dataclasses import replace
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.sale_timesheet_books.tools import get_unit

from .. import engine

# what decides where time is drawn from
DRAWN_FIELDS = {
    "date",
    "is_so_line_edited",
    "product_uom_id",
    "so_line",
    "ticket_id",
    "unit_amount",
}
# what was decided: the engine says it, and nobody writes it
DECIDED_FIELDS = {"coverage", "coverage_data", "hours_period_id", "split_from_id"}
# Context: the entries are written as the engine decided. An object, so that no client
# can send it; so is the other.
PARTS_KEY, PARTS = "prepaid_parts", object()
# Context: the entries come by e-mail.
BY_MAIL_KEY, BY_MAIL = "track_bill_by_mail", object()
COVERAGE = [
    ("prepaid", "Prepaid"),
    ("overrun", "Beyond Prepaid"),
    ("post_paid", "Billed Afterwards"),
    ("uncovered", "Uncovered"),
    ("non_billable", "Non-Billable"),
]


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    split_from_id = fields.Many2one(
        "account.analytic.line",
        "Part Of",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        help="The first part of the same work, where it draws from several items.",
    )
    split_part_ids = fields.One2many(
        "account.analytic.line", "split_from_id", "Other Parts"
    )
    part_label = fields.Char(
        "Part",
        compute="_compute_part_label",
        compute_sudo=True,
        help="Which part of one piece of work this is, where it draws from several"
        " items.",
    )
    hours_period_id = fields.Many2one(
        "sale.order.line.hours.period",
        "Prepaid Period",
        compute="_compute_hours_period_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="The period of prepaid hours that the time draws from.",
    )
    coverage = fields.Selection(
        COVERAGE,
        compute="_compute_coverage",
        store=True,
        compute_sudo=True,
        copy=False,
        help="What covers the time of a ticket.",
    )
    # the engine's reason, told in each reader's language
    coverage_data = fields.Json(copy=False, export_string_translation=False)
    coverage_reason = fields.Char(
        "Why", compute="_compute_coverage_reason", help="Why the time draws from there."
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("split_from_id", "split_part_ids", "split_from_id.split_part_ids")
    def _compute_part_label(self):
        for entry in self:
            first = entry.split_from_id or entry
            parts = first.ids + first.split_part_ids.sorted("id").ids
            entry.part_label = (
                len(parts) > 1
                and entry._origin.id in parts
                and f"{parts.index(entry._origin.id) + 1}/{len(parts)}"
            )

    @api.depends("so_line", "date", "ticket_id")
    def _compute_hours_period_id(self):
        # other teams' time is not drawn: nothing is looked up for it
        on_items = self.filtered(
            lambda entry: entry.so_line and entry._draws_in_order()
        )
        periods = self.env["sale.order.line.hours.period"]._find_by_day(
            [(entry.so_line, entry.date) for entry in on_items]
        )
        for entry in self:
            entry.hours_period_id = periods.get((entry.so_line, entry.date))

    @api.depends("ticket_id", "so_line", "is_so_line_edited")
    def _compute_coverage(self):
        """What covers time that was not drawn: the item says it."""
        for entry in self:
            if not entry.ticket_id:
                entry.coverage = False
            elif entry.coverage_data and entry._draws_in_order():
                entry.coverage = entry.coverage
            elif entry.so_line:
                prepaid = entry.so_line.remaining_hours_available
                entry.coverage = "prepaid" if prepaid else "post_paid"
            else:
                free = entry.is_so_line_edited or not entry.ticket_id.allow_billable
                entry.coverage = "non_billable" if free else "uncovered"

    @api.depends(
        "coverage_data",
        "ticket_id.team_id.allow_billable",
        "ticket_id.team_id.prepaid_draw",
    )
    @api.depends_context("lang")
    def _compute_coverage_reason(self):
        account = self.env["prepaid.account"]
        # sudo: why is for everybody who reads the entry
        reasons = {entry: entry.sudo().coverage_data for entry in self}
        # on other teams the item says it
        reasons = {
            entry: reason if reason and entry._draws_in_order() else None
            for entry, reason in reasons.items()
        }
        names = account._name_items(
            {
                reason.get(name)
                for reason in reasons.values()
                for name in ("block", "item")
                if reason
            }
        )
        for entry, reason in reasons.items():
            entry.coverage_reason = account._explain(reason, names) if reason else False

    @api.depends("ticket_id", "ticket_id.sale_line_id")
    def _compute_so_line(self):
        """Time that was drawn stays where it is, also without an item (D5, D8)."""
        drawn = self.filtered(
            lambda entry: entry.sudo().coverage_data and entry._draws_in_order()
        )
        # a compute assigns each of its records
        for entry in drawn:
            entry.so_line = entry.so_line
        return super(AccountAnalyticLine, self - drawn)._compute_so_line()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Draw new time, once everything about it is decided (D1)."""
        entries = super().create(vals_list)
        if self._is_writing_parts():
            return entries
        drawing = entries.filtered(lambda entry: entry._draws_in_order())
        if self._is_splitting():
            drawing._take_coverage(dict(zip(entries, vals_list, strict=True)))
        else:
            drawing._draw()
        return entries

    def copy_data(self, default=None):
        """What core splits off by analytic accounts draws from where the whole does."""
        vals_list = super().copy_data(default)
        if self._is_splitting():
            for entry, vals in zip(self, vals_list, strict=True):
                # sudo: why is for everybody who reads the entry
                vals["coverage_data"] = entry.sudo()._share_reason(vals)
                vals["coverage"] = entry.coverage
        return vals_list

    def _share_reason(self, vals):
        """The reason of a part of the entry's work, with the part's hours."""
        reason = self.coverage_data
        if not reason or not self.unit_amount or "unit_amount" not in vals:
            return reason
        share = vals["unit_amount"] / self.unit_amount
        hours = {
            name: reason[name] * share for name in ("hours", "of") if reason.get(name)
        }
        return {**reason, **hours}

    def _take_coverage(self, vals_by_entry):
        """Keep what was decided about time that core has split: it moves nowhere (D5).

        :param vals_by_entry: what each entry was created with
        """
        self.env["prepaid.account"]._note_own(self)
        for entry in self._as_parts():
            vals = vals_by_entry[entry]
            entry.write(
                {name: vals.get(name) for name in ("coverage", "coverage_data")}
            )

    @api.model
    def _get_decided_fields(self):
        """What the engine decides is given by nobody else (D9)."""
        return super()._get_decided_fields() | DECIDED_FIELDS

    def write(self, vals):
        if not self.env.su:
            vals = {k: v for k, v in vals.items() if k not in DECIDED_FIELDS}
        if (
            self._is_writing_parts()
            or self._is_being_created()
            or self._get_drawn_fields().isdisjoint(vals)
        ):
            return super().write(vals)
        # also those that draw no longer afterwards (D10)
        self.env["prepaid.account"]._note_own(self)
        drawing = self.filtered(lambda entry: entry._draws_in_order())
        # sudo: the whole account counts; core has checked the right to write
        before = {known.id: known for known in drawing.sudo()._prepare_engine_entries()}
        chosen = {"so_line", "is_so_line_edited"} & vals.keys()
        # another ticket may give it an item, which nobody has drawn from
        decided = chosen or "ticket_id" in vals
        accounts = {entry.id: entry._get_ticket_account() for entry in drawing}
        res = super().write(vals)
        after = self.filtered(lambda entry: entry._draws_in_order())
        anew = after.filtered(
            lambda entry: (
                entry.id not in before
                or accounts[entry.id] != entry._get_ticket_account()
                or (decided and before[entry.id].item != (entry.so_line.id or None))
                or (chosen and before[entry.id].by_hand != entry.is_so_line_edited)
            )
        )
        anew._draw()
        (after - anew)._draw_changed(before)
        return res

    def _check_can_write(self, values):
        """Time in a closed period, or before a lock, is as fixed as invoiced time."""
        drawn = self._get_drawn_fields() & values.keys()
        if self._is_merging_tickets():
            # takes frozen time along as it is
            drawn -= {"ticket_id"}
        if drawn and not self._is_writing_parts():
            self._check_not_frozen()
        return super()._check_can_write(values)

    def unlink(self):
        # others see them until this transaction is over: they give back now (D10)
        self.env["prepaid.account"]._note_own(self)
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()

    def _check_not_frozen(self):
        for entry in self.filtered("ticket_id"):
            if entry._is_not_billed() and entry.sudo()._is_fixed():
                raise UserError(
                    self.env._(
                        "The time entry %(entry)s is in a period that is closed: a"
                        " manager can open it again.",
                        entry=entry.name,
                    )
                )

    def _move_to_ticket(self, ticket, vals=None, keep_item=False):
        """Time moved to another ticket of the customer stays where it draws (D6)."""
        # pylint: disable=missing-return  # there is nothing to return
        vals = vals or {}
        keep = self.filtered(
            lambda entry: "so_line" not in vals and entry._stays_drawn_on(ticket)
        )
        merging = self._is_merging_tickets()
        items = {entry.id: entry.so_line for entry in keep} if merging else {}
        anew = self.browse()
        if keep:
            super(AccountAnalyticLine, keep)._move_to_ticket(ticket, vals, True)
        if self - keep:
            moved = self - keep
            anew = moved.filtered(lambda entry: not entry._is_fixed())
            super(AccountAnalyticLine, moved)._move_to_ticket(ticket, vals, keep_item)
        if merging:
            # no write of a user, which would draw by itself
            anew |= keep.filtered(lambda entry: entry.so_line != items[entry.id])
            anew.filtered(lambda entry: entry._draws_in_order())._draw()

    def _stays_drawn_on(self, ticket):
        """Whether time stays as it was drawn on another ticket: the customer's (D6).

        Each company has hours of its own.
        """
        # sudo: only compared; who moves time may not read the team
        ticket = ticket.sudo()
        account = (ticket.commercial_partner_id, ticket.company_id)
        return (
            self._draws_in_order()
            and ticket._draws_in_order()
            and account == self._get_ticket_account()
        )

    def _can_keep_item(self, ticket):
        """Time that was drawn takes no item along with another ticket (D6, D8).

        Nor does what is uncovered, or on the item of a customer that the ticket's
        contact has left (K3b).
        """
        # sudo: only asked whether it was drawn
        if self.sudo().coverage_data and self._stays_drawn_on(ticket):
            return True
        return super()._can_keep_item(ticket)

    # ------------------------------------------------------------------
    # Who draws, and what stays
    # ------------------------------------------------------------------
    @api.model
    def _get_drawn_fields(self):
        """The fields that decide where time is drawn from, and how many hours."""
        return DRAWN_FIELDS

    def _draws_in_order(self):
        """Whether the entry is of a team that draws from the customer's account."""
        self.ensure_one()
        # sudo: who corrects time may not read its ticket
        ticket = self.sudo().ticket_id
        return bool(ticket) and ticket._draws_in_order()

    def _is_shown_to_customers(self):
        """Hook: whether customers see the entry among what they have used (S3)."""
        self.ensure_one()
        return True

    def _get_ticket_account(self):
        """The commercial entity whose hours are drawn, and the company."""
        # sudo: as above
        ticket = self.sudo().ticket_id
        return ticket.commercial_partner_id, ticket.company_id

    def _draws_from_elsewhere(self):
        """Whether the item is another customer's: the ticket's contact moved (K3b)."""
        ticket, item = self.ticket_id, self.so_line
        return bool(item) and not item._is_of(
            ticket.commercial_partner_id, ticket.company_id
        )

    @api.model
    def _domain_drawing(self):
        """The entries of which :meth:`_draws_in_order` is true, as a domain."""
        return (
            Domain("ticket_id.team_id.prepaid_draw", "=", "order")
            & Domain("ticket_id.team_id.allow_billable", "=", True)
            & Domain("ticket_id.commercial_partner_id", "!=", False)
        )

    @api.model
    def _domain_of_accounts(self, customers, companies):
        """Time of customers' tickets on teams that draw.

        :param customers: commercial entities
        """
        return (
            self._domain_drawing()
            & Domain("company_id", "in", companies.ids)
            & Domain("ticket_id.commercial_partner_id", "in", customers.ids)
        )

    @api.model
    def _domain_to_cover(self):
        """Time that prepaid hours may cover (D8).

        What the engine leaves where it is may be among it.
        """
        return self._domain_not_billed() & Domain(
            "coverage", "in", ("overrun", "uncovered", "post_paid")
        )

    @api.model
    def _give_periods(self, domain):
        """Find the periods of time that was logged before its team drew in order (C4).

        Or take them back, where the team draws from the tickets' items again and the
        time was never drawn.

        :param domain: where it may be
        """
        # sudo: the time of a closed period is frozen, whoever logged it
        entries = self.sudo()
        given = Domain("hours_period_id", "!=", False)
        drawing = self._domain_drawing()
        entries = entries.search(
            domain & drawing & ~given & Domain("so_line.hours_period_ids", "!=", False)
        ) | entries.search(domain & ~drawing & given).filtered(
            lambda entry: not entry.coverage_data
        )
        self.env.add_to_compute(entries._fields["hours_period_id"], entries)

    def _is_fixed(self):
        """Time in a closed period is as fixed as invoiced time (C4).

        Not a timer that runs: it has drawn nothing yet.
        """
        return super()._is_fixed() or bool(
            self.hours_period_id.closed and self._get_hours()
        )

    def _is_readonly(self):
        """Time in a closed period is as grey as invoiced time (C4)."""
        return super()._is_readonly() or bool(self.ticket_id and self._is_fixed())

    def _get_readonly_reason(self):
        if self._is_not_billed() and self.hours_period_id.closed:
            return self.env._("Closed")
        return super()._get_readonly_reason()

    def _is_writing_parts(self):
        return self.env.su and self.env.context.get(PARTS_KEY) is PARTS

    def _as_parts(self):
        """The entries, to be written as the engine decided."""
        # sudo: drawing follows from a write that was checked
        return self.sudo().with_context(**{PARTS_KEY: PARTS})

    def _may_refuse_draw(self):
        """Whether a shortage may refuse time; not what no one types (D4).

        Ask entries as the user has them: merging is for the superuser.
        """
        by_mail = self.env.context.get(BY_MAIL_KEY) is BY_MAIL
        return not by_mail and not self._is_merging_tickets()

    # ------------------------------------------------------------------
    # The engine
    # ------------------------------------------------------------------
    def _prepare_engine_entries(self):
        """The entries as the engine takes them; hours are those that are billed.

        The ticket's item is not drawn from once its order is cancelled (K3c), nor
        where the ticket's contact has moved to another customer (K3b).
        """
        prepared = []
        for entry in self:
            ticket = entry.ticket_id
            item = ticket._get_drawn_item().filtered(
                lambda item, ticket=ticket: item._is_of(
                    ticket.commercial_partner_id, ticket.company_id
                )
            )
            post_paid = item and not item.remaining_hours_available
            prepared.append(
                engine.Entry(
                    entry.id,
                    entry.date,
                    entry._get_hours(),
                    root=entry.split_from_id.id or None,
                    ticket=ticket.id or None,
                    item=entry.so_line.id or None,
                    by_hand=entry.is_so_line_edited,
                    coverage=entry.coverage or None,
                    frozen=entry._is_fixed(),
                    ticket_item=item.id or None,
                    ticket_item_by_hand=bool(item) and ticket.sale_line_by_hand,
                    post_paid_item=item.id if post_paid else None,
                )
            )
        return prepared

    def _by_account(self):
        """Accounts that are locked for drawing, each with its entries, in order.

        :returns: a list of (engine's account, entries)
        """
        accounts = self.env["prepaid.account"].sudo()
        groups = self.sudo().grouped(
            lambda entry: (
                entry.ticket_id.commercial_partner_id,
                entry.ticket_id.company_id,
            )
        )
        found = []
        # in the order of ids, so that two who draw do not wait for each other
        for customer, company in sorted(groups, key=lambda key: (key[0].id, key[1].id)):
            entries = groups[customer, company]
            accounts._lock(customer)
            accounts._note_own(entries)
            days = entries.mapped("date")
            items = entries.so_line | entries.ticket_id.sale_line_id
            account = accounts._open(customer, company, items, (min(days), max(days)))
            found.append((account, entries))
        return found

    def _draw(self, forget=lambda entry: entry):
        """Draw entries as if they were new, in the order of date and id (D1-D4).

        :param forget: what the engine is told of an entry, from what it is
        :raises UserError: where time is refused
        """
        may_refuse = self._may_refuse_draw()
        for account, entries in self._by_account():
            prepared = entries._prepare_engine_entries()
            asked = [
                forget(
                    replace(
                        entry,
                        item=entry.item if entry.by_hand else None,
                        may_refuse=may_refuse,
                    )
                )
                for entry in prepared
            ]
            account = account.without(prepared)
            draws = account.draw_all(asked)
            entries._write_draws(draws)
            entries.ticket_id._advance_items(account, account.with_drawn(draws))

    def _draw_changed(self, before):
        """Decide anew what other hours, or another date, made of entries (D6).

        What was drawn of a customer that the ticket's contact has left stays there
        (K3b), also on another date of its period; more is drawn from the customer of
        today, whoever chose the item.
        """
        may_refuse = self._may_refuse_draw()
        for account, entries in self._by_account():
            foreign = entries._find_in_period_elsewhere(before)
            prepared = entries._prepare_engine_entries()
            account = account.without(prepared)
            # as if nothing was written yet
            given = [before[entry.id] for entry in prepared]
            account = account.without(
                [replace(entry, hours=-entry.hours) for entry in given]
            )
            drawn_before = account
            for entry in prepared:
                known = before[entry.id]
                known = replace(
                    known,
                    date=entry.date if entry.id in foreign else known.date,
                    frozen=False,
                    by_hand=known.by_hand
                    and not entries.browse(entry.id)._draws_from_elsewhere(),
                    may_refuse=may_refuse,
                )
                plan = account.change(known, hours=entry.hours, date=entry.date)
                if plan.refusal:
                    self._raise_refusal(plan.refusal)
                account = account.without([known])
                after = [
                    replace(entry, item=change.after.item, hours=-change.after.hours)
                    for change in plan.changes
                    if change.after
                ]
                account = account.without(after)
                entries._apply_plan(plan)
                for change in plan.changes:
                    # what was typed is saved already, the part keeps what it had
                    if change.action == "keep" and change.after.hours != entry.hours:
                        entries._write_parts(
                            [(entries.browse(change.id), change.after)]
                        )
            entries.ticket_id._advance_items(drawn_before, account)

    def _find_in_period_elsewhere(self, before):
        """Ids of time on items of other customers whose period holds both dates (D6).

        The engine has only the account of one customer, and none of these periods.
        """
        elsewhere = self.filtered(lambda entry: entry._draws_from_elsewhere())
        days = {
            entry.id: (
                (entry.so_line, before[entry.id].date),
                (entry.so_line, entry.date),
            )
            for entry in elsewhere
        }
        periods = self.env["sale.order.line.hours.period"]._find_by_day(
            [pair for pairs in days.values() for pair in pairs]
        )
        return {
            key
            for key, (old, new) in days.items()
            if old in periods and periods[old] == periods.get(new)
        }

    def _draw_without_item(self):
        """Draw entries anew whose item cannot be drawn from any more (V3)."""
        gone = set(self.so_line.ids)

        def forget(entry):
            entry = replace(entry, item=None, by_hand=False, may_refuse=False)
            if entry.ticket_item in gone:
                entry = replace(entry, ticket_item=None, ticket_item_by_hand=False)
            if entry.post_paid_item in gone:
                entry = replace(entry, post_paid_item=None)
            return entry

        self._draw(forget)

    # ------------------------------------------------------------------
    # Writing what was decided
    # ------------------------------------------------------------------
    def _raise_refusal(self, refusal):
        raise UserError(self.env["prepaid.account"]._explain_refusal(refusal))

    def _write_draws(self, draws):
        """Make entries what was drawn for them: themselves, and further parts (D3).

        :raises UserError: where time is refused (D4)
        """
        parts, new, counts = [], [], []
        for draw in draws:
            if draw.refusal:
                self._raise_refusal(draw.refusal)
            entry = self.browse(draw.entry.id)
            first, *others = draw.parts
            parts.append((entry, first))
            root = entry.split_from_id or entry
            new += [entry._prepare_part(part, root) for part in others]
            counts.append((entry, len(others)))
        self._write_parts(parts)
        if new:
            created = iter(self._create_parts(new))
            for entry, count in counts:
                if count:
                    later = self.browse(part.id for part in islice(created, count))
                    entry._follow_in_time(later)

    def _apply_plan(self, plan):
        """Write the changes of a plan: parts keep their ids as far as they can."""
        new, sources, gone = [], [], self.browse()
        for change in plan.changes:
            if change.action == "create":
                source = self.browse(change.source)
                sources.append(source.id)
                new.append(
                    {
                        **source._prepare_part(change.after, self.browse(change.root)),
                        "date": change.date,
                    }
                )
            elif change.action == "delete":
                gone |= self.browse(change.id)
        self._write_parts(
            (self.browse(change.id), change.after)
            for change in plan.changes
            if change.action == "update"
        )
        if gone:
            gone._as_parts().unlink()
        if new:
            parts = dict(zip(self._create_parts(new), sources, strict=True))
            for source in self.browse(dict.fromkeys(sources)):
                source._follow_in_time(
                    self.browse(
                        part.id for part, origin in parts.items() if origin == source.id
                    )
                )

    def _follow_in_time(self, parts):
        """Let parts start where the entry that they were split from stops (D3).

        Where entries have no time of day there is nothing to do: addons that give them
        one extend it.

        :param parts: new entries, in order
        """

    def _write_parts(self, parts):
        """Write what was decided on saved entries, many alike at once.

        :param parts: pairs of an entry and the engine's part
        """
        alike, reasons, parts = {}, {}, list(parts)
        for entry, part in parts:
            vals = entry._prepare_part_vals(part)
            reasons[entry.id] = vals.pop("coverage_data")
            known = entry._convert_to_write({name: entry[name] for name in vals})
            changed = {name for name, value in vals.items() if value != known[name]}
            # who only explains it anew touches neither cost nor item; an item is
            # written with whose choice it is, and one that stays is not checked (K3b)
            vals = {
                name: value
                for name, value in vals.items()
                if name in changed
                or (
                    changed and name != "so_line" and self._fields[name].type != "float"
                )
            }
            alike.setdefault(repr(vals), (vals, []))[1].append(entry.id)
        written = self._as_parts().browse(reasons)
        self.env["prepaid.account"]._note_own(written)
        for vals, ids in alike.values():
            if vals:
                written.browse(ids).write(vals)
        # reasons differ: not a write, with all that it checks, for each of them
        with self.env.protecting([self._fields["coverage_data"]], written):
            for entry in written:
                entry.coverage_data = reasons[entry.id]
        written.invalidate_recordset(["coverage_reason"], flush=False)
        for entry, part in parts:
            entry._write_part(part)

    def _write_part(self, part):
        """What else follows for an entry that was written as a part."""

    def _create_parts(self, vals_list):
        parts = self._as_parts().create(vals_list)
        self.env["prepaid.account"]._note_own(parts)
        return parts

    def _prepare_part(self, part, root):
        """Values of a further part of the same work."""
        self.ensure_one()
        copied = self.sudo().copy_data()[0]
        return {
            **copied,
            **self._prepare_part_vals(part),
            "split_from_id": root.id,
        }

    def _prepare_part_vals(self, part):
        hour = get_unit(self.env, "hour")
        reason = part.reason
        by_hand = (
            reason.code == "chosen"
            or reason.order == "on_entry"
            # the choice stays, for hours to come too
            or (
                reason.code in ("correction", "kept", "nothing")
                and (part.item or False) == self.so_line.id
            )
        )
        amount = hour._compute_quantity(
            part.hours, self.product_uom_id or hour, round=False
        )
        return {
            "so_line": part.item or False,
            "is_so_line_edited": self.is_so_line_edited and by_hand,
            "coverage": part.coverage,
            "coverage_data": self.env["prepaid.account"]._pack_reason(reason),
            **self._prepare_part_hours(part, amount),
        }

    def _prepare_part_hours(self, part, amount):
        """Values that make a part of the entry's work have so many hours.

        :param amount: the part's hours, which are billed, in the entry's unit
        """
        return {"unit_amount": amount}

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_why_not(self):
        """List each block of the customer with what speaks against it (D9)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Not?"),
            "res_model": "prepaid.hours.why.not",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_entry_id": self.id},
        }

    def _get_misses(self):
        """For each block of the customer the first condition that fails (D9).

        :returns: a list of (item's name, sentence)
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: names and reasons only, no prices (A1)
        entry = self.sudo()
        accounts = self.env["prepaid.account"].sudo()
        lines = entry.env["sale.order.line"]
        ticket = entry.ticket_id
        blocks = lines._find_blocks_of(ticket.commercial_partner_id, ticket.company_id)
        (prepared,) = entry._prepare_engine_entries()
        account = accounts._build(blocks).without([prepared])
        names = accounts._name_items(blocks.ids)
        misses = []
        for miss in account.why_not(prepared):
            why = {"why": miss.code, "date": entry.date}
            misses.append(
                (names[miss.block], accounts._explain_why(why, names[miss.block]))
            )
        return misses
