import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

# weeks shown before and after today
WEEKS_BEFORE, WEEKS_AFTER = 13, 13


class ResPartner(models.Model):
    _inherit = "res.partner"

    prepaid_hours_forecast = fields.Char(
        "Hours Last Until",
        compute="_compute_prepaid_hours_forecast",
        groups="base.group_user",
        help="Until when the customer's prepaid hours last at the pace of the last"
        " weeks, with the range; as of last night.",
    )
    prepaid_hours_lasts_until = fields.Date(
        compute="_compute_prepaid_hours_forecast",
        export_string_translation=False,
        groups="base.group_user",
    )
    prepaid_hours_likely_expired = fields.Float(
        "Hours Likely to Expire",
        compute="_compute_prepaid_hours_forecast",
        groups="base.group_user",
        help="Prepaid hours that end unused, at the pace of the last weeks.",
    )
    prepaid_hours_graph = fields.Text(
        "Hours per Week",
        compute="_compute_prepaid_hours_graph",
        compute_sudo=True,
        groups="helpdesk_mgmt.group_helpdesk_manager",
        help="Prepaid hours used in the last weeks, and those to come at that pace.",
    )

    @api.depends_context("company", "lang", "uid")
    def _compute_prepaid_hours_forecast(self):
        """Nothing for who may not see that hours are left (A1)."""
        rows = self.env["prepaid.hours.forecast"]._get_by_customer(
            self.commercial_partner_id._origin, self.env.company
        )
        for partner in self:
            row = (
                rows.get(partner.commercial_partner_id._origin)
                if partner.prepaid_hours_left
                else None
            )
            partner.prepaid_hours_forecast = (
                row and row.with_context(lang=self.env.lang)._get_sentence()
            )
            partner.prepaid_hours_lasts_until = row and row.lasts_until
            partner.prepaid_hours_likely_expired = row and row.hours_expired

    @api.depends_context("company", "lang")
    def _compute_prepaid_hours_graph(self):
        """Bars of weeks, as Odoo's chart of a dashboard takes them."""
        forecasts = self.env["prepaid.hours.forecast"]
        company = self.env.company
        rows = forecasts._get_by_customer(self.commercial_partner_id._origin, company)
        today = company._get_today()
        monday = today - timedelta(days=today.weekday())
        for partner in self:
            customer = partner.commercial_partner_id._origin
            values = partner._get_used_by_week(customer, company, monday)
            row = rows.get(customer)
            if row and row.hours_per_week:
                values += partner._get_foreseen_by_week(row, today, monday)
            partner.prepaid_hours_graph = json.dumps(
                [{"key": self.env._("Hours"), "values": values}]
            )

    def _get_used_by_week(self, customer, company, monday):
        forecasts = self.env["prepaid.hours.forecast"]
        # sudo: the field is for who may see the customer's hours
        lines = self.env["sale.order.line"].sudo()
        blocks = lines._find_blocks_of(customer, company)
        used, _counts = forecasts._read_used(blocks, company._get_today())
        weeks = [
            monday - timedelta(weeks=number)
            for number in range(WEEKS_BEFORE - 1, -1, -1)
        ]
        totals = dict.fromkeys(weeks, 0.0)
        for pairs in used.values():
            for day, hours in pairs:
                week = day - timedelta(days=day.weekday())
                if week in totals:
                    totals[week] += hours
        return [self._get_bar(week, hours, "past") for week, hours in totals.items()]

    def _get_foreseen_by_week(self, row, today, monday):
        last = row.lasts_until or today + timedelta(weeks=WEEKS_AFTER)
        weeks = (
            monday + timedelta(weeks=number) for number in range(1, WEEKS_AFTER + 1)
        )
        return [
            self._get_bar(week, row.hours_per_week, "future")
            for week in weeks
            if week <= last
        ]

    def _get_bar(self, week, hours, kind):
        label = format_date(self.env, week, date_format="d MMM")
        return {"label": label, "value": round(hours, 2), "type": kind}

    def action_renew_hours(self):
        """Make or open the renewal of the customers' blocks of hours (R1)."""
        self.check_access("read")
        lines = self.env["sale.order.line"]
        return lines._get_renewable(
            self.commercial_partner_id, self.env.company
        ).action_renew_hours()
