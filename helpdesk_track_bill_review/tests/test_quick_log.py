from odoo.tests import Form, tagged

from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestQuickLog(ReviewCommon):
    def test_quick_log_takes_the_kind_of_work(self):
        kind = self._create_kind()
        action = self.ticket.with_user(self.agent).action_log_time()
        wizard = self.env[action["res_model"]].with_user(self.agent)
        form = Form(wizard.with_context(**action["context"]))
        form.hours = 1
        form.time_type_id = kind
        form.save().action_log()
        self.assertEqual(self.ticket.timesheet_ids.time_type_id, kind)
