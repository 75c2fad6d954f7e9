from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestTicket(TrackBillCommon):
    # --- K1 -----------------------------------------------------------
    def test_K1_new_ticket_takes_the_project_of_its_team(self):
        self.assertEqual(self._create_ticket().project_id, self.team.default_project_id)

    def test_K1_changing_the_team_takes_the_new_project(self):
        other = self.team.copy({"name": "Other", "default_project_id": False})
        other.allow_timesheet = True
        ticket = self._create_ticket(project_id=self._create_project().id)
        ticket.team_id = other
        self.assertEqual(ticket.project_id, other.default_project_id)

    def test_K1_changing_the_team_in_the_form(self):
        other = self.env["helpdesk.ticket.team"].create(
            {"name": "Other", "allow_timesheet": True}
        )
        with Form(self._create_ticket()) as form:
            form.team_id = other
            self.assertEqual(form.project_id, other.default_project_id)
        self.assertEqual(form.record.project_id, other.default_project_id)

    def test_K1_team_changed_and_changed_back_in_the_form(self):
        other = self.env["helpdesk.ticket.team"].create(
            {"name": "Other", "allow_timesheet": True}
        )
        project = self._create_project()
        with Form(self._create_ticket(project_id=project.id)) as form:
            form.team_id = other
            form.team_id = self.team
        self.assertEqual(form.record.project_id, project)

    def test_K1_project_that_the_action_gives_stays_in_the_form(self):
        project = self.team.default_project_id.copy()
        form = Form(
            self.env["helpdesk.ticket"].with_context(
                default_project_id=project.id, default_team_id=self.team.id
            )
        )
        self.assertEqual(form.project_id, project)

    def test_K1_project_of_the_action_that_takes_no_time_gives_way(self):
        own = self.team.default_project_id
        without_time = own.copy({"allow_timesheets": False})
        elsewhere = own.copy({"company_id": self._create_company().id})
        for project in (without_time, elsewhere):
            form = Form(
                self.env["helpdesk.ticket"].with_context(
                    default_project_id=project.id, default_team_id=self.team.id
                )
            )
            with self.subTest(project=project):
                self.assertEqual(form.project_id, own)

    def test_K1_team_without_timesheets_leaves_the_project(self):
        plain = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        project = self._create_project()
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": project.id}
        )
        ticket = self._create_ticket(
            team_id=plain.id, project_id=project.id, task_id=task.id
        )
        ticket.team_id = plain.copy({"name": "Other"})
        self.assertEqual((ticket.project_id, ticket.task_id), (project, task))

    def test_K1_team_and_company_together_take_the_project_of_that_company(self):
        company = self._create_company()
        shared = self.env["helpdesk.ticket.team"].create(
            {"name": "Shared", "company_id": False, "allow_timesheet": True}
        )
        project = self.env["project.project"].create(
            {"name": "Second", "company_id": company.id}
        )
        shared.with_company(company).default_project_id = project
        ticket = self._create_ticket()
        ticket.write({"team_id": shared.id, "company_id": company.id})
        self.assertEqual(ticket.project_id, project)

    def test_K1_project_chosen_by_hand_stays(self):
        project = self._create_project()
        ticket = self._create_ticket(project_id=project.id)
        ticket.write({"partner_id": self.other_customer.id, "user_id": self.agent.id})
        ticket.team_id = self.team
        self.assertEqual(ticket.project_id, project)

    def _create_project(self):
        return self.env["project.project"].create(
            {"name": "By hand", "allow_billable": True}
        )

    # --- K2 -----------------------------------------------------------
    def test_K2_newest_prepaid_with_hours(self):
        self._sell_hours(date="2026-03-01")
        newest = self._sell_hours(date="2026-05-01")
        self._sell_hours(date="2026-04-01")
        self.assertEqual(self._create_ticket().sale_line_id, newest)

    def test_K2_same_date_the_highest_id(self):
        self._sell_hours(date="2026-03-01")
        second = self._sell_hours(date="2026-03-01")
        self.assertEqual(self._create_ticket().sale_line_id, second)

    def test_K2_item_without_hours_is_passed_over(self):
        older = self._sell_hours(date="2026-03-01")
        used_up = self._sell_hours(2, date="2026-04-01")
        self._log(self._create_ticket(), 2)
        self.assertEqual(used_up.remaining_hours, 0)
        self.assertEqual(self._create_ticket().sale_line_id, older)

    def test_K2_what_rounding_leaves_of_an_item_is_no_hour(self):
        self._sell_hours(1)
        ticket = self._create_ticket()
        for _third in range(3):
            self._log(ticket, 1 / 3)
        self.assertFalse(self._create_ticket().sale_line_id)

    def test_K2_lowered_quantity_leaves_no_hours(self):
        item = self._sell_hours(5)
        self._log(self._create_ticket(), 3)
        item.product_uom_qty = 3
        self.assertFalse(self._create_ticket().sale_line_id)

    def test_K2_commercial_entity_not_the_contact(self):
        sibling = self.contact.copy({"name": "Sibling", "parent_id": self.customer.id})
        item = self._sell_hours(partner=sibling)
        self.assertEqual(self._create_ticket().sale_line_id, item)

    def test_K2_archived_customer_keeps_the_hours_it_bought(self):
        item = self._sell_hours(partner=self.contact)
        self.contact.active = False
        self.assertEqual(
            self._create_ticket(partner_id=self.customer.id).sale_line_id, item
        )

    def test_K2_other_customers_quotations_and_cancelled_orders_do_not_count(self):
        self._sell_hours(partner=self.other_customer)
        self._sell_hours(confirm=False)
        self._sell_hours().order_id._action_cancel()
        self.assertFalse(self._create_ticket().sale_line_id)

    def test_K2_post_paid_expenses_and_down_payments_do_not_count(self):
        self._sell(self.post_paid_product, 5)
        self._sell_hours(is_expense=True)
        self._sell_hours(is_downpayment=True)
        self.assertFalse(self._create_ticket().sale_line_id)

    def test_K2_prepaid_in_another_unit_does_not_count(self):
        units = self._create_service(
            "Pack", "ordered_prepaid", uom_id=self.env.ref("uom.product_uom_unit").id
        )
        self._sell(units, 5)
        self.assertFalse(self._create_ticket().sale_line_id)

    def test_K2_prepaid_in_days_counts(self):
        item = self._sell_hours(2, product_uom_id=self.day.id)
        ticket = self._create_ticket()
        self.assertEqual(ticket.sale_line_id, item)
        self.assertEqual(ticket.remaining_hours_so, 16)

    def test_K2_company_of_the_ticket(self):
        company = self._create_company()
        item = self._sell_hours(date="2026-03-01")
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create({"partner_id": self.customer.id, "company_id": company.id})
        )
        order.order_line = [
            Command.create(
                {"product_id": self.prepaid_product.id, "product_uom_qty": 5}
            )
        ]
        order.action_confirm()
        self.assertEqual(self._create_ticket().sale_line_id, item)

    def test_K2_team_without_billing_has_no_item(self):
        self._sell_hours()
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Free", "allow_timesheet": True}
        )
        self.assertFalse(self._create_ticket(team_id=team.id).sale_line_id)

    def test_K2_by_email(self):
        item = self._sell_hours()
        ticket = self.env["helpdesk.ticket"].message_new(
            {
                "subject": "Help",
                "from": self.contact.email,
                "to": "help@example.com",
                "body": "It hums.",
                "author_id": self.contact.id,
                "message_id": "<one@example.com>",
            },
            custom_values={"team_id": self.team.id},
        )
        self.assertEqual(ticket.sale_line_id, item)

    def test_K2_in_an_import(self):
        item = self._sell_hours()
        result = self.env["helpdesk.ticket"].load(
            ["name", "description", "team_id/.id", "partner_id/.id"],
            [["Imported", "Text", str(self.team.id), str(self.contact.id)]],
        )
        self.assertFalse(result["messages"])
        ticket = self.env["helpdesk.ticket"].browse(result["ids"])
        self.assertEqual(ticket.sale_line_id, item)

    def test_K2_in_the_form(self):
        item = self._sell_hours()
        form = Form(
            self.env["helpdesk.ticket"].with_context(default_team_id=self.team.id)
        )
        form.partner_id = self.contact
        self.assertEqual(form.sale_line_id, item)

    def test_K2_many_tickets_find_their_items_with_as_many_queries_as_few(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(60)]
        )
        items = self.env["sale.order.line"].browse()
        for customer in customers:
            items |= self._sell_hours(partner=customer)
        plain_team = self.env["helpdesk.ticket.team"].create({"name": "Plain"})

        def count_queries(team, partners):
            """Queries of creating a ticket for each partner, and the tickets."""
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            tickets = self.env["helpdesk.ticket"].create(
                [
                    {
                        "name": "Many",
                        "number": f"{team.id}-{partner.id}",
                        "description": "Many",
                        "team_id": team.id,
                        "partner_id": partner.id,
                    }
                    for partner in partners
                ]
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before, tickets

        count_queries(self.team, customers[:1])
        count_queries(plain_team, customers[:1])
        more = []
        for partners in (customers[:10], customers[10:]):
            plain, _tickets = count_queries(plain_team, partners)
            billing, tickets = count_queries(self.team, partners)
            more.append(billing - plain)
            self.assertEqual(tickets.sale_line_id.order_partner_id, partners)
        self.assertEqual(more[0], more[1])

    # --- K3 -----------------------------------------------------------
    def test_K3_item_picked_by_hand_stays(self):
        older = self._sell_hours(date="2026-03-01")
        self._sell_hours(date="2026-04-01")
        ticket = self._create_ticket(sale_line_id=older.id)
        ticket.partner_id = self.customer
        ticket.team_id = self.team.copy({"name": "Other"})
        self.assertEqual(ticket.sale_line_id, older)

    def test_K3_item_cleared_by_hand_stays_cleared(self):
        self._sell_hours()
        ticket = self._create_ticket()
        ticket.sale_line_id = False
        ticket.partner_id = self.customer
        ticket.team_id = self.team.copy({"name": "Other"})
        self.assertFalse(ticket.sale_line_id)

    def test_K3_ticket_created_without_an_item_by_hand_stays_without(self):
        self._sell_hours()
        ticket = self._create_ticket(sale_line_id=False)
        self.assertFalse(ticket.sale_line_id)
        ticket.partner_id = self.customer
        self.assertFalse(ticket.sale_line_id)

    def test_K3_moving_to_a_billing_team_applies_K2(self):
        item = self._sell_hours()
        team = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        ticket = self._create_ticket(team_id=team.id, sale_line_id=False)
        ticket.team_id = self.team
        self.assertEqual(ticket.sale_line_id, item)

    def test_K3_item_cleared_by_hand_in_the_form_stays_cleared(self):
        self._sell_hours()
        form = Form(
            self.env["helpdesk.ticket"].with_context(default_team_id=self.team.id)
        )
        form.name = "Free of charge"
        form.description = "A favour"
        form.partner_id = self.contact
        form.sale_line_id = self.env["sale.order.line"]
        form.partner_id = self.customer
        self.assertFalse(form.sale_line_id)
        self.assertFalse(form.save().sale_line_id)

    def test_K3_new_order_changes_no_ticket(self):
        ticket = self._create_ticket()
        self._sell_hours()
        ticket.partner_id = self.customer
        self.assertFalse(ticket.sale_line_id)

    def test_K3_another_customer_drops_the_item_and_applies_K2(self):
        self._sell_hours()
        other_item = self._sell_hours(partner=self.other_customer)
        ticket = self._create_ticket()
        ticket.partner_id = self.other_customer
        self.assertEqual(ticket.sale_line_id, other_item)

    def test_K3_no_customer_no_item(self):
        self._sell_hours()
        ticket = self._create_ticket()
        ticket.partner_id = False
        self.assertFalse(ticket.sale_line_id)

    # --- K3b, K3c -----------------------------------------------------
    def test_K3b_old_time_does_not_drain_a_block_of_a_new_parent(self):
        contact = self.env["res.partner"].create({"name": "Dana Alone"})
        tickets = self._create_ticket(partner_id=contact.id)
        tickets |= self._create_ticket(partner_id=contact.id)
        for ticket in tickets:
            self._log(ticket, 8)
        block = self._sell_hours(50)
        contact.parent_id = self.customer
        self.assertFalse(tickets.sale_line_id)
        self.assertEqual(block.remaining_hours, 50)
        self.assertFalse(tickets.timesheet_ids.so_line)

    def test_K3b_contact_who_changes_employer_rewrites_no_ticket(self):
        item = self._sell_hours(10)
        other_item = self._sell_hours(10, partner=self.other_customer)
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        self.contact.parent_id = self.other_customer
        ticket.user_id = self.agent
        ticket.team_id = self.team.copy({"name": "Other"})
        self.assertEqual(ticket.sale_line_id, item)
        self.assertEqual(entry.so_line, item)
        self.assertEqual((item.remaining_hours, other_item.remaining_hours), (8, 10))

    def test_K3b_merged_contacts_move_nothing(self):
        item = self._sell_hours(10)
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        twin = self.env["res.partner"].create(
            {"name": "Dana", "parent_id": self.customer.id}
        )
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.contact | twin).ids, twin
        )
        self.assertEqual(ticket.partner_id, twin)
        self.assertEqual((ticket.sale_line_id, entry.so_line), (item, item))
        ticket.partner_id = self.customer
        self.assertEqual(ticket.sale_line_id, item)

    def test_K3c_cancelled_order_leaves_its_open_tickets(self):
        older = self._sell_hours(10, date="2026-01-01")
        item = self._sell_hours(10, date="2026-02-01")
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        done = self._create_ticket(
            stage_id=self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id
        )
        item.order_id._action_cancel()
        self.assertEqual(ticket.sale_line_id, older)
        self.assertEqual(entry.so_line, item)
        self.assertEqual(ticket.hours_on_other_items, 2)
        self.assertEqual(done.sale_line_id, item)
        self.assertFalse(self._log(done, 1).so_line)
        self.assertEqual(self._log(ticket, 1).so_line, older)

    def test_K3c_tickets_that_open_again_leave_a_cancelled_item(self):
        older = self._sell_hours(10, date="2026-01-01")
        item = self._sell_hours(10, date="2026-02-01")
        stages = "helpdesk_mgmt.helpdesk_ticket_stage"
        closed = self._create_ticket(stage_id=self.env.ref(f"{stages}_done").id)
        archived = self._create_ticket()
        entry = self._log(archived, 2)
        archived.active = False
        item.order_id._action_cancel()
        self.assertEqual((closed | archived).sale_line_id, item)
        closed.active = False
        closed.active = True
        self.assertEqual(closed.sale_line_id, item)
        stage = self.env.ref(f"{stages}_in_progress")
        closed.with_user(self.agent).stage_id = stage
        archived.with_user(self.agent).active = True
        self.assertEqual(closed.sale_line_id, older)
        self.assertEqual(archived.sale_line_id, older)
        self.assertEqual(entry.so_line, item)
        self.assertEqual(archived.hours_on_other_items, 2)

    def test_K3c_a_cancelled_item_takes_no_time_by_hand(self):
        item = self._sell_hours(10)
        ticket = self._create_ticket(
            stage_id=self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id
        )
        entry = self._log(ticket, 2)
        entry.so_line = False
        free = self._log(ticket, 1, so_line=False, is_so_line_edited=False)
        item.order_id._action_cancel()
        self.assertEqual(ticket.sale_line_id, item)
        refused = self.assertRaisesRegex(UserError, "no confirmed order")
        with refused, self.cr.savepoint():
            entry.so_line = item
        with refused, self.cr.savepoint():
            ticket.action_reassign_timesheets()
        self.assertFalse((entry | free).so_line)

    def test_K3c_what_the_drop_down_does_not_offer_is_refused(self):
        quotation = self._sell_hours(confirm=False)
        used_up = self._sell_hours(1)
        self._log(self._create_ticket(sale_line_id=used_up.id), 1)
        packs = self._create_service(
            "Packs", "ordered_prepaid", uom_id=self.env.ref("uom.product_uom_unit").id
        )
        fixed = self._create_service("Fixed", "delivered_manual")
        ticket = self._create_ticket()
        for item, message in (
            (quotation, "no confirmed order"),
            (used_up, "no hours left"),
            (self._sell(packs, 1), "neither prepaid in a unit of time"),
            (self._sell(fixed, 1), "neither prepaid in a unit of time"),
            (self._sell_hours(is_downpayment=True), "not a service"),
        ):
            with self.subTest(message=message):
                self.assertFalse(item._is_drawable_by(ticket))
                with self.assertRaisesRegex(ValidationError, message):
                    ticket.sale_line_id = item
                with self.assertRaisesRegex(ValidationError, message):
                    self._create_ticket(sale_line_id=item.id)

    def test_K3c_a_ticket_keeps_an_item_that_it_used_up(self):
        item = self._sell_hours(1)
        ticket = self._create_ticket()
        self._log(ticket, 3)
        ticket.write({"name": "Still stuck", "sale_line_id": item.id})
        self.assertEqual(ticket.remaining_hours_so, -2)

    def test_K2_duplicate_of_a_ticket_whose_item_is_used_up(self):
        item = self._sell_hours(1, date="2026-02-01")
        older = self._sell_hours(10, date="2026-01-01")
        ticket = self._create_ticket()
        self._log(ticket, 1)
        self.assertEqual(ticket.copy().sale_line_id, older)
        self.assertEqual(ticket.sale_line_id, item)

    def test_K3_duplicate_for_another_customer_applies_K2(self):
        self._sell_hours()
        other_item = self._sell_hours(partner=self.other_customer)
        ticket = self._create_ticket()
        other = ticket.copy({"partner_id": self.other_customer.id})
        self.assertEqual(other.sale_line_id, other_item)
        ticket.sale_line_id = False
        other = ticket.copy({"partner_id": self.other_customer.id})
        self.assertEqual(other.sale_line_id, other_item)
        self.assertFalse(ticket.copy({"partner_id": False}).sale_line_id)

    def test_K3_duplicate_for_a_colleague_keeps_the_choice(self):
        older = self._sell_hours(date="2026-04-01")
        self._sell_hours(date="2026-05-01")
        ticket = self._create_ticket(sale_line_id=older.id)
        other = ticket.copy({"partner_id": self.customer.id})
        self.assertEqual(other.sale_line_id, older)
        self.assertEqual(other.sale_line_partner_id, self.customer)

    def test_K3_duplicate_for_another_team_applies_K2(self):
        item = self._sell_hours()
        company = self._create_company()
        plain = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        second = self.env["helpdesk.ticket.team"].create(
            {"name": "Second", "company_id": company.id, "allow_billable": True}
        )
        ticket = self._create_ticket()
        self.assertFalse(ticket.copy({"team_id": plain.id}).sale_line_id)
        abroad = ticket.copy({"team_id": second.id})
        self.assertEqual(abroad.company_id, company)
        self.assertFalse(abroad.sale_line_id)
        self.assertEqual(
            abroad.project_id, second.with_company(company).default_project_id
        )
        free = self._create_ticket(team_id=plain.id)
        self.assertEqual(free.copy({"team_id": self.team.id}).sale_line_id, item)

    # --- K4 -----------------------------------------------------------
    def test_K4_drop_down_offers_prepaid_with_hours_and_post_paid(self):
        prepaid = self._sell_hours(4)
        post_paid = self._sell(self.post_paid_product, 1)
        used_up = self._sell_hours(1)
        self._log(self._create_ticket(sale_line_id=used_up.id), 1)
        self._sell_hours(partner=self.other_customer)
        self._sell_hours(confirm=False)
        offered = self._drop_down(self.agent)
        self.assertEqual(set(offered), {prepaid.id, post_paid.id})
        self.assertIn("(04:00 remaining)", offered[prepaid.id])
        self.assertEqual(offered, self._drop_down(self.salesperson))

    def _drop_down(self, user):
        """What the drop-down of the form answers to a user."""
        lines = self.env["sale.order.line"].with_user(user)
        ticket = self.env["helpdesk.ticket"]
        domain = ticket._fields["sale_line_id"].get_description(self.env)["domain"]
        values = {
            "company_id": self.company.id,
            "commercial_partner_id": self.customer.id,
        }
        answer = lines.with_context(
            with_remaining_hours=True,
            ticket_commercial_partner_id=self.customer.id,
            ticket_company_id=self.company.id,
        ).web_name_search("", {"display_name": {}}, eval(domain, values))  # noqa: S307
        return {item["id"]: item["display_name"] for item in answer}

    def test_K4_item_of_another_customer_is_refused(self):
        item = self._sell_hours(partner=self.other_customer)
        ticket = self._create_ticket()
        with self.assertRaisesRegex(ValidationError, "another customer"):
            ticket.sale_line_id = item
        with self.assertRaisesRegex(ValidationError, "another customer"):
            self._create_ticket(sale_line_id=item.id)

    def test_K4_item_of_another_company_is_refused(self):
        company = self._create_company()
        item = self._sell_hours()
        order = item.order_id.copy({"company_id": company.id})
        with self.assertRaisesRegex(ValidationError, "another company"):
            self._create_ticket(sale_line_id=order.order_line.id)

    def test_K4_goods_are_refused(self):
        goods = self.env["product.product"].create({"name": "Goods", "type": "consu"})
        with self.assertRaisesRegex(ValidationError, "not a service"):
            self._create_ticket(sale_line_id=self._sell(goods, 1).id)

    # --- K5 -----------------------------------------------------------
    def test_K5_hours_left_count_down_in_the_form_and_come_back(self):
        self._sell_hours(10)
        ticket = self._create_ticket()
        self._log(ticket, 1)
        with Form(ticket.with_user(self.agent)) as form:
            self.assertEqual(form.remaining_hours_so, 9)
            with form.timesheet_ids.new() as line:
                line.name = "Typing"
                line.unit_amount = 2.5
            self.assertEqual(form.remaining_hours_so, 6.5)
            self.assertEqual(form.total_hours, 3.5)
            with form.timesheet_ids.edit(0) as line:
                line.unit_amount = 11
            self.assertEqual(form.remaining_hours_so, -3.5)
            form.timesheet_ids.remove(1)
            self.assertEqual(form.remaining_hours_so, -1)
        self.assertEqual(ticket.remaining_hours_so, -1)
        self.assertEqual(ticket.total_hours, 11)

    def test_K5_item_changed_in_the_same_edit(self):
        first = self._sell_hours(10, date="2026-05-01")
        second = self._sell_hours(20, date="2026-04-01")
        ticket = self._create_ticket()
        self._log(ticket, 3)
        with Form(ticket) as form:
            with form.timesheet_ids.new() as line:
                line.employee_id = self.employee
                line.unit_amount = 2
            form.sale_line_id = second
            self.assertEqual(form.remaining_hours_so, 18)
            self.assertEqual(form.hours_on_other_items, 3)
        self.assertEqual(ticket.remaining_hours_so, 18)
        self.assertEqual(ticket.hours_on_other_items, 3)
        self.assertEqual(first.remaining_hours, 7)

    def test_K5_first_item_of_a_ticket_takes_its_free_entries(self):
        ticket = self._create_ticket()
        self._log(ticket, 3)
        item = self._sell_hours(10)
        with Form(ticket) as form:
            form.sale_line_id = item
            self.assertEqual(form.remaining_hours_so, 7)
        self.assertEqual(ticket.remaining_hours_so, 7)

    def test_K5_line_with_an_item_of_its_own_does_not_count(self):
        first = self._sell_hours(10)
        second = self._sell_hours(20, date="2026-01-01")
        ticket = self._create_ticket(sale_line_id=first.id)
        self._log(ticket, 1)
        with Form(ticket) as form:
            with form.timesheet_ids.edit(0) as line:
                line.so_line = second
                line.is_so_line_edited = True
            self.assertEqual(form.remaining_hours_so, 10)
        self.assertEqual(ticket.remaining_hours_so, 10)
        self.assertEqual(second.remaining_hours, 19)

    def test_K4_a_new_ticket_brings_the_time_that_uses_its_item_up(self):
        item = self._sell_hours(2)
        line = {"employee_id": self.employee.id, "name": "First", "unit_amount": 3}
        tickets = self._create_ticket(timesheet_ids=[Command.create(line)])
        self.assertEqual(tickets.sale_line_id, item)
        self.assertEqual(item.remaining_hours, -1)
        with self.assertRaisesRegex(ValidationError, "no hours left"):
            self._create_ticket(
                sale_line_id=item.id, timesheet_ids=[Command.create(line)]
            )

    def test_K4_an_item_is_chosen_along_with_time_that_uses_it_up(self):
        self._sell_hours(10)
        item = self._sell_hours(2, date="2026-01-01")
        line = {"employee_id": self.employee.id, "name": "First", "unit_amount": 2}
        vals = {"sale_line_id": item.id, "timesheet_ids": [Command.create(line)]}
        ticket = self._create_ticket()
        ticket.write(vals)
        self.assertEqual(ticket.timesheet_ids.so_line, item)
        with self.assertRaisesRegex(ValidationError, "no hours left"):
            self._create_ticket().write(vals)

    def test_K5_unit_is_that_in_which_the_client_shows_time(self):
        company = self._create_company()
        company.timesheet_encode_uom_id = self.day
        ticket = self._create_ticket()
        self.assertFalse(ticket.encode_uom_in_days)
        self.assertTrue(ticket.with_company(company).encode_uom_in_days)
        self.assertFalse(ticket.with_company(company)._is_recorded_in_days())

    def test_K2_hours_left_follow_what_the_product_is_now(self):
        product = self._create_service("Changed", "delivered_timesheet")
        item = self._sell(product, 10)
        self._log(self._create_ticket(sale_line_id=item.id), 2)
        product.service_policy = "ordered_prepaid"
        self.assertEqual(item.remaining_hours, 8)
        self.assertEqual(self._create_ticket().sale_line_id, item)
        product.service_policy = "delivered_timesheet"
        self.assertFalse(self._create_ticket().sale_line_id)

    def test_K5_days_are_not_rounded(self):
        self._sell_hours(10, product_uom_id=self.day.id)
        ticket = self._create_ticket()
        with Form(ticket) as form:
            with form.timesheet_ids.new() as line:
                line.employee_id = self.employee
                line.unit_amount = 1
            self.assertEqual(form.remaining_hours_so, 79)
        self.assertEqual(ticket.remaining_hours_so, 79)

    def test_K5_days_where_the_company_records_days(self):
        self.assertFalse(self._create_ticket().encode_uom_in_days)
        self.company.timesheet_encode_uom_id = self.day
        self.assertTrue(self._create_ticket().encode_uom_in_days)

    def test_K5_search_by_hours_left(self):
        self._sell_hours(1)
        over = self._create_ticket()
        self._log(over, 3)
        self._create_ticket()
        tickets = self.env["helpdesk.ticket"].with_user(self.agent)
        found = tickets.search(
            [("remaining_hours_so", "<", 0), ("team_id", "=", self.team.id)]
        )
        self.assertEqual(found.ids, over.ids)
        self.assertEqual(found.remaining_hours_so, -2)

    # --- K6 -----------------------------------------------------------
    def test_K6_button_opens_the_order_of_the_item(self):
        item = self._sell_hours()
        action = self._create_ticket().action_view_sale_order()
        self.assertEqual(action["res_model"], "sale.order")
        self.assertEqual(action["res_id"], item.order_id.id)

    def test_K6_order_counts_every_ticket_of_its_items(self):
        order = self._sell_hours().order_id
        first, second = self._create_ticket(), self._create_ticket()
        self.assertEqual(order.ticket_count, 2)
        self.assertEqual(order.order_line.ticket_count, 2)
        first.sale_line_id = self._sell_hours(date="2026-01-01")
        self.assertEqual(order.ticket_count, 1)
        second.sale_line_id = False
        self.assertEqual(order.ticket_count, 0)
        self.assertEqual(second.so_count, 0)

    def test_K6_archived_tickets_count(self):
        item = self._sell_hours()
        order = item.order_id
        tickets = self._create_ticket() | self._create_ticket()
        tickets[0].active = False
        self.assertEqual((order.ticket_count, item.ticket_count), (2, 2))
        for action in (order.action_view_tickets(), item.action_view_tickets()):
            found = self.env["helpdesk.ticket"].with_context(**action["context"])
            self.assertEqual(found.search(action["domain"]), tickets.sorted())

    def test_K6_order_linked_by_hand_counts_beside_the_items(self):
        by_hand = self._sell_hours(date="2026-01-01").order_id
        order = self._sell_hours().order_id
        ticket = self._create_ticket(sale_order_ids=[Command.link(by_hand.id)])
        self.assertEqual(self._get_orders(ticket), by_hand | order)
        self.assertEqual((by_hand.ticket_count, order.ticket_count), (1, 1))
        ticket.sale_line_id = by_hand.order_line
        self.assertEqual(self._get_orders(ticket), by_hand)
        self.assertEqual((by_hand.ticket_count, order.ticket_count), (1, 0))
        ticket.sale_line_id = False
        self.assertEqual(self._get_orders(ticket), by_hand)

    def test_K6_ticket_unlinked_on_the_order_stays_with_its_item(self):
        order = self._sell_hours().order_id
        ticket = self._create_ticket()
        order.ticket_ids = [Command.clear()]
        self.assertEqual(order.ticket_count, 1)
        ticket.sale_order_ids = [Command.clear()]
        self.assertEqual(self._get_orders(ticket), order)

    def test_K6_counts_leave_out_orders_that_the_user_may_not_read(self):
        self._sell_hours()
        ticket = self._create_ticket().with_user(self.agent)
        self.assertEqual(ticket.so_count, 0)

    def _get_orders(self, ticket):
        """The orders that the ticket's button counts and opens."""
        orders = self.env["sale.order"].search(
            ticket.action_view_sale_orders()["domain"]
        )
        self.assertEqual(ticket.so_count, len(orders))
        return orders.sorted("id")

    def test_K6_duplicate_has_the_item_and_the_orders_linked_by_hand(self):
        by_hand = self._sell_hours(date="2026-01-01").order_id
        item = self._sell_hours()
        ticket = self._create_ticket(sale_order_ids=[Command.link(by_hand.id)])
        duplicate = ticket.copy()
        self.assertEqual(duplicate.sale_line_id, item)
        self.assertEqual(self._get_orders(duplicate), by_hand | item.order_id)
        duplicate.sale_line_id = False
        self.assertEqual(self._get_orders(duplicate), by_hand)

    def test_K6_renewed_order_leaves_the_tickets_with_the_former(self):
        item = self._sell_hours()
        by_hand = self._create_ticket(sale_line_id=False)
        item.order_id.ticket_ids = by_hand
        self._create_ticket(sale_line_id=item.id)
        renewed = item.order_id.copy()
        self.assertEqual((item.order_id.ticket_count, renewed.ticket_count), (2, 0))

    def test_K6_removed_order_line_leaves_the_order(self):
        item = self._sell_hours()
        order = item.order_id
        ticket = self._create_ticket()
        order._action_cancel()
        order.action_draft()
        item.unlink()
        self.assertFalse(ticket.sale_line_id)
        self.assertFalse(ticket.sale_order_id)
        self.assertEqual((ticket.so_count, order.ticket_count), (0, 0))

    # --- K7 -----------------------------------------------------------
    def test_K7_ticket_with_time_cannot_be_deleted(self):
        ticket = self._create_ticket()
        entry = self._log(ticket, 1)
        with self.assertRaisesRegex(UserError, "archive it instead"):
            ticket.unlink()
        entry.unlink()
        ticket.unlink()
        self.assertFalse(ticket.exists())

    # --- companies ----------------------------------------------------
    def test_A5_team_of_another_company_is_refused(self):
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Abroad",
                "company_id": self._create_company().id,
                "allow_timesheet": True,
            }
        )
        ticket = self._create_ticket()
        with self.assertRaisesRegex(ValidationError, "Abroad"):
            ticket.team_id = team
