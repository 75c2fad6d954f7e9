from collections import defaultdict
from collections.abc import Collection

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_duration, groupby
from odoo.tools.misc import unquote

from odoo.addons.sale_timesheet_books.tools import get_unit

from ..tools import check_values, is_number

CHECKED_FIELDS = frozenset(
    {"planned_hours", "sale_line_id", "sale_order_ids", "team_id", "timesheet_ids"}
)


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    # Fields of time and money are for internal users: portal users may read any other
    # field of their tickets by RPC; what they may see is on the ticket's page (A4).
    project_id = fields.Many2one(
        compute="_compute_project_id", store=True, readonly=False
    )
    allow_timesheet = fields.Boolean(
        compute="_compute_time_features", export_string_translation=False
    )
    allow_billable = fields.Boolean(
        compute="_compute_time_features", export_string_translation=False
    )
    timesheet_ids = fields.One2many(
        "account.analytic.line",
        "ticket_id",
        string="Timesheets",
        groups="base.group_user",
    )
    total_hours = fields.Float(
        "Hours Spent",
        compute="_compute_total_hours",
        store=True,
        help="Hours of all time entries of the ticket.",
        groups="base.group_user",
    )
    last_timesheet_activity = fields.Date(
        "Last Time Entry",
        compute="_compute_total_hours",
        store=True,
        groups="base.group_user",
    )
    planned_hours = fields.Float(
        help="Estimate of the hours that the ticket takes.",
        groups="base.group_user",
    )
    remaining_hours = fields.Float(
        compute="_compute_progress",
        store=True,
        help="Planned hours less hours spent; negative when the estimate is exceeded.",
        groups="base.group_user",
    )
    progress = fields.Float(
        compute="_compute_progress",
        store=True,
        aggregator="avg",
        help="Hours spent in percent of planned hours.",
        groups="base.group_user",
    )
    encode_uom_in_days = fields.Boolean(
        compute="_compute_encode_uom_in_days", export_string_translation=False
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Sales Order Item",
        compute="_compute_sale_line_id",
        store=True,
        readonly=False,
        tracking=True,
        index="btree_not_null",
        domain=lambda self: str(
            self.env["sale.order.line"]._domain_ticket_items()
            & Domain("company_id", "=", unquote("company_id"))
            & Domain(
                "order_partner_id.commercial_partner_id",
                "=",
                unquote("commercial_partner_id"),
            )
        ),
        help="Sales order item that new time on this ticket draws from. Without one,"
        " time is non-billable.",
        groups="base.group_user",
    )
    # commercial entity for which the item was last chosen: while it is the ticket's,
    # the choice is the user's (K3)
    sale_line_partner_id = fields.Many2one(
        "res.partner",
        compute="_compute_sale_line_id",
        store=True,
        copy=True,
        export_string_translation=False,
        groups="base.group_user",
    )
    sale_order_id = fields.Many2one(
        related="sale_line_id.order_id",
        string="Sales Order",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    sale_order_ids = fields.Many2many(
        compute="_compute_sale_order_ids", store=True, readonly=False, copy=False
    )
    # the one of the ticket's orders that its item brought in, not a user (K6)
    linked_sale_order_id = fields.Many2one(
        "sale.order",
        compute="_compute_sale_order_ids",
        store=True,
        export_string_translation=False,
        groups="base.group_user",
    )
    remaining_hours_available = fields.Boolean(
        related="sale_line_id.remaining_hours_available",
        export_string_translation=False,
        groups="base.group_user",
    )
    remaining_hours_so = fields.Float(
        "Remaining Hours on SO",
        compute="_compute_remaining_hours_so",
        search="_search_remaining_hours_so",
        compute_sudo=True,
        help="Hours left on the prepaid item; negative when more was logged than sold.",
        groups="base.group_user",
    )
    prepaid_hours_missing = fields.Boolean(
        compute="_compute_prepaid_hours_missing",
        compute_sudo=True,
        export_string_translation=False,
        groups="base.group_user",
    )
    newest_sale_order_id = fields.Many2one(
        "sale.order",
        compute="_compute_newest_sale_order_id",
        export_string_translation=False,
        groups="sales_team.group_sale_salesman",
    )
    has_time_to_invoice = fields.Boolean(
        compute="_compute_has_time_to_invoice",
        search="_search_has_time_to_invoice",
        compute_sudo=True,
        help="Time billed by the hours logged is on no invoice yet.",
        groups="base.group_user",
    )
    hours_on_other_items = fields.Float(
        compute="_compute_hours_on_other_items",
        compute_sudo=True,
        help="Uninvoiced hours of this ticket that draw from an item other than the"
        " ticket's Sales Order Item.",
        groups="base.group_user",
    )

    # the form reads the ticket's duplicates, otherwise from the whole table
    _duplicate_of_index = models.Index("(duplicate_id) WHERE duplicate_id IS NOT NULL")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("team_id", "company_id")
    def _compute_project_id(self):
        """A ticket without a project takes its team's (K1)."""
        # pylint: disable=missing-return  # a compute has nothing to return
        for ticket in self:
            if not ticket.project_id and ticket.team_id.allow_timesheet:
                ticket.project_id = ticket.team_id._get_timesheet_project(
                    ticket.company_id
                )
        # helpdesk_mgmt_sale_project, where installed, completes the rest
        complete = getattr(super(), "_compute_project_id", None)
        if complete:
            complete()

    @api.depends(
        "team_id.allow_timesheet",
        "team_id.allow_billable",
        "project_id.allow_timesheets",
        "project_id.allow_billable",
    )
    def _compute_time_features(self):
        for ticket in self:
            team = ticket.team_id
            # sudo: agents need no rights on projects to log time
            project = ticket._get_timesheet_project().sudo()
            ticket.allow_timesheet = team.allow_timesheet and project.allow_timesheets
            ticket.allow_billable = (
                ticket.allow_timesheet
                and team.allow_billable
                and project.allow_billable
            )

    @api.depends(
        "timesheet_ids.unit_amount",
        "timesheet_ids.product_uom_id",
        "timesheet_ids.date",
    )
    def _compute_total_hours(self):
        hours = defaultdict(float)
        latest = {}
        hour = get_unit(self.env, "hour")
        for ticket, unit, amount, date in self.env["account.analytic.line"]._read_group(
            [("ticket_id", "in", self._origin.ids)],
            ["ticket_id", "product_uom_id"],
            ["unit_amount:sum", "date:max"],
        ):
            hours[ticket] += unit._compute_quantity(amount, hour, round=False)
            latest[ticket] = max(date, latest.get(ticket, date))
        for ticket in self:
            unsaved = sum(ticket._get_unsaved_hours().values())
            ticket.total_hours = round(hours[ticket._origin] + unsaved, 6)
            ticket.last_timesheet_activity = latest.get(ticket._origin)

    @api.depends("planned_hours", "total_hours")
    def _compute_progress(self):
        for ticket in self:
            planned = ticket.planned_hours
            ticket.remaining_hours = planned - ticket.total_hours
            ticket.progress = planned and 100 * ticket.total_hours / planned

    @api.depends("company_id.timesheet_encode_uom_id")
    def _compute_encode_uom_in_days(self):
        day = get_unit(self.env, "day")
        for ticket in self:
            ticket.encode_uom_in_days = ticket.company_id.timesheet_encode_uom_id == day

    @api.depends("commercial_partner_id", "company_id", "team_id")
    def _compute_sale_line_id(self):
        """Choose an item where the user has not chosen yet (K2, K3)."""
        undecided = self.browse()
        for ticket in self:
            customer = ticket.commercial_partner_id._origin
            # in a form that does not show it, what was computed last is not there
            decided_for = (
                ticket.sale_line_partner_id or ticket._origin.sale_line_partner_id
            )._origin
            item = ticket.sale_line_id
            if ticket._is_item_of_another() if item else customer != decided_for:
                undecided |= ticket
            else:
                # the user's choice, also where the user chose none
                ticket.sale_line_id = item
                ticket.sale_line_partner_id = customer
        # the team decides, not the project: with helpdesk_mgmt_sale_project installed,
        # the project depends on the orders, and these on the item
        billable = undecided.filtered(
            lambda ticket: (
                ticket.team_id.allow_billable and ticket.commercial_partner_id
            )
        )
        newest = self.env["sale.order.line"]._get_newest_prepaid_by_customer(
            billable.commercial_partner_id._origin, billable.company_id._origin
        )
        for ticket in undecided:
            customer = ticket.commercial_partner_id._origin
            chosen = ticket in billable
            ticket.sale_line_id = chosen and newest.get(
                (customer, ticket.company_id._origin)
            )
            ticket.sale_line_partner_id = chosen and customer

    @api.depends("sale_line_id.order_id")
    def _compute_sale_order_ids(self):
        """The item's order is one of the ticket's; others are the user's (K6)."""
        orders_by_ticket = []
        for ticket in self:
            order = ticket.sale_line_id.order_id._origin
            orders = ticket.sale_order_ids._origin
            # in a form that does not show it, what was computed last is not there
            linked = (
                ticket.linked_sale_order_id or ticket._origin.linked_sale_order_id
            )._origin
            if order != linked:
                orders -= linked
                if order in orders or not ticket._can_link_order(orders, order):
                    order = order.browse()
                linked = order
            ticket.linked_sale_order_id = linked
            orders_by_ticket.append((ticket, orders | linked))
        # at once for all: assigning them would be a query per ticket
        self._fields["sale_order_ids"].write_batch(orders_by_ticket)

    @api.depends(
        "sale_line_id.remaining_hours",
        "timesheet_ids.unit_amount",
        "timesheet_ids.so_line",
    )
    def _compute_remaining_hours_so(self):
        for ticket in self:
            item = ticket.sale_line_id._origin
            ticket.remaining_hours_so = item.remaining_hours_available and round(
                item.remaining_hours - ticket._get_unsaved_hours().get(item, 0.0),
                6,
            )

    def _search_remaining_hours_so(self, operator, value):
        values = value if isinstance(value, Collection) else [value]
        if isinstance(value, str) or not all(map(is_number, values)):
            raise UserError(
                self.env._(
                    "%(value)s is not a number of hours: enter a number.",
                    value=str(value)[:80],
                )
            )
        # any!: agents filter by the hours left of items that they may not read
        return Domain("sale_line_id", "any!", [("remaining_hours", operator, value)])

    @api.depends(
        "team_id.allow_billable",
        "commercial_partner_id",
        "company_id",
        "sale_line_id.remaining_hours",
    )
    def _compute_prepaid_hours_missing(self):
        """Whether time should be prepaid, but the customer has no hours left.

        Not where the ticket's item is billed afterwards.
        """
        asking = self.filtered(
            lambda ticket: (
                ticket.team_id.allow_billable
                and ticket.commercial_partner_id
                and (not ticket.sale_line_id or ticket.remaining_hours_available)
            )
        )
        newest = self.env["sale.order.line"]._get_newest_prepaid_by_customer(
            asking.commercial_partner_id._origin, asking.company_id._origin
        )
        for ticket in self:
            customer = ticket.commercial_partner_id._origin
            ticket.prepaid_hours_missing = (
                ticket in asking and (customer, ticket.company_id._origin) not in newest
            )

    @api.depends("commercial_partner_id", "company_id")
    def _compute_newest_sale_order_id(self):
        """The customer's newest confirmed order of services that the user may read."""
        # sudo: finds candidates only; what the user may not read is left out below
        items = self.env["sale.order.line"].sudo()
        newest = items._get_newest_by_customer(
            items._domain_ticket_service(),
            self.commercial_partner_id._origin,
            self.company_id._origin,
        )
        readable = items.union(*newest.values()).order_id.sudo(self.env.su)
        readable = readable._filtered_access("read")
        for ticket in self:
            item = newest.get(
                (ticket.commercial_partner_id._origin, ticket.company_id._origin), items
            )
            ticket.newest_sale_order_id = item.order_id.sudo(self.env.su) & readable

    @api.depends("timesheet_ids.timesheet_invoice_type")
    def _compute_has_time_to_invoice(self):
        entries = self.env["account.analytic.line"]
        with_time = entries._read_group(
            entries._domain_to_invoice() & Domain("ticket_id", "in", self._origin.ids),
            ["ticket_id"],
        )
        tickets = self.browse(ticket.id for (ticket,) in with_time)
        for ticket in self:
            ticket.has_time_to_invoice = ticket._origin in tickets

    def _search_has_time_to_invoice(self, operator, value):
        if operator != "in":
            return NotImplemented
        # any!: agents filter by the invoices of time that they may not read
        entries = self.env["account.analytic.line"]
        return Domain("timesheet_ids", "any!", entries._domain_to_invoice())

    @api.depends(
        "sale_line_id",
        "timesheet_ids.so_line",
        "timesheet_ids.unit_amount",
        "timesheet_ids.timesheet_invoice_id.state",
    )
    def _compute_hours_on_other_items(self):
        hours_by_ticket = defaultdict(lambda: defaultdict(float))
        for ticket, item, hours in self._get_open_hours_by_item():
            hours_by_ticket[ticket][item] += hours
        for ticket in self:
            hours_by_item = hours_by_ticket[ticket._origin]
            for item, hours in ticket._get_unsaved_hours().items():
                hours_by_item[item] += hours
            own_item = ticket.sale_line_id._origin
            ticket.hours_on_other_items = round(
                sum(
                    hours
                    for item, hours in hours_by_item.items()
                    if item and item != own_item
                ),
                6,
            )

    # ------------------------------------------------------------------
    # Onchanges and constraints
    # ------------------------------------------------------------------
    @api.onchange("team_id")
    def _onchange_team_id(self):
        """Show what saving does: another team brings its project (K1)."""
        if self._origin and self.team_id == self._origin.team_id:
            self.project_id = self._origin.project_id
        elif self.team_id.allow_timesheet:
            self.project_id = self.team_id._get_timesheet_project(self.company_id)

    @api.constrains("sale_line_id", "partner_id", "company_id")
    def _check_sale_line_id(self):
        """Refuse items of another customer or company (K4, A5)."""
        for ticket in self.filtered("sale_line_id"):
            # sudo: only compared; who may not read the order learns nothing of it
            item = ticket.sudo().sale_line_id
            if item.company_id != ticket.company_id:
                raise ValidationError(
                    self.env._(
                        "The Sales Order Item of the ticket %(ticket)s belongs to"
                        " another company: choose an item of %(company)s.",
                        ticket=ticket.display_name,
                        company=ticket.sudo().company_id.name,
                    )
                )
            if ticket.sudo()._is_item_of_another():
                raise ValidationError(
                    self.env._(
                        "The Sales Order Item of the ticket %(ticket)s belongs to"
                        " another customer: choose an item of the ticket's customer.",
                        ticket=ticket.display_name,
                    )
                )
            if not item.is_service or item.is_expense or item.is_downpayment:
                raise ValidationError(
                    self.env._(
                        "The Sales Order Item of the ticket %(ticket)s is not a"
                        " service that time can draw from: choose a service.",
                        ticket=ticket.display_name,
                    )
                )

    @api.constrains("team_id", "project_id", "company_id")
    def _check_time_company(self):
        """Tickets with time stay within one company (A5)."""
        for ticket in self.filtered("team_id.allow_timesheet").sudo():
            for record in (ticket.team_id, ticket.project_id):
                if record.company_id and record.company_id != ticket.company_id:
                    raise ValidationError(
                        self.env._(
                            "The ticket %(ticket)s belongs to %(company)s, but"
                            " %(record)s to %(other)s: choose one of the same company.",
                            ticket=ticket.display_name,
                            company=ticket.company_id.name,
                            record=record.display_name,
                            other=record.company_id.name,
                        )
                    )

    @api.constrains("company_id")
    def _check_company_of_timesheets(self):
        """A ticket stays in the company of its time (A5)."""
        # sudo: the user may not see the time that others logged
        entries = self.env["account.analytic.line"].sudo()
        for ticket, company in entries._read_group(
            [("ticket_id", "in", self.ids)], ["ticket_id", "company_id"]
        ):
            if ticket.company_id != company:
                raise ValidationError(
                    self.env._(
                        "The ticket %(ticket)s has time entries of %(other)s: it cannot"
                        " move to %(company)s, create a ticket there instead.",
                        ticket=ticket.display_name,
                        other=company.name,
                        company=ticket.company_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        check_values(self, vals_list, CHECKED_FIELDS)
        tickets = super().create(vals_list)
        written = {"sale_line_id", "sale_order_ids"}
        for given, numbers in groupby(
            range(len(tickets)),
            lambda number: frozenset(written & set(vals_list[number])),
        ):
            tickets.browse(tickets[number].id for number in numbers)._settle(given)
        tickets._recompute_recordset(["sale_order_ids"])
        return tickets

    def write(self, vals):
        check_values(self, [vals], CHECKED_FIELDS)
        team = self.env["helpdesk.ticket.team"].browse(vals.get("team_id") or ())
        if team.allow_timesheet and "project_id" not in vals:
            moved = self.filtered(lambda ticket: ticket.team_id != team)
            for company, tickets in moved.grouped("company_id").items():
                project = team._get_timesheet_project(company)
                tickets.write({**vals, "project_id": project.id})
            self -= moved
        linked_by_hand = {}
        if "sale_order_ids" in vals and "sale_line_id" in vals:
            # sudo: agents may not read the orders of their tickets
            for ticket in self.sudo():
                linked_by_hand[ticket.id] = (
                    ticket.sale_order_ids - ticket.linked_sale_order_id
                )
        res = super().write(vals)
        self._settle(vals, linked_by_hand)
        # searches do not wait for a pending many2many
        self._recompute_recordset(["sale_order_ids"])
        if not vals.keys().isdisjoint(("project_id", "task_id")):
            self._align_timesheets()
        if not self.env.su:
            # what follows from a write is computed as superuser: who may not see the
            # time of others must not find it in the cache
            self.invalidate_recordset(["timesheet_ids"], flush=False)
        return res

    def copy_data(self, default=None):
        """Orders linked by hand go along for those who may read them (K6).

        The item's order follows from the item.
        """
        vals_list = super().copy_data(default)
        if self.env["sale.order"].has_access("read"):
            for ticket, vals in zip(self, vals_list, strict=True):
                by_hand = ticket.sale_order_ids - ticket.linked_sale_order_id
                vals.setdefault("sale_order_ids", [Command.set(by_hand.ids)])
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_timesheets(self):
        """Rule K7."""
        # sudo: the user may not see the time that others logged
        for ticket in self.filtered(lambda ticket: ticket.sudo().timesheet_ids):
            raise UserError(
                self.env._(
                    "The ticket %(ticket)s has time entries: archive it instead of"
                    " deleting it.",
                    ticket=ticket.display_name,
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_view_sale_order(self):
        """Open the order of the ticket's item (K6)."""
        return self.sale_order_id._get_records_action()

    def action_view_newest_sale_order(self):
        """Open the newest order of the ticket's customer, to sell more hours on it."""
        return self.newest_sale_order_id._get_records_action()

    def action_new_quotation(self):
        """Open a new quotation for the ticket's customer, linked to the ticket."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "views": [(False, "form")],
            "context": {
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                "default_ticket_ids": self.ids,
            },
        }

    def action_view_timesheets(self):
        """Open the ticket's time entries."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_track_bill.timesheet_action_from_ticket"
        )
        return {
            **action,
            "display_name": ", ".join(self.mapped("display_name")),
            "domain": [("ticket_id", "in", self.ids)],
            "context": {"default_ticket_id": self[:1].id, "is_timesheet": 1},
        }

    def action_reassign_timesheets(self):
        """Move uninvoiced entries to the ticket's item (E4).

        Entries whose item was set by hand on the entry stay. Each ticket's history
        keeps the hours, from and to.

        :raises UserError: where a ticket has no item
        """
        self.check_access("write")
        self.env["account.analytic.line"].check_access("write")
        for ticket in self:
            if not ticket.sale_line_id:
                raise UserError(
                    self.env._(
                        "The ticket %(ticket)s has no Sales Order Item: choose one to"
                        " move its time to.",
                        ticket=ticket.display_name,
                    )
                )
        # sudo: the whole ticket moves, whoever logged the time; access to the ticket
        # and to timesheets is checked above
        tickets = self.sudo()
        movable = Domain("is_so_line_edited", "=", False)
        hours_by_ticket = defaultdict(list)
        for ticket, item, hours in tickets._get_open_hours_by_item(movable):
            if item != ticket.sale_line_id:
                hours_by_ticket[ticket].append((item, hours))
        entries = self.env["account.analytic.line"].sudo()
        for ticket, moves in hours_by_ticket.items():
            entries.search(
                entries._domain_not_billed()
                & movable
                & Domain("ticket_id", "=", ticket.id)
                & Domain("so_line", "!=", ticket.sale_line_id.id)
            ).write({"so_line": ticket.sale_line_id.id, "is_so_line_edited": False})
            for item, hours in moves:
                ticket.sudo(self.env.su).message_post(
                    body=self.env._(
                        "%(hours)s hours moved from %(old)s to %(new)s.",
                        hours=format_duration(hours),
                        old=item.display_name or self.env._("Non-billable"),
                        new=ticket.sale_line_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------------
    def _get_timesheet_project(self):
        """The project that records the ticket's time: its own or the team's."""
        self.ensure_one()
        return self.project_id or self.team_id._get_timesheet_project(self.company_id)

    def _is_time_shown_in_portal(self):
        """Whether the ticket's page shows its time to the current user (A4).

        Only to its customer, not to who follows it or has a link to it; to others as
        they would see it from inside.
        """
        self.ensure_one()
        team = self.sudo().team_id
        user = self.env.user
        return team.show_timesheet_portal and (
            user.has_group("hr_timesheet.group_hr_timesheet_user")
            or self.sudo().commercial_partner_id == user.commercial_partner_id
        )

    def _get_portal_timesheets(self):
        """Entries that the current user sees on the ticket's page (A4)."""
        self.ensure_one()
        entries = self.env["account.analytic.line"]
        if not self._is_time_shown_in_portal():
            return entries
        # sudo: portal users have no rights on entries; the domain is their access
        return entries.sudo().search(
            Domain(entries._timesheet_get_portal_domain())
            & Domain("ticket_id", "=", self.id),
            order="date, id",
        )

    def _is_item_of_another(self):
        """Whether the item belongs to another customer or company than the ticket."""
        self.ensure_one()
        item = self.sale_line_id
        return (
            item.order_partner_id.commercial_partner_id._origin
            != self.commercial_partner_id._origin
            or item.company_id != self.company_id._origin
        )

    def _can_link_order(self, orders, order):
        """Whether an order may join the ticket's orders.

        helpdesk_mgmt_sale_project, where installed, forbids orders of two projects
        on a ticket; choosing an item must not fail on that.
        """
        return (
            not hasattr(self, "_check_unique_project")
            # each for itself: a union would not be prefetched with other tickets'
            or len(orders.project_id | order.project_id) <= 1
        )

    def _settle(self, written, linked_by_hand=None):
        """Complete what the ORM leaves alone when a field is written by hand.

        A written computed field keeps the others of its compute from being computed:
        the customer whose item was chosen (K3), and the item's order among the
        ticket's orders (K6).

        :param written: names of the fields that were written
        :param linked_by_hand: orders that were linked by hand before, by ticket id
        """
        if "sale_line_id" in written:
            billable = self.filtered("team_id.allow_billable")
            for customer, tickets in billable.grouped("commercial_partner_id").items():
                tickets.sale_line_partner_id = customer
        if "sale_order_ids" in written and "sale_line_id" in written:
            # a form sends both: the item's order came with the item
            # sudo: agents may not read the orders of their tickets
            for ticket in self.sudo():
                order = ticket.sale_line_id.order_id
                by_hand = (linked_by_hand or {}).get(ticket.id, order.browse())
                orders = ticket.sale_order_ids
                if order not in by_hand and ticket._can_link_order(orders, order):
                    ticket.linked_sale_order_id = order
        if "sale_order_ids" in written:
            self.env.add_to_compute(self._fields["sale_order_ids"], self)

    def _get_open_hours_by_item(self, domain=Domain.TRUE):
        """Uninvoiced hours of saved entries: a list of (ticket, item, hours)."""
        hour = get_unit(self.env, "hour")
        entries = self.env["account.analytic.line"]
        return [
            (ticket, item, unit._compute_quantity(amount, hour, round=False))
            for ticket, item, unit, amount in entries._read_group(
                entries._domain_not_billed()
                & Domain("ticket_id", "in", self._origin.ids)
                & domain,
                ["ticket_id", "so_line", "product_uom_id"],
                ["unit_amount:sum"],
            )
        ]

    def _get_unsaved_hours(self):
        """What saving the form changes in hours, per item (K5): ``{item: hours}``.

        Empty for a saved ticket.
        """
        self.ensure_one()
        changes = defaultdict(float)
        if self.id:
            return changes
        hour = get_unit(self.env, "hour")

        def add(entries, item, sign):
            for entry in entries:
                unit = entry.product_uom_id or self.company_id.project_time_mode_id
                changes[item or entry.so_line._origin] += sign * unit._compute_quantity(
                    entry.unit_amount, hour, round=False
                )

        add(self.timesheet_ids, None, 1)
        add(self._origin.timesheet_ids, None, -1)
        item = self.sale_line_id._origin
        if self._origin and item and item != self._origin.sale_line_id:
            # entries without an item will take this one, also those that the user
            # may not see (E2)
            entries = self.env["account.analytic.line"].sudo()
            add(
                entries.search(
                    entries._domain_not_billed()
                    & Domain("ticket_id", "=", self._origin.id)
                    & Domain("so_line", "=", False)
                    & Domain("is_so_line_edited", "=", False)
                    & Domain("id", "not in", self._origin.timesheet_ids.ids)
                ),
                item,
                1,
            )
        return changes

    def _align_timesheets(self):
        """Move uninvoiced entries to their ticket's project and task (E6)."""
        # sudo: a ticket that moves takes all its time along, whoever logged it
        entries = self.env["account.analytic.line"].sudo()
        to_move = entries.search(
            entries._domain_not_billed() & Domain("ticket_id", "in", self.ids)
        )
        for (project, task), moving in to_move.grouped(
            lambda entry: (
                entry.ticket_id._get_timesheet_project(),
                entry.ticket_id.task_id,
            )
        ).items():
            stale = moving.filtered(
                lambda entry, project=project, task=task: (
                    entry.project_id != project or (task and entry.task_id != task)
                )
            )
            if project.allow_timesheets and stale:
                stale.write({"project_id": project.id, "task_id": task.id})
