from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_duration

# Less than a second is what floats leave.
HOURS_DIGITS = 4


class HelpdeskTimeTerms(models.TransientModel):
    """What today's terms would make of time that kept others, before they do (W2).

    Fixed time, as on invoices, and what people decided stay as they are.
    """

    _name = "helpdesk.time.terms"
    _description = "Apply Billing Terms"

    # as the user: the client names the item and the order
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        compute="_compute_order_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="All orders of the customer, without one.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", "Item", help="All items, without one."
    )
    date_start = fields.Date("From")
    date_end = fields.Date("Until")
    line_ids = fields.One2many(
        "helpdesk.time.terms.line", "wizard_id", compute="_compute_line_ids"
    )
    ticket_line_ids = fields.One2many(
        "helpdesk.time.terms.line", "wizard_id", compute="_compute_line_ids"
    )
    hours_before = fields.Float(
        "Hours to Bill, Before", compute="_compute_line_ids", help="Of what changes."
    )
    hours_after = fields.Float("Hours to Bill, After", compute="_compute_line_ids")
    fixed_count = fields.Integer(
        "Fixed Entries",
        compute="_compute_line_ids",
        help="Entries that are invoiced or in a closed period: they stay.",
    )
    decided_count = fields.Integer(
        "Decided Entries",
        compute="_compute_line_ids",
        help="Entries whose hours were set by hand or are not charged: they stay.",
    )

    @api.depends("order_id")
    def _compute_partner_id(self):
        for wizard in self:
            customer = wizard.order_id.partner_id.commercial_partner_id
            wizard.partner_id = customer or wizard.partner_id

    @api.depends("order_id")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = (
                wizard.order_id.company_id or wizard.company_id or wizard.env.company
            )

    @api.depends("sale_line_id")
    def _compute_order_id(self):
        for wizard in self:
            wizard.order_id = wizard.sale_line_id.order_id or wizard.order_id

    @api.depends(
        "partner_id", "company_id", "order_id", "sale_line_id", "date_start", "date_end"
    )
    def _compute_line_ids(self):
        """Before and after: for each entry that changes, and for each ticket."""
        for wizard in self:
            entries = wizard._get_entries()
            fixed = entries.filtered(lambda entry: entry._is_fixed())
            changes = wizard._get_changes(entries)
            wizard.fixed_count = len(fixed)
            wizard.decided_count = len(
                (entries - fixed).filtered(
                    lambda entry: not entry._is_decided_by_terms()
                )
            )
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "date": entry.date,
                            "ticket_id": entry.ticket_id.id,
                            "entry_name": entry.name,
                            "hours_before": before,
                            "hours_after": after,
                        }
                    )
                    for entry, (before, after) in changes.items()
                ),
            ]
            by_ticket = wizard._sum_by(changes, lambda entry: entry.ticket_id)
            wizard.ticket_line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "ticket_id": ticket.id,
                            "hours_before": before,
                            "hours_after": after,
                        }
                    )
                    for ticket, (_count, before, after) in by_ticket.items()
                ),
            ]
            wizard.hours_before = sum(before for before, _after in changes.values())
            wizard.hours_after = sum(after for _before, after in changes.values())

    def _get_entries(self):
        """Time of the customer's items that the user may change, in the span."""
        self.ensure_one()
        # sudo: salespeople need no rights on time; those on the orders are checked
        entries = self.env["account.analytic.line"].sudo()
        domain = (
            Domain("project_id", "!=", False)
            & Domain("company_id", "=", self.company_id.id)
            & Domain(
                "so_line.order_partner_id.commercial_partner_id",
                "=",
                self.partner_id.commercial_partner_id.id,
            )
            & entries._domain_of_period(self.date_start, self.date_end)
        )
        if self.sale_line_id:
            domain &= Domain("so_line", "=", self.sale_line_id.id)
        elif self.order_id:
            domain &= Domain("order_id", "=", self.order_id.id)
        entries = entries.search(domain)
        # decided together, whatever items they draw from (W3)
        entries |= entries.union(*(entry._get_work() for entry in entries))
        entries = entries.sorted(lambda entry: (entry.date, entry.id))
        orders = entries.order_id.sudo(self.env.su)._filtered_access("write").sudo()
        return entries.filtered(lambda entry: entry.order_id in orders)

    def _get_changes(self, entries):
        """:returns: ``{entry: (hours before, hours after)}`` of those that change"""
        changes = {}
        for entry in entries:
            if not entry._is_decided_by_terms():
                continue
            # as they are applied: to a piece of work as a whole (W3)
            work = entry._get_work()
            terms = work[:1]._prepare_billing_terms()
            before = sum(part._get_hours() for part in work)
            after = sum(part._get_hours_by_terms(terms) for part in work)
            if round(after - before, HOURS_DIGITS):
                changes[entry] = entry._get_hours(), entry._get_hours_by_terms(terms)
        return changes

    @api.model
    def _sum_by(self, changes, key):
        """:returns: ``{group: [entries, hours before, hours after]}``"""
        sums = defaultdict(lambda: [0, 0.0, 0.0])
        for entry, hours in changes.items():
            group = sums[key(entry)]
            group[0] += 1
            group[1] += hours[0]
            group[2] += hours[1]
        return sums

    def action_confirm(self):
        """Write what was shown, and note it; once done, doing it again changes nothing.

        :raises AccessError: for who may not change orders
        :raises UserError: where nothing is to be changed
        """
        self.ensure_one()
        self.env["sale.order"].check_access("write")
        entries = self._get_entries()
        changes = self._get_changes(entries)
        if not changes:
            raise UserError(
                self.env._(
                    "All time of %(customer)s is billed by today's terms already:"
                    " choose another period, or change the terms first.",
                    customer=self.partner_id.display_name,
                )
            )
        notes = self._prepare_notes(changes)
        same = entries.filtered(
            lambda entry: entry not in changes and entry._keeps_other_terms()
        )
        same.union(*changes)._apply_terms()
        for record, note in notes:
            record.message_post(body=note)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_notes(self, changes):
        """:returns: a list of (ticket or order, what changes of its hours)"""
        notes = []
        for key in (lambda entry: entry.ticket_id, lambda entry: entry.order_id):
            for record, (count, before, after) in self._sum_by(changes, key).items():
                if record:
                    note = self.env._(
                        "Today's billing terms applied to %(count)s time entries:"
                        " %(before)s hours to bill became %(after)s.",
                        count=count,
                        before=format_duration(before),
                        after=format_duration(after),
                    )
                    notes.append((record, note))
        return notes
