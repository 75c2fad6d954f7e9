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
