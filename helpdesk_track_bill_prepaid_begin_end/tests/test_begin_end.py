from itertools import pairwise

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestBeginEnd(PrepaidCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._sell_block(1, "2026-01-01", "2026-03-31")
        cls.second = cls._sell_block(0.75, "2026-01-01", "2026-04-30")
        cls.ticket = cls._create_ticket()

    def _log_from(self, start, hours, **values):
        return self._log_on(
            self.ticket, hours, time_start=start, time_stop=start + hours, **values
        )

    def _get_times(self, entry):
        parts = entry | entry.split_part_ids.sorted("id")
        return [(part.time_start, part.time_stop, part.unit_amount) for part in parts]

    def test_D3_parts_follow_each_other_in_time(self):
        entry = self._log_from(9, 3)
        self.assertEqual(
            self._get_times(entry), [(9, 10, 1), (10, 10.75, 0.75), (10.75, 12, 1.25)]
        )

    def test_D3_other_work_of_the_day_is_not_overlapped(self):
        self._log_from(12, 1, so_line=False, is_so_line_edited=True)
        self._log_from(9, 3)
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self._log_from(11, 0.5)

    def test_D3_hours_that_no_clock_shows(self):
        self.first.product_uom_qty = 1 / 3
        entry = self._log_from(9 + 1 / 6, 2 + 1 / 7)
        times = self._get_times(entry)
        for before, after in pairwise(times):
            self.assertEqual(before[1], after[0])
        self.assertAlmostEqual(times[-1][1], 9 + 1 / 6 + 2 + 1 / 7, 6)

    def test_D6_more_hours_of_a_part(self):
        self.second.product_uom_qty = 5
        entry = self._log_from(9, 2)
        second = entry.split_part_ids
        second.write({"unit_amount": 7, "time_stop": 17})
        self.assertEqual(self._get_times(entry), [(9, 10, 1), (10, 15, 5), (15, 17, 2)])

    def test_D3_without_begin_and_end(self):
        entry = self._log_on(self.ticket, 3)
        self.assertEqual(
            self._get_times(entry), [(0, 0, 1), (0, 0, 0.75), (0, 0, 1.25)]
        )
        self.assertEqual(
            set((entry | entry.split_part_ids).mapped("date")),
            {fields.Date.to_date("2026-03-10")},
        )

    def test_D7_parts_still_follow_each_other(self):
        entry = self._log_from(9, 2)
        self.assertEqual(
            self._get_times(entry), [(9, 10, 1), (10, 10.75, 0.75), (10.75, 11, 0.25)]
        )
        self._log_from(11, 1, so_line=False, is_so_line_edited=True)
        self.second.product_uom_qty = 10
        wizard = self.env["prepaid.hours.redraw"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_start": "2026-03-01",
                "date_end": "2026-03-31",
            }
        )
        wizard.action_confirm()
        self.assertEqual(self._get_times(entry), [(9, 10, 1), (10, 11, 1)])

    def test_D6_a_part_that_was_moved_stays_there(self):
        entry = self._log_from(9, 1.5)
        second = entry.split_part_ids
        second.write({"time_start": 14, "time_stop": 14.5})
        second.write({"unit_amount": 0.75, "time_stop": 14.75})
        self.assertEqual(self._get_times(entry), [(9, 10, 1), (14, 14.75, 0.75)])
