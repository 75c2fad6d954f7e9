from datetime import datetime

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill_timer.hooks import uninstall_hook

from .common import TimerCommon

# A Tuesday; the company's schedule is 8 to 12 and 13 to 17.
TUESDAY = "2026-03-17"
WEDNESDAY = "2026-03-18"


@tagged("post_install", "-at_install")
class TestTimerOvernight(TimerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.tz = "Europe/Bucharest"  # two hours ahead of UTC in March
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Office", "tz": "Europe/Bucharest"}
        )
        cls.employee.resource_calendar_id = cls.calendar

    def _look(self, ticket):
        ticket = ticket.with_user(self.agent)
        ticket.invalidate_recordset()
        return ticket.timer_left_running

    def _open_stop(self):
        return self._open(self.ticket.with_user(self.agent).button_end_work())

    def test_timer_left_overnight_asks_for_hours(self):
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
            self.assertFalse(self._look(self.ticket))
            self.assertFalse(self._open_stop().left_running)
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            self.assertTrue(self._look(self.ticket))
            dialog = self._open_stop()
            self.assertTrue(dialog.left_running)
            # 14:00 to 17:00 of the schedule, not 19 hours
            self.assertEqual(dialog.hours, 3)
            dialog.name = "Cleaned the rollers"
            dialog.hours = 2.5
            dialog.save().action_stop()
        self.assertEqual(self.ticket.timesheet_ids.unit_amount, 2.5)
        self.assertEqual(str(self.ticket.timesheet_ids.date), TUESDAY)

    def test_timer_left_overnight_outside_the_schedule_proposes_nothing(self):
        with freeze_time(f"{TUESDAY} 15:40:00"):
            self._start(self.ticket)
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            self.assertEqual(self._open_stop().hours, 0)

    def test_timer_left_overnight_counts_days_in_the_time_zone_of_the_user(self):
        with freeze_time(f"{TUESDAY} 21:50:00"):  # 23:50 in Bucharest
            self._start(self.ticket)
        with freeze_time(f"{TUESDAY} 22:10:00"):
            self.assertTrue(self._look(self.ticket))
            self.assertFalse(self._look(self.ticket.with_context(tz="UTC")))

    def test_timer_of_more_than_ten_hours_is_left_running(self):
        with freeze_time(f"{TUESDAY} 05:00:00"):
            self._start(self.ticket)
        with freeze_time(f"{TUESDAY} 15:00:00"):
            self.assertFalse(self._look(self.ticket))
            self.assertEqual(self._open_stop().hours, 10)
        with freeze_time(f"{TUESDAY} 15:01:00"):
            self.assertTrue(self._look(self.ticket))
            self.assertEqual(self._open_stop().hours, 8)

    def test_timer_left_overnight_asks_when_another_one_starts(self):
        other = self._create_ticket()
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            dialog = self._open(self._start(other))
            self.assertTrue(dialog.running_timer_left_running)
            self.assertEqual(dialog.running_timer_hours, 3)
            dialog.running_timer_hours = 1
            dialog.running_timer_name = "Cleaned the rollers"
            dialog.save().action_switch()
        self.assertEqual(self.ticket.total_hours, 1)
        self.assertEqual(
            self._get_running().date_time, datetime.fromisoformat(f"{WEDNESDAY}T07:00")
        )

    def test_timer_left_overnight_is_its_owners_matter(self):
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            self.assertFalse(self.ticket.with_user(self.colleague).timer_left_running)
            self.assertFalse(self.ticket.with_user(self.colleague).timer_start)

    def test_timer_entry_of_the_night_is_moved_to_the_date_that_is_written(self):
        with freeze_time(f"{TUESDAY} 22:30:00"):  # half past midnight in Bucharest
            entries = self._log(self.ticket, 1) | self._log(self.ticket, 2)
            entries.with_user(self.agent).write({"date": "2026-03-10"})
        self.assertEqual({str(entry.date) for entry in entries}, {"2026-03-10"})
        self.assertEqual(str(entries[:1].date_time), "2026-03-09 22:30:00")

    def _get_asked(self):
        self.env["account.analytic.line"]._cron_notice_timers()
        return self.ticket.activity_ids

    def test_timer_left_overnight_is_asked_about_once_among_the_activities(self):
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
            self.assertFalse(self._get_asked())
        with freeze_time(f"{TUESDAY} 22:10:00"):  # the day after in Bucharest
            asked = self._get_asked()
            self.assertEqual(asked.user_id, self.agent)
            self.assertEqual(str(asked.date_deadline), WEDNESDAY)
            self.assertIn("enter the hours that you worked", asked.summary)
            self.assertEqual(self._get_asked(), asked)
            self.assertNotIn(self.agent.partner_id, self.ticket.message_partner_ids)
            self._stop(self.ticket, hours=3)
        self.assertFalse(self.ticket.activity_ids)

    def test_timer_discarded_is_not_asked_about_any_more(self):
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            self.assertTrue(self._get_asked())
            self._open_stop().save().action_discard()
        self.assertFalse(self.ticket.activity_ids)

    def test_timer_stopped_elsewhere_is_not_asked_about_any_more(self):
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            self.assertTrue(self._get_asked())
            self._get_running().unit_amount = 3
            self.assertFalse(self._get_asked())

    def test_timer_whose_question_was_marked_as_done_is_not_asked_about_again(self):
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            self._get_asked().action_feedback("It runs on purpose.")
            self.assertFalse(self._get_asked())
        uninstall_hook(self.env)
        kind = self.env.ref("helpdesk_track_bill_timer.mail_activity_type_timer")
        self.assertFalse(
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search([("activity_type_id", "=", kind.id)])
        )

    def test_timer_uninstalled_asks_nobody(self):
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            self.assertTrue(self._get_asked())
        uninstall_hook(self.env)
        self.assertFalse(self.ticket.activity_ids)

    def test_timer_left_overnight_asks_nobody_who_lost_the_ticket_or_left(self):
        with freeze_time(f"{TUESDAY} 12:00:00"):
            self._start(self.ticket)
            self._start(self.ticket, self.colleague)
        self.team.user_ids -= self.agent
        self.colleague.active = False
        with freeze_time(f"{WEDNESDAY} 07:00:00"):
            self.assertFalse(self._get_asked())
