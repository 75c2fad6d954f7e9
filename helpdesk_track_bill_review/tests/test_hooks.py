from odoo.tests import tagged

from ..hooks import post_init_hook, pre_init_hook
from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestHooks(ReviewCommon):
    """What a database had before the addon."""

    def _put(self, entries, **columns):
        self.env.flush_all()
        for column, value in columns.items():
            self.cr.execute(
                f"UPDATE account_analytic_line SET {column} = %s WHERE id IN %s",
                [value, tuple(entries.ids)],
            )
        self.env.invalidate_all()

    def test_W1_time_that_was_there_bills_what_was_worked(self):
        entry = self._log(self.ticket, 1.5)
        self._put(entry, unit_amount_rounded=None, billing_terms=None)
        pre_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(entry.unit_amount_rounded, 1.5)
        # terms that come later are none of its own
        self.item.billing_step = 1
        entry.unit_amount = 1.7
        self.assertEqual(entry.unit_amount_rounded, 1.7)

    def test_W1_rounded_hours_of_OCA_are_kept(self):
        rounded, unset = self._log(self.ticket, 1.1), self._log(self.ticket, 2)
        self._put(rounded, unit_amount_rounded=1.25)
        self._put(unset, unit_amount_rounded=0)
        pre_init_hook(self.env)
        post_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(rounded.unit_amount_rounded, 1.25)
        self.assertTrue(rounded.is_billed_amount_edited)
        self.assertFalse(rounded.billing_warning)
        self.assertEqual(unset.unit_amount_rounded, 2)
        self.assertFalse(unset.is_billed_amount_edited)
        self.assertEqual(self.item.qty_delivered, 3.25)

    def test_W2_kinds_of_work_that_OCA_did_not_bill_are_shown_at_nothing(self):
        kind = self._create_kind()
        self.cr.execute("ALTER TABLE project_time_type ADD COLUMN non_billable bool")
        self.cr.execute("UPDATE project_time_type SET non_billable = TRUE")
        post_init_hook(self.env)
        self.assertEqual(kind.charge, "show")
