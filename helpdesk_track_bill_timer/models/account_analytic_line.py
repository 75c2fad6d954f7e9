from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from odoo.addons.sale_timesheet_books.tools import get_unit

# A timer that runs for longer was forgotten, even on the day it was started.
MOST_HOURS_AT_A_STRETCH = 10
TIMER_ACTIVITY = "helpdesk_track_bill_timer.mail_activity_type_timer"
# What core writes where nobody described the work.
NO_DESCRIPTION = "/"
# What makes an entry a running timer.
STARTING_FIELDS = {"date_time", "employee_id", "project_id", "unit_amount", "user_id"}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._check_one_timer()
        return entries

    def write(self, vals):
        if vals.get("date_time"):
            # the addon below dates the entry by its start, where nothing above sees it
            vals = self._eval_date(vals)
        date = fields.Date.to_date(vals.get("date"))
        if "date" in vals and not date:
            # the addon below cannot make a start time of it; a date is required anyway
            vals = {"date_time": False, **vals}
        on_tickets = self.browse()
        if date and "date_time" not in vals:
            on_tickets = self.filtered(
                lambda entry: entry.ticket_id and entry.date_time
            )
        for entry in on_tickets:
            # the addon below takes the time in UTC: at night that is another day's
            start = entry._get_start_on(date)
            super(AccountAnalyticLine, entry).write({**vals, "date_time": start})
        res = super(AccountAnalyticLine, self - on_tickets).write(vals)
        if not STARTING_FIELDS.isdisjoint(vals):
            self._check_one_timer()
        return res

    def _check_one_timer(self):
        """A user starts one timer at a time, however it is started.

        Programs that run as superuser are left alone, and so is who empties the hours
        of somebody else's entry: neither starts to work on it. (No constraint, which
        always runs as superuser.)

        :raises UserError: where another timer of the user is running
        """
        started = self.filtered(
            lambda entry: entry.user_id == self.env.user and entry._is_timer_running()
        )
        if started and not self.env.su:
            self._lock_own_timers()
            others = self._get_own_timers() - started[:1]
            if others:
                others[:1]._raise_timer_running()

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def button_end_work(self):
        """Stopping a timer on a ticket asks for the description and the hours."""
        entry = self.filtered("ticket_id")[:1]
        if not entry:
            return super().button_end_work()
        entry._check_timer_running()
        return {
            "name": self.env._("Stop Timer"),
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.timer.stop",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_entry_id": entry.id},
        }

    # ------------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------------
    def _with_own_companies(self):
        """The entries with every company of the user selected.

        A timer runs on in companies that are not selected just now.
        """
        return self.with_context(allowed_company_ids=self.env.user.company_ids.ids)

    @api.model
    def _domain_timer_running(self):
        """The entries of which :meth:`_is_timer_running` is true, as a domain.

        Time that is billed without work runs no longer: it has its hours.
        """
        return (
            Domain("project_id", "!=", False)
            & Domain("date_time", "!=", False)
            & Domain("unit_amount", "=", 0)
            & ~self._domain_with_hours()
        )

    @api.model
    def _running_domain(self):
        """The timers that can be stopped; time billed without work is none."""
        return [*super()._running_domain(), *~self._domain_with_hours()]

    def _compute_show_time_control(self):
        """Work that is billed without hours is resumed: no timer runs on it."""
        res = super()._compute_show_time_control()
        for entry in self:
            if entry.show_time_control == "stop" and entry._get_hours():
                entry.show_time_control = "resume"
        return res

    @api.model
    def _domain_to_invoice(self):
        """A timer that runs has no time to invoice yet."""
        return super()._domain_to_invoice() & ~self._domain_timer_running()

    @api.model
    def _get_own_timers(self):
        """The user's running entries, the newest first.

        More than one only where a program, or who corrects the time of others, left
        entries without hours.
        """
        return self._with_own_companies().search(
            Domain("user_id", "=", self.env.uid) & self._domain_timer_running(),
            order="date_time desc, id desc",
        )

    @api.model
    def _lock_own_timers(self):
        """Let one transaction at a time start a timer for the user.

        One that waited for another cannot see what that has started: the update makes
        it fail, and the server repeats it with the timer in view.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE hr_employee SET write_date = write_date WHERE user_id = %s",
                self.env.uid,
            )
        )

    def _get_start_on(self, date):
        """The start time, moved to a date in the user's time zone.

        :returns: a naive datetime in UTC
        """
        self.ensure_one()
        local = fields.Datetime.context_timestamp(self, self.date_time)
        moved = self.env.tz.localize(datetime.combine(date, local.time()))
        return moved.astimezone(pytz.utc).replace(tzinfo=None)

    def _is_timer_running(self):
        self.ensure_one()
        return bool(
            self.project_id
            and self.date_time
            and not self.unit_amount
            and not self._get_hours()
        )

    def _is_timer_left_running(self):
        """Whether a timer was forgotten: started on an earlier day, or too long ago."""
        self.ensure_one()
        if not self.date_time:
            # stopped meanwhile, in another window
            return False
        start = fields.Datetime.context_timestamp(self, self.date_time)
        hours = self._duration(self.date_time, fields.Datetime.now())
        return (
            start.date() < fields.Date.context_today(self)
            or hours > MOST_HOURS_AT_A_STRETCH
        )

    def _propose_timer_hours(self, end):
        """Hours to write when a timer stops, in whole minutes, at least one.

        For a timer that was left running: the hours of the employee's working schedule
        from its start to the end of that day; 0 if there are none, for the user to say.

        :param datetime end: when the timer stops, in UTC
        """
        self.ensure_one()
        if not self._is_timer_left_running():
            return max(round(self._duration(self.date_time, end) * 60), 1) / 60
        start = pytz.utc.localize(self.date_time)
        next_day = start.astimezone(self.env.tz).date() + timedelta(days=1)
        midnight = self.env.tz.localize(datetime.combine(next_day, time.min))
        # sudo: users may not read their own employee
        calendar = self.sudo().employee_id.resource_calendar_id
        hours = calendar and calendar.get_work_hours_count(start, midnight)
        return round(hours * 60) / 60 if hours else 0

    def _check_timer_running(self):
        """
        :raises AccessError: where the user may not write the entry
        :raises UserError: where the timer was stopped, in another window for example
        """
        self.ensure_one()
        self.check_access("write")
        if not self._is_timer_running():
            raise UserError(
                self.env._(
                    "The timer on %(work)s is stopped already: reload the page.",
                    work=self._get_timer_name(),
                )
            )

    def _raise_timer_running(self):
        raise UserError(
            self.env._(
                "Your timer is running on %(work)s since %(start)s: stop it before you"
                " start another one, or enter the hours spent.",
                work=self._get_timer_name(),
                start=format_datetime(self.env, self.date_time, dt_format="short"),
            )
        )

    def _get_timer_name(self):
        # sudo: users may not read the project of their own time
        entry = self.sudo()
        return (entry.ticket_id or entry.task_id or entry.project_id).display_name

    def _get_described_work(self):
        """The description, or False where core wrote its placeholder for none."""
        return self.name if self.name != NO_DESCRIPTION else False

    def _stop_timer(self, hours, description):
        """Write what was worked, on a timer that runs on a ticket.

        What was not logged before draws from the item that the ticket has now (E1),
        unless one was chosen on the entry.

        :param float hours: hours, converted to the unit of the entry
        :raises UserError: where the timer does not run any more
        :raises ValidationError: without a description or hours
        """
        self._check_timer_running()
        description = (description or "").strip()
        if description in ("", NO_DESCRIPTION):
            raise ValidationError(
                self.env._(
                    "The time on %(work)s has no description: describe what you did.",
                    work=self._get_timer_name(),
                )
            )
        if not hours > 0:
            raise ValidationError(
                self.env._(
                    "The time on %(work)s has no hours: enter the hours spent, or"
                    " discard the timer.",
                    work=self._get_timer_name(),
                )
            )
        hour = get_unit(self.env, "hour")
        unit = self.product_uom_id or hour
        # sudo: the ticket may be out of the user's sight by now; its item's id alone
        ticket = self.sudo().ticket_id
        item = {} if self.is_so_line_edited else self._get_ticket_item_vals(ticket)
        self.write(
            {
                "name": description,
                "unit_amount": hour._compute_quantity(hours, unit, round=False),
                **item,
            }
        )
        self._unlink_timer_activities()

    def _discard_timer(self):
        """Delete a running entry: nothing was worked.

        :raises UserError: where the timer does not run any more
        """
        self._check_timer_running()
        self._unlink_timer_activities()
        self.unlink()

    def _unlink_timer_activities(self):
        """Nobody is asked any more about timers that are stopped."""
        for entry in self:
            # sudo: agents with own tickets may not write what was assigned anew
            entry.ticket_id.sudo().activity_unlink(
                [TIMER_ACTIVITY], user_id=entry.user_id.id
            )

    @api.model
    def _cron_notice_timers(self):
        """Ask who left a timer running on a ticket, among their activities."""
        timers = self.search(
            self._domain_timer_running()
            & Domain("ticket_id", "!=", False)
            & Domain("user_id.active", "=", True)
        )
        # the day is over where the user is
        left = timers.filtered(
            lambda entry: (
                entry._with_time_zone_of_user()._is_timer_left_running()
                and entry.ticket_id.with_user(entry.user_id).has_access("read")
            )
        ).grouped(lambda entry: (entry.ticket_id.id, entry.user_id.id))
        # those marked as done are archived: who said so is not asked again
        activities = self.env["mail.activity"].with_context(active_test=False)
        asked = activities.search(
            Domain("activity_type_id", "=", self.env.ref(TIMER_ACTIVITY).id)
            & Domain("res_model", "=", "helpdesk.ticket")
            & Domain("automated", "=", True)
        )
        asked = asked.grouped(lambda activity: (activity.res_id, activity.user_id.id))
        for key, activities in asked.items():
            if key not in left:
                # stopped in a way that is not the ticket's
                activities.unlink()
        for key, entries in left.items():
            if key not in asked:
                entries._ask_about_timer()

    def _ask_about_timer(self):
        """Remind the user of entries of one ticket that they left running."""
        entry = self[:1]._with_time_zone_of_user()
        entry = entry.with_context(lang=entry.user_id.lang)
        ticket, partner = entry.ticket_id, entry.user_id.partner_id
        following = partner in ticket.message_partner_ids
        ticket.activity_schedule(
            TIMER_ACTIVITY,
            fields.Date.context_today(entry),
            user_id=entry.user_id.id,
            summary=entry.env._(
                "Your timer was left running since %(start)s: stop it and enter the"
                " hours that you worked.",
                start=format_datetime(entry.env, entry.date_time, dt_format="short"),
            ),
        )
        if not following:
            # activities make their user a follower, who may see more than others
            ticket.message_unsubscribe(partner.ids)

    def _with_time_zone_of_user(self):
        return self.with_context(tz=self.user_id.tz or "UTC")

    def _timesheet_get_portal_domain(self):
        """Customers see time that was spent or is billed, not a timer that runs."""
        return Domain(super()._timesheet_get_portal_domain()) & (
            Domain("ticket_id", "=", False)
            | Domain("unit_amount", "!=", 0)
            | self._domain_with_hours()
        )
