from odoo.tests import tagged

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestPlannedHours(TrackBillCommon):
    def test_planned_hours_are_tracked(self):
        ticket = self._create_ticket(planned_hours=5)
        # what is new is not tracked before it is saved
        self.cr.flush()
        ticket.with_context(tracking_disable=False).planned_hours = 8
        self.cr.flush()
        change = ticket.message_ids.tracking_value_ids
        self.assertEqual(change.field_id.name, "planned_hours")
        self.assertEqual((change.old_value_float, change.new_value_float), (5, 8))
