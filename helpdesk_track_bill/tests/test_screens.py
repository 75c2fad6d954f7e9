from ast import literal_eval

from freezegun import freeze_time
from lxml import etree
from odoo.fields import Domain
from odoo.tests import Form, tagged

from .common import TrackBillCommon

# a Wednesday
TODAY = "2026-03-18"


@tagged("post_install", "-at_install")
class TestScreens(TrackBillCommon):
    """What lists, cards, banners, reports and invoices say (section 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("helpdesk_mgmt.group_helpdesk_manager")
        cls.seller = cls._create_user(
            "seller",
            "helpdesk_mgmt.group_helpdesk_user_team,sales_team.group_sale_salesman",
        )
        cls.team.user_ids |= cls.seller

    def _find(self, action):
        """The records that an action shows."""
        return self.env[action["res_model"]].search(Domain(action["domain"]))

    def _filter(self, name, user=None):
        """The tickets that a filter of the search view leaves."""
        tickets = self.env["helpdesk.ticket"].with_user(user or self.env.user)
        arch = self._get_view(tickets, "search")
        (node,) = arch.xpath(f"//filter[@name='{name}']")
        domain = node.get("domain").replace("uid", str(tickets.env.uid))
        return tickets.search(
            Domain(literal_eval(domain)) & Domain("team_id", "=", self.team.id)
        )

    # --- team's card ----------------------------------------------------
    @freeze_time(TODAY)
    def test_team_card_counts_and_opens_the_time_of_this_week(self):
        item = self._sell_hours(10)
        ticket = self._create_ticket()
        billable = self._log(ticket, 3, date="2026-03-17")
        self._log(ticket, 5, date="2026-03-10")
        other = self._create_ticket(partner_id=self.other_customer.id)
        free = self._log(other, 1, date=TODAY)
        self.assertEqual(ticket.sale_line_id, item)
        self.assertEqual(self.team.week_hours, 4)
        self.assertEqual(self.team.week_billable_share, 0.75)
        self.assertEqual(
            self._find(self.team.action_view_week_timesheets()), billable | free
        )
        self.assertEqual(
            self._find(self.team.action_view_week_billable_timesheets()), billable
        )

    @freeze_time(TODAY)
    def test_team_card_shows_the_team_s_time_to_everybody_who_sees_the_team(self):
        self._sell_hours(10)
        ticket = self._create_ticket()
        colleague = self._create_employee(self.salesperson)
        self._log(ticket, 3, employee_id=colleague.id)
        own = self._log(ticket, 1)
        self._log(self._create_ticket(partner_id=self.other_customer.id), 4)
        without_time = self._create_user(
            "without_time", "helpdesk_mgmt.group_helpdesk_user"
        )
        for user in (self.env.user, self.agent, without_time):
            self.env.invalidate_all()
            team = self.team.with_user(user)
            self.assertEqual((team.week_hours, team.week_billable_share), (8, 0.5))
        # the list behind the sum holds what the agent may read, and says so
        action = self.team.with_user(self.agent).action_view_week_billable_timesheets()
        self.assertEqual(action["display_name"], "My Billable Time This Week")
        found = self.env["account.analytic.line"].with_user(self.agent)
        self.assertEqual(found.search(Domain(action["domain"])), own)

    @freeze_time(TODAY)
    def test_A5_team_card_sums_the_companies_that_the_user_works_in(self):
        company = self._create_company()
        shared = self.env["helpdesk.ticket.team"].create(
            {"name": "Shared", "company_id": False, "allow_timesheet": True}
        )
        self._log(self._create_ticket(team_id=shared.id), 2)
        there = self._create_ticket(team_id=shared.id, company_id=company.id)
        employee = self.env["hr.employee"].create(
            {"name": "Abroad", "company_id": company.id}
        )
        self._log(there, 5, employee_id=employee.id)
        self.env.invalidate_all()
        for companies, hours in ((self.company, 2), (self.company | company, 7)):
            team = shared.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(team.week_hours, hours)

    def test_team_card_counts_and_opens_tickets_over_prepaid_hours(self):
        self._sell_hours(2)
        over = self._create_ticket()
        self._create_ticket(partner_id=self.other_customer.id)
        self._log(over, 3)
        self.assertEqual(self.team.over_prepaid_ticket_count, 1)
        self.assertEqual(self._find(self.team.action_view_over_prepaid_tickets()), over)
        over.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.env.invalidate_all()
        self.assertEqual(self.team.over_prepaid_ticket_count, 0)

    def test_team_cards_cost_the_same_queries_for_one_and_for_twenty(self):
        teams = self.env["helpdesk.ticket.team"].create(
            [{"name": f"Team {i}", "allow_billable": True} for i in range(20)]
        )
        for team in teams:
            self._log(self._create_ticket(team_id=team.id), 1)
        self.env.flush_all()
        names = ["week_hours", "week_billable_share", "over_prepaid_ticket_count"]

        def count_queries(cards):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            cards.read(names)
            return self.cr.sql_log_count - before

        count_queries(teams)
        self.assertEqual(count_queries(teams), count_queries(teams[0]))

    def test_T1_defaults_of_new_teams(self):
        settings = self.env["res.config.settings"].create(
            {"default_allow_billable": True, "default_show_timesheet_portal": True}
        )
        settings.execute()
        team = self.env["helpdesk.ticket.team"].create({"name": "Night Shift"})
        self.assertRecordValues(
            team,
            [
                {
                    "allow_timesheet": True,
                    "allow_billable": True,
                    "show_timesheet_portal": True,
                }
            ],
        )
        self.assertEqual(team.default_project_id.name, "Night Shift")

    # --- ticket: no prepaid hours ---------------------------------------
    def test_banner_where_the_customer_has_no_prepaid_hours(self):
        item = self._sell_hours(2)
        ticket = self._create_ticket()
        self.assertFalse(ticket.prepaid_hours_missing)
        self._log(ticket, 2)
        self.assertTrue(ticket.prepaid_hours_missing)
        item.product_uom_qty = 5
        self.assertFalse(ticket.prepaid_hours_missing)
        ticket.partner_id = self.other_customer
        self.assertTrue(ticket.prepaid_hours_missing)

    def test_no_banner_where_time_is_billed_afterwards_or_not_at_all(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket()
        self.assertTrue(ticket.prepaid_hours_missing)
        ticket.sale_line_id = item
        self.assertFalse(ticket.prepaid_hours_missing)
        self.team.allow_billable = False
        self.assertFalse(self._create_ticket().prepaid_hours_missing)
        self.assertFalse(self._create_ticket(partner_id=False).prepaid_hours_missing)

    def test_banner_names_item_hours_and_whom_to_ask(self):
        item = self._sell_hours(2)
        item.order_id.user_id = self.salesperson
        ticket = self._create_ticket()
        self.assertFalse(ticket.prepaid_hours_notice)
        self._log(ticket, 2)
        agent = ticket.with_user(self.agent)
        self.assertEqual(
            agent.prepaid_hours_notice,
            f"Clinic has no prepaid hours left: {item.order_id.name} - Prepaid Support"
            f" is used up. Choose an item that is billed afterwards, or ask"
            f" {self.salesperson.name} for more hours.",
        )
        self._log(ticket, 1.5)
        seller = ticket.with_user(self.seller)
        self.assertEqual(
            seller.prepaid_hours_notice,
            "Clinic has no prepaid hours left: 01:30 hours more than sold were logged"
            f" on {item.order_id.name} - Prepaid Support. Choose an item that is billed"
            " afterwards, or sell more hours.",
        )
        other = self._create_ticket(partner_id=self.other_customer.id)
        self.assertEqual(
            other.with_user(self.agent).prepaid_hours_notice,
            "Bakery has no prepaid hours left. Choose an item that is billed"
            " afterwards, or ask a salesperson for more hours.",
        )

    def test_no_banner_on_closed_tickets(self):
        ticket = self._create_ticket()
        self.assertTrue(ticket.prepaid_hours_notice)
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertFalse(ticket.prepaid_hours_notice)

    def test_E3_banner_names_the_other_items_and_their_hours(self):
        old = self._sell_hours(10)
        ticket = self._create_ticket()
        self._log(ticket, 2)
        self.assertFalse(ticket.other_items_notice)
        ticket.sale_line_id = self._sell(self.post_paid_product, 1)
        self.assertEqual(
            ticket.with_user(self.agent).other_items_notice,
            "02:00 hours draw from another sales order item:"
            f" {old.order_id.name} - Prepaid Support.",
        )

    # --- ticket: whose time, how many hours --------------------------------
    def test_A4_time_of_colleagues_is_a_sum_where_their_entries_would_stand(self):
        ticket = self._create_ticket()
        colleague = self._create_employee(self.salesperson)
        self._log(ticket, 1.5, employee_id=colleague.id)
        self._log(ticket, 1)
        self.assertEqual(ticket.hours_of_colleagues, 0)
        self.env.invalidate_all()
        agent = ticket.with_user(self.agent)
        self.assertEqual((agent.total_hours, agent.hours_of_colleagues), (2.5, 1.5))
        action = agent.action_view_timesheets()
        self.assertEqual(action["display_name"], "My time (colleagues: 01:30 hours)")
        self.assertIn("Colleagues logged 01:30 hours", action["help"])
        without_time = self._create_user(
            "without_time", "helpdesk_mgmt.group_helpdesk_user"
        )
        self.assertEqual(ticket.with_user(without_time).hours_of_colleagues, 2.5)

    def test_ticket_of_title_and_customer_is_saved(self):
        with Form(self.env["helpdesk.ticket"].with_user(self.agent)) as form:
            form.name = "Title alone"
            form.team_id = self.team
            form.partner_id = self.contact
        self.assertFalse(form.record.description)

    def test_hours_below_nothing_are_over_in_the_drop_down(self):
        item = self._sell_hours(2)
        self._log(self._create_ticket(), 3.5)
        # elsewhere, as on tasks, names are core's
        core = item.with_context(with_remaining_hours=True)
        self.assertIn("-01:30", core.display_name)
        named = core.with_context(
            hide_partner_ref=True, ticket_commercial_partner_id=self.customer.id
        )
        self.assertEqual(
            named.display_name, f"{item.order_id.name} - Prepaid Support (01:30 over)"
        )
        self.assertNotIn("over", item.display_name)
        self.company.timesheet_encode_uom_id = self.day
        self.env.invalidate_all()
        self.assertIn("(0.19 days over)", named.display_name)

    def test_measure_of_hours_left_counts_each_item_once(self):
        item = self._sell_hours(10)
        first = self._create_ticket()
        second = self._create_ticket()
        self._log(first, 3)
        other = self._create_ticket(
            sale_line_id=self._sell_hours(5, date="2026-01-01").id
        )
        self.assertEqual((first | second).sale_line_id, item)
        tickets = self.env["helpdesk.ticket"].with_user(self.agent)
        domain = [("id", "in", (first | second | other).ids)]
        self.env.flush_all()
        self.assertEqual(
            tickets._read_group(domain, [], ["remaining_hours_so:sum"]), [(12,)]
        )
        self.assertEqual(
            dict(
                tickets._read_group(
                    domain, ["sale_line_id"], ["remaining_hours_so:sum"]
                )
            ),
            {item: 7, other.sale_line_id: 5},
        )
        description = tickets.fields_get(["remaining_hours_so"])
        self.assertEqual(description["remaining_hours_so"]["aggregator"], "sum")

    def test_grey_entries_say_why(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        billed = self._log(ticket, 1)
        self._invoice(item.order_id)
        free = self._log(ticket, 1)
        entries = (billed | free).with_user(self.agent)
        self.assertEqual(entries.mapped("readonly_reason"), ["Invoiced", False])

    def test_newest_order_is_offered_to_who_may_read_it(self):
        self._sell_hours(2, date="2026-01-01")
        theirs = self._sell_hours(2, date="2026-02-01").order_id
        theirs.user_id = self.seller
        ticket = self._create_ticket()
        self._log(ticket, 4)
        as_seller = ticket.with_user(self.seller)
        self.assertEqual(as_seller.newest_sale_order_id, theirs)
        self.assertEqual(as_seller.action_view_newest_sale_order()["res_id"], theirs.id)
        theirs.user_id = self.salesperson
        self.env.invalidate_all()
        self.assertFalse(as_seller.newest_sale_order_id)
        arch = self._get_view(ticket.with_user(self.agent), "form")
        self.assertTrue(arch.xpath("//div[@role='status']"))
        self.assertFalse(arch.xpath("//button[@name='action_view_newest_sale_order']"))
        self.assertFalse(arch.xpath("//button[@name='action_new_quotation']"))

    def test_new_quotation_is_for_the_ticket_and_its_customer(self):
        ticket = self._create_ticket()
        action = ticket.with_user(self.seller).action_new_quotation()
        order = self.env["sale.order"].with_user(self.seller)
        order = order.with_context(**action["context"]).create({})
        self.assertEqual(order.partner_id, self.contact)
        self.assertEqual(order.ticket_ids, ticket)

    # --- filters --------------------------------------------------------
    def test_filter_over_prepaid_hours(self):
        self._sell_hours(1)
        over = self._create_ticket()
        self._log(over, 2)
        self._create_ticket(partner_id=self.other_customer.id)
        self.assertEqual(self._filter("over_prepaid_hours", self.agent), over)

    def test_filter_no_sales_order_item(self):
        self._sell_hours(1)
        self._create_ticket()
        without = self._create_ticket(partner_id=self.other_customer.id)
        self.assertEqual(self._filter("no_sale_line", self.agent), without)

    def test_filter_time_not_invoiced(self):
        item = self._sell(self.post_paid_product, 1)
        billed, open_ticket, empty = (
            self._create_ticket(sale_line_id=item.id) for _ in range(3)
        )
        self._log(billed, 1)
        self._invoice(item.order_id)
        self._log(open_ticket, 1)
        self.assertEqual(self._filter("time_to_invoice", self.agent), open_ticket)
        self.assertTrue(open_ticket.has_time_to_invoice)
        self.assertFalse((billed | empty).filtered("has_time_to_invoice"))
        prepaid = self._sell_hours(5)
        open_ticket.timesheet_ids.so_line = prepaid
        self.assertFalse(self._filter("time_to_invoice", self.agent))

    def test_filter_closed_without_time(self):
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        forgotten, logged, still_open = (self._create_ticket() for _ in range(3))
        self._log(logged, 1)
        (forgotten | logged).stage_id = done
        self.assertEqual(self._filter("closed_without_time", self.agent), forgotten)
        self.assertFalse(still_open.closed)

    @freeze_time(TODAY)
    def test_filter_my_time_this_week(self):
        mine, older, of_another = (self._create_ticket() for _ in range(3))
        self._log(mine, 1, date=TODAY)
        self._log(older, 1, date="2026-03-10")
        colleague = self._create_employee(
            self._create_user("colleague", "base.group_user")
        )
        self._log(of_another, 1, date=TODAY, employee_id=colleague.id)
        self.assertEqual(self._filter("my_time_this_week", self.agent), mine)

    # --- Timesheets app and its analysis ----------------------------------
    def test_analysis_by_ticket_team_and_customer(self):
        ticket = self._create_ticket()
        entries = self._log(ticket, 2) | self._log(ticket, 1)
        report = self.env["timesheets.analysis.report"]
        names = ["ticket_id", "ticket_team_id", "ticket_partner_id"]
        self.env.flush_all()
        self.assertEqual(
            report._read_group([("id", "in", entries.ids)], names, ["unit_amount:sum"]),
            [(ticket, self.team, self.contact, 3)],
        )
        for name in names:
            self.assertTrue(entries.fields_get([name])[name]["groupable"])

    def test_A4_analysis_tells_others_nothing_of_tickets(self):
        approver = self._create_user(
            "approver", "hr_timesheet.group_hr_timesheet_approver"
        )
        report = self.env["timesheets.analysis.report"].with_user(approver)
        self.assertFalse(report.fields_get(["ticket_id", "ticket_partner_id"]))

    def test_printed_timesheet_names_the_ticket(self):
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": ticket.project_id.id}
        )
        on_task = self._log(self.env["helpdesk.ticket"], 1, task_id=task.id)
        # salespeople print the time of their orders without rights on tickets (A3)
        report = self.env["ir.actions.report"].with_user(self.salesperson).sudo()
        for printed, titles in (
            (entry, [ticket.display_name]),
            (entry | on_task, [ticket.display_name, ""]),
            (on_task, []),
        ):
            html, _type = report._render_qweb_html(
                "hr_timesheet.report_timesheet", printed.ids
            )
            table = etree.HTML(html).find(".//table")
            heads = ["".join(th.itertext()).strip() for th in table.iter("th")]
            self.assertEqual("Ticket" in heads, bool(titles))
            for row, title in zip(table.iter("tr"), ["Ticket", *titles], strict=False):
                cells = ["".join(cell.itertext()).strip() for cell in row]
                self.assertEqual(len(cells), len(heads))
                if titles:
                    self.assertEqual(cells[heads.index("Ticket")], title)

    # --- order and invoice ------------------------------------------------
    def test_order_line_opens_its_tickets(self):
        item = self._sell_hours(10)
        other = self._sell_hours(10)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._create_ticket(sale_line_id=other.id)
        self.assertEqual(item.ticket_count, 1)
        self.assertEqual(self._find(item.action_view_tickets()), ticket)

    def test_B2_invoice_lines_described_by_ticket(self):
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        item.order_id.invoice_by_ticket = True
        first = self._create_ticket(name="Printer stuck", sale_line_id=item.id)
        second = self._create_ticket(name="Labels", sale_line_id=item.id)
        self._log(second, 1.5, date="2026-03-12")
        self._log(first, 2, date="2026-03-02")
        self._log(first, 0.25, date="2026-03-09")
        self._log(first, 8, date="2026-04-01")
        invoice = self._invoice(item.order_id, "2026-03-01", "2026-03-31", post=False)
        self.assertEqual(
            invoice.invoice_line_ids.name.split("\n")[-2:],
            [
                f"{first.number} Printer stuck: 02:15 hours, 03/02/2026 - 03/09/2026",
                f"{second.number} Labels: 01:30 hours, 03/12/2026",
            ],
        )
        self.assertEqual(invoice.amount_untaxed, 3.75 * 50)
        self.assertEqual(invoice.invoice_line_ids.quantity, 3.75)

    def test_B2_invoice_lines_described_by_the_salesperson_of_the_order(self):
        item = self._sell(self.post_paid_product, 1)
        item.order_id.write({"invoice_by_ticket": True, "user_id": self.salesperson.id})
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 2)
        self.env.invalidate_all()
        order = item.order_id.with_user(self.salesperson)
        self.assertIn(ticket.number, order._create_invoices().invoice_line_ids.name)

    def test_B2_invoice_lines_in_the_language_and_unit_of_the_customer(self):
        self.env["res.lang"]._activate_lang("ro_RO")
        self.env["ir.module.module"].search(
            [("name", "=", "helpdesk_track_bill")]
        )._update_translations(["ro_RO"], overwrite=True)
        self.customer.lang = self.contact.lang = "ro_RO"
        self.company.timesheet_encode_uom_id = self.day
        item = self._sell(self.post_paid_product, 1)
        item.order_id.invoice_by_ticket = True
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 12, date="2026-03-12")
        self.assertEqual(
            self._invoice(item.order_id).invoice_line_ids.name.split("\n")[-1],
            f"{ticket.number} Printer stuck: 1,50 zile, 12.03.2026",
        )

    def test_invoice_lines_are_left_alone_without_the_option(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 2)
        invoice = self._invoice(item.order_id)
        self.assertNotIn(ticket.number, invoice.invoice_line_ids.name)

    def test_time_without_ticket_on_an_invoice_described_by_ticket(self):
        item = self._sell(self.post_paid_product, 1)
        item.order_id.invoice_by_ticket = True
        project = self.team.default_project_id
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": project.id, "sale_line_id": item.id}
        )
        self._log(self.env["helpdesk.ticket"], 2, task_id=task.id, date="2026-03-02")
        self.assertEqual(
            self._invoice(item.order_id).invoice_line_ids.name.split("\n")[-1],
            "Other work: 02:00 hours, 03/02/2026",
        )

    def test_several_orders_on_one_invoice_are_described_each(self):
        items = [
            self._sell(self.post_paid_product, 1, partner=self.customer)
            for _ in range(2)
        ]
        tickets = [self._create_ticket(sale_line_id=item.id) for item in items]
        for item, ticket in zip(items, tickets, strict=True):
            item.order_id.invoice_by_ticket = True
            self._log(ticket, 1)
        orders = items[0].order_id | items[1].order_id
        lines = orders._create_invoices().invoice_line_ids
        for item, ticket in zip(items, tickets, strict=True):
            (line,) = lines.filtered(lambda line, item=item: item in line.sale_line_ids)
            self.assertIn(ticket.number, line.name)
            self.assertEqual(line.name.count("hours"), 1)

    def test_invoice_button_lists_the_tickets(self):
        view = self.env.ref("hr_timesheet.hr_timesheet_line_tree")
        manager = self._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,"
            "hr_timesheet.group_timesheet_manager,account.group_account_invoice",
        )
        entries = self.env["account.analytic.line"].with_user(manager)
        arch = self._get_view(entries, "list", view.id)
        self.assertTrue(arch.xpath("//field[@name='ticket_id'][@optional='show']"))
