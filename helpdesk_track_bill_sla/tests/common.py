from odoo import fields

from odoo.addons.helpdesk_track_bill.tests.common import TrackBillCommon


class SlaCommon(TrackBillCommon):
    """The support company, with policies for all and for some items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.use_sla = True
        cls.solved = cls.env["helpdesk.ticket.stage"].create(
            {"name": "Solved in Time", "sequence": 500}
        )
        cls.gold_product = cls._create_service("Gold Support", "ordered_prepaid")
        cls.env["helpdesk.sla"].search([]).active = False
        cls.basic = cls._create_policy("Basic", 40)

    @classmethod
    def _create_policy(cls, name, hours, **values):
        return cls.env["helpdesk.sla"].create(
            {"name": name, "hours": hours, "stage_id": cls.solved.id, **values}
        )

    @classmethod
    def _create_gold(cls, **values):
        return cls._create_policy(
            "Gold", 4, product_ids=[fields.Command.set(cls.gold_product.ids)], **values
        )
