import threading
from ast import literal_eval
from contextlib import closing

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import Form, tagged
from psycopg2.errors import SerializationFailure

from odoo.addons.helpdesk_track_bill_timer.hooks import post_init_hook

from .common import TimerCommon


@tagged("post_install", "-at_install")
class TestTimer(TimerCommon):
    def test_timer_is_the_running_entry_of_the_ticket(self):
        self.assertEqual(self._get_button(self.ticket), "start")
        self.assertFalse(self._start(self.ticket))
        entry = self.ticket.timesheet_ids
        self.assertEqual(entry, self._get_running())
        self.assertEqual(entry.employee_id, self.employee)
        self.assertEqual(entry.unit_amount, 0)
        self.assertEqual(self._get_button(self.ticket), "stop")

    def test_timer_stop_writes_one_entry_by_the_rules(self):
        item = self._sell_hours()
        ticket = self._create_ticket()
        with freeze_time("2026-03-17 09:00:00"):
            self._start(ticket)
        with freeze_time("2026-03-17 10:30:20"):
            self._stop(ticket)
        self.assertRecordValues(
            ticket.timesheet_ids,
            [
                {
                    "name": "Cleaned the rollers",
                    "unit_amount": 1.5,
                    "project_id": ticket.project_id.id,
                    "partner_id": self.contact.id,
                    "so_line": item.id,
                    "user_id": self.agent.id,
                }
            ],
        )
        self.assertEqual(str(ticket.timesheet_ids.date), "2026-03-17")
        self.assertEqual(item.qty_delivered, 1.5)
        self.assertFalse(self._get_running())
        self.assertEqual(self._get_button(ticket), "start")

    def test_timer_takes_the_task_of_the_ticket(self):
        self.ticket.task_id = self.env["project.task"].create(
            {"name": "Printers", "project_id": self.ticket.project_id.id}
        )
        self._start(self.ticket)
        self.assertEqual(self._get_running().sudo().task_id, self.ticket.task_id)
        # its Stop button on the task asks too
        action = self.ticket.task_id.with_user(self.agent).sudo().button_end_work()
        self.assertEqual(action["res_model"], "helpdesk.timer.stop")

    def test_timer_draws_from_the_item_that_the_ticket_has_when_it_stops(self):
        first, second = self._sell_hours(), self._sell_hours()
        ticket = self._create_ticket(sale_line_id=first.id)
        self._start(ticket)
        ticket.sale_line_id = second
        self._stop(ticket, hours=2)
        self.assertEqual(ticket.timesheet_ids.so_line, second)
        self.assertEqual((first.qty_delivered, second.qty_delivered), (0, 2))

    def test_timer_keeps_an_item_chosen_on_its_entry(self):
        first, second = self._sell_hours(), self._sell_hours()
        ticket = self._create_ticket(sale_line_id=first.id)
        self._start(ticket)
        ticket.timesheet_ids.so_line = second
        self._stop(ticket, hours=2)
        self.assertEqual(ticket.timesheet_ids.so_line, second)

    def test_timer_is_not_stopped_without_a_description(self):
        self._start(self.ticket)
        for name in (False, "  ", "/"):
            with self.assertRaisesRegex(ValidationError, "no description"):
                self._get_running()._stop_timer(1, name)
        self.assertTrue(self._get_running())

    def test_timer_is_not_stopped_without_hours(self):
        self._start(self.ticket)
        for hours in (0, -1, float("nan")):
            with self.assertRaisesRegex(ValidationError, "no hours"):
                self._stop(self.ticket, hours=hours)
        self.assertTrue(self._get_running())

    def test_timer_stopped_at_once_writes_a_minute(self):
        with freeze_time("2026-03-17 09:00:00"):
            self._start(self.ticket)
            self._stop(self.ticket)
        self.assertAlmostEqual(self.ticket.timesheet_ids.unit_amount, 1 / 60)

    def test_timer_dialog_shows_the_description_that_there_is(self):
        self._start(self.ticket)
        action = self.ticket.with_user(self.agent).button_end_work()
        self.assertFalse(self._open(action).name)
        self._get_running().name = "Called the customer"
        self.assertEqual(self._open(action).name, "Called the customer")

    def test_timer_discarded_leaves_no_entry(self):
        self._start(self.ticket)
        dialog = self._open(self.ticket.with_user(self.agent).button_end_work())
        wizard = dialog.save()
        wizard.action_discard()
        self.assertFalse(self.ticket.timesheet_ids)

    def test_timer_stopped_in_another_window_says_so(self):
        self._start(self.ticket)
        action = self.ticket.with_user(self.agent).button_end_work()
        dialogs = [self._open(action), self._open(action)]
        for dialog in dialogs:
            dialog.name = "Cleaned the rollers"
        first, second = (dialog.save() for dialog in dialogs)
        first.action_stop()
        for button in (second.action_stop, second.action_discard):
            with self.assertRaisesRegex(UserError, "stopped already"):
                button()
        with self.assertRaisesRegex(UserError, "No running timer found"):
            self.ticket.with_user(self.agent).button_end_work()
        self.assertEqual(len(self.ticket.timesheet_ids), 1)

    def test_timer_dialog_of_an_entry_without_a_start_says_so(self):
        self._start(self.ticket)
        action = self.ticket.with_user(self.agent).button_end_work()
        self.ticket.timesheet_ids.date_time = False
        wizard = self.env["helpdesk.timer.stop"].with_user(self.agent)
        wizard = wizard.with_context(**action["context"]).create(
            {"name": "Cleaned the rollers", "hours": 1}
        )
        with self.assertRaisesRegex(UserError, "stopped already"):
            wizard.action_stop()

    def test_timer_filter_finds_tickets_whose_timer_runs(self):
        tickets = self.env["helpdesk.ticket"].with_user(self.agent)
        own = [("id", "=", self.ticket.id)]
        self._log(self.ticket, 1)
        running = [("timer_start", "!=", False)]
        self.assertFalse(tickets.search(own + running))
        self._start(self.ticket)
        self.assertEqual(tickets.search(own + running), self.ticket)
        self.assertFalse(tickets.search([*own, ("timer_start", "=", False)]))
        colleague = tickets.with_user(self.env.user)
        self.assertFalse(colleague.search(own + running))

    # --- one running timer --------------------------------------------
    def test_timer_one_running_per_user(self):
        other = self._create_ticket()
        with freeze_time("2026-03-17 09:00:00"):
            self._start(self.ticket)
        with freeze_time("2026-03-17 09:45:00"):
            dialog = self._open(self._start(other))
            self.assertEqual(dialog.running_timer_ticket_id, self.ticket)
            self.assertEqual(dialog.running_timer_hours, 0.75)
            dialog.running_timer_name = "Cleaned the rollers"
            dialog.save().action_switch()
        self.assertEqual(self._get_running(), other.timesheet_ids)
        self.assertEqual(self.ticket.timesheet_ids.unit_amount, 0.75)
        self.assertEqual(self.ticket.timesheet_ids.name, "Cleaned the rollers")
        self.assertEqual(self._get_button(self.ticket), "start")

    def test_timer_switch_asks_for_the_description_too(self):
        other = self._create_ticket()
        self._start(self.ticket)
        action = self._start(other)
        switch = self.env[action["res_model"]].with_user(self.agent)
        with self.assertRaisesRegex(ValidationError, "no description"):
            switch.with_context(**action["context"]).create({}).action_switch()
        self.assertEqual(self._get_running(), self.ticket.timesheet_ids)

    def test_timer_started_twice_on_a_ticket_runs_once(self):
        self._start(self.ticket)
        self.assertFalse(self._start(self.ticket))
        self.assertEqual(len(self.ticket.timesheet_ids), 1)

    def test_timer_second_one_by_rpc_is_refused(self):
        self._start(self.ticket)
        entries = self.env["account.analytic.line"].with_user(self.agent)
        values = {"name": "Call", "ticket_id": self._create_ticket().id}
        with self._assert_refused():
            entries.create(values)
        entry = entries.create({**values, "unit_amount": 1})
        with self._assert_refused():
            entry.unit_amount = 0
        self.assertEqual(self._get_running(), self.ticket.timesheet_ids)

    def test_timer_two_at_once_by_rpc_are_refused(self):
        entries = self.env["account.analytic.line"].with_user(self.agent)
        with self._assert_refused():
            entries.create([{"ticket_id": self.ticket.id}] * 2)

    def test_timer_started_meanwhile_is_not_passed_over(self):
        other = self._create_ticket()
        switch = self.env["hr.timesheet.switch"].with_user(self.agent)
        stale = switch.create({"name": "/", "ticket_id": other.id})
        self._start(self.ticket)
        with self._assert_refused():
            stale.action_switch()
        self.assertEqual(self._get_running(), self.ticket.timesheet_ids)

    def test_timer_two_transactions_start_one(self):
        """The second one fails, and is repeated by the server, once the first is in."""
        employee = self.env.ref("hr.employee_admin")
        waiting, outcome = threading.Event(), []

        def start(cursor):
            entries = self.env(cr=cursor, user=employee.user_id.id)
            entries["account.analytic.line"]._lock_own_timers()

        def start_second():
            with closing(db_connect(self.env.cr.dbname).cursor()) as cursor:
                cursor.execute("SELECT 1")  # what it sees of others ends here
                waiting.set()
                try:
                    start(cursor)
                except SerializationFailure as error:
                    outcome.append(error)
                cursor.rollback()

        with closing(db_connect(self.env.cr.dbname).cursor()) as cursor:
            start(cursor)
            second = threading.Thread(target=start_second)
            second.start()
            waiting.wait()
            cursor.commit()
        second.join()
        self.assertEqual(len(outcome), 1)

    def test_timer_starts_for_who_has_several_entries_without_hours(self):
        """Nobody is kept from starting a timer."""
        entries = self._log(self.ticket, 0) | self._log(self.ticket, 0)
        self.assertEqual(self._get_button(self.ticket), "stop")
        other = self._create_ticket()
        dialog = self._open(self._start(other))
        self.assertIn(dialog.running_timer_id, entries)
        dialog.running_timer_name = "Cleaned the rollers"
        dialog.running_timer_hours = 1
        dialog.save().action_switch()
        self.assertEqual(self._get_running(), other.timesheet_ids)
        self.assertEqual(self.ticket.total_hours, 1)

    def test_timer_entries_from_before_the_installation_do_not_run(self):
        old = self._log(self.ticket, 0, date_time="2026-01-05 00:00:00")
        new = self._log(self.ticket, 0, date_time="2026-01-05 08:30:00")
        self.env.flush_all()
        post_init_hook(self.env)
        self.assertFalse(old.date_time)
        self.assertEqual(str(old.date), "2026-01-05")
        self.assertEqual(self._get_running(), new)

    def test_timer_emptied_hours_of_somebody_else_start_nothing(self):
        self._start(self.ticket)
        entry = self._log(self.ticket, 2)
        self.env.user.group_ids += self.env.ref("hr_timesheet.group_timesheet_manager")
        entry.with_user(self.env.user).unit_amount = 0
        self.assertEqual(entry.unit_amount, 0)

    # --- the addon below ----------------------------------------------
    def test_timer_wizard_opens_without_an_active_model(self):
        form = Form(self.env["hr.timesheet.switch"].with_user(self.agent))
        form.name = "Called back"
        form.ticket_id = self.ticket
        form.save().action_switch()
        entry = self.ticket.timesheet_ids
        self.assertEqual(entry.name, "Called back")
        self.assertEqual(entry.project_id, self.ticket.project_id)

    def test_timer_resumes_on_the_ticket_by_its_rules(self):
        first, second = self._sell_hours(), self._sell_hours()
        self.ticket.sale_line_id = first
        entry = self._log(self.ticket, 1).with_user(self.agent)
        self.ticket.sale_line_id = second
        action = entry.button_resume_work()
        form = Form(
            entry.env[action["res_model"]].with_context(
                active_model=entry._name, active_id=entry.id
            )
        )
        self.assertEqual(form.ticket_id, self.ticket)
        form.save().action_switch()
        resumed = self._get_running().sudo()
        self.assertEqual(resumed.ticket_id, self.ticket)
        self.assertEqual(resumed.so_line, second)
        self.assertEqual(resumed.name, entry.name)

    def test_timer_of_a_task_works_as_before(self):
        self.agent.group_ids += self.env.ref("project.group_project_user")
        task = self.env["project.task"].create(
            {"name": "Plan", "project_id": self.ticket.project_id.id}
        )
        task = task.with_user(self.agent)
        action = task.button_start_work()
        context = {
            **action["context"],
            "active_model": task._name,
            "active_id": task.id,
        }
        form = self._open({**action, "context": context})
        form.name = "Plan it"
        with freeze_time("2026-03-17 09:00:00"):
            form.date_time = "2026-03-17 09:00:00"
            form.save().action_switch()
        self.assertEqual(task.show_time_control, "stop")
        # a timer on a ticket takes over, and the task's hours are written
        with freeze_time("2026-03-17 10:00:00"):
            dialog = self._open(self._start(self.ticket))
            self.assertFalse(dialog.running_timer_ticket_id)
            dialog.save().action_switch()
        self.assertEqual(task.timesheet_ids.unit_amount, 1)
        self.assertEqual(self._get_running(), self.ticket.timesheet_ids)
        # and the other way round, with the description of the ticket's
        action = task.button_start_work()
        dialog = self._open({**action, "context": context})
        dialog.running_timer_name = "Cleaned the rollers"
        dialog.running_timer_hours = 2
        dialog.save().action_switch()
        self.assertEqual(self.ticket.total_hours, 2)
        self.assertFalse(task.button_end_work() is False)
        self.assertFalse(self._get_running())

    # --- billing ------------------------------------------------------
    def test_timer_invoice_leaves_a_running_entry_for_the_next_one(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        done = self._log(ticket, 2)
        self._start(ticket)
        self._invoice(item.order_id)
        self.assertEqual(item.qty_invoiced, 2)
        self._stop(ticket, hours=3)
        self.assertEqual(item.qty_delivered, 5)
        invoice = self._invoice(item.order_id)
        self.assertEqual(invoice.timesheet_ids, ticket.timesheet_ids - done)
        self.assertEqual(item.qty_invoiced, 5)

    def test_timer_that_runs_is_no_time_to_invoice(self):
        ticket = self._create_ticket(
            sale_line_id=self._sell(self.post_paid_product, 1).id
        )
        self._start(ticket)
        self.assertFalse(ticket.has_time_to_invoice)
        self._stop(ticket, hours=3)
        self.assertTrue(ticket.has_time_to_invoice)

    def test_timer_in_units_of_the_entry(self):
        self._start(self.ticket)
        self.ticket.timesheet_ids.product_uom_id = self.day
        self._stop(self.ticket, hours=4)
        self.assertEqual(self.ticket.timesheet_ids.unit_amount, 0.5)
        self.assertEqual(self.ticket.total_hours, 4)

    # --- lists --------------------------------------------------------
    def test_timer_buttons_of_many_tickets_take_no_more_queries(self):
        tickets = self.env["helpdesk.ticket"]
        for _number in range(20):
            tickets |= self._create_ticket()
        # one whose timer runs and one without are among the few as among the many
        self._start(tickets[0])
        fields = ["show_time_control", "timer_start"]
        counts = []
        for chosen in (tickets[:2], tickets[:2], tickets):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            chosen.with_user(self.agent).read(fields)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])
        stops = tickets.with_user(self.agent).filtered(
            lambda ticket: ticket.show_time_control == "stop"
        )
        self.assertEqual(stops, tickets[0])

    def test_timer_filter_finds_the_own_one(self):
        self._start(self.ticket)
        self._start(self._create_ticket(), self.colleague)
        view = self.env["helpdesk.ticket"].with_user(self.agent)
        arch = self._get_view(view, "search")
        domain = arch.find(".//filter[@name='my_timer']").get("domain")
        domain = domain.replace("uid", str(self.agent.id))
        self.assertEqual(view.search(literal_eval(domain)), self.ticket)

    def test_timer_form_keeps_the_button_while_lines_are_typed(self):
        self._start(self.ticket)
        with Form(self.ticket.with_user(self.agent)) as form:
            with form.timesheet_ids.new() as line:
                line.name = "Called the customer"
                line.unit_amount = 1
            self.assertEqual(form.show_time_control, "stop")
        self.assertEqual(self.ticket.total_hours, 1)

    def test_E5_free_time_with_another_start_day_leaves_its_invoice(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 2, date_time="2026-03-10 09:00:00")
        invoice = self._invoice(item.order_id)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(entry.timesheet_invoice_id, invoice)
        entry.date_time = "2026-03-11 09:00:00"
        self.assertEqual(str(entry.date), "2026-03-11")
        self.assertFalse(entry.timesheet_invoice_id)
