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
        self.ensure_one()
        zone = pytz.timezone(self.resource_calendar_id.tz or "UTC")
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(zone).date()
