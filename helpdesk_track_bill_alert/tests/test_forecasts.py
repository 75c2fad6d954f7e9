import json
from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import MODELS, AlertCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestForecasts(AlertCommon):
    """What the scheduled action writes; the decisions are in test_forecast.py."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.tz = "UTC"
        cls.ticket = cls._create_ticket()

    def _work(self, weeks, hours=1.0, until=date(2026, 3, 10)):
        """So many hours on each working day of some weeks."""
        for number in range(weeks * 7):
            day = until - timedelta(days=number)
            if day.weekday() < 5:
                self._log_on(self.ticket, hours, day)

    def _foresee(self):
        self.env["prepaid.hours.forecast"]._write_forecasts(self.customer, self.company)
        self.env.invalidate_all()

    def _get_block(self, line):
        return self.env["prepaid.hours.block"].browse(line.id)

    def test_F1_forecasts_are_written_at_night(self):
        cron = self.env.ref("helpdesk_track_bill_alert.ir_cron_forecast")
        self.assertEqual((cron.nextcall.hour, cron.interval_type), (1, "days"))

    def test_F1_a_steady_customer_has_a_day_and_a_range(self):
        block = self._sell_to(75, "2025-12-01")
        self._work(13)
        self._foresee()
        self.assertEqual(block.remaining_hours, 10)
        self.assertEqual(str(block.hours_lasts_until), "2026-03-24")
        self.assertEqual(str(self.customer.prepaid_hours_lasts_until), "2026-03-24")
        self.assertIn("03/24/2026", self.contact.prepaid_hours_forecast)
        self.assertEqual(str(self._get_block(block).hours_lasts_until), "2026-03-24")

    def test_F1_days_off_of_the_company_are_no_working_days(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-03-12 00:00:00",
                "date_to": "2026-03-12 23:59:59",
            }
        )
        block = self._sell_to(75, "2025-12-01")
        self._work(13)
        self._foresee()
        self.assertEqual(str(block.hours_lasts_until), "2026-03-25")

    def test_F1_not_enough_data_below_three_entries(self):
        block = self._sell_to(10)
        self._log_on(self.ticket, 1)
        self._log_on(self.ticket, 1)
        self._foresee()
        self.assertEqual(self.customer.prepaid_hours_forecast, "Not enough data")
        self.assertFalse(block.hours_lasts_until)

    def test_F1_hours_that_are_likely_to_expire(self):
        soon = self._sell_to(75, "2025-12-01", "2026-03-13")
        late = self._sell_to(50, "2025-12-01", "2026-12-31")
        self._work(13)
        self._foresee()
        self.assertEqual(str(soon.hours_lasts_until), "2026-03-13")
        self.assertAlmostEqual(soon.hours_likely_expired, 7)
        self.assertFalse(late.hours_likely_expired)
        self.assertAlmostEqual(self.customer.prepaid_hours_likely_expired, 7)

    def test_F1_blocks_are_walked_in_the_order_they_are_drawn(self):
        late = self._sell_to(50, "2025-12-01", "2026-12-31")
        soon = self._sell_to(75, "2025-12-01", "2026-04-30")
        self._work(13)
        self._foresee()
        self.assertEqual(str(soon.hours_lasts_until), "2026-03-24")
        self.assertEqual(
            late.hours_lasts_until, self.customer.prepaid_hours_lasts_until
        )

    def test_F1_allowances_carry_over(self):
        block = self._sell_to(
            360,
            "2026-01-01",
            "2026-12-31",
            hours_period="month",
            hours_carry_over="all",
        )
        self._work(8)
        self._foresee()
        self.assertTrue(block.hours_likely_expired > 0)
        self.assertEqual(str(block.hours_lasts_until), "2026-12-31")

    def test_F1_hours_that_were_carried_in_are_not_carried_on(self):
        block = self._sell_to(
            30,
            "2026-02-01",
            "2026-04-30",
            hours_period="month",
            hours_carry_over="all",
        )
        march, april = block._get_stretches(
            block._get_standings()[block], date(2026, 3, 10)
        )
        self.assertEqual((march.hours, march.carry), (20, 10))
        self.assertEqual((april.hours, april.carry), (10, 0))

    def test_F1_the_scheduled_action_goes_on_where_it_stopped(self):
        block = self._sell_to(75, "2025-12-01")
        self._work(3)
        forecasts = self.env["prepaid.hours.forecast"]
        self.assertIn(self.customer, forecasts._find_due(self.company))
        cron = self.env.ref("helpdesk_track_bill_alert.ir_cron_forecast")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(block.hours_lasts_until)
        self.assertNotIn(self.customer, forecasts._find_due(self.company))
        block.order_id._action_cancel()
        with freeze_time("2026-03-11 12:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.customer.prepaid_hours_forecast)

    def test_F1_bad_terms_of_one_do_not_stop_others(self):
        good = self._sell_to(75, "2025-12-01")
        self._work(3)
        bad = self._sell_block(
            2,
            "2026-03-01",
            "2026-03-31",
            hours_period="month",
            partner=self.other_customer,
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET hours_date_end = NULL WHERE id = %s", [bad.id]
        )
        self.env.invalidate_all()
        with self.assertLogs(f"{MODELS}.prepaid_hours_forecast", "WARNING"):
            self.env["prepaid.hours.forecast"]._write_forecasts(
                self.customer | self.other_customer, self.company
            )
        self.assertTrue(good.hours_lasts_until)
        rows = self.env["prepaid.hours.forecast"]._get_by_customer(
            self.other_customer, self.company
        )
        self.assertEqual(rows[self.other_customer].state, "few")

    def test_F1_the_chart_has_weeks_that_were_and_weeks_to_come(self):
        block = self._sell_to(75, "2025-12-01")
        self._work(13)
        self._foresee()
        (graph,) = json.loads(self._get_block(block).customer_graph)
        past = [bar for bar in graph["values"] if bar["type"] == "past"]
        future = [bar for bar in graph["values"] if bar["type"] == "future"]
        self.assertEqual([len(past), len(future)], [13, 2])
        self.assertEqual([bar["value"] for bar in past[:12]], [5] * 12)
        self.assertEqual([bar["value"] for bar in future], [5, 5])

    def test_F1_companies_have_forecasts_of_their_own(self):
        company = self._create_company()
        self._sell_to(75, "2025-12-01")
        self._work(3)
        self._foresee()
        self.assertTrue(self.customer.prepaid_hours_forecast)
        self.assertFalse(self.customer.with_company(company).prepaid_hours_forecast)

    def test_F1_agents_read_days_but_no_rows(self):
        line = self._sell_to(75, "2025-12-01")
        self._work(13)
        self._foresee()
        block = self._get_block(line).with_user(self.agent)
        self.assertEqual(str(block.hours_lasts_until), "2026-03-24")
        self.assertIn("03/24/2026", block.customer_forecast)
        self.assertIn(
            "03/24/2026", self.customer.with_user(self.agent).prepaid_hours_forecast
        )
        self.assertFalse(
            self.env["prepaid.hours.forecast"].with_user(self.agent).has_access("read")
        )

    def test_A4_who_sees_no_ticket_of_the_customer_reads_no_forecast(self):
        self._sell_to(75, "2025-12-01")
        self._work(3)
        self._foresee()
        stranger = self._create_user("stranger", "base.group_user")
        customer = self.customer.with_user(stranger)
        self.assertFalse(customer.prepaid_hours_forecast)
        with self.assertRaises(AccessError):
            customer.read(["prepaid_hours_graph"])
