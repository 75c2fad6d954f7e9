from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# what a statement says of an entry, beside what decides where it draws from
STATED_FIELDS = {"company_id", "employee_id", "project_id", "task_id"}
# what brings an entry into locked days
LOCKING_FIELDS = {"company_id", "date", "project_id", "so_line", "ticket_id"}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    hours_locked_until = fields.Date(
        compute="_compute_hours_locked_until",
        compute_sudo=True,
        export_string_translation=False,
        help="Last day of the customer's locked statements.",
    )

    @api.depends(
        "ticket_id.commercial_partner_id", "so_line", "company_id", "project_id"
    )
    def _compute_hours_locked_until(self):
        customers = {entry: entry._get_stated_customers() for entry in self}
        locks = self.env["prepaid.hours.statement"]._get_locks(
            self.env["res.partner"].union(*customers.values()), self.company_id
        )
        for entry in self:
            days = [
                locks.get((customer._origin, entry.company_id._origin))
                for customer in customers[entry]
            ]
            entry.hours_locked_until = max(filter(None, days), default=False)

    @api.depends("ticket_id", "ticket_id.sale_line_id")
    def _compute_so_line(self):
        """Uncovered time of locked days takes no item that comes later (S4)."""
        # what this transaction creates is looked at when all of it is there
        now = self.env.cr.now()
        self.filtered(
            lambda entry: entry.id and entry.create_date and entry.create_date < now
        )._keep_locks_away()
        locked = self.filtered(lambda entry: entry._origin and entry._is_locked())
        # a compute assigns each of its records
        for entry in locked:
            entry.so_line = entry.so_line
        return super(AccountAnalyticLine, self - locked)._compute_so_line()

    @api.model
    def _get_locking_fields(self):
        """What brings an entry into locked days."""
        return LOCKING_FIELDS

    def _get_stated_customers(self):
        """The customers whose statements have the entry: time, and no other cost."""
        self.ensure_one()
        ticket = self.ticket_id
        if not (ticket or self.project_id):
            return ticket.partner_id
        return (
            ticket.commercial_partner_id
            | ticket.partner_id
            | self.so_line.order_partner_id._get_stated_customers()
        )

    def _keep_locks_away(self):
        """Let nobody lock the days of entries that are about to be written (S4).

        Until the transaction ends. Where they were locked since it began, it fails and
        is run again by Odoo: then it finds the lock. Days that are not over are locked
        by nobody: their entries ask for nothing.
        """
        self.env["prepaid.account"]._note_own(self)
        # sudo: everybody's time is locked, whoever may read the customer
        over = self.sudo().filtered(
            lambda entry: entry.date and entry.date < entry.company_id._get_today()
        )
        self.env["res.partner"].sudo().union(
            *(entry._get_stated_customers() for entry in over)
        )._share()

    def _is_locked(self):
        """Whether a statement that an accountant locked has the entry (S4)."""
        self.ensure_one()
        until = self.hours_locked_until
        return bool(until and self.date and self.date <= until)

    def _is_fixed(self):
        return super()._is_fixed() or self._is_locked()

    def _is_readonly(self):
        """Locked time is grey, also that of tasks (S4)."""
        return super()._is_readonly() or self._is_locked()

    def _get_readonly_reason(self):
        if self._is_not_billed() and self._is_locked():
            return self.env._("Locked")
        return super()._get_readonly_reason()

    def _check_not_frozen(self):
        self._check_not_locked()
        return super()._check_not_frozen()

    def _check_can_write(self, values):
        if not STATED_FIELDS.isdisjoint(values) and not self._is_writing_parts():
            self._check_not_locked()
        return super()._check_can_write(values)

    @api.model_create_multi
    def create(self, vals_list):
        # no constraint: those meet entries that are merely computed anew, too
        entries = super().create(vals_list)
        entries._check_not_locked()
        return entries

    def write(self, vals):
        res = super().write(vals)
        locking = self._get_locking_fields()
        if not (locking.isdisjoint(vals) or self._is_writing_parts()):
            self._check_not_locked()
        return res

    def _write_parts(self, parts):
        parts = list(parts)
        self.union(*(entry for entry, _part in parts))._keep_locks_away()
        return super()._write_parts(parts)

    def _check_not_locked(self):
        """Nothing comes into locked days, leaves them or changes in them (S4).

        Merged tickets take their time along as it is.

        :raises UserError: naming the customer and the day
        """
        if self._is_merging_tickets():
            return
        self._keep_locks_away()
        # sudo: everybody's time is locked, whoever may read the statement
        for entry in self.sudo():
            if entry._is_locked():
                customer = (
                    entry.ticket_id.commercial_partner_id
                    or entry.so_line.order_partner_id.commercial_partner_id
                )
                raise UserError(
                    self.env._(
                        "Time of %(customer)s is locked until %(date)s: choose a later"
                        " day, or ask an accountant to unlock the statement of prepaid"
                        " hours.",
                        customer=customer.display_name,
                        date=format_date(self.env, entry.hours_locked_until),
                    )
                )
