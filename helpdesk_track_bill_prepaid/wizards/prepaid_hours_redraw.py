from collections import defaultdict

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_duration

from odoo.addons.sale_timesheet_books.tools import get_unit

from .. import engine


class PrepaidHoursRedraw(models.TransientModel):
    """What drawing a customer's time anew would change, before it is written (D7).

    With a block: what it would cover of time that was not prepaid (D8).
    """

    _name = "prepaid.hours.redraw"
    _description = "Redraw Prepaid Hours"

    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    block_id = fields.Many2one(
        "sale.order.line", "Cover From", help="Draw open time from this block alone."
    )
    date_start = fields.Date("From")
    date_end = fields.Date("Until")
    line_ids = fields.One2many(
        "prepaid.hours.redraw.line", "wizard_id", compute="_compute_line_ids"
    )
    block_line_ids = fields.One2many(
        "prepaid.hours.redraw.line", "wizard_id", compute="_compute_line_ids"
    )
    ticket_line_ids = fields.One2many(
        "prepaid.hours.redraw.line", "wizard_id", compute="_compute_line_ids"
    )
    amount_before = fields.Monetary(
        "Billed Afterwards",
        compute="_compute_line_ids",
        help="What the time is billed with now, and what it would be billed with.",
    )
    amount_after = fields.Monetary("After", compute="_compute_line_ids")
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("partner_id", "company_id", "block_id", "date_start", "date_end")
    def _compute_line_ids(self):
        """Before and after: for each entry that changes, and for each block."""
        for wizard in self:
            _entries, plan = wizard._get_plan()
            rows, tickets, blocks, money = wizard._compare(plan)
            wizard.line_ids = wizard._make_lines(rows)
            wizard.ticket_line_ids = wizard._make_lines(tickets)
            wizard.block_line_ids = wizard._make_lines(blocks)
            wizard.amount_before, wizard.amount_after = money

    @api.model
    def _make_lines(self, rows):
        """All at once: the commands of a list look at each line for each other."""
        lines = self.env["prepaid.hours.redraw.line"]
        return lines.union(*map(lines.new, rows))

    def _get_entries(self):
        """Time of the customer's tickets on teams that draw, in the span.

        For a block what it may cover.
        """
        # sudo: the whole account counts; the wizard is for who may change orders
        entries = self.env["account.analytic.line"].sudo()
        domain = entries._domain_of_accounts(
            self.partner_id.commercial_partner_id, self.company_id
        )
        if self.block_id:
            domain &= entries._domain_to_cover()
        if self.date_start:
            domain &= Domain("date", ">=", self.date_start)
        if self.date_end:
            domain &= Domain("date", "<=", self.date_end)
        return entries.search(domain, order="date, id")

    def _get_plan(self, lock=False):
        """:returns: the entries, and the engine's plan for them"""
        self.ensure_one()
        self._check_may_redraw()
        # sudo: the whole account counts; the wizard is for who may change orders
        accounts = self.env["prepaid.account"].sudo()
        customer = self.partner_id.commercial_partner_id._origin
        if lock:
            # first: who waits holds no rows that others write
            accounts._lock(customer)
        accounts._drain_pending_totals(customer, self.company_id._origin)
        entries = self._get_entries()
        if lock:
            accounts._note_own(entries)
        lines = entries.so_line | entries.ticket_id.sale_line_id
        account = accounts._open(
            customer, self.company_id, lines | self.block_id._origin.sudo()
        )
        prepared = entries._prepare_engine_entries()
        if not self.block_id:
            return entries, account.redraw(prepared)
        if not account.has_block(self.block_id._origin.id):
            # another customer's, or no prepaid hours: covers nothing
            return entries, engine.Plan()
        return entries, account.cover(self.block_id._origin.id, prepared)

    def _check_may_redraw(self):
        """Redrawing is for who may change an order of the customer's (A5).

        :raises AccessError: for others, and in companies they do not work in
        """
        company = self.company_id._origin
        company.check_access("read")
        orders = self.env["sale.order"]
        orders.check_access("write")
        domain = Domain("company_id", "=", company.id) & Domain(
            "partner_id.commercial_partner_id",
            "=",
            self.partner_id.commercial_partner_id._origin.id,
        )
        if not orders.search(domain)._filtered_access("write"):
            # sudo: the order that the user may not see is what speaks against it
            hidden = orders.sudo().search(domain, limit=1)
            hidden.sudo(self.env.su).check_access("write")

    def _compare(self, plan):
        """Before and after of what changes, and of the money.

        :returns: rows of entries, of the tickets' items and of items; two amounts
        """
        # sudo: tickets and items are named to who may change the customer's orders
        accounts = self.env["prepaid.account"].sudo()
        entries = self.env["account.analytic.line"].sudo()
        hours = defaultdict(lambda: [0.0, 0.0])
        by_ticket = defaultdict(lambda: [0.0, 0.0])
        for change in plan.changes:
            ticket = entries.browse(change.id or change.source).ticket_id
            for side, part in enumerate((change.before, change.after)):
                if part:
                    hours[part.item][side] += part.hours
                    by_ticket[ticket.id, part.item][side] += part.hours
        reasons = [change.after.reason for change in plan.writes if change.after]
        names = accounts._name_items(
            set(hours).union(*((reason.block, reason.item) for reason in reasons))
        )
        none = self.env._("Uncovered")
        rows = []
        for change in plan.writes:
            entry = entries.browse(change.id or change.source)
            row = {
                "date": change.date,
                "ticket_id": entry.ticket_id.id,
                "entry_name": entry.name,
            }
            for side, part in (("before", change.before), ("after", change.after)):
                if part:
                    row[side] = names.get(part.item, none)
                    row[f"hours_{side}"] = part.hours
            if change.after:
                row["reason"] = accounts._explain(
                    accounts._pack_reason(change.after.reason), names
                )
            rows.append(row)
        tickets = [
            {
                "ticket_id": ticket,
                "entry_name": names.get(item, none),
                "hours_before": before,
                "hours_after": after,
            }
            for (ticket, item), (before, after) in by_ticket.items()
            if round(after - before, 4)
        ]
        blocks = [
            {
                "entry_name": names.get(item, none),
                "hours_before": before,
                "hours_after": after,
            }
            for item, (before, after) in hours.items()
        ]
        return rows, tickets, blocks, self._get_money(hours)

    def _get_money(self, hours):
        """What is billed afterwards for the hours, in the company's currency."""
        # sudo: sums of money alone, for who may change the customer's orders
        lines = self.env["sale.order.line"].sudo().browse(filter(None, hours))
        money = [0.0, 0.0]
        hour = get_unit(self.env, "hour")
        for line in lines.filtered(lambda line: not line.remaining_hours_available):
            for side in (0, 1):
                quantity = hour._compute_quantity(
                    hours[line.id][side], line.product_uom_id, round=False
                )
                # core's reduced price is of the ordered quantity, which may be 0
                amounts = line.tax_ids.compute_all(
                    line.price_unit * (1 - line.discount / 100),
                    line.currency_id,
                    quantity,
                    line.product_id,
                    line.order_id.partner_shipping_id,
                )
                money[side] += line.currency_id._convert(
                    amounts["total_excluded"],
                    self.company_id.currency_id,
                    self.company_id,
                    fields.Date.context_today(self),
                )
        return money

    def action_confirm(self):
        """Write what was shown; once done, doing it again changes nothing.

        :raises UserError: where nothing is to be changed
        """
        self.ensure_one()
        entries, plan = self._get_plan(lock=True)
        if not plan.writes:
            raise UserError(
                self.env._(
                    "All time of %(customer)s draws from where it should already.",
                    customer=self.partner_id.display_name,
                )
            )
        notes = self._prepare_notes(plan)
        entries._apply_plan(plan)
        for record, lines in notes.items():
            record.message_post(body=Markup("<br/>").join(lines))
        return {"type": "ir.actions.act_window_close"}

    def _prepare_notes(self, plan):
        """One note for each ticket and order: what moved, from and to."""
        # sudo: each ticket and order is told what moved, whoever may read the time
        accounts = self.env["prepaid.account"].sudo()
        moved = defaultdict(lambda: defaultdict(float))
        entries = self.env["account.analytic.line"].sudo()
        for change in plan.writes:
            ticket = entries.browse(change.id or change.source).ticket_id
            if change.before:
                moved[ticket][change.before.item] -= change.before.hours
            if change.after:
                moved[ticket][change.after.item] += change.after.hours
        lines = self.env["sale.order.line"].sudo()
        names = accounts._name_items(
            [item for items in moved.values() for item in items if item]
        )
        notes = defaultdict(list)
        for ticket, items in moved.items():
            for item, hours in items.items():
                if round(hours, 4):
                    sign = "+" if hours > 0 else "-"
                    name = names.get(item, self.env._("Uncovered"))
                    text = self.env._(
                        "Redrawn: %(hours)s hours, %(item)s",
                        hours=f"{sign}{format_duration(abs(hours))}",
                        item=name,
                    )
                    notes[ticket].append(text)
                    if item:
                        order = lines.browse(item).order_id
                        notes[order].append(f"{text} ({ticket.display_name})")
        return notes


class PrepaidHoursRedrawLine(models.TransientModel):
    """Before and after, side by side."""

    _name = "prepaid.hours.redraw.line"
    _description = "Redrawn Hours"

    wizard_id = fields.Many2one("prepaid.hours.redraw", ondelete="cascade")
    date = fields.Date()
    ticket_id = fields.Many2one("helpdesk.ticket")
    entry_name = fields.Char("Description")
    before = fields.Char("From")
    after = fields.Char("To")
    reason = fields.Char("Why")
    hours_before = fields.Float()
    hours_after = fields.Float()
