from odoo.tests import tagged

from .rights import RightsCommon

# What each role may do, in the order of ROLES: Allowed, Refused (by the server).
EXPECTED = {
    "See the account of a team's customer": "AAAAAARR",
    "See the account of a customer without tickets": "ARRAAARR",
    "Read the history": "AAAAAARR",
    "Read periods": "AAAAAARR",
    "Read the hours left of a customer": "AAAAAARR",
    "Read reasons of adjustments": "ARRAAARR",
    "Ask why not": "AAARRRRR",
    "Adjust hours": "ARRAARRR",
    "Open a period again": "ARRRRRRR",
    "Close a period": "RRRRRRRR",
    "Write hours of an adjustment": "RRRRRRRR",
    "Change terms": "RRRAAARR",
    "Redraw": "RRRAARRR",
    "Read prices": "RRRAAAAA",
}


@tagged("post_install", "-at_install")
class TestRights(RightsCommon):
    """The rights on the account, as each role of section 4 of the specification."""

    def _get_block(self, user, line=None):
        blocks = self.env["prepaid.hours.block"].with_user(user)
        return blocks.search([("line_id", "=", (line or self.block).id)])

    def _get_period(self, user):
        periods = self.env["sale.order.line.hours.period"].with_user(user)
        return periods.search([("line_id", "=", self.block.id)])

    def _see_the_account_of_a_teams_customer(self, user):
        block = self._get_block(user)
        return block and block.hours_left == 10 and block.name

    def _see_the_account_of_a_customer_without_tickets(self, user):
        return self._get_block(user, self.other_block).hours_left == 10

    def _read_the_history(self, user):
        return "Bought" in (self._get_block(user).ledger or "")

    def _read_periods(self, user):
        return self._get_period(user).hours_granted == 10

    def _read_the_hours_left_of_a_customer(self, user):
        self.customer.with_user(user).check_access("read")
        return self.customer.with_user(user).prepaid_hours_left == 10

    def _read_reasons_of_adjustments(self, user):
        self.block.hours_period_ids._adjust(1, "Goodwill")
        adjustments = self.env["sale.order.line.hours.adjustment"].with_user(user)
        return adjustments.search([("line_id", "=", self.block.id)]).reason

    def _ask_why_not(self, user):
        entry = self._log(
            self.ticket, 1, employee_id=self._create_employee(user).id, user_id=user.id
        ).with_user(user)
        action = entry.action_why_not()
        wizard = self.env[action["res_model"]].with_user(user)
        return wizard.with_context(**action["context"]).create({}).line_ids

    def _apply(self, user, **values):
        wizards = self.env["sale.order.line.hours.adjust"].with_user(user)
        period = self.block.hours_period_ids
        values = {"period_id": period.id, "reason": "Because", **values}
        wizards.create(values).action_apply()
        return period

    def _adjust_hours(self, user):
        return self._apply(user, kind="adjust", hours=2).hours_adjusted == 2

    def _open_a_period_again(self, user):
        self.block.hours_period_ids._close()
        return not self._apply(user, kind="reopen").closed

    def _close_a_period(self, user):
        period = self.block.hours_period_ids.with_user(user)
        period.closed_hours_granted = 99
        return True

    def _write_hours_of_an_adjustment(self, user):
        self.block.hours_period_ids._adjust(1, "Goodwill")
        self.block.hours_adjustment_ids.with_user(user).hours = 99
        return True

    def _change_terms(self, user):
        self.block.with_user(user).hours_overrun = "refuse"
        return True

    def _redraw(self, user):
        self._log(self.ticket, 1, so_line=False)
        self.ticket.timesheet_ids.is_so_line_edited = False
        action = self.contact.with_user(user).action_redraw_prepaid_hours()
        wizard = self.env[action["res_model"]].with_user(user)
        wizard = wizard.with_context(**action["context"]).create({})
        return wizard.partner_id

    def _read_prices(self, user):
        return self.block.with_user(user).price_unit

    def test_A1_who_may_do_what(self):
        self._check_matrix("Prepaid hours", EXPECTED)

    def test_C4_managers_of_sales_open_a_period_again(self):
        manager = self._create_user("sales", "sales_team.group_sale_manager")
        self.assertTrue(self._open_a_period_again(manager))

    def test_screens_each_role_finds_the_account_in_its_app(self):
        for role, app in (
            ("helpdesk manager", "helpdesk_mgmt.helpdesk_ticket_main_menu"),
            ("salesperson, own", "sale.sale_menu_root"),
            ("accountant", "account.menu_finance"),
        ):
            with self.subTest(role=role):
                menus = self.env["ir.ui.menu"].with_user(self.users[role])
                action = self.env.ref("helpdesk_track_bill_prepaid.action_hours_block")
                self.assertEqual(
                    [
                        menu["app_id"]
                        for menu in menus.load_menus(debug=False).values()
                        if menu.get("action_id") == action.id
                        and menu["action_model"] == action._name
                    ],
                    [self.env.ref(app).id],
                )

    def test_A1_no_price_is_in_what_agents_read(self):
        self.block.price_unit = 4321.77
        entry = self._log(self.ticket, 12)
        agent = self.users["agent"]
        block = self._get_block(agent)
        told = [
            block.read()[0],
            self._get_period(agent).read(),
            entry.sudo().coverage_reason,
            entry.sudo()._get_misses(),
        ]
        self.assertNotIn("4321", str(told).replace(",", ""))
