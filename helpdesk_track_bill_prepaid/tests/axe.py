from odoo.addons.helpdesk_track_bill.tests.test_accessibility import AxeCase

from .common import PrepaidCommon

# core's badges, whatever they say, and its field with a list of choices
CORE = {
    "color-contrast": [
        f'<span class="badge rounded-pill text-bg-{color}">'
        for color in ("info", "success")
    ],
    "aria-allowed-attr": [
        '<div class="w-100 d-flex flex-wrap o-dropdown dropdown-toggle dropdown">'
    ],
    "autocomplete-valid": [
        '<input class="o_input o_select_menu_toggler o_select_menu_input">'
    ],
}


class AccountAxeCase(AxeCase, PrepaidCommon):
    """Screens of prepaid hours against those of core with the same kind of view."""

    # the addon whose screens are looked at
    addon = "helpdesk_track_bill_prepaid"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user(
            "reader",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager"
            ",sales_team.group_sale_manager,account.group_account_invoice",
        )
        cls.block = cls._sell_block(
            24, "2026-01-01", "2099-12-31", hours_carry_over="all"
        )
        cls._sell_block(1, "2026-01-01", "2099-01-31")
        cls.order = f"/odoo/sales/{cls.block.order_id.id}"
        cls.customer_login = cls._create_user(
            "portal", "base.group_portal", partner_id=cls.contact.id
        ).login
        cls.ticket = cls._create_ticket()
        cls._log_on(cls.ticket, 3)

    @classmethod
    def _get_extensions(cls):
        """The views that the addon extends screens with."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", cls.addon), ("model", "=", "ir.ui.view")]
        )
        views = cls.env["ir.ui.view"].browse(data.mapped("res_id"))
        return views.filtered(lambda view: view.mode == "extension")

    def _check_beside(self, path, shown, base, base_shown, clicks=(), **options):
        """Our screen against one of core's with the same kind of view."""
        login = options.pop("login", self.user.login)
        ours = self._check(path, login, clicks, shown, **options)
        known = self._check(base, login, [], base_shown)
        for rule, nodes in CORE.items():
            known.setdefault(rule, []).extend(nodes)
        self._check_kinds(ours, known)
