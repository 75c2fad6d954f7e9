from odoo.addons.helpdesk_track_bill_prepaid.tests.common import PrepaidCommon

# where the addon's models log
MODELS = "odoo.addons.helpdesk_track_bill_alert.models"


class AlertCommon(PrepaidCommon):
    """The support company, with a contact that wants to be told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.notify_prepaid_hours = True
        cls.rules = cls.env["prepaid.hours.alert.rule"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.salesperson.lang = "en_US"

    @classmethod
    def _set_rules(cls, *rules):
        """Only these rules, as values of each."""
        cls.rules.active = False
        return cls.rules.create(
            [{"company_id": cls.company.id, **rule} for rule in rules]
        )

    @classmethod
    def _sell_to(cls, hours=10.0, start=None, end=None, **terms):
        """A block of the customer, sold by the salesperson."""
        line = cls._sell_block(hours, start, end, **terms)
        line.order_id.user_id = cls.salesperson
        return line

    def _find_alerts(self, company=None):
        """What the scheduled action does, without its commits.

        :returns: new alerts of the customers of the tests
        """
        known = self._get_alerts()
        self.env["prepaid.hours.alert"]._look(company or self.company)
        return self._get_alerts() - known

    def _get_alerts(self):
        customers = self.customer | self.other_customer
        return self.env["prepaid.hours.alert"].search(
            [("partner_id", "in", customers.ids)]
        )

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "prepaid.hours.alert"),
                ("res_id", "in", self._get_alerts().ids),
                ("state", "=", "outgoing"),
            ]
        )

    def _get_activities(self):
        kind = self.env.ref("helpdesk_track_bill_alert.mail_activity_prepaid_hours")
        return self._get_alerts().item_id.order_id.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
