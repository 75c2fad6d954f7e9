from contextlib import contextmanager

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from odoo.addons.helpdesk_track_bill_prepaid.tests.common import PrepaidCommon


class StatementCommon(PrepaidCommon):
    """The support company with an accountant, on 15 April 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-04-15 12:00:00"))
        cls.accountant = cls._create_user("accountant", "account.group_account_invoice")
        cls.team.show_timesheet_portal = True

    @classmethod
    def _state(cls, first="2026-03-01", last="2026-03-31", **values):
        return cls.env["prepaid.hours.statement"].create(
            {
                "partner_id": cls.customer.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )

    @classmethod
    def _lock_until(cls, last, first="2026-03-01", **values):
        statement = cls._state(first, last, **values)
        statement.with_user(cls.accountant).action_lock()
        return statement

    @contextmanager
    def _refused(self, sentence):
        """What is refused leaves nothing behind."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(sentence, str(caught.exception))

    def _get_sheet(self, first="2026-03-01", last="2026-03-31", customer=None):
        return self.env["prepaid.account"]._get_sheet(
            customer or self.customer,
            self.company,
            fields.Date.to_date(first),
            fields.Date.to_date(last),
        )
