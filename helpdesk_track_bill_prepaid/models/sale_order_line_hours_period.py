from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_duration

# periods that one run of the scheduled action closes between two commits
CLOSED_AT_ONCE = 1000


class SaleOrderLineHoursPeriod(models.Model):
    """A stretch of a block with hours of its own (C1-C5).

    Dates and closing are stored; the figures are the engine's, from the ordered hours,
    the time entries and the adjustments: there is no sum that could disagree. Who may
    see the customer's tickets reads periods; no prices are here.
    """

    _name = "sale.order.line.hours.period"
    _description = "Period of Prepaid Hours"
    _order = "partner_id, line_id, number"

    line_id = fields.Many2one(
        "sale.order.line",
        "Sales Order Item",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(compute="_compute_name", compute_sudo=True)
    number = fields.Integer(required=True, help="Place among the block's periods.")
    partner_id = fields.Many2one(
        related="line_id.order_partner_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    date_start = fields.Date("From")
    date_end = fields.Date("Until", index=True)
    closed = fields.Boolean(index=True)
    # by a manager: it stays open from then on as long as after its end
    reopened_on = fields.Date(export_string_translation=False)
    closed_hours_granted = fields.Float(
        help="Hours granted to the period when it was closed: later changes of the"
        " ordered quantity are shared among the open ones.",
    )
    hours_granted = fields.Float(
        "Bought",
        compute="_compute_hours",
        compute_sudo=True,
        help="The period's share of the ordered hours.",
    )
    hours_carried_in = fields.Float(
        "Carried In",
        compute="_compute_hours",
        compute_sudo=True,
        help="Hours that came from the period before; less than none where it was"
        " overdrawn.",
    )
    hours_adjusted = fields.Float(
        "Adjusted",
        compute="_compute_hours",
        compute_sudo=True,
        help="Hours that managers added, less those they took.",
    )
    hours_used = fields.Float("Used", compute="_compute_hours", compute_sudo=True)
    hours_left = fields.Float("Left", compute="_compute_hours", compute_sudo=True)
    hours_carried_on = fields.Float(
        "Carried On",
        compute="_compute_hours",
        compute_sudo=True,
        help="Hours that the next period begins with; less than none where this one is"
        " overdrawn.",
    )
    hours_expired = fields.Float(
        "Expired",
        compute="_compute_hours",
        compute_sudo=True,
        help="Hours that were neither used nor carried on.",
    )
    state = fields.Selection(
        related="line_id.hours_state", string="State", related_sudo=True
    )

    _number_unique = models.UniqueIndex("(line_id, number)")
    _open_index = models.Index("(date_end) WHERE closed IS NOT TRUE")
    # a block is found by its first period
    _block_index = models.Index("(partner_id, line_id) WHERE number = 0")

    @api.depends("line_id", "date_start", "date_end")
    @api.depends_context("lang")
    def _compute_name(self):
        for period in self:
            # sudo by the field: a name without prices (A1)
            period.name = period.line_id._get_hours_name()

    # the figures follow from what the standing of their block does
    @api.depends("line_id.hours_usable", "number")
    def _compute_hours(self):
        standings = self.line_id._get_standings()
        for period in self:
            standing = standings.get(period.line_id)
            found = (
                standing.periods[period.number]
                if standing and period.number < len(standing.periods)
                else None
            )
            for name in (
                "hours_granted",
                "hours_carried_in",
                "hours_adjusted",
                "hours_used",
                "hours_left",
                "hours_carried_on",
                "hours_expired",
            ):
                period[name] = round(getattr(found, name), 6) if found else 0.0

    # ------------------------------------------------------------------
    # Closing (C4)
    # ------------------------------------------------------------------
    def _close(self):
        """Close periods, the first of a block first; closed ones stay as they are."""
        due = self.filtered(lambda period: not period.closed)
        # all at once, as each that is closed changes the figures of its block
        granted = {period: period.hours_granted for period in due}
        for period, hours in granted.items():
            period.write({"closed_hours_granted": hours, "closed": True})

    @api.model
    def _cron_close(self):
        """Close what ended long enough ago, in batches; the next run goes on."""
        cron = self.env["ir.cron"]
        left = 0
        open_periods = self._read_group([("closed", "=", False)], ["company_id"])
        for number, (company,) in enumerate(open_periods, 1):
            others = len(open_periods) - number
            while periods := self._find_due(company):
                periods._close()
                left = self.search_count(self._domain_due(company)) + others
                if not cron._commit_progress(len(periods), remaining=left) and left:
                    return
        if left:
            # the companies that were still to come had nothing to close
            cron._commit_progress(remaining=0)

    @api.model
    def _domain_due(self, company):
        """Open periods of a company that ended long enough ago."""
        last = fields.Date.subtract(
            company._get_today(), days=company.hours_closing_days + 1
        )
        return (
            Domain("company_id", "=", company.id)
            & Domain("closed", "=", False)
            & Domain("date_end", "<=", last)
            # what was opened again stays open as long, and so does what comes after it
            & ~Domain(
                "line_id.hours_period_ids",
                "any",
                [("closed", "=", False), ("reopened_on", ">", last)],
            )
            # those of a cancelled order have no hours, until it is confirmed again
            & Domain("line_id.state", "=", "sale")
        )

    @api.model
    def _find_due(self, company):
        """The next periods to close, block by block: each is looked at once."""
        return self.search(
            self._domain_due(company), limit=CLOSED_AT_ONCE, order="line_id.id, number"
        )

    def _reopen(self, reason):
        """Open a closed period again, and note why (C4).

        :raises UserError: where a later period of the block is closed
        """
        self.ensure_one()
        later = self.search_count(
            [
                ("line_id", "=", self.line_id.id),
                ("number", ">", self.number),
                ("closed", "=", True),
            ],
            limit=1,
        )
        if later:
            raise UserError(
                self.env._(
                    "A later period of %(block)s is closed: open that one first.",
                    block=self.name,
                )
            )
        today = self.company_id._get_today()
        self.write({"closed": False, "reopened_on": today})
        self.line_id.order_id.message_post(
            body=self.env._(
                "%(block)s: the period until %(date)s was opened again: %(reason)s",
                block=self.name,
                date=format_date(self.env, self.date_end),
                reason=reason,
            )
        )

    def _adjust(self, hours, reason):
        """Add hours to the period, or take them (negative), and note why (V5).

        :raises UserError: where that takes hours that frozen time has used, or more
            than there are
        """
        self.ensure_one()
        line = self.line_id
        line._lock_accounts()
        before, frozen = line._open_account(), line._open_frozen_account()
        # today, or the day of the period that is next to it
        day = self.company_id._get_today()
        day = max(day, self.date_start or day)
        self.env["sale.order.line.hours.adjustment"].create(
            {
                "line_id": line.id,
                "date": min(day, self.date_end or day),
                "hours": hours,
                "reason": reason,
            }
        )
        line._refit_hours(before)
        if line._open_frozen_account().is_shorter_than(frozen, line.id):
            raise UserError(
                self.env._(
                    "%(block)s has not so many hours left to take: enter fewer.",
                    block=self.name,
                )
            )
        line.order_id.message_post(
            body=self.env._(
                "%(block)s: %(hours)s hours adjusted: %(reason)s",
                block=self.name,
                hours=f"{'+' if hours > 0 else ''}{format_duration(hours)}",
                reason=reason,
            )
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_adjust(self):
        return self._get_wizard("adjust", self.env._("Adjust Hours"))

    def action_reopen(self):
        return self._get_wizard("reopen", self.env._("Open Again"))

    def _get_wizard(self, kind, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "sale.order.line.hours.adjust",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_period_id": self.id, "default_kind": kind},
        }

    def action_view_entries(self):
        """Open the time that the figures of the periods count."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_track_bill.timesheet_action_from_ticket"
        )
        return {
            **action,
            "display_name": ", ".join(dict.fromkeys(self.mapped("name"))),
            "domain": list(self._domain_time()),
            "context": {"is_timesheet": 1},
        }

    def _domain_time(self):
        """Time that draws from the periods, whoever decided it.

        Time before the first day counts in the first period, and after the last day in
        the last.
        """
        domain = Domain.FALSE
        # sudo: days and items only; who reads periods may not read orders
        for period in self.sudo():
            periods = period.line_id.hours_period_ids.sorted("number")
            drawn = self.env["prepaid.account"]._domain_used(period.line_id)
            if period != periods[0]:
                drawn &= Domain("date", ">=", period.date_start)
            if period != periods[-1]:
                drawn &= Domain("date", "<=", period.date_end)
            domain |= drawn
        return domain

    @api.model
    def _find_by_day(self, pairs):
        """The period that holds each pair of item and day.

        :param pairs: (item, date)
        :returns: ``{(item, date): period}``
        """
        if not pairs:
            return {}
        lines = self.env["sale.order.line"].union(*(line for line, _day in pairs))
        # sudo: of which period an entry is follows from its item
        lines._origin.sudo()._read_periods()
        found = {}
        for line, day in pairs:
            for period in line._origin.sudo().hours_period_ids:
                if (not period.date_start or period.date_start <= day) and (
                    not period.date_end or day <= period.date_end
                ):
                    found[line, day] = period
        return found
