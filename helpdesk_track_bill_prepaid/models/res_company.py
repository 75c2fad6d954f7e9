import pytz
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    hours_closing_days = fields.Integer(
        "Close Prepaid Periods After",
        default=7,
        help="Days after the end of a period of prepaid hours until it is closed.",
    )

    def _get_hours_today(self):
        """The day where the company works: in the time zone of its calendar, or UTC."""
        return self._get_hours_day(fields.Datetime.now())

    def _get_hours_day(self, moment):
        """The day of a moment in UTC where the company works."""
        self.ensure_one()
        zone = pytz.timezone(self.resource_calendar_id.tz or "UTC")
        return pytz.utc.localize(moment).astimezone(zone).date()
