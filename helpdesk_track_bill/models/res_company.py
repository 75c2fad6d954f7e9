import pytz
from odoo import api, fields, models

from odoo.addons.sale_timesheet_books.tools import get_unit


class ResCompany(models.Model):
    _inherit = "res.company"

    allow_long_timesheets = fields.Boolean(
        "Entries over 24 Hours",
        help="One time entry on a ticket may have more than 24 hours.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Teams of no company have a project in new companies, too (T2)."""
        companies = super().create(vals_list)
        # sudo: who creates companies needs no rights on teams
        teams = self.env["helpdesk.ticket.team"].sudo().with_context(active_test=False)
        teams.search(
            [("company_id", "=", False), ("allow_timesheet", "=", True)]
        )._give_projects()
        return companies

    def _get_today(self):
        """The day where the company works, wherever the user and the server are."""
        return self._get_day(fields.Datetime.now())

    def _get_day(self, moment):
        """The day of a moment in UTC, in the time zone of the company's calendar."""
        self.ensure_one()
        # sudo: agents may not read the schedule of every company
        zone = pytz.timezone(self.sudo().resource_calendar_id.tz or "UTC")
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _records_days(self):
        """Whether time is entered and shown in days, not in hours (K5)."""
        return self.timesheet_encode_uom_id == get_unit(self.env, "day")
