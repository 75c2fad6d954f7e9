from datetime import timedelta

import pytz
from odoo import api, fields, models


class ProjectTimeType(models.Model):
    _inherit = "project.time.type"

    by_calendar = fields.Boolean(
        "After Hours by Calendar",
        help="Proposed when a timer stops, where most of its time lies outside the"
        " company's working hours, public holidays included.",
    )

    @api.model
    def _choose_by_calendar(self, company, start, hours):
        """The kind of work that the company's calendar makes of a piece of work.

        :param datetime start: in UTC
        :param hours: hours worked from then on
        :returns: a kind of work; empty for working hours, and where no kind of work
            or no calendar decides
        """
        # sudo: agents may not read the schedule of every company
        calendar = company.sudo().resource_calendar_id
        kind = self.search([("by_calendar", "=", True)], limit=1)
        if not kind or not calendar or calendar.flexible_hours or not hours > 0:
            return self
        start = pytz.utc.localize(start)
        end = start + timedelta(hours=hours)
        within = calendar.get_work_hours_count(start, end)
        return kind if hours - within > hours / 2 else self
