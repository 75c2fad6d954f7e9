from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare, format_duration, formatLang

# More than a hundred years.
MOST_HOURS = 1e6
MOST_HOURS_A_DAY = 24
# What time has of its ticket, stored to be searched.
OF_TICKET = {"ticket_partner_id", "ticket_team_id"}
# What Odoo gives an entry an item from.
GIVES_ITEMS = {"employee_id", "project_id", "task_id"}
# Context: core splits entries by analytic accounts. An object, so that no client can
# send it.
SPLITTING_KEY, SPLITTING = "split_by_analytic_accounts", object()
# Context: a Created, of the entries that one call creates.
CREATED_KEY = "created_timesheets"
# Context: tickets are merged, and their time goes along. An object, too.
MERGING_KEY, MERGING = "merging_tickets", object()


class Created:
    """What entries are created with, as soon as it is known which are."""

    vals_list = None


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('team_id.allow_timesheet', '=', True)]",
        help="Ticket that the time was spent on.",
    )
    ticket_partner_id = fields.Many2one(
        related="ticket_id.partner_id",
        string="Ticket Customer",
        store=True,
        index="btree_not_null",
    )
    ticket_commercial_partner_id = fields.Many2one(
        related="ticket_partner_id.commercial_partner_id",
        string="Ticket Commercial Entity",
    )
    ticket_team_id = fields.Many2one(
        related="ticket_id.team_id", string="Helpdesk Team", store=True
    )

    readonly_reason = fields.Char(
        "Locked",
        compute="_compute_readonly_reason",
        compute_sudo=True,
        help="Why the entry cannot be changed; empty where it can.",
    )

    # what the cards of teams sum up
    _ticket_team_id_date_index = models.Index(
        "(ticket_team_id, date) WHERE ticket_team_id IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("ticket_id", "ticket_id.sale_line_id")
    def _compute_so_line(self):
        """An entry keeps the item it was logged on (E2).

        Nothing done to the project changes that, its Billable included (E6b).
        """
        on_tickets = self.filtered("ticket_id")
        for entry in on_tickets:
            keeps = (
                entry._origin.so_line
                and entry.ticket_id._origin == entry._origin.ticket_id
            )
            if not keeps and not entry.is_so_line_edited and entry._is_not_billed():
                entry.so_line = entry._timesheet_determine_sale_line()
        return super(AccountAnalyticLine, self - on_tickets)._compute_so_line()

    def _timesheet_determine_sale_line(self):
        """Time on a billing ticket draws from the ticket's item (E1)."""
        if self.ticket_id:
            return self.ticket_id._get_drawn_item()
        return super()._timesheet_determine_sale_line()

    @api.depends("ticket_id.commercial_partner_id")
    def _compute_commercial_partner(self):
        on_tickets = self.filtered("ticket_id")
        for entry in on_tickets:
            # sudo: naming the customer needs no rights on the ticket's project
            entry.commercial_partner_id = entry.ticket_id.sudo().commercial_partner_id
        return super(
            AccountAnalyticLine, self - on_tickets
        )._compute_commercial_partner()

    @api.depends("ticket_id.partner_id")
    def _compute_partner_id(self):
        res = super()._compute_partner_id()
        for entry in self:
            if entry.ticket_id.partner_id and entry._is_not_billed():
                entry.partner_id = entry.ticket_id.partner_id
        return res

    @api.depends("ticket_id")
    def _compute_project_id(self):
        """Choosing a ticket in a form chooses its project (E7); saving writes it."""
        res = super()._compute_project_id()
        for entry in self:
            if not entry.id and entry.ticket_id:
                entry.project_id = (
                    entry.ticket_id._get_timesheet_project() or entry.project_id
                )
        return res

    @api.depends("ticket_id")
    def _compute_task_id(self):
        """Choosing a ticket in a form chooses its task (E7); saving writes it."""
        res = super()._compute_task_id()
        for entry in self:
            if not entry.id and entry.ticket_id.task_id:
                entry.task_id = entry.ticket_id.task_id
        return res

    @api.onchange("ticket_id")
    def _onchange_ticket_id(self):
        """Who works in several companies logs time as employee of the ticket's (A5)."""
        company = self.ticket_id.company_id
        employee = self.employee_id
        if company and employee.company_id not in (company, company.browse()):
            self.employee_id = (
                employee.user_id.with_company(company).employee_id or employee
            )

    @api.onchange("so_line")
    def _onchange_so_line(self):
        """Another item than the rules give was chosen, in whichever client (E4)."""
        # sudo: only compared; who corrects time may not read its ticket
        if self.ticket_id and (
            self.so_line != self.sudo()._timesheet_determine_sale_line()
        ):
            self.is_so_line_edited = True

    @api.depends("timesheet_invoice_id.state", "readonly_timesheet")
    @api.depends_context("lang")
    def _compute_readonly_reason(self):
        """Say on the grey lines of a ticket why they are grey (E5)."""
        for entry in self:
            entry.readonly_reason = (
                entry.readonly_timesheet and entry._get_readonly_reason()
            )

    def _get_readonly_reason(self):
        """Hook: why the entry cannot be changed, in a word or two."""
        self.ensure_one()
        if self._is_not_billed():
            return self.env._("Not to be changed")
        return self.env._("Invoiced")

    @api.constrains("unit_amount", "product_uom_id")
    def _check_unit_amount(self):
        """Hours that nobody can have worked would spoil every sum (E6c).

        :raises ValidationError: also for more than a day's hours in one entry, unless
            the company allows them
        """
        for entry in self.filtered("ticket_id"):
            hours = abs(entry._get_hours(billed=False))
            # no number is not within either
            if not hours <= MOST_HOURS:
                raise ValidationError(
                    self.env._(
                        "The hours of the time entry %(entry)s are not a number that"
                        " one can work: enter the hours spent.",
                        entry=entry.name,
                    )
                )
            if hours > MOST_HOURS_A_DAY and not entry.company_id.allow_long_timesheets:
                raise ValidationError(
                    self.env._(
                        "The time entry %(entry)s has %(hours)s hours, more than a day"
                        " has: check the decimal separator, enter each day for itself,"
                        " or let an administrator allow longer entries in the settings"
                        " of %(company)s.",
                        entry=entry.name,
                        hours=format_duration(hours),
                        company=entry.company_id.name,
                    )
                )

    @api.constrains("ticket_id", "employee_id", "company_id")
    def _check_employee_company(self):
        """Time on a ticket is of the ticket's company, who logs it too (A5)."""
        for entry in self.filtered("ticket_id"):
            company = entry.ticket_id.company_id
            if entry.employee_id.company_id not in (company, company.browse()):
                raise ValidationError(
                    self.env._(
                        "The employee %(employee)s works for %(other)s, but the ticket"
                        " %(ticket)s belongs to %(company)s: choose an employee of"
                        " %(company)s.",
                        employee=entry.employee_id.name,
                        other=entry.employee_id.company_id.name,
                        ticket=entry.ticket_id.display_name,
                        company=company.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Complete the values of time on tickets, also as lines of a form (E1, E7)."""
        default_ticket_id = self.env.context.get("default_ticket_id")
        ticket_ids = [
            self._fields["ticket_id"].convert_to_cache(
                vals.get("ticket_id", default_ticket_id), self
            )
            for vals in vals_list
        ]
        # at once for all, so that each entry finds its ticket prefetched
        tickets = self.env["helpdesk.ticket"].browse(filter(None, ticket_ids))
        tickets.check_access("read")
        tickets_by_id = {ticket.id: ticket for ticket in tickets}
        # an item from a context or a user's defaults is checked as one that is given
        # (is_timesheet would look for the user's favorite project)
        defaults = self.with_context(is_timesheet=False)
        given = (
            defaults.default_get(["so_line", "is_so_line_edited"]) if tickets else {}
        )
        completed = [
            self._prepare_ticket_vals({**given, **vals}, tickets_by_id[ticket_id])
            if ticket_id
            else vals
            for vals, ticket_id in zip(vals_list, ticket_ids, strict=True)
        ]
        # days off, in core's calendar, are not created
        created = Created()
        creating = self.with_context(**{CREATED_KEY: created})
        entries = super(AccountAnalyticLine, creating).create(completed)
        entries.with_env(creating.env)._process_new(created.vals_list or [])
        return entries.with_env(self.env)

    @api.model
    def _prepare_create_values(self, vals_list):
        """What follows from rules only the superuser gives, and no default."""
        created = self.env.context.get(CREATED_KEY)
        if isinstance(created, Created) and created.vals_list is None:
            created.vals_list = [dict(vals) for vals in vals_list]
        prepared = super()._prepare_create_values(vals_list)
        decided = self._get_decided_fields()
        for vals, given in zip(prepared, vals_list, strict=True):
            kept = decided & given.keys() if self.env.su else set()
            for name in decided - kept:
                vals.pop(name, None)
        return prepared

    @api.model
    def _get_decided_fields(self):
        """Hook: what follows from rules, which no user gives a new entry."""
        return set()

    def _is_being_created(self):
        """Whether the entries are those of a call that creates them just now."""
        return isinstance(self.env.context.get(CREATED_KEY), Created)

    def _process_new(self, vals_list):
        """Hook: what else is done with new entries, as soon as they are saved.

        :param vals_list: what they were created with, completed from their tickets
        """

    def write(self, vals):
        # pylint: disable=method-required-super  # in _write_time
        if not (self.env.su or OF_TICKET.isdisjoint(vals)):
            # they follow from the ticket, and rules follow from them
            vals = {name: vals[name] for name in vals if name not in OF_TICKET}
        if "ticket_id" not in vals and not GIVES_ITEMS.isdisjoint(vals):
            with self._leave_free(self.filtered("ticket_id")):
                return self._write_time(vals)
        return self._write_time(vals)

    @api.model
    @contextmanager
    def _leave_free(self, entries):
        """Within, time of tickets that has no item is given none (E6b).

        It was logged while nothing was billed.
        """
        free = entries.filtered(lambda entry: not entry.so_line)
        with self.env.protecting([self._fields["so_line"]], free):
            yield

    @api.model
    @contextmanager
    def _leave_free_of(self, records, domain):
        """Within, what is done to projects or tasks gives free time no item (E6b).

        :param domain: the time that takes its item from them
        """
        free = self._find_free(domain)
        with self._leave_free(free):
            yield
            # what follows from it, before entries could be computed from that
            records._recompute_recordset()
            free.task_id._recompute_recordset()

    @api.model
    def _find_free(self, domain):
        """Time of tickets that has no item, see :meth:`_leave_free`."""
        # sudo: which entries Odoo may not compute; nothing of them goes out
        return self.sudo().search(
            Domain(domain)
            & Domain("ticket_id", "!=", False)
            & Domain("so_line", "=", False)
        )

    def _write_time(self, vals):
        # pylint: disable=super-method-mismatch  # a part of write
        if vals.get("ticket_id"):
            # agents may not read invoices: whoever asks for their state finds it
            self._fetch_invoice_states()
            ticket = self.env["helpdesk.ticket"].browse(
                self._fields["ticket_id"].convert_to_cache(vals["ticket_id"], self)
            )
            moved = self.filtered(lambda entry: entry.ticket_id != ticket)
            if moved:
                moved._move_to_ticket(ticket, vals)
                self -= moved
            vals = {name: value for name, value in vals.items() if name != "ticket_id"}
        if "so_line" in vals and "is_so_line_edited" not in vals:
            # chosen on the entry itself, through whichever client (E2, E4); forms
            # send the ticket's item too
            so_line = self._fields["so_line"].convert_to_cache(vals["so_line"], self)
            chosen = self.filtered(
                lambda entry: (
                    entry.ticket_id
                    # sudo: who corrects time may not read its ticket
                    and so_line != entry.sudo().ticket_id._get_drawn_item().id
                    and so_line != entry.so_line.id
                )
            )
            if chosen:
                super(AccountAnalyticLine, chosen).write(
                    {**vals, "is_so_line_edited": True}
                )
                self -= chosen
        return super().write(vals)

    def copy_data(self, default=None):
        """A copy is new work, which draws from the ticket's item of today (E1).

        Not where core splits an entry by analytic accounts: that is the same work.
        """
        vals_list = super().copy_data(default)
        if not self._is_splitting():
            for entry, vals in zip(self, vals_list, strict=True):
                if entry.ticket_id and not entry.is_so_line_edited:
                    vals.pop("so_line", None)
        return vals_list

    def _inverse_analytic_distribution(self):
        """Time that is shared out stays the same work; more or less of it does not."""
        # pylint: disable=missing-return  # an inverse has nothing to return
        shared = self.filtered(lambda entry: entry._is_shared_out())
        splitting = shared.with_context(**{SPLITTING_KEY: SPLITTING})
        super(AccountAnalyticLine, splitting)._inverse_analytic_distribution()
        super(AccountAnalyticLine, self - shared)._inverse_analytic_distribution()

    def _is_shared_out(self):
        """Whether the shares of the analytic accounts add up to the whole entry."""
        self.ensure_one()
        shares = self.env["analytic.mixin"]._merge_distribution(
            {self._get_distribution_key(): 100}, self.analytic_distribution or {}
        )
        # thirds of a hundred are no more exact
        return float_compare(sum(shares.values()), 100, precision_digits=1) == 0

    @api.model
    def _is_splitting(self):
        """Whether core splits entries: their parts keep what they have (E2)."""
        return self.env.context.get(SPLITTING_KEY) is SPLITTING

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed_on_ticket(self):
        """An invoiced entry is not deleted, not on a draft invoice either (E5)."""
        self._fetch_invoice_states()
        for entry in self:
            if entry.ticket_id and not entry._is_not_billed():
                raise UserError(
                    self.env._(
                        "The time entry %(entry)s is already invoiced: cancel or credit"
                        " its invoice to delete it.",
                        entry=entry.name,
                    )
                )

    def _check_can_write(self, values):
        """Guard what an entry owes to its invoice (E5) and to its ticket (E1)."""
        self._fetch_invoice_states()
        if "ticket_id" in values and not self._is_merging_tickets():
            for entry in self:
                if not entry._is_not_billed():
                    raise UserError(
                        self.env._(
                            "The time entry %(entry)s is already invoiced: cancel or"
                            " credit its invoice to change its ticket.",
                            entry=entry.name,
                        )
                    )
        res = super()._check_can_write(values)
        self._check_not_invoiced(values)
        if "ticket_id" not in values and (
            "project_id" in values or "task_id" in values
        ):
            # sudo: agents may not read the project of their tickets
            for entry in self.sudo().filtered("ticket_id"):
                project = entry.ticket_id._get_timesheet_project()
                project_id = values.get("project_id", entry.project_id.id)
                task = self.env["project.task"].sudo().browse(values.get("task_id"))
                if project_id != project.id or (task and task.project_id != project):
                    raise UserError(
                        self.env._(
                            "The time entry %(entry)s belongs to the ticket %(ticket)s:"
                            " change the project and task there.",
                            entry=entry.name,
                            ticket=entry.ticket_id.display_name,
                        )
                    )
        return res

    def _check_not_invoiced(self, values):
        """What an invoice says of an entry stays as it is (E5).

        Core keeps less, and only while the item's product is billed by the time logged.
        Its invoice is written by invoicing, as superuser, and by nobody else.
        """
        if "timesheet_invoice_id" in values and not self.env.su:
            self.filtered("ticket_id")._raise_invoice_is_set()
        # the ticket was asked for, and merging may change it
        if not (self._get_fields_of_invoice() - {"ticket_id"}).isdisjoint(values):
            for entry in self.filtered("ticket_id"):
                if not entry._is_not_billed():
                    raise UserError(
                        self.env._(
                            "The time entry %(entry)s is already invoiced: cancel or"
                            " credit its invoice to change it.",
                            entry=entry.name,
                        )
                    )

    def _check_can_create(self):
        """New time on a ticket is on no invoice yet (E5)."""
        if not self.env.su:
            self.filtered(
                lambda entry: entry.ticket_id and entry.timesheet_invoice_id
            )._raise_invoice_is_set()
        return super()._check_can_create()

    def _raise_invoice_is_set(self):
        for entry in self:
            raise UserError(
                self.env._(
                    "The invoice of the time entry %(entry)s is set when its order is"
                    " invoiced: create, cancel or credit the invoice instead.",
                    entry=entry.name,
                )
            )

    def _fetch_invoice_states(self):
        """Let the checks of core read whether an entry is invoiced.

        Agents may not read invoices, and core asks for their state.
        """
        # sudo: only the states come into the cache, for checks
        self.sudo().timesheet_invoice_id.fetch(["state", "payment_state"])

    def _timesheet_preprocess_get_accounts(self, vals):
        """Time on a ticket is of the ticket's company (A5).

        Core has just taken the project's, and projects may have none.
        """
        if vals.get("ticket_id"):
            # sudo: agents may not read every company's tickets; access was checked
            ticket = self.env["helpdesk.ticket"].sudo().browse(vals["ticket_id"])
            vals["company_id"] = ticket.company_id.id
        return super()._timesheet_preprocess_get_accounts(vals)

    def _timesheet_postprocess(self, values):
        """Check an item that was set on an entry of a ticket (K4, A5)."""
        if values.get("so_line") and not self._is_splitting():
            self._check_ticket_so_line()
        return super()._timesheet_postprocess(values)

    def _is_updatable_timesheet(self):
        """Rates of employees on a project leave the time of tickets alone (E6b)."""
        return super()._is_updatable_timesheet() and not self.ticket_id

    def _timesheet_get_portal_domain(self):
        """Customers see time on their own tickets, where the team shows it (A4)."""
        domain = super()._timesheet_get_portal_domain()
        user = self.env.user
        if user.has_group("hr_timesheet.group_hr_timesheet_user"):
            return domain
        teams = self.env["helpdesk.ticket.team"]
        shown = Domain("ticket_id.team_id", "any", teams._domain_time_in_portal()) & (
            Domain(
                "ticket_id.commercial_partner_id", "=", user.commercial_partner_id.id
            )
        )
        return (domain & Domain("ticket_id", "=", False)) | shown

    # ------------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------------
    @api.model
    def _get_fields_of_invoice(self):
        """A free entry that moves to another ticket leaves its invoices (E5)."""
        return super()._get_fields_of_invoice() | {"ticket_id"}

    @api.model
    def _domain_to_invoice(self):
        """Entries billed by the hours logged that no invoice claims yet (B2)."""
        return self._domain_not_billed() & Domain(
            "timesheet_invoice_type", "in", ("billable_time", "timesheet_revenues")
        )

    def _format_hours(self, hours, company):
        """Hours as people read them, in days where the company records days."""
        if company._records_days():
            days = self._convert_hours_to_days(hours)
            return self.env._("%(days)s days", days=formatLang(self.env, days))
        return self.env._("%(hours)s hours", hours=format_duration(hours))

    @api.private
    def _move_to_ticket(self, ticket, vals=None, keep_item=False):
        """Move entries to another ticket: the one way to do it (E6).

        They take that ticket's project, task, company and item. Its history keeps what
        moved to it, from where and to where, as that of the former ticket does.

        :param vals: other values that are written along
        :param keep_item: time keeps its item where it is the same customer's (K3b)

        Where tickets are merged, see :meth:`_as_merged`, time that is fixed keeps
        everything but the ticket (E5).
        """
        # pylint: disable=missing-return,super-method-mismatch  # a part of write
        ticket.check_access("read")
        vals = vals or {}
        from_elsewhere = self.filtered(lambda entry: not entry.ticket_id)
        fixed = self.browse()
        if self._is_merging_tickets():
            fixed = self.filtered(lambda entry: entry._is_fixed())
            fixed._note_move(ticket)
            super(AccountAnalyticLine, fixed).write({"ticket_id": ticket.id})
        for keeps, entries in (
            (self - fixed)
            .grouped(lambda entry: keep_item and entry._can_keep_item(ticket))
            .items()
        ):
            values = dict(vals)
            if not keeps and "so_line" not in vals:
                values.update(self._get_ticket_item_vals(ticket))
            entries._note_move(ticket, values)
            super(AccountAnalyticLine, entries).write(
                entries._prepare_ticket_vals(values, ticket)
            )
        # no constraint on the ticket: time of tickets moves with the hours it has (E6c)
        from_elsewhere._check_unit_amount()

    @api.model
    @api.private
    def _follow_tickets(self, tickets):
        """Move entries that are not fixed to their tickets' project and task (E6).

        Another project or task gives time without an item none (E6b).
        """
        # sudo: a ticket that moves takes all its time along, whoever logged it
        entries = self.sudo()
        to_move = entries.search(
            entries._domain_not_billed() & Domain("ticket_id", "in", tickets.ids)
        ).filtered(lambda entry: not entry._is_fixed())
        moves = {}
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
                moves[project, task] = stale
        hours_by_place = entries._sum_hours(
            Domain("id", "in", entries.union(*moves.values()).ids),
            ["ticket_id", "project_id"],
        )
        for (ticket, old), hours in hours_by_place.items():
            project = ticket._get_timesheet_project()
            if old != project:
                ticket._note_moved_hours(hours, old.display_name, project.display_name)
        for (project, task), stale in moves.items():
            with entries._leave_free(stale):
                stale.write({"project_id": project.id, "task_id": task.id})

    @api.model
    @api.private
    def _reassign_to_items_of(self, tickets):
        """Move uninvoiced entries to the items of their tickets (E4).

        Entries whose item was set by hand stay, and those that are fixed. Each ticket's
        history keeps the hours, from and to.

        :param tickets: tickets that the user may write
        """
        # sudo: the whole ticket moves, whoever logged the time
        entries = self.sudo()
        movable = Domain("is_so_line_edited", "=", False)
        # most tickets have nothing to move, however long their history
        to_look_at = [
            ticket.id
            for ticket, item, _hours in tickets.sudo()._get_open_hours_by_item(movable)
            if item != ticket.sale_line_id
        ]
        moving = entries.search(
            entries._domain_not_billed()
            & movable
            & Domain("ticket_id", "in", to_look_at)
        ).filtered(
            lambda entry: (
                entry.so_line != entry.ticket_id.sale_line_id and not entry._is_fixed()
            )
        )
        moving.sudo(self.env.su)._check_can_reassign()
        moves = entries._sum_hours(
            Domain("id", "in", moving.ids), ["ticket_id", "so_line"]
        )
        for ticket, its_entries in moving.grouped("ticket_id").items():
            its_entries.write(
                {"so_line": ticket.sale_line_id.id, "is_so_line_edited": False}
            )
        for (ticket, item), hours in moves.items():
            ticket.sudo(self.env.su)._note_moved_hours(
                hours, item.display_name, ticket.sale_line_id.display_name
            )

    def _check_can_reassign(self):
        """Hook: whether the user may move entries to their tickets' items (E4)."""

    def _is_fixed(self):
        """Whether nothing of the entry may change: it is invoiced (E5)."""
        self.ensure_one()
        return not self._is_not_billed()

    def _can_keep_item(self, ticket):
        """Whether an entry may go on drawing from its item on another ticket (K3b).

        A ticket without a customer takes any: nobody else's hours are drawn from.
        """
        self.ensure_one()
        # sudo: only compared; agents may not read items
        item = self.sudo().so_line
        customer = ticket.commercial_partner_id
        if not item:
            return self.is_so_line_edited
        return item.company_id == ticket.company_id and (
            not customer or item.order_partner_id.commercial_partner_id == customer
        )

    def _note_move(self, ticket, vals=None):
        """Leave a note on both tickets, before entries move: hours, from and to (E6).

        :param vals: what will be written; the item is named where it changes
        """
        # sudo: what moves is noted, whoever may read the former ticket or the items
        ticket = ticket.sudo()
        items = self.env["sale.order.line"].sudo()
        moves = self.sudo()._sum_hours(
            Domain("id", "in", self.ids) & Domain("ticket_id", "!=", False),
            ["ticket_id", "so_line"],
        )
        for (old_ticket, old_item), hours in moves.items():
            old, new = old_ticket.display_name, ticket.display_name
            if vals and "so_line" in vals and vals["so_line"] != old_item.id:
                none = self.env._("Non-billable")
                new_item = items.browse(vals["so_line"] or ())
                old = f"{old} ({old_item.display_name or none})"
                new = f"{new} ({new_item.display_name or none})"
            for noting in old_ticket | ticket:
                noting._note_moved_hours(hours, old, new)

    def _is_merging_tickets(self):
        return self.env.su and self.env.context.get(MERGING_KEY) is MERGING

    def _as_merged(self):
        """The entries, to be moved along with tickets that are merged."""
        # sudo: a merged ticket takes all its time along, whoever logged it
        return self.sudo().with_context(**{MERGING_KEY: MERGING})

    def _prepare_ticket_vals(self, vals, ticket):
        """Complete an entry's values from its ticket (E1).

        :param ticket: a ticket that the user may read
        :raises ValidationError: where no time can be logged on the ticket
        """
        # sudo: agents may read the ticket, but neither its project nor its item
        ticket_sudo = ticket.sudo()
        if not ticket_sudo.allow_timesheet:
            raise ValidationError(
                self.env._(
                    "No time can be logged on the ticket %(ticket)s: switch Timesheets"
                    " on for its team, on a project that allows them.",
                    ticket=ticket_sudo.display_name,
                )
            )
        project = ticket_sudo._get_timesheet_project()
        task = ticket_sudo.task_id
        if not task and vals.get("task_id"):
            chosen = task.browse(vals["task_id"])
            task = chosen if chosen.project_id == project else task
        completed = {
            **vals,
            "ticket_id": ticket.id,
            "project_id": project.id,
            "task_id": task.id,
            "company_id": ticket_sudo.company_id.id,
        }
        if "so_line" in vals:
            # forms say whether the user chose it; others name an item to choose it
            item = self._get_ticket_item_vals(ticket)["so_line"]
            completed.setdefault(
                "is_so_line_edited", not self or vals["so_line"] != item
            )
        return completed

    @api.model
    def _get_ticket_item_vals(self, ticket):
        """Values that make an entry draw from its ticket's item."""
        item = ticket._get_drawn_item()
        return {"so_line": item.id, "is_so_line_edited": False}

    def _check_ticket_so_line(self):
        """An item set on an entry is of its ticket's customer and company (K4, A5).

        That of a closed ticket may be cancelled, and takes no more time (K3c).

        No constraint, which would also meet entries that keep the item they were
        logged on while their ticket changes its customer (E2).
        """
        # sudo: only compared; who may not read the order learns nothing of it
        entries = self.sudo().filtered("ticket_id")
        for item, ticket in entries.grouped(
            lambda entry: (entry.so_line, entry.ticket_id)
        ):
            if item and (item != ticket.sale_line_id or item.state != "sale"):
                reason = item._get_refusal(ticket, with_hours=False)
                if reason:
                    raise ValidationError(reason)
