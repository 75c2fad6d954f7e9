from datetime import timedelta

from odoo import api, fields, models

from .. import forecast
from .prepaid_hours_alert_rule import FIRST_RULES


class ResCompany(models.Model):
    _inherit = "res.company"

    hours_portal_order = fields.Boolean(
        "Customers Order More Hours",
        help="Customers find Order More Hours in the portal: a quotation for the same"
        " hours, which the salesperson confirms.",
    )
    # up to where changes were looked for, and the last day that ends were looked at
    hours_alert_since = fields.Datetime(
        copy=False, export_string_translation=False, groups="base.group_system"
    )
    hours_alert_day = fields.Date(
        copy=False, export_string_translation=False, groups="base.group_system"
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_hours_alert_rules()
        return companies

    def _create_hours_alert_rules(self):
        """The rules that a company starts with (AL1)."""
        # sudo: they come with the company, whoever may create that
        self.env["prepaid.hours.alert.rule"].sudo().create(
            [
                {"company_id": company.id, **rule}
                for company in self
                for rule in FIRST_RULES
            ]
        )

    def _get_hours_calendar(self, today):
        """The working days of the company, around a day (F1).

        Days off are those of its working schedule that are nobody's own.
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("company_id", "in", (self.id, False)),
                ("calendar_id", "in", (calendar.id, False)),
                ("resource_id", "=", False),
                ("date_to", ">=", today - timedelta(weeks=forecast.WEEKS[-1])),
                ("date_from", "<=", today + timedelta(days=forecast.DAYS_AHEAD)),
            ]
        )
        holidays = []
        for leave in leaves:
            first, last = self._get_day(leave.date_from), self._get_day(leave.date_to)
            holidays += [
                first + timedelta(days=number)
                for number in range((last - first).days + 1)
            ]
        weekdays = {int(day) for day in calendar.attendance_ids.mapped("dayofweek")}
        return forecast.Calendar(weekdays, holidays)
