from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.helpdesk_track_bill.models.sale_order_line import SMALLEST_HOURS_LEFT

# what a ticket's item follows from (K3)
CHOOSING = {"company_id", "partner_id", "team_id"}


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    sale_line_by_hand = fields.Boolean(
        "Item Chosen by Hand",
        groups="base.group_user",
        export_string_translation=False,
        help="The ticket's item was chosen by a user: time draws from it first.",
    )
    prepaid_draw = fields.Selection(related="team_id.prepaid_draw")
    prepaid_hours_usable = fields.Float(
        "Usable Prepaid Hours",
        compute="_compute_prepaid_hours_usable",
        compute_sudo=True,
        groups="base.group_user",
        help="Prepaid hours that the customer can use today.",
    )

    @api.depends(
        "commercial_partner_id.prepaid_period_ids.line_id.hours_usable", "company_id"
    )
    def _compute_prepaid_hours_usable(self):
        for company, tickets in self.grouped("company_id").items():
            usable = self.env["prepaid.account"]._get_usable_hours(
                tickets.commercial_partner_id._origin, company._origin
            )
            for ticket in tickets:
                ticket.prepaid_hours_usable = usable.get(
                    ticket.commercial_partner_id._origin, 0.0
                )

    @api.depends("prepaid_draw", "prepaid_hours_usable")
    def _compute_prepaid_hours_missing(self):
        """On teams that draw in order, hours count that can be used today (D1).

        Those that a manager added among them (V5), but none that have expired, have
        not begun or are not paid.
        """
        drawing = self.filtered(lambda ticket: ticket.prepaid_draw == "order")
        res = super(HelpdeskTicket, self - drawing)._compute_prepaid_hours_missing()
        asking = drawing.filtered(lambda ticket: ticket._is_to_be_prepaid())
        (drawing - asking).prepaid_hours_missing = False
        for ticket in asking:
            ticket.prepaid_hours_missing = not ticket.prepaid_hours_usable
        return res

    def _describe_missing_hours(self):
        """Hours that cannot be used today, as unpaid ones, are not used up."""
        item = self.sale_line_id._origin
        if self.prepaid_draw == "order" and (
            not item or self.remaining_hours_so >= SMALLEST_HOURS_LEFT
        ):
            return self.env._(
                "%(customer)s has no prepaid hours that can be used today.",
                customer=self.commercial_partner_id.display_name,
            )
        return super()._describe_missing_hours()

    def _is_other_item(self, item):
        """Time that draws in order is on other items as a rule (E3).

        It is worth a word where the user chose the ticket's item, or where the time is
        on items of another customer, or of a cancelled order.
        """
        if self.prepaid_draw != "order" or self.sale_line_by_hand:
            return super()._is_other_item(item)
        return item.state != "sale" or not item._is_of(
            self.commercial_partner_id, self.company_id
        )

    def _draws_in_order(self):
        """Whether the ticket's time draws from its customer's account (D1)."""
        self.ensure_one()
        team = self.team_id
        return bool(
            team.prepaid_draw == "order"
            and team.allow_billable
            and self.commercial_partner_id
        )

    def _choose_item(self):
        """On teams that draw in order, the first that can be drawn from today (D2)."""
        drawing = self.filtered(lambda ticket: ticket.team_id.prepaid_draw == "order")
        chosen = super(HelpdeskTicket, self - drawing)._choose_item()
        accounts = self.env["prepaid.account"].sudo()
        lines = self.env["sale.order.line"]
        billable = drawing.filtered(lambda ticket: ticket._can_have_item())
        for company, tickets in billable.grouped("company_id").items():
            first = accounts._find_first_blocks(
                tickets.commercial_partner_id._origin, company._origin
            )
            for ticket in tickets:
                item = first.get(ticket.commercial_partner_id._origin, lines)
                chosen[ticket] = lines.browse(item.id or ())
        return chosen

    @api.model_create_multi
    def create(self, vals_list):
        """An item that came by itself may be among the values: a form sends it."""
        tickets = super().create(vals_list)
        given = tickets.browse(
            ticket.id
            for ticket, vals in zip(tickets, vals_list, strict=True)
            if vals.get("sale_line_id") and "sale_line_by_hand" not in vals
        )
        # sudo: only compared; agents may not read items
        own = given.sudo()._choose_item()
        given.filtered(
            lambda ticket: own.get(ticket) != ticket.sale_line_id
        ).sale_line_by_hand = True
        return tickets

    def copy_data(self, default=None):
        """An item that goes along is as much the user's choice as it was (D2)."""
        vals_list = super().copy_data(default)
        for vals in vals_list:
            if "sale_line_id" in (default or {}) or "sale_line_id" not in vals:
                vals.pop("sale_line_by_hand", None)
        return vals_list

    def write(self, vals):
        items = {}
        if "sale_line_id" not in vals and not CHOOSING.isdisjoint(vals):
            items = {ticket: ticket.sale_line_id for ticket in self}
        with self._draw_what_had_no_item(vals):
            res = super().write(vals)
        if "sale_line_id" in vals:
            self._note_by_hand(vals)
        # what comes with another customer is nobody's choice (K3)
        self.browse(
            ticket.id
            for ticket, item in items.items()
            if ticket.sale_line_by_hand and ticket.sale_line_id != item
        ).sale_line_by_hand = False
        if "team_id" in vals:
            self.env["account.analytic.line"]._give_periods(
                Domain("ticket_id", "in", self.ids)
            )
        return res

    @contextmanager
    def _draw_what_had_no_item(self, vals):
        """Within, time without an item takes none by itself where it is drawn (D8).

        What had no customer or another team's rules until now is drawn afterwards, by
        its date and as far as there are hours; on teams that do not draw in order it
        takes the ticket's item (E2).
        """
        timed = self.browse()
        if "sale_line_id" in vals or not CHOOSING.isdisjoint(vals):
            # sudo: the ticket's time, whoever logged it
            timed = self.sudo().filtered("last_timesheet_activity")
        entries = timed.env["account.analytic.line"]
        if timed:
            entries = entries._find_free(
                entries._domain_not_billed()
                & Domain("ticket_id", "in", timed.ids)
                & Domain("is_so_line_edited", "=", False)
            )
        if not entries:
            yield
            return
        before = entries.filtered(lambda entry: entry._draws_in_order())
        with entries._leave_free(entries):
            yield
            timed._recompute_recordset(["sale_line_id"])
        after = entries.filtered(lambda entry: entry._draws_in_order())
        # and what follows from it
        self.env.add_to_compute(entries._fields["so_line"], entries - after)
        (entries - after).modified(["so_line"])
        (after - before).filtered(
            lambda entry: not (entry.coverage_data or entry._is_fixed())
        )._draw(lambda known: replace(known, may_refuse=False))

    def _note_by_hand(self, vals):
        """Remember whether the item that was written is the user's choice (D2).

        With another customer or team, a form sends the item that comes with them.
        """
        by_hand = self.browse()
        if vals["sale_line_id"] and not self.env.context.get("item_by_itself"):
            by_hand = self
            if not CHOOSING.isdisjoint(vals):
                # sudo: only compared; agents may not read items
                own = by_hand.sudo()._choose_item()
                by_hand = by_hand.filtered(
                    lambda ticket: own.get(ticket) != ticket.sale_line_id
                )
        for chosen, tickets in ((True, by_hand), (False, self - by_hand)):
            tickets.filtered(
                lambda ticket, chosen=chosen: ticket.sale_line_by_hand != chosen
            ).sale_line_by_hand = chosen

    def _choose_item_anew(self):
        """The order was cancelled: what comes next is nobody's choice (K3c)."""
        by_itself = self.with_context(item_by_itself=True)
        return super(HelpdeskTicket, by_itself)._choose_item_anew()

    def _advance_items(self, before, account):
        """Move on to the next block where the system's choice is used up (D2).

        The customer's other open tickets too, where this time has used it up.

        :param before: the customer's account before time was drawn
        :param account: the same account now
        """
        waiting = (self | self._find_others_on(before.get_used_up(account))).filtered(
            lambda ticket: (
                not ticket.sale_line_by_hand
                and not account.has_left(ticket.sale_line_id.id)
            )
        )
        chosen = waiting._choose_item()
        notes, moving = {}, defaultdict(self.browse)
        for ticket in waiting:
            old, item = ticket.sale_line_id, chosen.get(ticket)
            if item and item != old and not (old and old._is_drawable_by(ticket)):
                notes[ticket.id] = ticket._tell_next_item(old, item)
                moving[item] |= ticket
        if notes:
            self.browse(notes)._message_log_batch(bodies=notes)
        for item, tickets in moving.items():
            tickets.with_context(item_by_itself=True).sale_line_id = item

    def _find_others_on(self, items):
        """Other open tickets whose item the system chose among these."""
        if not items:
            return self.browse()
        # sudo: the customer's tickets, whoever works on them
        return self.sudo().search(
            Domain("sale_line_id", "in", items)
            & Domain("sale_line_by_hand", "=", False)
            & Domain("team_id.prepaid_draw", "=", "order")
            & Domain("closed", "=", False)
            & Domain("id", "not in", self.ids)
        )

    def _tell_next_item(self, old, new):
        # sudo: names of items, without prices
        old, new = old.sudo(), new.sudo()
        names = {
            "new": new._get_hours_name(),
            "old": old._get_hours_name() if old else self.env._("what came before"),
        }
        if old and old._get_refusal(self, with_hours=False):
            return self.env._("Time now draws from %(new)s, not from %(old)s.", **names)
        return self.env._(
            "Time now draws from %(new)s; %(old)s has no hours left.", **names
        )
