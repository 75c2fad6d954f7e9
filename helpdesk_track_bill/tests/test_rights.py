from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import TrackBillCommon

TIMESHEETS = "hr_timesheet.group_hr_timesheet_user"

# Numbers of time on a ticket, which are for who logs time
TIME = {
    "planned_hours",
    "progress",
    "remaining_hours",
    "remaining_hours_so",
    "total_hours",
}


@tagged("post_install", "-at_install")
class TestRights(TrackBillCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_agent = cls._create_user(
            "own_agent", f"helpdesk_mgmt.group_helpdesk_user_own,{TIMESHEETS}"
        )
        cls.own_employee = cls._create_employee(cls.own_agent)
        cls.plain_agent = cls._create_user(
            "plain_agent", "helpdesk_mgmt.group_helpdesk_user"
        )
        cls.manager = cls._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager",
        )
        cls.seller = cls._create_user("seller", "sales_team.group_sale_salesman")
        cls.accountant = cls._create_user("accountant", "account.group_account_invoice")
        cls.project_user = cls._create_user(
            "project_user", "project.group_project_user"
        )
        cls.item = cls._sell_hours(10)
        cls.ticket = cls._create_ticket(user_id=cls.agent.id)
        cls.team.user_ids |= cls.own_agent
        cls.own_ticket = cls._create_ticket(user_id=cls.own_agent.id)
        cls._log(cls.ticket, 2)

    # --- A1 -----------------------------------------------------------
    def test_A1_agents_open_tickets_and_see_item_and_hours_left(self):
        for user, ticket in (
            (self.agent, self.ticket),
            (self.own_agent, self.own_ticket),
            (self.manager, self.ticket),
        ):
            with self.subTest(user=user.login):
                answer = self._read_views(user, ticket)["form"]
                self.assertEqual(answer["sale_line_id"]["id"], self.item.id)
                self.assertEqual(answer["remaining_hours_so"], 8)
                self.assertNotIn("sale_order_ids", answer)

    def test_A1_agents_search_and_group_by_item(self):
        tickets = self.env["helpdesk.ticket"].with_user(self.agent)
        domain = [("team_id", "=", self.team.id)]
        self.assertTrue(tickets.search([*domain, ("remaining_hours_so", ">", 0)]))
        for field in ("sale_line_id", "sale_order_id", "team_id"):
            groups = tickets.web_read_group(domain, [field], ["total_hours:sum"])
            self.assertEqual(sum(g["__count"] for g in groups["groups"]), 2)

    def test_A1_agents_day(self):
        other = self._sell_hours(5, date="2026-01-01")
        for user in (self.agent, self.own_agent):
            with self.subTest(user=user.login):
                form = Form(
                    self.env["helpdesk.ticket"]
                    .with_user(user)
                    .with_context(default_team_id=self.team.id)
                )
                form.name = "New"
                form.description = "It hums."
                form.user_id = user
                form.partner_id = self.contact
                self.assertEqual(form.sale_line_id, self.item)
                with form.timesheet_ids.new() as line:
                    line.name = "First"
                    line.unit_amount = 1
                ticket = form.save()
                entry = ticket.timesheet_ids
                self.assertEqual(entry.employee_id.user_id, user)
                ticket.sale_line_id = other
                entry.unit_amount = 2
                ticket.action_reassign_timesheets()
                self.assertEqual(entry.sudo().so_line, other)
                entry.unlink()
                self.assertEqual(ticket.total_hours, 0)

    def test_A1_agents_save_tickets_on_which_a_colleague_logged_time(self):
        self._log(self.ticket, 1, employee_id=self.own_employee.id)
        self.env.flush_all()
        self.env.invalidate_all()
        with Form(self.ticket.with_user(self.agent)) as form:
            form.partner_id = self.customer
            form.sale_line_id = self.env["sale.order.line"]
        self.assertEqual(self.ticket.partner_id, self.customer)
        with Form(self.ticket.with_user(self.agent)) as form:
            form.partner_id = self.other_customer
            with form.timesheet_ids.new() as line:
                line.unit_amount = 1
        self.assertEqual(self.ticket.total_hours, 4)

    def test_A1_agents_write_tickets_whose_orders_they_cannot_read(self):
        ticket = self.ticket.with_user(self.agent)
        ticket.write({"name": "Renamed", "partner_id": self.customer.id})
        ticket.copy()
        ticket.write({"partner_id": self.other_customer.id})
        self.assertFalse(self.ticket.sale_line_id)

    def test_A1_agents_log_on_tickets_of_a_private_project(self):
        self.team.default_project_id.privacy_visibility = "followers"
        with Form(self.ticket.with_user(self.agent)) as form:
            with form.timesheet_ids.new() as line:
                line.name = "Private"
                line.unit_amount = 1
            self.assertEqual(form.remaining_hours_so, 7)
        entry = form.record.timesheet_ids.filtered(lambda line: line.name == "Private")
        entry.unit_amount = 2
        self._read_views(self.agent, self.ticket)
        entry.unlink()
        self.assertEqual(self.ticket.total_hours, 2)

    def test_A4_who_corrects_time_of_a_task_chooses_its_item(self):
        """In a form that does not show the ticket, which the user may not read."""
        user = self._create_user("projects", "project.group_project_manager")
        other = self._sell_hours(5, date="2026-01-01")
        entry = self._log(self.ticket, 1)
        self.env.flush_all()
        self.env.invalidate_all()
        entry = entry.with_user(user)
        with self.assertRaises(AccessError):
            self.ticket.with_user(user).check_access("read")
        answer = entry.onchange(
            {"so_line": other.id}, ["so_line"], {"so_line": {}, "is_so_line_edited": {}}
        )
        self.assertTrue(answer["value"]["is_so_line_edited"])
        self.env.invalidate_all()
        entry.so_line = other
        self.assertEqual(entry.sudo().so_line, other)
        self.assertTrue(entry.is_so_line_edited)

    def test_A1_agents_read_no_orders_lines_or_prices(self):
        for user in (self.agent, self.own_agent, self.manager):
            for record in (self.item, self.item.order_id):
                records = record.with_user(user)
                with self.subTest(user=user.login, record=record):
                    for call in (
                        lambda records=records: records.read(["display_name"]),
                        lambda records=records: records.search([]),
                        lambda records=records: records.name_search(""),
                        lambda records=records: records.export_data(["id"]),
                        lambda records=records: records.formatted_read_group(
                            [], ["id"], ["__count"]
                        ),
                    ):
                        # an AccessError too; exporting needs rights of its own
                        with self.assertRaises(UserError):
                            call()

    def test_A1_drop_down_answers_names_of_one_customer_only(self):
        # no number of an order looks like it
        self.item.price_unit = 97.53
        foreign = self._sell_hours(3, partner=self.other_customer)
        lines = (
            self.env["sale.order.line"]
            .with_user(self.agent)
            .with_context(ticket_commercial_partner_id=self.customer.id)
        )
        # a domain of the client must not answer questions about prices
        for domain in ([], [("price_unit", ">", 1000)], [("id", "=", foreign.id)]):
            self.assertEqual(
                [line[0] for line in lines.name_search("", domain)], self.item.ids
            )
        specification = {"display_name": {}, "price_unit": {}, "order_id": {}}
        for answer in lines.with_context(with_price_unit=True).web_name_search(
            "", specification
        ):
            self.assertEqual(answer["id"], self.item.id)
            self.assertNotIn("price_unit", answer)
            self.assertNotIn("97.53", answer["display_name"])

    def test_A1_names_of_items_tell_no_price(self):
        """Core tells two lines of one product apart by price, where a client asks."""
        self.item.price_unit = 97.53
        order = self.item.order_id
        order.user_id = self.salesperson
        order.order_line = [
            Command.create(
                {
                    "product_id": self.prepaid_product.id,
                    "product_uom_qty": 5,
                    "price_unit": 86.42,
                }
            )
        ]
        tickets = self.ticket | self._create_ticket(
            sale_line_id=(order.order_line - self.item).id
        )
        entries = self._log(tickets[0], 1) | self._log(tickets[1], 1)
        seller = self._create_user(
            "agent_and_seller",
            "helpdesk_mgmt.group_helpdesk_user_team,sales_team.group_sale_salesman"
            ",hr_timesheet.group_timesheet_manager",
        )
        self.team.user_ids |= seller
        reading = {"with_price_unit": True}
        item = {"fields": {"display_name": {}}, "context": reading}
        for user in (self.agent, self.manager, seller):
            for records, field in ((tickets, "sale_line_id"), (entries, "so_line")):
                records = records.with_user(user)
                for read in (
                    lambda r=records, f=field: r.with_context(**reading).read([f]),
                    lambda r=records, f=field: r.web_read({f: item}),
                ):
                    with self.subTest(user=user.login, field=field):
                        self.env.invalidate_all()
                        answer = str(read())
                        self.assertIn(order.name, answer)
                        self.assertNotRegex(answer, "97.53|86.42")
        self.env.invalidate_all()
        order.user_id = seller
        answer = str(tickets.with_user(seller).web_read({"sale_line_id": item}))
        self.assertRegex(answer, "97.53")
        self.assertRegex(answer, "86.42")

    def test_A1_drop_down_looks_for_what_is_typed(self):
        other = self._sell_hours(5, date="2026-01-01")
        lines = (
            self.env["sale.order.line"]
            .with_user(self.agent)
            .with_context(ticket_commercial_partner_id=self.customer.id)
        )
        found = lines.name_search(other.order_id.name)
        self.assertEqual([line[0] for line in found], other.ids)

    def test_A1_drop_down_of_a_ticket_without_customer_is_empty(self):
        lines = (
            self.env["sale.order.line"]
            .with_user(self.agent)
            .with_context(ticket_commercial_partner_id=False)
        )
        self.assertFalse(lines.name_search(""))
        self.assertFalse(lines.web_name_search("", {"display_name": {}}))

    def test_A1_users_without_helpdesk_have_no_drop_down(self):
        lines = self.env["sale.order.line"].with_context(
            ticket_commercial_partner_id=self.customer.id
        )
        user = self._create_user("timesheets_only", TIMESHEETS)
        with self.assertRaises(AccessError):
            lines.with_user(user).name_search("")

    # --- A2 -----------------------------------------------------------
    def test_A2_without_timesheets_rights_the_tab_is_not_there(self):
        answer = self._read_views(self.plain_agent, self.ticket)["form"]
        self.assertNotIn("timesheet_ids", answer)
        ticket = self.env["helpdesk.ticket"].with_user(self.plain_agent)
        form = Form(ticket.with_context(default_team_id=self.team.id))
        form.name = "New"
        form.description = "It hums."
        form.partner_id = self.contact
        ticket = form.save()
        ticket.write({"name": "Renamed", "partner_id": self.other_customer.id})
        with self.assertRaises(AccessError):
            ticket.action_reassign_timesheets()

    def test_A2_without_timesheets_rights_no_view_shows_time(self):
        pivot = self.env.ref("helpdesk_mgmt.helpdesk_ticket_views_pivot")
        graph = self.env.ref("helpdesk_track_bill.helpdesk_ticket_view_graph")
        kinds = {"list": False, "kanban": False, "pivot": pivot.id, "graph": graph.id}
        for user, sees in ((self.plain_agent, False), (self.agent, True)):
            tickets = self.env["helpdesk.ticket"].with_user(user)
            for kind, view_id in kinds.items():
                with self.subTest(user=user.login, kind=kind):
                    shown = {
                        node.get("name")
                        for node in self._get_view(tickets, kind, view_id).iter("field")
                        if node.get("invisible") != "1"
                    }
                    self.assertEqual("total_hours" in shown, sees)
                    if not sees:
                        self.assertFalse(shown & TIME)

    def test_A2_without_timesheets_rights_time_is_no_measure(self):
        """Pivot and graph offer every number that their view does not hide."""
        tickets = self.env["helpdesk.ticket"].with_user(self.plain_agent)
        measures = {
            name
            for name, field in tickets.fields_get(TIME, ["aggregator"]).items()
            if field.get("aggregator")
        }
        self.assertIn("planned_hours", measures)
        for kind, xmlid in (
            ("pivot", "helpdesk_mgmt.helpdesk_ticket_views_pivot"),
            ("graph", "helpdesk_track_bill.helpdesk_ticket_view_graph"),
        ):
            arch = self._get_view(tickets, kind, self.env.ref(xmlid).id)
            hidden = set(arch.xpath("//field[@invisible='1']/@name"))
            self.assertFalse(measures - hidden, kind)

    def test_A2_managers_without_timesheets_rights_set_teams_up(self):
        user = self._create_user(
            "plain_manager", "helpdesk_mgmt.group_helpdesk_manager"
        )
        form = Form(self.env["helpdesk.ticket.team"].with_user(user))
        form.name = "New Team"
        form.allow_billable = True
        team = form.save()
        self.assertEqual(team.sudo().default_project_id.name, "New Team")
        self._read_views(user, team, ("form", "list"))

    # --- A3 -----------------------------------------------------------
    def test_A3_salesperson_confirms_and_invoices_hours_of_tickets(self):
        item = self._sell(self.post_paid_product, 1, confirm=False)
        item.order_id.user_id = self.seller
        order = item.order_id.with_user(self.seller)
        order.action_confirm()
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 3, date="2026-02-10")
        self._read_views(self.seller, item.order_id, ("form", "list"))
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.seller)
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create(
                {
                    "advance_payment_method": "delivered",
                    "date_start_invoice_timesheet": "2026-02-01",
                    "date_end_invoice_timesheet": "2026-02-28",
                }
            )
        )
        wizard.create_invoices()
        self.assertEqual(item.qty_invoiced, 3)

    def test_A3_accountant_posts_and_credits_hours_of_tickets(self):
        item = self._sell(self.post_paid_product, 1)
        self._log(self._create_ticket(sale_line_id=item.id), 3)
        invoice = self._invoice(item.order_id, post=False)
        invoice.with_user(self.accountant).action_post()
        wizard = self._reverse(invoice.with_user(self.accountant))
        wizard.modify_moves()
        self.assertEqual(item.qty_invoiced, 3)
        self.assertEqual(item.timesheet_ids.timesheet_invoice_id, wizard.new_move_ids)

    # --- A4 -----------------------------------------------------------
    def test_A4_portal_shows_time_where_the_team_does(self):
        user = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )
        entries = self.env["account.analytic.line"]
        domain = entries.with_user(user)._timesheet_get_portal_domain()
        self.assertFalse(entries.search(domain))
        self.team.show_timesheet_portal = True
        self.assertEqual(entries.search(domain), self.ticket.timesheet_ids)
        self.ticket.partner_id = self.other_customer
        self.assertFalse(entries.search(domain))

    # --- rights of others ---------------------------------------------
    def test_project_user_reads_orders_as_before(self):
        self.item.with_user(self.project_user).read(["display_name", "price_unit"])

    def test_A4_time_on_tickets_one_cannot_see_is_refused(self):
        foreign = self._create_ticket(user_id=self.agent.id)
        with self.assertRaises(AccessError):
            self.env["account.analytic.line"].with_user(self.own_agent).create(
                {"ticket_id": foreign.id, "unit_amount": 1}
            )
