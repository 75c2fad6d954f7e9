from odoo.tests import tagged

from odoo.addons.helpdesk_track_bill.tests.test_accessibility import TAB, AxeCase

from .common import PrepaidCommon

FORM = ".o_form_view .o_notebook"
# core's badge, whatever it says
BADGE = '<span class="badge rounded-pill text-bg-success">'


@tagged("post_install", "-at_install")
class TestPrepaidAccessibility(AxeCase, PrepaidCommon):
    """No screen has violations found by axe-core that screens of core do not have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user(
            "reader",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager"
            ",sales_team.group_sale_salesman_all_leads",
        )
        cls.block = cls._sell_block(
            24, "2026-01-01", "2099-12-31", hours_carry_over="all"
        )
        cls._sell_block(1, "2026-01-01", "2099-01-31")
        cls.ticket = cls._create_ticket()
        cls._log_on(cls.ticket, 3)

    @classmethod
    def _get_extensions(cls):
        """The views that this addon extends screens with."""
        data = cls.env["ir.model.data"].search(
            [
                ("module", "=", "helpdesk_track_bill_prepaid"),
                ("model", "=", "ir.ui.view"),
            ]
        )
        views = cls.env["ir.ui.view"].browse(data.mapped("res_id"))
        return views.filtered(lambda view: view.mode == "extension")

    def _check_beside(self, path, shown, base, base_shown, clicks=()):
        """Our screen against one of core's with the same kind of view."""
        ours = self._check(path, self.user.login, clicks, shown)
        known = self._check(base, self.user.login, [], base_shown)
        known.setdefault("color-contrast", []).append(BADGE)
        self._check_kinds(ours, known)

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
        order = f"/odoo/sales/{self.block.order_id.id}"
        path = f"/odoo/prepaid-hours/{self.block.id}"
        self._check_beside(path, f"{FORM} [name=ledger] td", order, FORM)

    def test_periods(self):
        order = f"/odoo/sales/{self.block.order_id.id}"
        path = f"/odoo/prepaid-hours/{self.block.id}"
        clicks = [".o_notebook a[name=periods]"]
        self._check_beside(path, FORM, order, FORM, clicks)
