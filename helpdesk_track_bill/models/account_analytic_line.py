import itertools

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import check_values

# Hours of an entry: more than a hundred years.
MOST_HOURS = 1e6


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('team_id.allow_timesheet', '=', True)]",
        help="Ticket that the time was spent on.",
    )
    ticket_partner_id = fields.Many2one(
        related="ticket_id.partner_id",
        string="Ticket Customer",
        store=True,
        index="btree_not_null",
    )
    ticket_team_id = fields.Many2one(
        related="ticket_id.team_id", string="Helpdesk Team", store=True
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
        """An entry keeps the item it was logged on (E2)."""
        settled = self.filtered(
            lambda entry: (
                entry.ticket_id
                and entry._origin.so_line
                and entry.ticket_id._origin == entry._origin.ticket_id
            )
        )
        return super(AccountAnalyticLine, self - settled)._compute_so_line()

    def _timesheet_determine_sale_line(self):
        """Time on a billing ticket draws from the ticket's item (E1)."""
        if self.ticket_id:
            return self.ticket_id.allow_billable and self.ticket_id.sale_line_id._origin
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

    @api.constrains("unit_amount")
    def _check_unit_amount(self):
        """Hours that no one can spend would spoil every sum they go into."""
        for entry in self:
            # no number is not within either
            if entry.ticket_id and not abs(entry.unit_amount) <= MOST_HOURS:
                raise ValidationError(
                    self.env._(
                        "The hours of the time entry %(entry)s are not a number that"
                        " one can work: enter the hours spent.",
                        entry=entry.name,
                    )
                )

    @api.constrains("ticket_id", "employee_id", "company_id")
    def _check_employee_company(self):
        """Time on a ticket is of the ticket's company, who logs it too (A5)."""
        # sudo: only compared; agents may not read every company
        for entry in self.sudo().filtered("ticket_id"):
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
        on_tickets = [vals for vals in vals_list if vals.get("ticket_id")]
        check_values(self, on_tickets)
        default_ticket_id = self.env.context.get("default_ticket_id")
        ticket_ids = [vals.get("ticket_id", default_ticket_id) for vals in vals_list]
        # at once for all, so that each entry finds its ticket prefetched
        tickets = self.env["helpdesk.ticket"].browse(filter(None, ticket_ids))
        tickets.check_access("read")
        tickets_by_id = {ticket.id: ticket for ticket in tickets}
        entries = super().create(
            [
                self._prepare_ticket_vals(vals, tickets_by_id[ticket_id])
                if ticket_id
                else vals
                for vals, ticket_id in zip(vals_list, ticket_ids, strict=True)
            ]
        )
        given = ["so_line" in vals for vals in vals_list]
        entries.browse(itertools.compress(entries.ids, given))._check_ticket_so_line()
        return entries

    def write(self, vals):
        if vals.get("ticket_id") or any(self.mapped("ticket_id.id")):
            check_values(self, [vals])
        if vals.get("ticket_id") and not self._is_merging_tickets():
            ticket = self.env["helpdesk.ticket"].browse(vals["ticket_id"])
            moved = self.filtered(lambda entry: entry.ticket_id != ticket)
            if moved:
                ticket.check_access("read")
                # E6: the other ticket's item, whatever the entry had before
                item = {} if "so_line" in vals else self._get_ticket_item_vals(ticket)
                super(AccountAnalyticLine, moved).write(
                    moved._prepare_ticket_vals({**vals, **item}, ticket)
                )
                moved._check_ticket_so_line()
                self -= moved
        elif "so_line" in vals and "is_so_line_edited" not in vals:
            # chosen on the entry itself, through whichever client (E2, E4); forms
            # send the ticket's item too
            chosen = self.filtered(
                lambda entry: (
                    entry.ticket_id
                    and vals["so_line"]
                    != self._get_ticket_item_vals(entry.ticket_id)["so_line"]
                )
            )
            if chosen:
                chosen.write({**vals, "is_so_line_edited": True})
                self -= chosen
        res = super().write(vals)
        if vals.get("so_line"):
            self._check_ticket_so_line()
        return res

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
        if (
            "ticket_id" in values
            and not self._is_merging_tickets()
            and not all(entry._is_not_billed() for entry in self)
        ):
            entry = next(entry for entry in self if not entry._is_not_billed())
            raise UserError(
                self.env._(
                    "The time entry %(entry)s is already invoiced: cancel or credit its"
                    " invoice to change its ticket.",
                    entry=entry.name,
                )
            )
        res = super()._check_can_write(values)
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

    def _fetch_invoice_states(self):
        """Let the checks of core read whether an entry is invoiced.

        Agents may not read invoices, and core asks for their state.
        """
        # sudo: only the states come into the cache, for checks
        self.sudo().timesheet_invoice_id.fetch(["state", "payment_state"])

    def _timesheet_get_portal_domain(self):
        """Customers see time on their own tickets, where the team shows it (A4)."""
        domain = super()._timesheet_get_portal_domain()
        user = self.env.user
        if user.has_group("hr_timesheet.group_hr_timesheet_user"):
            return domain
        shown = Domain("ticket_id.team_id.show_timesheet_portal", "=", True) & Domain(
            "ticket_partner_id", "child_of", user.commercial_partner_id.id
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

    @api.private
    def _merge_into_ticket(self, ticket):
        """Move the entries of merged tickets to the surviving one, as superuser.

        Open entries move as by hand (E6); invoiced ones keep everything but the
        ticket (E5).
        """
        open_entries = self.filtered(lambda entry: entry._is_not_billed())
        open_entries.write({"ticket_id": ticket.id})
        billed = self - open_entries
        billed.with_context(merging_tickets=True).write({"ticket_id": ticket.id})

    def _is_merging_tickets(self):
        # superuser only: a client cannot take the way of the merge by its context
        return self.env.su and self.env.context.get("merging_tickets")

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
        if "so_line" in vals and not self:
            # forms say whether the user chose it; others name an item to choose it
            completed.setdefault("is_so_line_edited", True)
        elif "so_line" in vals:
            item = self._get_ticket_item_vals(ticket)["so_line"]
            completed.setdefault("is_so_line_edited", vals["so_line"] != item)
        return completed

    @api.model
    def _get_ticket_item_vals(self, ticket):
        """Values that make an entry draw from its ticket's item."""
        # sudo: agents may not read items
        ticket_sudo = ticket.sudo()
        item = ticket_sudo.allow_billable and ticket_sudo.sale_line_id.id
        return {"so_line": item, "is_so_line_edited": False}

    def _check_ticket_so_line(self):
        """An item set on an entry is of its ticket's customer and company (K4, A5).

        No constraint, which would also meet entries that keep the item they were
        logged on while their ticket changes its customer (E2).
        """
        # sudo: only compared; who may not read the order learns nothing of it
        for entry in self.sudo().filtered(
            lambda entry: entry.ticket_id and entry.so_line
        ):
            item = entry.so_line
            if item.company_id != entry.ticket_id.company_id:
                raise ValidationError(
                    self.env._(
                        "The Sales Order Item of the time entry %(entry)s belongs to"
                        " another company than the ticket %(ticket)s: choose an item of"
                        " %(company)s.",
                        entry=entry.name,
                        ticket=entry.ticket_id.display_name,
                        company=entry.ticket_id.company_id.name,
                    )
                )
            customer = entry.ticket_id.commercial_partner_id
            if item.order_partner_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "The Sales Order Item of the time entry %(entry)s belongs to"
                        " another customer than the ticket %(ticket)s: choose an item"
                        " of the ticket's customer.",
                        entry=entry.name,
                        ticket=entry.ticket_id.display_name,
                    )
                )
