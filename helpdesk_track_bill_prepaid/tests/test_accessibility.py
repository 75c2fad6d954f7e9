from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill.tests.test_accessibility import TAB

from .axe import AccountAxeCase

FORM = ".o_form_view .o_notebook"


@tagged("post_install", "-at_install")
class TestPrepaidAccessibility(AccountAxeCase):
    """No screen has violations found by axe-core that screens of core do not have."""

    def test_ticket(self):
        path = f"/odoo/helpdesk.ticket/{self.ticket.id}"
        ours = self._check(path, self.user.login, [TAB], FORM)
        self._get_extensions().active = False
        self._check_kinds(ours, self._check(path, self.user.login, [TAB], FORM))

    def test_list(self):
        self._check_beside(
            *("/odoo/prepaid-hours", ".o_list_view .o_data_row"),
            *("/odoo/sales", ".o_list_view .o_data_row"),
        )

    def test_history(self):
        path = f"/odoo/prepaid-hours/{self.block.id}"
        self._check_beside(path, f"{FORM} [name=ledger] td", self.order, FORM)

    def test_periods(self):
        path = f"/odoo/prepaid-hours/{self.block.id}"
        clicks = [".o_notebook a[name=periods]"]
        self._check_beside(path, FORM, self.order, FORM, clicks)
