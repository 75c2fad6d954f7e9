from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    billed_hours = fields.Float(
        "Hours to Bill",
        compute="_compute_billed_hours",
        compute_sudo=True,
        help="Hours to bill of all time entries of the ticket.",
        groups="base.group_user",
    )

    @api.depends("timesheet_ids.unit_amount_rounded", "timesheet_ids.product_uom_id")
    def _compute_billed_hours(self):
        hours = defaultdict(float)
        for ticket, billed in self.env["account.analytic.line"]._read_hours(
            Domain("ticket_id", "in", self._origin.ids), ["ticket_id"]
        ):
            hours[ticket] += billed
        for ticket in self:
            unsaved = sum(ticket._get_unsaved_hours().values())
            ticket.billed_hours = round(hours[ticket._origin] + unsaved, 6)

    @api.depends("timesheet_ids.unit_amount_rounded")
    def _compute_remaining_hours_so(self):
        return super()._compute_remaining_hours_so()

    @api.depends("timesheet_ids.unit_amount_rounded")
    def _compute_hours_on_other_items(self):
        return super()._compute_hours_on_other_items()

    def _get_portal_timesheets(self):
        """Time that is hidden from customers is not on the ticket's page (W5)."""
        return (
            super()
            ._get_portal_timesheets()
            .filtered(lambda entry: entry.billing_charge != "hide")
        )
