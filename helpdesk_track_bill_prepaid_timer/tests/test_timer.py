from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestTimer(PrepaidCommon):
    def test_D4_a_timer_is_never_refused(self):
        block = self._sell_block(1, hours_overrun="refuse")
        ticket = self._create_ticket()
        entry = self._log(ticket, 0, date_time=fields.Datetime.now())
        entry._stop_timer(3, "Worked")
        parts = ticket.timesheet_ids.sorted("id")
        self.assertEqual(parts.mapped("coverage"), ["prepaid", "uncovered"])
        self.assertEqual(parts.mapped("unit_amount"), [1, 2])
        self.assertEqual(block.remaining_hours, 0)

    def test_D3_parts_follow_each_other_in_time(self):
        for hours in (1, 1.5):
            self._sell_block(hours)
        ticket = self._create_ticket()
        start = datetime(2026, 3, 10, 8)
        entry = self._log(ticket, 4, date_time=start)
        parts = entry | entry.split_part_ids.sorted("id")
        self.assertEqual(sum(parts.mapped("unit_amount")), 4)
        self.assertEqual(len(parts), 3)
        for part in parts:
            self.assertEqual(part.date_time, start)
            self.assertEqual(part.date, start.date())
            start += timedelta(hours=part.unit_amount)
        self.assertEqual(parts[-1:].date_time_end, datetime(2026, 3, 10, 12))

    def test_D3_parts_keep_the_date_over_midnight(self):
        self._sell_block(1)
        ticket = self._create_ticket()
        entry = self._log(ticket, 3, date_time=datetime(2026, 3, 10, 23, 30))
        parts = entry | entry.split_part_ids
        self.assertEqual(len(parts), 2)
        self.assertEqual(set(parts.mapped("date")), {entry.date})
