from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PrepaidCommon

TIMESHEETS = "hr_timesheet.group_hr_timesheet_user"
ROLES = {
    "helpdesk manager": f"helpdesk_mgmt.group_helpdesk_manager,{TIMESHEETS}",
    "agent": f"helpdesk_mgmt.group_helpdesk_user_team,{TIMESHEETS}",
    "agent, own tickets": f"helpdesk_mgmt.group_helpdesk_user_own,{TIMESHEETS}",
    "salesperson, all": "sales_team.group_sale_salesman_all_leads",
    "salesperson, own": "sales_team.group_sale_salesman",
    "accountant": "account.group_account_invoice",
    "project user": "project.group_project_user",
    "customer": "base.group_portal",
}
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
    "Open a period again": "ARRAARRR",
    "Close a period": "RRRRRRRR",
    "Write hours of an adjustment": "RRRRRRRR",
    "Change terms": "RRRAAARR",
    "Redraw": "RRRAARRR",
    "Read prices": "RRRAAAAA",
}


@tagged("post_install", "-at_install")
class TestRights(PrepaidCommon):
    """The rights on the account, as each role of section 4 of the specification."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.block = cls._sell_block(10, "2026-01-01", "2099-12-31")
        cls.other_block = cls._sell_block(10, partner=cls.other_customer)
        cls.users = {}
        for number, (role, groups) in enumerate(ROLES.items()):
            values = {}
            if groups == "base.group_portal":
                values["partner_id"] = cls.contact.id
            user = cls._create_user(f"role_{number}", groups, **values)
            cls.users[role] = user
            if "agent" in role:
                cls.team.user_ids |= user
        own = cls.users["salesperson, own"]
        (cls.block | cls.other_block).order_id.user_id = own
        cls.ticket = cls._create_ticket(user_id=cls.users["agent, own tickets"].id)

    def _act(self, action, user):
        """Do it as the user; an AccessError, or nothing found, is a refusal."""
        name = action.lower().replace("'", "").replace(" ", "_")
        return getattr(self, f"_{name}")(user)

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
        for action, expected in EXPECTED.items():
            for letter, role in zip(expected, ROLES, strict=True):
                with self.subTest(action=action, role=role):
                    with self.cr.savepoint() as savepoint:
                        try:
                            done = bool(self._act(action, self.users[role]))
                        except AccessError:
                            done = False
                        savepoint.rollback()
                    self.env.invalidate_all()
                    self.assertEqual("A" if done else "R", letter)

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
