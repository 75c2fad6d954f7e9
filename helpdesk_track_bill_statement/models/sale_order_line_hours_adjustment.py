from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SaleOrderLineHoursAdjustment(models.Model):
    _inherit = "sale.order.line.hours.adjustment"

    @api.constrains("date", "line_id")
    def _check_not_locked(self):
        """Hours of a locked day are not adjusted (S4)."""
        customers = self.line_id.order_partner_id._get_stated_customers()
        # sudo: who adjusts hours may not read every customer
        customers.sudo()._share()
        locks = self.env["prepaid.hours.statement"]._get_locks(
            customers, self.company_id
        )
        for adjustment in self:
            until, customer = max(
                (
                    (locks.get((customer, adjustment.company_id)), customer)
                    for customer in (
                        adjustment.line_id.order_partner_id._get_stated_customers()
                    )
                    if (customer, adjustment.company_id) in locks
                ),
                key=lambda found: found[0],
                default=(None, None),
            )
            if until and adjustment.date <= until:
                raise UserError(
                    self.env._(
                        "The period of %(block)s is locked with the statement of"
                        " %(customer)s until %(date)s: adjust a later period, or ask an"
                        " accountant to unlock the statement.",
                        block=adjustment.line_id._get_hours_name(),
                        customer=customer.display_name,
                        date=format_date(self.env, until),
                    )
                )
