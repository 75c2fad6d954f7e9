from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestTimeEntry(TrackBillCommon):
    # --- E1 -----------------------------------------------------------
    def test_E1_entry_takes_project_task_customer_and_item(self):
        item = self._sell_hours()
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": self.team.default_project_id.id}
        )
        ticket = self._create_ticket(task_id=task.id)
        self.assertRecordValues(
            self._log(ticket, 2),
            [
                {
                    "project_id": self.team.default_project_id.id,
                    "task_id": task.id,
                    "partner_id": self.contact.id,
                    "ticket_partner_id": self.contact.id,
                    "so_line": item.id,
                    "employee_id": self.employee.id,
                    "company_id": self.company.id,
                    "timesheet_invoice_type": "billable_fixed",
                    "amount": -40,
                }
            ],
        )

    def test_E1_entry_counts_as_delivered_at_once(self):
        item = self._sell_hours()
        entry = self._log(self._create_ticket(), 2)
        self.assertEqual(item.qty_delivered, 2)
        entry.unit_amount = 3
        self.assertEqual(item.qty_delivered, 3)
        entry.unlink()
        self.assertEqual(item.qty_delivered, 0)

    def test_E1_without_item_it_is_non_billable(self):
        entry = self._log(self._create_ticket(), 2)
        self.assertFalse(entry.so_line)
        self.assertEqual(entry.timesheet_invoice_type, "non_billable")

    def test_E1_time_of_a_team_without_billing_is_non_billable(self):
        self._sell_hours()
        ticket = self._create_ticket()
        self.team.allow_billable = False
        self.assertFalse(self._log(ticket, 1).so_line)

    def test_E1_agent_logs_as_the_own_employee(self):
        item = self._sell_hours()
        ticket = self._create_ticket()
        entry = (
            self.env["account.analytic.line"]
            .with_user(self.agent)
            .create({"ticket_id": ticket.id, "unit_amount": 1, "name": "Mine"})
        )
        self.assertEqual(entry.employee_id, self.employee)
        self.assertEqual(item.qty_delivered, 1)

    def test_E1_without_an_employee_the_message_says_so(self):
        user = self._create_user(
            "unemployed",
            "helpdesk_mgmt.group_helpdesk_user,hr_timesheet.group_hr_timesheet_user",
        )
        with self.assertRaisesRegex(ValidationError, "employee"):
            self.env["account.analytic.line"].with_user(user).create(
                {"ticket_id": self._create_ticket().id, "unit_amount": 1}
            )

    def test_E1_ticket_without_timesheets_is_refused(self):
        team = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        ticket = self._create_ticket(team_id=team.id)
        with self.assertRaisesRegex(ValidationError, "switch Timesheets on"):
            self._log(ticket, 1)

    def test_E1_many_entries_with_as_many_queries_as_few(self):
        item = self._sell_hours(1000)
        tickets = self.env["helpdesk.ticket"].browse()
        for _ticket in range(20):
            tickets |= self._create_ticket()

        def count_queries(logged_on):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["account.analytic.line"].create(
                [
                    {
                        "ticket_id": ticket.id,
                        "employee_id": self.employee.id,
                        "unit_amount": 1,
                        "name": "Many",
                    }
                    for ticket in logged_on
                ]
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count_queries(tickets)
        few, many = count_queries(tickets[:2]), count_queries(tickets)
        # one query each writes the cost of an entry: core's, in _timesheet_postprocess
        self.assertLessEqual(many - few, 18)
        self.assertEqual(item.qty_delivered, 42)

    def test_E1_hours_that_are_no_number_are_refused(self):
        ticket = self._create_ticket()
        for hours in (float("nan"), float("inf"), float("-inf"), 1e308, -1e7):
            with (
                self.subTest(hours=hours),
                self.assertRaisesRegex(ValidationError, "not a number"),
            ):
                self._log(ticket, hours)

    def test_E1_project_picked_on_the_ticket_makes_no_work_free(self):
        item = self._sell_hours()
        project = self.env["project.project"].create({"name": "By hand"})
        self.assertFalse(project.allow_billable)
        ticket = self._create_ticket(project_id=project.id)
        self.assertTrue(ticket.allow_billable)
        self.assertEqual(self._log(ticket, 2).so_line, item)
        self.assertEqual(item.qty_delivered, 2)
        self.assertFalse(project.allow_billable)

    def test_E1_description_may_be_a_number_and_the_ticket_a_pair(self):
        """As imports and other programs send them, and core accepts them."""
        ticket = self._create_ticket()
        entry = self._log(ticket, 1, name=12345, ticket_id=(ticket.id, "Printer"))
        self.assertEqual((entry.name, entry.ticket_id), ("12345", ticket))
        other = self._create_ticket()
        entry.write({"ticket_id": (other.id, "Printer"), "name": 678})
        self.assertEqual((entry.name, entry.ticket_id), ("678", other))

    def test_E1_copy_draws_from_the_item_of_today(self):
        first = self._sell_hours(date="2026-05-01")
        second = self._sell_hours(date="2026-04-01")
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        by_hand = self._log(ticket, 2, so_line=first.id)
        ticket.sale_line_id = second
        self.assertEqual(entry.copy().so_line, second)
        self.assertEqual(by_hand.copy().so_line, first)
        ticket.partner_id = self.other_customer
        self.assertFalse(entry.copy().so_line)

    def test_E2_time_split_by_analytic_accounts_keeps_its_item(self):
        first = self._sell_hours(date="2026-05-01")
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        ticket.sale_line_id = self._sell_hours(date="2026-04-01")
        other = entry.account_id.copy({"name": "Other"})
        entry.analytic_distribution = {str(entry.account_id.id): 50, str(other.id): 50}
        self.assertEqual(len(ticket.timesheet_ids), 2)
        self.assertEqual(ticket.timesheet_ids.so_line, first)
        self.assertEqual(first.qty_delivered, 2)

    def test_E2_split_time_keeps_an_item_that_its_ticket_left(self):
        item = self._sell_hours()
        ticket = self._create_ticket()
        entries = self._log(ticket, 2) | self._log(ticket, 4)
        other = entries.account_id.copy({"name": "Other"})
        halves = {str(entries.account_id.id): 50, str(other.id): 50}
        ticket.partner_id = self.other_customer
        entries[0].with_user(self.agent).analytic_distribution = halves
        item.order_id._action_cancel()
        entries[1].analytic_distribution = halves
        self.assertEqual(len(ticket.timesheet_ids), 4)
        self.assertEqual(ticket.timesheet_ids.so_line, item)
        self.assertEqual(ticket.total_hours, 6)
        self.assertFalse(any(ticket.timesheet_ids.mapped("is_so_line_edited")))

    def test_E2_splitting_opens_no_other_item(self):
        self._sell_hours()
        foreign = self._sell_hours(partner=self.other_customer)
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        other = entry.account_id.copy({"name": "Other"})
        halves = {str(entry.account_id.id): 50, str(other.id): 50}
        entry = entry.with_context(split_by_analytic_accounts=True)
        with (
            self.assertRaisesRegex(ValidationError, "another customer"),
            self.cr.savepoint(),
        ):
            entry.write({"so_line": foreign.id, "analytic_distribution": halves})
        ticket.partner_id = self.other_customer
        self.assertEqual(entry.copy().so_line, foreign)

    # --- E2 -----------------------------------------------------------
    def test_E2_item_written_along_with_the_same_ticket_is_set_by_hand(self):
        self._sell_hours(date="2026-05-01")
        second = self._sell_hours(date="2026-04-01")
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        entry.write({"ticket_id": ticket.id, "so_line": second.id})
        self.assertTrue(entry.is_so_line_edited)

    def test_E2_entry_keeps_the_item_it_was_logged_on(self):
        first = self._sell_hours(date="2026-05-01")
        second = self._sell_hours(date="2026-04-01")
        ticket = self._create_ticket()
        old = self._log(ticket, 2)
        ticket.sale_line_id = second
        new = self._log(ticket, 1)
        self.assertEqual(old.so_line, first)
        self.assertEqual(new.so_line, second)
        self.assertEqual((first.qty_delivered, second.qty_delivered), (2, 1))

    def test_E2_entry_without_item_takes_the_first_one(self):
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        ticket.sale_line_id = item = self._sell_hours()
        self.assertEqual(entry.so_line, item)
        self.assertEqual(item.qty_delivered, 2)

    def test_E2_entry_made_non_billable_by_hand_stays_so(self):
        item = self._sell_hours()
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        entry.so_line = False
        ticket.sale_line_id = False
        ticket.sale_line_id = item
        self.assertFalse(entry.so_line)
        self.assertEqual(item.qty_delivered, 0)

    def test_E2_item_that_a_form_sends_along_is_not_set_by_hand(self):
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        with Form(ticket) as form:
            form.sale_line_id = self._sell_hours(date="2026-05-01")
        self.assertTrue(entry.so_line)
        self.assertFalse(entry.is_so_line_edited)
        ticket.sale_line_id = second = self._sell_hours(date="2026-04-01")
        ticket.action_reassign_timesheets()
        self.assertEqual(entry.so_line, second)

    def test_E2_changing_the_hours_or_the_employee_keeps_the_item(self):
        first = self._sell_hours(date="2026-05-01")
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        ticket.sale_line_id = self._sell_hours(date="2026-04-01")
        other = self._create_employee(self.salesperson)
        entry.write({"unit_amount": 4, "employee_id": other.id})
        self.assertEqual(entry.so_line, first)

    # --- E3 -----------------------------------------------------------
    def test_E3_hours_on_other_items(self):
        self._sell_hours(date="2026-05-01")
        ticket = self._create_ticket()
        self._log(ticket, 2)
        self.assertEqual(ticket.hours_on_other_items, 0)
        ticket.sale_line_id = self._sell_hours(date="2026-04-01")
        self._log(ticket, 1)
        self.assertEqual(ticket.hours_on_other_items, 2)

    def test_E3_invoiced_hours_do_not_count(self):
        first = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=first.id)
        self._log(ticket, 2)
        self._invoice(first.order_id)
        self._log(ticket, 1)
        ticket.sale_line_id = self._sell(self.post_paid_product, 1)
        self.assertEqual(ticket.hours_on_other_items, 1)

    # --- E4 -----------------------------------------------------------
    def test_E4_reassign_moves_uninvoiced_entries_and_leaves_a_note(self):
        first = self._sell(self.post_paid_product, 1)
        second = self._sell_hours(10)
        ticket = self._create_ticket(sale_line_id=first.id)
        invoiced = self._log(ticket, 4)
        self._invoice(first.order_id)
        moved = self._log(ticket, 2.5)
        by_hand = self._log(ticket, 1, so_line=first.id)
        ticket.sale_line_id = second
        ticket.with_user(self.agent).action_reassign_timesheets()
        self.assertEqual(moved.so_line, second)
        self.assertEqual((invoiced | by_hand).so_line, first)
        self.assertEqual(second.qty_delivered, 2.5)
        self.assertEqual(first.qty_delivered, 5)
        self.assertEqual(ticket.hours_on_other_items, 1)
        note = ticket.message_ids[0]
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        for part in ("02:30", first.display_name, second.display_name):
            self.assertIn(part, note.body)
        hours = sum(ticket.timesheet_ids.mapped("unit_amount"))
        self.assertEqual(hours, first.qty_delivered + second.qty_delivered)

    def test_E4_item_picked_on_a_new_line_of_the_form_is_by_hand(self):
        ticket = self._create_ticket(sale_line_id=self._sell_hours(10).id)
        by_hand, other = self._sell_hours(10), self._sell_hours(10)
        with Form(ticket) as form:
            with form.timesheet_ids.new() as line:
                line.so_line = by_hand
                line.employee_id = self.employee
                line.unit_amount = 1
            with form.timesheet_ids.new() as line:
                line.employee_id = self.employee
                line.unit_amount = 2
        first, second = ticket.timesheet_ids.sorted("unit_amount")
        self.assertEqual((first.so_line, first.is_so_line_edited), (by_hand, True))
        self.assertFalse(second.is_so_line_edited)
        ticket.sale_line_id = other
        ticket.action_reassign_timesheets()
        self.assertEqual((first.so_line, second.so_line), (by_hand, other))

    def test_E4_reassign_needs_an_item(self):
        ticket = self._create_ticket()
        self._log(ticket, 1)
        with self.assertRaisesRegex(UserError, "has no Sales Order Item"):
            ticket.action_reassign_timesheets()

    # --- E5 -----------------------------------------------------------
    def test_E5_invoiced_entry_never_changes(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 2)
        other = self._create_ticket()
        invoice = self._invoice(item.order_id)
        project = self.env["project.project"].create({"name": "Other"})
        for values in (
            {"so_line": False},
            {"unit_amount": 3},
            {"product_uom_id": self.day.id},
            {"date": "2026-01-01"},
            {"project_id": project.id},
            {"ticket_id": other.id},
            {"ticket_id": False},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "already invoiced"),
            ):
                entry.write(values)
        ticket.sale_line_id = self._sell_hours()
        ticket.action_reassign_timesheets()
        ticket.project_id = project
        self.assertRecordValues(
            entry,
            [
                {
                    "so_line": item.id,
                    "unit_amount": 2,
                    "project_id": self.team.default_project_id.id,
                    "ticket_id": ticket.id,
                }
            ],
        )
        invoice.button_draft()
        invoice.button_cancel()
        entry.unit_amount = 3
        self.assertEqual(item.qty_delivered, 3)

    def test_E5_an_entry_stays_invoiced_whatever_its_product_becomes(self):
        product = self._create_service("Hourly", "delivered_timesheet")
        item = self._sell(product, 1)
        entry = self._log(self._create_ticket(sale_line_id=item.id), 2)
        self._invoice(item.order_id)
        product.service_policy = "ordered_prepaid"
        for values in (
            {"so_line": False},
            {"unit_amount": 3},
            {"date": "2026-01-01"},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "already invoiced"),
            ):
                entry.write(values)
        entry.name = "Described better"

    def test_E5_nobody_writes_the_invoice_of_an_entry(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 2)
        invoice = self._invoice(item.order_id)
        free = self._log(ticket, 1)
        manager = self._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager",
        )
        refused = self.assertRaisesRegex(UserError, "invoice of the time entry")
        for user in (self.agent, manager):
            with self.subTest(user=user.login):
                with refused, self.cr.savepoint():
                    entry.with_user(user).timesheet_invoice_id = False
                with refused, self.cr.savepoint():
                    free.with_user(user).timesheet_invoice_id = invoice
                with refused, self.cr.savepoint():
                    self._log(ticket.with_user(user), 1).with_user(user).create(
                        {
                            "ticket_id": ticket.id,
                            "employee_id": self.employee.id,
                            "unit_amount": 1,
                            "timesheet_invoice_id": invoice.id,
                        }
                    )

    def test_E5_entry_on_a_draft_invoice_is_invoiced(self):
        item = self._sell(self.post_paid_product, 1)
        entry = self._log(self._create_ticket(sale_line_id=item.id), 2)
        invoice = self._invoice(item.order_id, post=False)
        with self.assertRaisesRegex(UserError, "already invoiced"):
            entry.unit_amount = 3
        invoice.unlink()
        entry.unit_amount = 3
        self.assertEqual(item.qty_to_invoice, 3)

    def test_E5_credited_entry_is_free_again(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 2)
        invoice = self._invoice(item.order_id)
        invoice._reverse_moves(cancel=True)
        entry.unit_amount = 3
        self.assertEqual(item.qty_to_invoice, 3)

    def test_E5_invoiced_entry_is_not_deleted(self):
        item = self._sell(self.post_paid_product, 1)
        entry = self._log(self._create_ticket(sale_line_id=item.id), 2)
        invoice = self._invoice(item.order_id, post=False)
        for _state in ("draft", "posted"):
            with self.assertRaisesRegex(UserError, "already invoiced"):
                entry.unlink()
            if invoice.state == "draft":
                invoice.action_post()

    def test_E5_agents_are_told_and_are_free_again(self):
        """Agents may not read the invoice that the checks ask about."""
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 2).with_user(self.agent)
        invoice = self._invoice(item.order_id)
        for change in (lambda: entry.write({"unit_amount": 3}), entry.unlink):
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "already invoiced"):
                change()
        invoice.button_draft()
        invoice.button_cancel()
        self.env.flush_all()
        self.env.invalidate_all()
        entry.unit_amount = 3
        self.env.flush_all()
        self.env.invalidate_all()
        entry.unlink()
        self.assertEqual(item.qty_delivered, 0)

    # --- flows --------------------------------------------------------
    def _assert_every_hour_is_somewhere(self, tickets):
        entries = tickets.timesheet_ids
        items = entries.so_line | tickets.sale_line_id
        non_billable = entries.filtered(lambda entry: not entry.so_line)
        self.assertEqual(
            sum(entries.mapped("unit_amount")),
            sum(items.mapped("qty_delivered"))
            + sum(non_billable.mapped("unit_amount")),
        )

    def test_E2_block_used_up_and_the_next_chosen(self):
        first = self._sell_hours(2)
        ticket = self._create_ticket()
        self._log(ticket, 3)
        ticket.sale_line_id = second = self._sell_hours(10)
        self._log(ticket, 1)
        self.assertEqual((first.remaining_hours, second.remaining_hours), (-1, 9))
        self.assertEqual(ticket.hours_on_other_items, 3)
        self._assert_every_hour_is_somewhere(ticket)

    def test_E4_wrong_item_corrected_with_reassign(self):
        right = self._sell_hours(10, date="2026-04-01")
        wrong = self._sell_hours(10, date="2026-05-01")
        ticket = self._create_ticket()
        self._log(ticket, 3)
        ticket.sale_line_id = right
        ticket.action_reassign_timesheets()
        self.assertEqual((right.remaining_hours, wrong.remaining_hours), (7, 10))
        self.assertEqual(ticket.hours_on_other_items, 0)
        self._assert_every_hour_is_somewhere(ticket)

    def test_E2_ticket_changes_customer(self):
        item = self._sell_hours(10)
        ticket = self._create_ticket()
        entry = self._log(ticket, 3)
        other = self._sell_hours(10, partner=self.other_customer)
        ticket.partner_id = self.other_customer
        self.assertEqual(ticket.sale_line_id, other)
        self.assertEqual(entry.so_line, item)
        self.assertEqual(entry.ticket_partner_id, self.other_customer)
        self.assertEqual(ticket.hours_on_other_items, 3)
        ticket.action_reassign_timesheets()
        self.assertEqual(entry.so_line, other)
        self._assert_every_hour_is_somewhere(ticket)

    # --- E6 -----------------------------------------------------------
    def test_E6_entry_moved_to_another_ticket_takes_its_item_and_project(self):
        self._sell_hours(date="2026-05-01")
        second = self._sell_hours(date="2026-04-01")
        entry = self._log(self._create_ticket(), 2)
        project = self.env["project.project"].create(
            {"name": "Other", "allow_billable": True}
        )
        other = self._create_ticket(sale_line_id=second.id, project_id=project.id)
        entry.ticket_id = other
        self.assertRecordValues(
            entry, [{"so_line": second.id, "project_id": project.id}]
        )
        self.assertEqual(entry.account_id, project.account_id)

    def test_E6_ticket_moved_to_another_team_takes_its_open_time_along(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        invoiced = self._log(ticket, 2)
        self._invoice(item.order_id)
        open_entry = self._log(ticket, 1)
        other = self.env["helpdesk.ticket.team"].create(
            {"name": "Other", "allow_billable": True}
        )
        old_project = self.team.default_project_id
        ticket.team_id = other
        self.assertEqual(open_entry.project_id, other.default_project_id)
        self.assertEqual(open_entry.account_id, other.default_project_id.account_id)
        self.assertEqual(open_entry.so_line, item)
        self.assertEqual(invoiced.project_id, old_project)

    def test_E6_project_without_timesheets_takes_no_time_along(self):
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        project = self.env["project.project"].create(
            {"name": "Without", "allow_timesheets": False}
        )
        ticket.project_id = project
        self.assertEqual(entry.project_id, self.team.default_project_id)
        self.assertFalse(ticket.allow_timesheet)

    def test_E6_project_of_an_entry_is_its_tickets(self):
        entry = self._log(self._create_ticket(), 2)
        project = self.env["project.project"].create({"name": "Other"})
        with self.assertRaisesRegex(UserError, "belongs to the ticket"):
            entry.project_id = project

    # --- E7 -----------------------------------------------------------
    def test_E6_moved_entries_leave_a_note_on_both_tickets(self):
        first = self._sell_hours(date="2026-05-01")
        second = self._sell_hours(date="2026-04-01")
        ticket = self._create_ticket()
        other = self._create_ticket(sale_line_id=second.id)
        entries = self._log(ticket, 2) | self._log(ticket, 0.5)
        entries.ticket_id = other
        for noted in (ticket, other):
            note = noted.message_ids[0].body
            self.assertIn("02:30 hours moved from", note)
            self.assertLess(note.index(ticket.number), note.index(other.number))
            self.assertLess(
                note.index(first.display_name), note.index(second.display_name)
            )

    def test_E6_moved_ticket_notes_the_project_of_its_hours(self):
        other = self.env["helpdesk.ticket.team"].create(
            {"name": "Second Line", "allow_billable": True}
        )
        ticket = self._create_ticket()
        self._log(ticket, 2)
        ticket.team_id = other
        self.assertIn(
            "02:00 hours moved from Support to Second Line", ticket.message_ids[0].body
        )

    def test_E6_same_ticket_written_again_changes_nothing(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 2)
        self._invoice(item.order_id)
        entry.write({"ticket_id": ticket.id, "name": "Same"})
        self.assertEqual(entry.name, "Same")

    # --- E6b ----------------------------------------------------------
    def test_E6b_rates_of_employees_leave_the_time_of_tickets(self):
        item = self._sell_hours()
        other_item = self._sell_hours(partner=self.other_customer)
        rate = self._sell_hours(date="2026-01-01")
        entry = self._log(self._create_ticket(), 2)
        other = self._log(self._create_ticket(partner_id=self.other_customer.id), 2)
        project = self.team.default_project_id
        project.sale_line_employee_ids = [
            Command.create({"employee_id": self.employee.id, "sale_line_id": rate.id})
        ]
        self.assertEqual((entry.so_line, other.so_line), (item, other_item))
        self.assertFalse(entry.is_so_line_edited)

    def test_E6b_billable_off_and_on_leaves_the_time_of_tickets(self):
        item = self._sell_hours()
        by_hand = self._sell_hours(date="2026-01-01")
        project = self.team.default_project_id
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": project.id}
        )
        entries = self._log(self._create_ticket(task_id=task.id), 1)
        entries |= self._log(self._create_ticket(), 1)
        entries |= self._log(
            self._create_ticket(task_id=task.id), 1, so_line=by_hand.id
        )
        free = self._create_ticket(sale_line_id=False, task_id=task.id)
        entries |= self._log(free, 1)
        before = entries.mapped(lambda entry: (entry.so_line, entry.is_so_line_edited))
        self.assertEqual(entries.so_line, item | by_hand)
        project.allow_billable = False
        during = self._log(self._create_ticket(task_id=task.id), 1)
        project.allow_billable = True
        project.sale_line_id = by_hand
        after = entries.mapped(lambda entry: (entry.so_line, entry.is_so_line_edited))
        self.assertEqual(after, before)
        self.assertEqual(during.so_line, item)

    def _log_free(self, item):
        """Time on tickets with an item, logged while the team did not bill."""
        project = self.team.default_project_id
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": project.id}
        )
        tickets = self._create_ticket() | self._create_ticket(task_id=task.id)
        self.team.allow_billable = False
        entries = self._log(tickets[0], 1) | self._log(tickets[1], 1)
        self.assertEqual(tickets.sale_line_id, item)
        project.allow_billable = False
        self.team.allow_billable = True
        self.assertTrue(project.allow_billable)
        self.assertFalse(entries.so_line)
        return entries

    def test_E6b_time_of_a_team_that_did_not_bill_stays_free(self):
        item = self._sell_hours()
        entries = self._log_free(item)
        project = self.team.default_project_id
        for vals in ({"partner_id": self.customer.id}, {"sale_line_id": item.id}):
            project.write(vals)
            self.env.flush_all()
            self.assertFalse(entries.so_line, vals)

    def test_E6b_rates_of_employees_give_free_time_no_item(self):
        item = self._sell_hours()
        entries = self._log_free(item)
        project = self.team.default_project_id
        other = self._create_employee(self._create_user("other", "base.group_user"))
        vals = {"employee_id": self.employee.id, "sale_line_id": item.id}
        project.sale_line_employee_ids = [Command.create(vals)]
        self.env.flush_all()
        self.assertFalse(entries.so_line)
        rates = project.sale_line_employee_ids.create(
            {**vals, "employee_id": other.id, "project_id": project.id}
        )
        self.env.flush_all()
        self.assertFalse(entries.so_line)
        rates.sale_line_id = self._sell_hours()
        self.env.flush_all()
        self.assertFalse(entries.so_line)
        rates.unlink()
        self.env.flush_all()
        self.assertFalse(entries.so_line)

    def test_E6b_the_tasks_item_and_another_employee_give_free_time_no_item(self):
        item = self._sell_hours()
        other_item = self._sell_hours()
        entries = self._log_free(other_item)
        colleague = self._create_employee(self._create_user("mate", "base.group_user"))
        entries.task_id.sale_line_id = item
        entries[0].employee_id = colleague
        self.env.flush_all()
        self.assertEqual(entries[0].employee_id, colleague)
        self.assertFalse(entries.so_line)

    def test_A4_what_time_has_of_its_ticket_nobody_writes(self):
        entry = self._log(self._create_ticket(), 1)
        other = self.team.copy({"name": "Other"})
        approver = self._create_user(
            "approver",
            "hr_timesheet.group_timesheet_manager,helpdesk_mgmt.group_helpdesk_manager",
        )
        entry.with_user(approver).write({"ticket_team_id": other.id, "name": "Known"})
        self.assertEqual((entry.ticket_team_id, entry.name), (self.team, "Known"))

    def test_E6b_another_project_or_task_of_the_ticket_gives_free_time_no_item(self):
        item = self._sell_hours()
        entries = self._log_free(item)
        billed = self._log(entries[0].ticket_id, 1)
        project = self.team.default_project_id.copy({"name": "Other"})
        task = self.env["project.task"].create(
            {"name": "Other", "project_id": project.id}
        )
        entries[0].ticket_id.project_id = project
        entries[1].ticket_id.write({"project_id": project.id, "task_id": task.id})
        self.env.flush_all()
        self.assertEqual(entries.project_id, project)
        self.assertEqual(entries[1].task_id, task)
        self.assertFalse(entries.so_line)
        self.assertEqual(billed.so_line, item)

    def test_E6b_parents_and_milestones_of_tasks_give_free_time_no_item(self):
        item = self._sell_hours()
        first, second = self._log_free(self._sell_hours())
        project = self.team.default_project_id
        tasks = self.env["project.task"]
        parent, other = tasks.create(
            [{"name": name, "project_id": project.id} for name in ("Parent", "Other")]
        )
        milestone = self.env["project.milestone"].create(
            {"name": "Milestone", "project_id": project.id}
        )
        second.task_id.parent_id = parent
        self.env.flush_all()
        for record in (parent, milestone):
            record.sale_line_id = item
            self.env.flush_all()
            self.assertFalse(second.so_line, record)
            second.task_id.milestone_id = milestone
            second.task_id.active = False
            self.env.flush_all()
        other.sale_line_id = item
        first.task_id = other
        second.project_id = project
        self.env.flush_all()
        self.assertEqual(first.task_id, other)
        self.assertFalse((first | second).so_line)

    # --- E6c ----------------------------------------------------------
    def test_E6c_more_than_a_day_in_one_entry_is_refused(self):
        ticket = self._create_ticket()
        entry = self._log(ticket, 24)
        for hours in (125, 24.5, -25):
            with self.subTest(hours=hours):
                refused = self.assertRaisesRegex(ValidationError, "more than a day has")
                with refused, self.cr.savepoint():
                    entry.unit_amount = hours
                with refused, self.cr.savepoint():
                    self._log(ticket, hours)
        self.company.allow_long_timesheets = True
        entry.unit_amount = 125
        self.assertEqual(ticket.total_hours, 125)

    def test_E6c_long_time_of_no_ticket_is_not_moved_to_one(self):
        ticket = self._create_ticket()
        entry = self.env["account.analytic.line"].create(
            {
                "project_id": self.team.default_project_id.id,
                "employee_id": self.employee.id,
                "unit_amount": 40,
            }
        )
        refused = self.assertRaisesRegex(ValidationError, "more than a day has")
        with refused, self.cr.savepoint():
            entry.ticket_id = ticket
        self.company.allow_long_timesheets = True
        entry.ticket_id = ticket
        self.assertEqual(ticket.total_hours, 40)
        self.company.allow_long_timesheets = False
        entry.ticket_id = self._create_ticket()
        self.assertEqual(ticket.total_hours, 0)

    def test_E6c_days_count_as_their_hours(self):
        ticket = self._create_ticket()
        entry = self._log(ticket, 3, product_uom_id=self.day.id)
        self.assertEqual(ticket.total_hours, 24)
        with self.assertRaisesRegex(ValidationError, "more than a day has"):
            entry.unit_amount = 4

    def test_E6c_long_time_on_tasks_is_cores_matter(self):
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": self.team.default_project_id.id}
        )
        entry = self.env["account.analytic.line"].create(
            {"task_id": task.id, "employee_id": self.employee.id, "unit_amount": 40}
        )
        self.assertEqual(entry.unit_amount, 40)

    def test_E7_ticket_chosen_in_the_timesheets_app(self):
        item = self._sell_hours()
        ticket = self._create_ticket()
        elsewhere = self.env["project.project"].create({"name": "Elsewhere"})
        entry = self.env["account.analytic.line"].create(
            {
                "project_id": elsewhere.id,
                "ticket_id": ticket.id,
                "employee_id": self.employee.id,
                "unit_amount": 2,
            }
        )
        self.assertRecordValues(
            entry,
            [{"project_id": self.team.default_project_id.id, "so_line": item.id}],
        )

    def test_E7_ticket_chosen_later_in_the_timesheets_app(self):
        item = self._sell_hours()
        ticket = self._create_ticket()
        entry = self.env["account.analytic.line"].create(
            {
                "project_id": self.env["project.project"]
                .create({"name": "Elsewhere"})
                .id,
                "employee_id": self.employee.id,
                "unit_amount": 2,
            }
        )
        entry.ticket_id = ticket
        self.assertRecordValues(
            entry,
            [{"project_id": self.team.default_project_id.id, "so_line": item.id}],
        )

    def test_E7_ticket_chosen_in_the_form_of_the_timesheets_app(self):
        item = self._sell_hours()
        ticket = self._create_ticket()
        view = "hr_timesheet.hr_timesheet_line_form"
        form = Form(
            self.env["account.analytic.line"]
            .with_user(self.agent)
            .with_context(is_timesheet=1, default_employee_id=self.employee.id),
            view,
        )
        form.ticket_id = ticket
        self.assertEqual(form.project_id, self.team.default_project_id)
        form.unit_amount = 2
        entry = form.save()
        self.assertEqual(entry.so_line, item)

    # --- A5 -----------------------------------------------------------
    def test_A5_item_of_another_customer_or_company_is_refused(self):
        entry = self._log(self._create_ticket(), 1)
        foreign = self._sell_hours(partner=self.other_customer)
        with self.assertRaisesRegex(ValidationError, "another customer"):
            entry.so_line = foreign
        company = self.env["res.company"].create({"name": "Second"})
        order = self._sell_hours().order_id.copy({"company_id": company.id})
        with self.assertRaisesRegex(ValidationError, "another company"):
            entry.so_line = order.order_line

    def test_K4_item_from_a_context_is_checked_and_set_by_hand(self):
        self._sell_hours(date="2026-05-01")
        older = self._sell_hours(date="2026-04-01")
        foreign = self._sell_hours(partner=self.other_customer)
        ticket = self._create_ticket()
        entries = self.env["account.analytic.line"].with_user(self.agent)
        vals = {"ticket_id": ticket.id, "name": "x", "unit_amount": 5}
        refused = self.assertRaisesRegex(ValidationError, "another customer")
        with refused, self.cr.savepoint():
            entries.with_context(default_so_line=foreign.id).create(vals)
        entry = entries.with_context(default_so_line=older.id).create(vals)
        self.assertEqual(entry.sudo().so_line, older)
        self.assertTrue(entry.is_so_line_edited)

    def test_K4_item_that_counts_no_time_is_refused(self):
        entry = self._log(self._create_ticket(), 1)
        packs = self._create_service(
            "Packs", "ordered_prepaid", uom_id=self.env.ref("uom.product_uom_unit").id
        )
        fixed = self._create_service("Fixed", "delivered_manual")
        for product in (packs, fixed):
            item = self._sell(product, 1)
            with (
                self.subTest(product=product.name),
                self.assertRaisesRegex(ValidationError, "neither prepaid in a unit"),
                self.cr.savepoint(),
            ):
                entry.so_line = item
        used_up = self._sell_hours(1)
        self._log(self._create_ticket(sale_line_id=used_up.id), 1)
        entry.so_line = used_up
        self.assertEqual(used_up.remaining_hours, -1)

    # --- totals -------------------------------------------------------
    def test_totals_of_a_ticket(self):
        ticket = self._create_ticket(planned_hours=8)
        self._log(ticket, 2, date="2026-02-01")
        self._log(ticket, 4, date="2026-01-01")
        self.assertRecordValues(
            ticket,
            [{"total_hours": 6, "remaining_hours": 2, "progress": 75}],
        )
        self.assertEqual(str(ticket.last_timesheet_activity), "2026-02-01")
        with Form(ticket) as form:
            form.timesheet_ids.remove(0)
        self.assertIn(ticket.total_hours, (2, 4))
