from collections import defaultdict
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain

# by what the page sums the time
GROUPS = ("ticket_team_id", "ticket_commercial_partner_id", "employee_id")
# the most customers and agents that the page lists
MOST_ROWS = 10
# days to which each class of age goes
AGES = (30, 60, 90)


class HelpdeskTimeOverview(models.AbstractModel):
    """The page Helpdesk > Reporting > Overview: where the time of a period went.

    Of the entries and tickets that the user may see.
    """

    _name = "helpdesk.time.overview"
    _description = "Overview of time on tickets"

    @api.model
    def get_overview(self, period="last_month"):
        """What the page shows; each figure and row with what it counts.

        :param period: ``this_month``, ``last_month`` or ``last_quarter``, the three
            months before this one
        :returns: ``{"figures": […], "tables": […]}``; hours are in hours, shares from
            0 to 1; each figure and row has the model and domain of what it counts
        """
        days = self._get_days(period)
        entries = Domain("ticket_id", "!=", False) & Domain("project_id", "!=", False)
        in_period = entries & self._domain_days("date", days)
        billable = in_period & Domain("so_line", "!=", False)
        hours, billable_hours = map(self._sum_hours, (in_period, billable))
        titles = {
            "ticket_team_id": self.env._("Team"),
            "ticket_commercial_partner_id": self.env._("Customer"),
            "employee_id": self.env._("Agent"),
        }
        return {
            "figures": [
                {
                    "name": "hours",
                    "title": self.env._("Time Spent"),
                    "hours": sum(hours["ticket_team_id"].values()),
                    "model": "account.analytic.line",
                    "domain": list(in_period),
                },
                {
                    "name": "billable",
                    "title": self.env._("Billable"),
                    "hours": sum(billable_hours["ticket_team_id"].values()),
                    "model": "account.analytic.line",
                    "domain": list(billable),
                },
                *self._get_ticket_figures(days),
            ],
            "tables": [
                *(
                    self._get_table(
                        name, titles[name], in_period, hours[name], billable_hours[name]
                    )
                    for name in GROUPS
                ),
                self._get_age_table(entries),
            ],
        }

    def _get_days(self, period):
        """First day of a period, and the first one after it."""
        today = fields.Date.context_today(self)
        month = today.replace(day=1)
        if period == "last_quarter":
            return month - relativedelta(months=3), month
        if period == "this_month":
            return month, month + relativedelta(months=1)
        return month - relativedelta(months=1), month

    def _domain_days(self, name, days):
        first, after = (day.isoformat() for day in days)
        return Domain(name, ">=", first) & Domain(name, "<", after)

    def _sum_hours(self, domain):
        """Hours of a domain: ``{field: {group: hours}}``, by one query."""
        sums = {name: defaultdict(float) for name in GROUPS}
        answers = self.env["account.analytic.line"]._read_hours_by(
            domain, [[name] for name in GROUPS], billed=False
        )
        for name, rows in zip(GROUPS, answers, strict=True):
            for group, hours in rows:
                sums[name][group] += hours
        return sums

    def _get_ticket_figures(self, days):
        tickets = self.env["helpdesk.ticket"]
        closed = Domain("closed_without_time", "=", True) & self._domain_days(
            "closed_date", days
        )
        over = Domain("closed", "=", False) & Domain("remaining_hours_so", "<", 0)
        return [
            {
                "name": name,
                "title": title,
                "count": tickets.search_count(domain),
                "model": tickets._name,
                "domain": list(domain),
            }
            for name, title, domain in (
                ("over", self.env._("Open Tickets over Prepaid Hours"), over),
                ("closed", self.env._("Closed without Time"), closed),
            )
        ]

    def _get_table(self, field, title, domain, hours_by_group, billable_hours):
        """Hours and their billable share by a field, the most hours first."""
        groups = sorted(hours_by_group, key=lambda group: -hours_by_group[group])
        return {
            "name": field,
            "title": title,
            "rows": [
                {
                    "id": group.id,
                    # sudo: only names, of what the user's own sum counts
                    "title": group.sudo().display_name or self.env._("None"),
                    "hours": hours_by_group[group],
                    "share": hours_by_group[group]
                    and billable_hours[group] / hours_by_group[group],
                    "model": "account.analytic.line",
                    "domain": list(domain & Domain(field, "=", group.id)),
                }
                for group in groups[:MOST_ROWS]
            ],
        }

    def _get_age_table(self, entries):
        """Hours to invoice by the age of the entries, whatever the period (W1)."""
        domain = entries & self.env["account.analytic.line"]._domain_to_invoice()
        today = fields.Date.context_today(self)
        # dates that bound the classes, from the newest on
        bounds = [today - timedelta(days=days) for days in AGES]
        hours_by_day = self.env["account.analytic.line"]._sum_hours(
            domain, ["date:day"]
        )
        rows = []
        for number, title in enumerate(
            (
                self.env._("0 to 30 days"),
                self.env._("31 to 60 days"),
                self.env._("61 to 90 days"),
                self.env._("Over 90 days"),
            )
        ):
            since = bounds[number] if number < len(bounds) else date(1, 1, 1)
            before = bounds[number - 1] if number else date(9999, 1, 1)
            in_class = self._domain_days("date", (since, before))
            rows.append(
                {
                    "id": number,
                    "title": title,
                    "hours": sum(
                        hours
                        for (day,), hours in hours_by_day.items()
                        if since <= day < before
                    ),
                    # the report knows what is unbilled, whoever may read invoices
                    "model": "timesheets.analysis.report",
                    "domain": list(
                        entries & Domain("is_unbilled", "=", True) & in_class
                    ),
                }
            )
        return {
            "name": "age",
            "title": self.env._("Not Invoiced, by Age"),
            "rows": [row for row in rows if row["hours"]],
        }
