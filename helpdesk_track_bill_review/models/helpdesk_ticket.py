from collections import defaultdict

from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_duration

from odoo.addons.sale_timesheet_books.tools import get_unit

from .account_analytic_line import BILLER, HOURS_DIGITS, REVIEWER

MOST_CHARACTERS = 2000


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    billed_hours = fields.Float(
        "Hours to Bill",
        compute="_compute_billed_hours",
        compute_sudo=True,
        help="Hours to bill of all time entries of the ticket.",
        groups="base.group_user",
    )

    review_time = fields.Boolean(
        related="team_id.review_time",
        export_string_translation=False,
        groups="base.group_user",
    )
    show_billed_hours = fields.Boolean(
        compute="_compute_show_billed_hours",
        export_string_translation=False,
        groups="base.group_user",
    )

    @api.depends("team_id.show_billed_hours")
    @api.depends_context("uid")
    def _compute_show_billed_hours(self):
        """Agents see hours to bill where their team shows them (section Rights)."""
        user = self.env.user
        decides = user.has_group(REVIEWER) or user.has_group(BILLER)
        for ticket in self:
            # sudo: agents may not read every team
            ticket.show_billed_hours = (
                decides or ticket.sudo().team_id.show_billed_hours
            )

    @api.depends("timesheet_ids.unit_amount_rounded", "timesheet_ids.product_uom_id")
    def _compute_billed_hours(self):
        hours = self.env["account.analytic.line"]._sum_hours(
            Domain("ticket_id", "in", self._origin.ids), ["ticket_id"]
        )
        for ticket in self:
            unsaved = sum(ticket._get_unsaved_hours().values())
            ticket.billed_hours = round(hours[ticket._origin,] + unsaved, 6)

    @api.depends("timesheet_ids.unit_amount_rounded")
    def _compute_remaining_hours_so(self):
        return super()._compute_remaining_hours_so()

    @api.depends("timesheet_ids.unit_amount_rounded")
    def _compute_hours_on_other_items(self):
        return super()._compute_hours_on_other_items()

    def write(self, vals):
        """Time that a ticket takes to a team that does not approve has no state."""
        res = super().write(vals)
        if "team_id" in vals:
            # sudo: all time of the ticket, whoever logged it
            self.sudo().timesheet_ids._leave_review()
        return res

    def _get_portal_timesheets(self):
        """Time that is hidden from customers is not on the ticket's page (W5)."""
        return (
            super()
            ._get_portal_timesheets()
            .filtered(lambda entry: not entry._is_hidden())
        )

    def _get_portal_time(self):
        """Hours worked stand beside those billed where they differ (W1)."""
        values = super()._get_portal_time()
        worked = {
            entry.id: entry._get_hours(billed=False)
            for entry, _billed in values["time_rows"]
        }
        return {
            **values,
            "can_question": self._can_question_time(),
            "show_worked": any(
                round(billed - worked[entry.id], 6)
                for entry, billed in values["time_rows"]
            ),
            "worked_hours": worked,
            "worked_total": sum(worked.values()),
        }

    def _get_hidden_hours(self):
        """Hours worked that customers do not see (W5): ``{ticket id: hours}``."""
        hours = defaultdict(float)
        # sudo: customers have no rights on entries; only sums of their own tickets
        entries = self.env["account.analytic.line"].sudo()
        for ticket, worked in entries._read_hours(
            Domain("ticket_id", "in", self.ids) & entries._domain_hidden(),
            ["ticket_id"],
            billed=False,
        ):
            hours[ticket.id] += worked
        return hours

    @api.model
    def _portal_hours_to_sql(self, alias, field_name):
        """Customers neither find nor sort by time that is hidden from them (W5)."""
        hours = super()._portal_hours_to_sql(alias, field_name)
        if field_name != "portal_hours":
            return hours
        self.env["account.analytic.line"].flush_model(
            ["billing_charge", "product_uom_id", "ticket_id", "unit_amount"]
        )
        hidden = SQL(
            """
            SELECT SUM(entry.unit_amount * COALESCE(unit.factor / %(hour)s, 1))
              FROM account_analytic_line entry
              LEFT JOIN uom_uom unit ON unit.id = entry.product_uom_id
             WHERE entry.ticket_id = %(ticket)s AND entry.billing_charge = 'hide'
            """,
            # sudo: customers may not read units
            hour=get_unit(self.sudo().env, "hour").factor,
            ticket=SQL.identifier(alias, "id"),
        )
        return SQL(
            "ROUND((%s - COALESCE((%s), 0))::numeric, %s)", hours, hidden, HOURS_DIGITS
        )

    def _can_question_time(self):
        """Whether the current user is the customer who sees the ticket's time (BP6)."""
        self.ensure_one()
        # sudo: only compared; customers may not read every contact
        return (
            self.sudo().commercial_partner_id == self.env.user.commercial_partner_id
            and self._is_time_shown_in_portal()
        )

    def _question_time(self, entry_id, question):
        """The customer asks about an entry: on the ticket, and to the reviewer (BP6).

        :param question: plain text
        :returns: whether it was asked; not twice, nor without a text, nor of time that
            the user does not see
        """
        self.ensure_one()
        question = (question or "").strip()[:MOST_CHARACTERS]
        if not question or not self._can_question_time():
            return False
        # as superuser already, see _get_portal_timesheets
        entry = self._get_portal_timesheets().filtered(
            lambda entry: entry.id == entry_id and not entry.is_questioned
        )
        if not entry:
            return False
        entry.is_questioned = True
        body = Markup("<p>%s</p><p>%s</p>") % (
            self.env._(
                "Question about the time of %(date)s, %(hours)s hours, %(work)s:",
                date=format_date(self.env, entry.date),
                hours=format_duration(entry._get_hours()),
                work=entry.name,
            ),
            question,
        )
        # sudo: customers post on their ticket; access was checked
        self.sudo().message_post(
            body=body,
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return True
