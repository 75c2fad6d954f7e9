from collections import defaultdict
from collections.abc import Collection

from markupsafe import Markup
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_duration
from odoo.tools.misc import unquote

from odoo.addons.sale_timesheet_books.tools import get_unit

from ..tools import is_number, parse_hours
from .account_analytic_line import MOST_HOURS
from .sale_order_line import SMALLEST_HOURS_LEFT


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    # title and customer are enough for a ticket; time often comes before a text
    description = fields.Html(required=False)

    # Fields of time and money are for internal users: portal users may read any other
    # field of their tickets by RPC; what they may see is on the ticket's page (A4).
    project_id = fields.Many2one(
        compute="_compute_timesheet_project_id", store=True, readonly=False
    )
    # sudo: agents need no rights on projects to log time
    allow_timesheet = fields.Boolean(
        compute="_compute_time_features",
        compute_sudo=True,
        export_string_translation=False,
    )
    allow_billable = fields.Boolean(
        compute="_compute_time_features",
        compute_sudo=True,
        export_string_translation=False,
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
    hours_of_colleagues = fields.Float(
        "Hours by Colleagues",
        compute="_compute_hours_of_colleagues",
        help="Hours of the ticket whose time entries the user may not read.",
        groups="base.group_user",
    )
    last_timesheet_activity = fields.Date(
        "Last Time Entry",
        compute="_compute_total_hours",
        store=True,
        groups="base.group_user",
    )
    use_planned_hours = fields.Boolean(
        "Hours Are Planned",
        related="team_id.use_planned_hours",
        export_string_translation=False,
    )
    no_time_needed = fields.Boolean(
        copy=False,
        tracking=True,
        help="Who closed the ticket said that no time was spent on it.",
        groups="base.group_user",
    )
    closed_without_time = fields.Boolean(
        compute="_compute_closed_without_time",
        search="_search_closed_without_time",
        help="Closed, and nobody logged time on it, though the team logs time.",
        groups="base.group_user",
    )
    ask_time_after_reply = fields.Boolean(
        related="team_id.ask_time_after_reply",
        export_string_translation=False,
        groups="base.group_user",
    )
    planned_hours = fields.Float(
        tracking=True,
        help="Estimate of the hours that the ticket takes.",
        groups="base.group_user",
    )
    # "remaining hours" are those on the order
    remaining_hours = fields.Float(
        "Planned Hours Left",
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
            self.env["sale.order.line"]._domain_drawable(
                [unquote("commercial_partner_id")], [unquote("company_id")]
            )
        ),
        help="Sales order item that new time on this ticket draws from. Without one,"
        " time is non-billable.",
        groups="base.group_user",
    )
    # customer for whom the item was last chosen: while the ticket's is of the same
    # commercial entity, the choice is the user's (K3)
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
    # orders linked by hand; the item's order counts beside them (K6)
    sale_order_ids = fields.Many2many(copy=False)
    # stored: a list of tickets reads neither products nor units for it
    remaining_hours_available = fields.Boolean(
        related="sale_line_id.remaining_hours_available",
        store=True,
        export_string_translation=False,
        groups="base.group_user",
    )
    remaining_hours_so = fields.Float(
        "Remaining Hours on SO",
        compute="_compute_remaining_hours_so",
        search="_search_remaining_hours_so",
        compute_sudo=True,
        aggregator="sum",
        help="Hours left on the prepaid item; negative when more was logged than sold."
        " A sum counts each item once.",
        groups="base.group_user",
    )
    prepaid_hours_missing = fields.Boolean(
        compute="_compute_prepaid_hours_missing",
        compute_sudo=True,
        export_string_translation=False,
        groups="base.group_user",
    )
    prepaid_hours_notice = fields.Char(
        compute="_compute_prepaid_hours_notice",
        compute_sudo=True,
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
    other_items_notice = fields.Char(
        compute="_compute_hours_on_other_items",
        compute_sudo=True,
        groups="base.group_user",
    )

    # a page of the list comes in the base's default order, otherwise by sorting all
    _default_order_index = models.Index(
        "(priority DESC, sequence, number DESC, id DESC)"
    )
    # the form reads the ticket's duplicates, otherwise from the whole table
    _duplicate_of_index = models.Index("(duplicate_id) WHERE duplicate_id IS NOT NULL")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("team_id", "company_id")
    def _compute_timesheet_project_id(self):
        """A ticket without a project takes its team's (K1)."""
        for ticket in self:
            if not ticket.project_id and ticket.team_id.allow_timesheet:
                ticket.project_id = ticket.team_id._get_timesheet_project(
                    ticket.company_id
                )

    @api.depends(
        "team_id.allow_timesheet",
        "team_id.allow_billable",
        "project_id.allow_timesheets",
    )
    def _compute_time_features(self):
        """The team decides what is billed, whatever project records the time (E6b).

        A project picked on the ticket, or one whose Billable is off, makes no work
        free of charge in silence.
        """
        timed = self.filtered(
            lambda ticket: (
                ticket.team_id.allow_timesheet
                and ticket._get_timesheet_project().allow_timesheets
            )
        )
        billed = timed.filtered("team_id.allow_billable")
        # at once: a list asks for it on each row
        (self - timed).allow_timesheet = False
        timed.allow_timesheet = True
        (self - billed).allow_billable = False
        billed.allow_billable = True

    @api.depends(
        "timesheet_ids.unit_amount",
        "timesheet_ids.product_uom_id",
        "timesheet_ids.date",
    )
    def _compute_total_hours(self):
        hours = defaultdict(float)
        latest = {}
        for ticket, spent, date in self.env["account.analytic.line"]._read_hours(
            Domain("ticket_id", "in", self._origin.ids),
            ["ticket_id"],
            ["date:max"],
            billed=False,
        ):
            hours[ticket] += spent
            latest[ticket] = max(date, latest.get(ticket, date))
        for ticket in self:
            unsaved = sum(ticket._get_unsaved_hours(billed=False).values())
            ticket.total_hours = round(hours[ticket._origin] + unsaved, 6)
            ticket.last_timesheet_activity = latest.get(ticket._origin)

    @api.depends("total_hours")
    @api.depends_context("uid")
    def _compute_hours_of_colleagues(self):
        """What Hours Spent counts beyond the entries that the user may read."""
        readable = {}
        entries = self.env["account.analytic.line"]
        if entries.has_access("read"):
            readable = entries._sum_hours(
                Domain("ticket_id", "in", self._origin.ids),
                ["ticket_id"],
                billed=False,
            )
        for ticket in self:
            origin = ticket._origin
            ticket.hours_of_colleagues = round(
                origin.total_hours - readable.get((origin,), 0.0), 6
            )

    @api.depends("closed", "last_timesheet_activity", "team_id.allow_timesheet")
    def _compute_closed_without_time(self):
        for ticket in self:
            ticket.closed_without_time = (
                ticket.closed
                and ticket.team_id.allow_timesheet
                and not ticket.last_timesheet_activity
            )

    def _search_closed_without_time(self, operator, value):
        if operator != "in":
            return NotImplemented
        # the newest entry is anybody's: the user may not see the time of others
        return Domain(
            [
                ("stage_id.closed", "=", True),
                ("team_id.allow_timesheet", "=", True),
                ("last_timesheet_activity", "=", False),
            ]
        )

    @api.depends("planned_hours", "total_hours")
    def _compute_progress(self):
        for ticket in self:
            planned = ticket.planned_hours
            ticket.remaining_hours = planned - ticket.total_hours
            ticket.progress = planned and 100 * ticket.total_hours / planned

    @api.depends_context("company")
    def _compute_encode_uom_in_days(self):
        """As the web client enters and shows time: in the current company's unit."""
        self.encode_uom_in_days = self.env.company._records_days()

    def _is_recorded_in_days(self):
        """Whether the ticket's company records days: the portal shows its unit."""
        self.ensure_one()
        # sudo: customers may read neither units nor how companies record time
        return self.sudo().company_id._records_days()

    @api.depends("partner_id", "company_id", "team_id")
    def _compute_sale_line_id(self):
        """Choose an item where the user has not chosen yet (K2, K3).

        It depends on what is written on the ticket alone: the hierarchy of contacts
        moves no item, and so no hours (K3b), and a team's boxes rewrite nothing (T4).
        """
        undecided = self.filtered(lambda ticket: not ticket._is_item_decided())
        chosen = undecided._choose_item()
        for ticket in self:
            decided = ticket not in undecided or ticket in chosen
            ticket.sale_line_id = (
                chosen.get(ticket) if ticket in undecided else ticket.sale_line_id
            )
            ticket.sale_line_partner_id = decided and ticket.partner_id._origin

    @api.depends("sale_order_ids", "sale_order_id")
    def _compute_so_count(self):
        """Orders linked by hand and the item's, those that the user may read (K6)."""
        # pylint: disable=missing-return  # a compute has nothing to return
        # sudo: the link is the ticket's; what the user may not read is left out
        orders = {
            ticket: ticket.sale_order_ids | ticket.sale_order_id
            for ticket in self.sudo()
        }
        readable = self.env["sale.order"].union(*orders.values())
        readable = readable._filtered_access("read")
        for ticket in self:
            ticket.so_count = len(orders[ticket] & readable)

    @api.depends(
        "remaining_hours_available",
        "sale_line_id.remaining_hours",
        "timesheet_ids.unit_amount",
        "timesheet_ids.so_line",
    )
    def _compute_remaining_hours_so(self):
        prepaid = self.filtered("remaining_hours_available")
        (self - prepaid).remaining_hours_so = 0.0
        # what lists show of items, and not every column of their lines
        self.sale_line_id._origin.fetch(["name", "order_id", "remaining_hours"])
        for ticket in prepaid:
            item = ticket.sale_line_id._origin
            unsaved = ticket._get_unsaved_hours().get(item, 0.0)
            ticket.remaining_hours_so = round(item.remaining_hours - unsaved, 6)

    def _read_group_select(self, aggregate_spec, query):
        """Sum the hours left of the tickets' items, each item once."""
        if aggregate_spec.split(":") != ["remaining_hours_so", "sum"]:
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields["remaining_hours_so"], "read")
        self.env["sale.order.line"].flush_model(["remaining_hours"])
        return SQL(
            "(SELECT SUM(remaining_hours) FROM sale_order_line"
            " WHERE id = ANY(ARRAY_AGG(DISTINCT %s)))",
            self._field_to_sql(self._table, "sale_line_id", query),
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
        """Whether time should be prepaid, but the customer has no hours left."""
        newest = self.env["sale.order.line"]._get_newest_prepaid_of(
            self.filtered(lambda ticket: ticket._is_to_be_prepaid())
        )
        for ticket in self:
            ticket.prepaid_hours_missing = ticket in newest and not newest[ticket]

    def _is_to_be_prepaid(self):
        """Whether time should be prepaid.

        Not where the ticket's item is billed afterwards, or counts no time (P1).
        """
        self.ensure_one()
        item = self.sale_line_id
        return self._can_have_item() and (
            not item
            or (self.remaining_hours_available and item._is_delivered_by_time())
        )

    @api.depends("prepaid_hours_missing", "closed", "remaining_hours_so")
    @api.depends_context("lang", "uid")
    def _compute_prepaid_hours_notice(self):
        """Which item has no hours left, by how many, and whom to ask.

        Nothing on closed tickets.
        """
        may_sell = self.env.user.has_group("sales_team.group_sale_salesman")
        for ticket in self:
            ticket.prepaid_hours_notice = (
                ticket.prepaid_hours_missing
                and not ticket.closed
                and " ".join(
                    (ticket._describe_missing_hours(), ticket._advise_hours(may_sell))
                )
            )

    def _describe_missing_hours(self):
        self.ensure_one()
        item = self.sale_line_id._origin
        names = {
            "customer": self.commercial_partner_id.display_name,
            "item": item.with_context(hide_partner_ref=True).display_name,
        }
        over = -self.remaining_hours_so
        if not item:
            return self.env._("%(customer)s has no prepaid hours left.", **names)
        if over < SMALLEST_HOURS_LEFT:
            return self.env._(
                "%(customer)s has no prepaid hours left: %(item)s is used up.", **names
            )
        return self.env._(
            "%(customer)s has no prepaid hours left: %(hours)s more than sold were"
            " logged on %(item)s.",
            hours=self._format_hours(over),
            **names,
        )

    def _advise_hours(self, may_sell):
        self.ensure_one()
        if may_sell:
            return self.env._(
                "Choose an item that is billed afterwards, or sell more hours."
            )
        seller = (
            self.sale_line_id._origin.order_id.user_id
            or self.commercial_partner_id.user_id
        )
        if seller:
            return self.env._(
                "Choose an item that is billed afterwards, or ask %(salesperson)s for"
                " more hours.",
                salesperson=seller.name,
            )
        return self.env._(
            "Choose an item that is billed afterwards, or ask a salesperson for more"
            " hours."
        )

    def _format_hours(self, hours):
        """Hours as people read them, in the unit of the ticket's company."""
        self.ensure_one()
        return self.env["account.analytic.line"]._format_hours(hours, self.company_id)

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
    @api.depends_context("lang")
    def _compute_hours_on_other_items(self):
        """Rule E3, and the sentence that says it."""
        hours_by_ticket = defaultdict(lambda: defaultdict(float))
        for ticket, item, hours in self._get_open_hours_by_item():
            hours_by_ticket[ticket][item] += hours
        for ticket in self:
            hours_by_item = hours_by_ticket[ticket._origin]
            for item, hours in ticket._get_unsaved_hours().items():
                hours_by_item[item] += hours
            others = self.env["sale.order.line"].concat(
                *(item for item, hours in hours_by_item.items() if hours)
            )
            others = others.with_context(hide_partner_ref=True).filtered(
                lambda item, ticket=ticket: ticket._is_other_item(item)
            )
            hours = round(sum(hours_by_item[item] for item in others), 6)
            ticket.hours_on_other_items = hours
            ticket.other_items_notice = bool(hours) and self.env._(
                "%(hours)s draw from another sales order item: %(items)s.",
                hours=ticket._format_hours(hours),
                items=", ".join(others.mapped("display_name")),
            )

    def _is_other_item(self, item):
        """Whether open hours on an item are worth a word: it is another one (E3)."""
        self.ensure_one()
        return item._origin != self.sale_line_id._origin

    # ------------------------------------------------------------------
    # Onchanges and constraints
    # ------------------------------------------------------------------
    @api.onchange("team_id")
    def _onchange_team_id(self):
        """Show what saving does: another team brings its project (K1).

        A new ticket is of its team's company (A5), and keeps the project of the action
        that it comes from, where that takes its time.
        """
        if not self._origin and self.team_id.company_id:
            self.company_id = self.team_id.company_id
        # sudo: agents need no rights on projects to log time
        project = self.project_id.sudo()._origin
        given = (
            not self._origin
            and project
            and project.id == self.env.context.get("default_project_id")
            and project.allow_timesheets
            and project.company_id in (self.company_id, project.company_id.browse())
        )
        if self._origin and self.team_id == self._origin.team_id:
            self.project_id = self._origin.project_id
        elif self.team_id.allow_timesheet and not given:
            self.project_id = self.team_id._get_timesheet_project(self.company_id)

    @api.constrains("planned_hours")
    def _check_planned_hours(self):
        """No number at all would spoil every sum that it goes into."""
        for ticket in self:
            if not abs(ticket.planned_hours) <= MOST_HOURS:
                raise ValidationError(
                    self.env._(
                        "The planned hours of the ticket %(ticket)s are not a number"
                        " that one can plan: enter an estimate in hours.",
                        ticket=ticket.display_name,
                    )
                )

    @api.constrains("team_id", "project_id", "company_id")
    def _check_time_company(self):
        """Tickets with time stay within one company (A5)."""
        for ticket in self.filtered("team_id.allow_timesheet"):
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
        entries = self.env["account.analytic.line"]
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
        tickets = super().create(vals_list)
        timed = tickets.browse()
        chosen = tickets.browse()
        for ticket, vals in zip(tickets, vals_list, strict=True):
            if "sale_line_id" in vals:
                chosen |= ticket
            if vals.get("timesheet_ids"):
                timed |= ticket
        chosen._note_choice()
        tickets._check_item(timed._get_open_hours_by_item() if timed else ())
        return tickets

    def write(self, vals):
        chosen = self._get_choices(vals)
        # time may be logged along with the choice, and use the item up
        with_hours = not (
            chosen and vals.get("timesheet_ids") and self._has_hours_before(vals)
        )
        moved = self.browse()
        if "team_id" in vals and "project_id" not in vals:
            moved = self._write_with_project_of_team(vals)
        res = super(HelpdeskTicket, self - moved).write(vals)
        if "sale_line_id" in vals:
            self._note_choice()
            chosen._check_item(with_hours=with_hours)
            if not vals.keys().isdisjoint(("company_id", "partner_id", "team_id")):
                (self - chosen)._check_item(with_hours=False)
        if not vals.keys().isdisjoint(("active", "stage_id")):
            self._leave_cancelled_items()
        if moved or not vals.keys().isdisjoint(("project_id", "task_id")):
            self.env["account.analytic.line"]._follow_tickets(self)
        if not self.env.su:
            # what follows from a write is computed as superuser: who may not see the
            # time of others must not find it in the cache
            self.invalidate_recordset(["timesheet_ids"], flush=False)
        return res

    def _get_choices(self, vals):
        """The tickets to which values bring another item than they have."""
        if "sale_line_id" not in vals:
            return self.browse()
        field = self._fields["sale_line_id"]
        item_id = field.convert_to_cache(vals["sale_line_id"], self)
        return self.filtered(lambda ticket: ticket.sale_line_id.id != item_id)

    @api.model
    def _has_hours_before(self, vals):
        """Whether the item among values can be drawn from, whoever the customer is."""
        # sudo: only asked; agents may not read items
        items = self.env["sale.order.line"].sudo()
        field = self._fields["sale_line_id"]
        item = items.browse(field.convert_to_cache(vals["sale_line_id"], self) or ())
        return bool(item.filtered_domain(items._domain_ticket_items()))

    def _check_item(self, new_hours=(), with_hours=True):
        """Accept the item that the drop-down would offer, and no other (K3c, K4, A5).

        No constraint: those also meet tickets that keep an item while their customer
        changes employer (K3b), or whose hours are used up.

        :param new_hours: (ticket, item, hours) logged since, which count as left
        :param with_hours: whether the item needs hours left
        :raises ValidationError: with the first reason against the item
        """
        logged = defaultdict(float)
        for _ticket, item, hours in new_hours:
            logged[item.id] += hours
        # sudo: only compared; who may not read the order learns nothing of it
        for ticket in self.sudo().filtered("sale_line_id"):
            item = ticket.sale_line_id
            had_hours = (
                item.id in logged
                and item.remaining_hours + logged[item.id] >= SMALLEST_HOURS_LEFT
            )
            reason = item._get_refusal(ticket, with_hours and not had_hours)
            if reason:
                raise ValidationError(reason)

    def _write_with_project_of_team(self, vals):
        """Write values that bring another team, with its project (K1).

        :returns: the tickets that were written
        """
        # pylint: disable=super-method-mismatch  # a part of write
        team = self.env["helpdesk.ticket.team"].browse(
            self._fields["team_id"].convert_to_cache(vals["team_id"], self)
        )
        moved = self.filtered(
            lambda ticket: team.allow_timesheet and ticket.team_id != team
        )
        company_id = vals.get("company_id")
        for company, tickets in moved.grouped("company_id").items():
            project = team._get_timesheet_project(
                company.browse(company_id) if company_id else company
            )
            super(HelpdeskTicket, tickets).write({**vals, "project_id": project.id})
        return moved

    def copy_data(self, default=None):
        """A duplicate is new work: it draws from an item that has hours (K2).

        For another customer or on another team it is chosen anew (K3), and another
        team's project is taken (K1).

        Orders linked by hand go along for those who may read them (K6).
        """
        vals_list = super().copy_data(default)
        given = default or {}
        may_read_orders = self.env["sale.order"].has_access("read")
        for ticket, vals in zip(self, vals_list, strict=True):
            # sudo: only asked whether it can be drawn from
            item = ticket.sudo().sale_line_id
            if "sale_line_id" not in given and (
                ticket._is_copied_elsewhere(given)
                or (item and item._get_refusal(ticket))
            ):
                vals.pop("sale_line_id", None)
                vals.pop("sale_line_partner_id", None)
            if "project_id" not in given and ticket._takes_project_of_team(given):
                vals.pop("project_id", None)
                if "task_id" not in given:
                    vals.pop("task_id", None)
            if may_read_orders:
                vals.setdefault(
                    "sale_order_ids", [Command.set(ticket.sale_order_ids.ids)]
                )
        return vals_list

    def _is_copied_elsewhere(self, vals):
        """Whether values bring another customer, company or team."""
        customer = self.partner_id.browse(vals.get("partner_id", self.partner_id.id))
        return (
            customer.commercial_partner_id != self.commercial_partner_id
            or vals.get("company_id", self.company_id.id) != self.company_id.id
            or vals.get("team_id", self.team_id.id) != self.team_id.id
        )

    def _takes_project_of_team(self, vals):
        """Whether values bring a team with Timesheets or a company, and its project."""
        team = self.team_id.browse(vals.get("team_id", self.team_id.id))
        company_id = vals.get("company_id", self.company_id.id)
        return team.allow_timesheet and (
            team != self.team_id or company_id != self.company_id.id
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_timesheets(self):
        """Rule K7."""
        # sudo: the user may not see the time that others logged
        entry = (
            self.env["account.analytic.line"]
            .sudo()
            .search([("ticket_id", "in", self.ids)], limit=1)
        )
        if entry:
            raise UserError(
                self.env._(
                    "The ticket %(ticket)s has time entries: archive it instead of"
                    " deleting it.",
                    ticket=entry.ticket_id.display_name,
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_view_sale_order(self):
        """Open the order of the ticket's item (K6)."""
        return self.sale_order_id._get_records_action()

    def action_view_sale_orders(self):
        """Open the orders linked by hand and the item's (K6)."""
        action = super().action_view_sale_orders()
        # sudo: the order is named by id only; the list checks who may read it
        orders = self.sudo().sale_line_id.order_id
        if orders:
            domain = Domain(action["domain"]) | Domain("id", "in", orders.ids)
            action = {**action, "domain": list(domain)}
        return action

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
        action = {
            **action,
            "display_name": ", ".join(self.mapped("display_name")),
            "domain": [("ticket_id", "in", self.ids)],
            "context": {"default_ticket_id": self[:1].id, "is_timesheet": 1},
        }
        hidden = sum(self.mapped("hours_of_colleagues"))
        if hidden:
            hours = self[:1]._format_hours(hidden)
            action["display_name"] = self.env._(
                "My time (colleagues: %(hours)s)", hours=hours
            )
            action["help"] = Markup(
                '<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>'
            ) % (
                self.env._("No time of yours here"),
                self.env._(
                    "Colleagues logged %(hours)s, whose entries you do not see.",
                    hours=hours,
                ),
            )
        return action

    def action_log_time(self):
        """Open the dialog that logs time on the ticket."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Time"),
            "res_model": "helpdesk.ticket.log.time",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_ticket_id": self.id, "dialog_size": "medium"},
        }

    def action_ask_time(self, stage_id):
        """What the web client does before it moves the ticket to a stage.

        Other ways of closing a ticket ask for nothing.

        :returns: the dialog that asks for time, or False where nothing is asked
        """
        self.ensure_one()
        stage = self.env["helpdesk.ticket.stage"].browse(stage_id)
        if not self._is_time_missing_in(stage):
            return False
        action = self.action_log_time()
        return {
            **action,
            "name": self.env._("Time before Closing"),
            "context": {**action["context"], "default_closing": True},
        }

    def action_reassign_timesheets(self):
        """Move uninvoiced entries to the ticket's item (E4).

        Entries whose item was set by hand on the entry stay. Each ticket's history
        keeps the hours, from and to.

        :raises UserError: where a ticket has no item, or a cancelled one
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
            # sudo: only asked for its state; agents may not read items (K3c)
            item = ticket.sudo().sale_line_id
            if item.state != "sale":
                raise UserError(item._get_refusal(ticket, with_hours=False))
        self.env["account.analytic.line"]._reassign_to_items_of(self)

    # ------------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------------
    def _get_timesheet_project(self):
        """The project that records the ticket's time: its own or the team's."""
        self.ensure_one()
        return self.project_id or self.team_id._get_timesheet_project(self.company_id)

    def _is_time_missing_in(self, stage):
        """Whether the user is to be asked for time before closing the ticket."""
        self.ensure_one()
        return (
            stage.closed
            and not self.closed
            and self.allow_timesheet
            and self.team_id.ask_time_on_closing
            and not self.no_time_needed
            # of anybody: the user may not see the time of others
            and not self.last_timesheet_activity
            and self.env["helpdesk.ticket.log.time"].has_access("create")
        )

    def _is_time_shown_in_portal(self):
        """Whether the ticket's page shows its time to the current user (A4).

        Only to its customer, not to who follows it or has a link to it; to others as
        they would see it from inside.
        """
        self.ensure_one()
        # sudo: customers may not read teams
        team = self.sudo().team_id
        user = self.env.user
        return bool(team.filtered_domain(team._domain_time_in_portal())) and (
            user.has_group("hr_timesheet.group_hr_timesheet_user")
            or self.sudo().commercial_partner_id == user.commercial_partner_id
        )

    @api.model
    def _is_any_time_shown_in_portal(self):
        """Whether the portal shows the current user the time of any ticket (A4)."""
        # sudo: customers may not read teams, and see tickets of archived ones
        teams = self.env["helpdesk.ticket.team"].sudo().with_context(active_test=False)
        shown = teams._search(teams._domain_time_in_portal())
        return bool(self.search_count([("team_id", "in", shown)], limit=1))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort the portal's list by time, of tickets whose time the customer sees (A4).

        ``portal_hours`` and ``portal_hours_left`` are no fields: customers may read
        neither, and the order must not tell them of time that is not shown.
        """
        if field_name not in ("portal_hours", "portal_hours_left"):
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        hours = self._portal_hours_to_sql(alias, field_name)
        return SQL("%s %s NULLS LAST", hours, direction)

    @api.model
    def _domain_portal_hours(self, field_name, operator, text):
        """Tickets whose time the customer sees, by as much as was typed (A4).

        :param field_name: ``portal_hours`` or ``portal_hours_left``
        :param operator: an operator of SQL
        :param text: hours, or days where the ticket's company records days; no ticket
            is found by what is neither
        """
        number = parse_hours(text)
        if number is None:
            return Domain.FALSE
        # sudo: customers may read neither units nor how companies record time
        env = self.sudo().env
        day = get_unit(env, "day")
        hours_of_days = day._compute_quantity(
            number, get_unit(env, "hour"), round=False
        )
        in_days = env["res.company"].search([("timesheet_encode_uom_id", "=", day.id)])

        def compare(hours):
            def to_sql(tickets, alias, _query):
                shown = tickets._portal_hours_to_sql(alias, field_name)
                # as totals are stored: a third of an hour is not more than itself
                return SQL("%s %s %s", shown, SQL(operator), round(hours, 6))

            return Domain.custom(to_sql=to_sql)

        found = self._search(
            (Domain("company_id", "in", in_days.ids) & compare(hours_of_days))
            | (Domain("company_id", "not in", in_days.ids) & compare(number))
        )
        # as a query: the base makes a list of the domain
        return Domain("id", "in", found)

    @api.model
    def _portal_hours_to_sql(self, alias, field_name):
        """Hours spent or left of tickets whose time the customer sees, or NULL (A4)."""

        def get(name):
            # not _field_to_sql: customers may read none of these fields
            return self._fields[name].to_sql(self, alias)

        # sudo: customers may not read teams, and see tickets of archived ones
        teams = self.env["helpdesk.ticket.team"].sudo().with_context(active_test=False)
        hours = get("total_hours")
        shown = teams._domain_time_in_portal()
        if field_name == "portal_hours_left":
            shown &= Domain("allow_billable", "=", True)
            self.env["sale.order.line"].flush_model(["remaining_hours"])
            hours = SQL(
                "(SELECT remaining_hours FROM sale_order_line WHERE id = %s AND %s)",
                get("sale_line_id"),
                get("remaining_hours_available"),
            )
        return SQL(
            """
            CASE WHEN %(customer)s = %(visitor)s AND %(team)s IN %(teams)s
            THEN %(hours)s END
            """,
            customer=get("commercial_partner_id"),
            visitor=self.env.user.commercial_partner_id.id,
            team=get("team_id"),
            teams=teams._search(shown).subselect(),
            hours=hours,
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

    def _get_portal_time(self):
        """What the ticket's page shows of its time to the current user (A4).

        :returns: entries with their hours, the total, and whether the ticket's company
            records days; hours are to be converted by who shows them
        """
        self.ensure_one()
        rows = [(entry, entry._get_hours()) for entry in self._get_portal_timesheets()]
        return {
            "show_time": self._is_time_shown_in_portal(),
            "time_rows": rows,
            "time_total": sum(hours for _entry, hours in rows),
            "in_days": self._is_recorded_in_days(),
        }

    def _is_item_decided(self):
        """Whether the item, or that there is none, stays as it is (K3)."""
        self.ensure_one()
        # in a form that does not show it, what was computed last is not there
        decided_for = (
            self.sale_line_partner_id or self._origin.sale_line_partner_id
        )._origin
        customer = self.commercial_partner_id._origin
        # sudo: only compared; agents may not read items
        item = self.sale_line_id._origin.sudo()
        if not item:
            # none was found for this customer, or the user wants none
            return decided_for.commercial_partner_id == customer
        same_customer = (
            self.partner_id._origin == decided_for
            or item.order_partner_id.commercial_partner_id == customer
        )
        return (
            same_customer
            and item.company_id == self.company_id._origin
            and item.state == "sale"
        )

    def _choose_item(self):
        """The item of each ticket for which nobody has chosen one (K2).

        The one place that decides it: where items are to be drawn from in another
        order, this is the method to override.

        :returns: ``{ticket: item}``, the item possibly empty, for the tickets that can
            have one: on a billing team, with a customer
        """
        return self.env["sale.order.line"]._get_newest_prepaid_of(
            self.filtered(lambda ticket: ticket._can_have_item())
        )

    def _can_have_item(self):
        """Whether the ticket is on a billing team, with a customer (K2)."""
        self.ensure_one()
        return bool(self.team_id.allow_billable and self.commercial_partner_id)

    def _choose_item_anew(self):
        """Leave an item that cannot be drawn from any more, and apply K2 (K3c)."""
        chosen = self._choose_item()
        none = self.env["sale.order.line"]
        for item, tickets in self.grouped(
            lambda ticket: chosen.get(ticket, none)
        ).items():
            tickets.sale_line_id = item

    def _leave_cancelled_items(self):
        """Closed and archived tickets leave a cancelled item when they open (K3c)."""
        # sudo: only asked for its state, and chosen as the compute does
        open_tickets = self.sudo().filtered(
            lambda ticket: ticket.active and not ticket.closed
        )
        open_tickets.filtered(
            lambda ticket: ticket.sale_line_id and ticket.sale_line_id.state != "sale"
        )._choose_item_anew()

    def _get_drawn_item(self):
        """The item that time logged on the ticket now draws from (E1).

        None off billing teams, and none from an order that was cancelled (K3c).
        """
        self.ensure_one()
        # sudo: agents may not read items
        item = self.sale_line_id._origin.sudo()
        drawn = self.allow_billable and item.state == "sale"
        return item.sudo(self.env.su) if drawn else item.browse()

    def _note_choice(self):
        """Remember for whom an item was written (K3).

        Writing a computed field keeps the others of its compute from being computed.
        """
        billable = self.filtered("team_id.allow_billable")
        for customer, tickets in billable.grouped("partner_id").items():
            tickets.sale_line_partner_id = customer

    def _note_moved_hours(self, hours, old, new):
        """Keep in the ticket's history that hours moved, from and to (E4, E6)."""
        self.ensure_one()
        self.message_post(
            body=self.env._(
                "%(hours)s hours moved from %(old)s to %(new)s.",
                hours=format_duration(hours),
                old=old or self.env._("Non-billable"),
                new=new or self.env._("Non-billable"),
            )
        )

    def _get_open_hours_by_item(self, domain=Domain.TRUE):
        """Uninvoiced hours of saved entries: a list of (ticket, item, hours)."""
        entries = self.env["account.analytic.line"]
        return entries._read_hours(
            entries._domain_not_billed()
            & Domain("ticket_id", "in", self._origin.ids)
            & domain,
            ["ticket_id", "so_line"],
        )

    def _get_unsaved_hours(self, billed=True):
        """What saving the form changes in hours, per item (K5): ``{item: hours}``.

        Empty for a saved ticket.

        :param billed: whether the hours are for money and for hours left, or for work
        """
        self.ensure_one()
        changes = defaultdict(float)
        if self.id:
            return changes
        unit = self.company_id.project_time_mode_id

        def add(entries, item, sign):
            for entry in entries:
                hours = entry._get_hours(billed, unit)
                changes[item or entry.so_line._origin] += sign * hours

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
