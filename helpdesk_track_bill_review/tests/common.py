from odoo import fields

from odoo.addons.helpdesk_track_bill.tests.common import TrackBillCommon


class ReviewCommon(TrackBillCommon):
    """The support company with a reviewer of the team and a biller."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = cls._create_user(
            "reviewer", "helpdesk_track_bill_review.group_reviewer"
        )
        cls.reviewing_employee = cls._create_employee(cls.reviewer)
        cls.team.user_ids = [fields.Command.link(cls.reviewer.id)]
        cls.biller = cls._create_user(
            "biller",
            "helpdesk_track_bill_review.group_biller,account.group_account_invoice",
        )
        cls.item = cls._sell(cls.post_paid_product, 1, price_unit=50)
        cls.ticket = cls._create_ticket(sale_line_id=cls.item.id)
        cls.goodwill = cls.env.ref(
            "helpdesk_track_bill_review.no_charge_reason_goodwill"
        )
        cls.written_off = cls.env.ref(
            "helpdesk_track_bill_review.no_charge_reason_written_off"
        )

    @classmethod
    def _create_kind(cls, **values):
        return cls.env["project.time.type"].create({"name": "Travel", **values})

    @classmethod
    def _sell_by_steps(cls, **terms):
        """A post-paid item with terms, and a ticket that draws from it."""
        item = cls._sell(cls.post_paid_product, 1, price_unit=50, **terms)
        return item, cls._create_ticket(sale_line_id=item.id)

    def _log_as_agent(self, hours, **values):
        return self._log(self.ticket, hours, **values).with_user(self.agent)

    def _read_history(self, entry):
        """What the history tells of an entry, the oldest first."""
        return [
            (change.changed, change.old_value, change.new_value, change.reason)
            for change in self.env["helpdesk.time.change"].search(
                [("entry_id", "=", entry.id)], order="id"
            )
        ]
