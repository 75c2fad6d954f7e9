from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# what a statement says of an entry, beside what decides where it draws from
STATED_FIELDS = {"company_id", "employee_id", "project_id", "task_id"}
# what brings an entry into locked days
LOCKING_FIELDS = {"company_id", "date", "so_line", "ticket_id"}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    hours_locked_until = fields.Date(
        compute="_compute_hours_locked_until",
        compute_sudo=True,
        export_string_translation=False,
        help="Last day of the customer's locked statements.",
    )

    @api.depends("ticket_id.commercial_partner_id", "so_line", "company_id")
    def _compute_hours_locked_until(self):
        customers = {
            entry: entry.ticket_id.commercial_partner_id
            | entry.so_line.order_partner_id.commercial_partner_id
            for entry in self
        }
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
        locked = self.filtered(lambda entry: entry._origin and entry._is_locked())
        # a compute assigns each of its records
        for entry in locked:
            entry.so_line = entry.so_line
        return super(AccountAnalyticLine, self - locked)._compute_so_line()

    def _is_locked(self):
        """Whether a statement that an accountant locked has the entry (S4)."""
        self.ensure_one()
        until = self.hours_locked_until
        return bool(until and self.date and self.date <= until)

    def _is_fixed(self):
        return super()._is_fixed() or self._is_locked()

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
        if not LOCKING_FIELDS.isdisjoint(vals):
            self._check_not_locked()
        return res

    def _check_not_locked(self):
        """Nothing comes into locked days, leaves them or changes in them (S4).

        Merged tickets take their time along as it is.

        :raises UserError: naming the customer and the day
        """
        if self._is_merging_tickets():
            return
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
