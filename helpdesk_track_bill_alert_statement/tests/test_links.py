from odoo.tests import HttpCase, tagged

from odoo.addons.helpdesk_track_bill_prepaid.tests.common import PrepaidCommon

HOURS = "/my/prepaid-hours"
ORDER = f"{HOURS}/order"


@tagged("post_install", "-at_install")
class TestLinks(HttpCase, PrepaidCommon):
    """S3, R1: customers go from their hours to ordering more, and back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        visitor = cls._create_user(
            "visitor", "base.group_portal", partner_id=cls.contact.id
        )
        cls.login = visitor.login
        cls._sell_block(10)

    def _open(self, path):
        self.authenticate(self.login, self.login)
        return self.url_open(path).text

    def test_R1_hours_lead_to_ordering_more(self):
        self.company.hours_portal_order = True
        self.assertIn(f'href="{ORDER}"', self._open(HOURS))

    def test_R1_not_where_the_company_does_not_allow_it(self):
        self.company.hours_portal_order = False
        self.assertNotIn(ORDER, self._open(HOURS))

    def test_S3_ordering_more_leads_to_the_hours(self):
        self.company.hours_portal_order = True
        self.assertIn(f'href="{HOURS}"', self._open(ORDER))

    def test_S3_not_where_the_company_does_not_show_them(self):
        self.company.hours_portal_order = True
        self.company.prepaid_hours_portal = False
        self.assertNotIn(f'href="{HOURS}"', self._open(ORDER))
