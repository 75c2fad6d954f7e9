from odoo.tests import freeze_time, tagged

from odoo.addons.helpdesk_track_bill_timer.tests.common import TimerCommon


@tagged("post_install", "-at_install")
class TestKindOfWork(TimerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Bucharest"
        cls.env["project.time.type"].search([]).active = False
        cls.evening, cls.travel = cls.env["project.time.type"].create(
            [
                {"name": "After Hours", "factor": 1.5, "by_calendar": True},
                {"name": "Travel", "factor": 0.5},
            ]
        )

    def _work(self, start, end, **values):
        """The entry of a timer, started and stopped in the company's time zone."""
        with freeze_time(start):
            self._start(self.ticket)
        with freeze_time(end):
            self._stop(self.ticket, **values)
        return self.ticket.timesheet_ids[0]

    def test_W2_the_kind_of_work_is_chosen_when_the_timer_stops(self):
        entry = self._work(
            "2026-06-10 06:00:00", "2026-06-10 08:00:00", time_type_id=self.travel
        )
        self.assertEqual(entry.time_type_id, self.travel)
        self.assertEqual((entry.unit_amount, entry.unit_amount_rounded), (2, 1))

    def test_W2_working_hours_are_no_after_hours(self):
        entry = self._work("2026-06-10 06:00:00", "2026-06-10 08:00:00")
        self.assertFalse(entry.time_type_id)
        self.assertEqual(entry.unit_amount_rounded, 2)

    def test_W2_the_calendar_decides_after_hours(self):
        entry = self._work("2026-06-10 18:00:00", "2026-06-10 20:00:00")
        self.assertEqual(entry.time_type_id, self.evening)
        self.assertEqual((entry.unit_amount, entry.unit_amount_rounded), (2, 3))

    def test_W2_most_of_the_time_decides(self):
        # until five in the afternoon people work
        self.assertFalse(
            self._work("2026-06-10 13:00:00", "2026-06-10 14:30:00").time_type_id
        )

    def test_W2_public_holidays_are_after_hours(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Founders' Day",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-06-09 21:00:00",
                "date_to": "2026-06-10 20:59:59",
            }
        )
        entry = self._work("2026-06-10 06:00:00", "2026-06-10 08:00:00")
        self.assertEqual(entry.time_type_id, self.evening)

    def test_W2_what_the_calendar_proposes_can_be_overruled(self):
        entry = self._work(
            "2026-06-10 18:00:00",
            "2026-06-10 20:00:00",
            time_type_id=self.env["project.time.type"],
        )
        self.assertFalse(entry.time_type_id)
        self.assertEqual(entry.unit_amount_rounded, 2)

    def test_W2_without_such_a_kind_no_calendar_decides(self):
        self.evening.by_calendar = False
        entry = self._work("2026-06-10 18:00:00", "2026-06-10 20:00:00")
        self.assertFalse(entry.time_type_id)

    def test_W2_another_timer_asks_for_the_kind_of_the_last_one(self):
        other = self._create_ticket()
        with freeze_time("2026-06-10 18:00:00"):
            self._start(self.ticket)
        with freeze_time("2026-06-10 20:00:00"):
            dialog = self._open(self._start(other))
            self.assertEqual(dialog.running_timer_time_type_id, self.evening)
            dialog.running_timer_name = "Cleaned the rollers"
            dialog.running_timer_time_type_id = self.travel
            dialog.save().action_switch()
        entry = self.ticket.timesheet_ids
        self.assertEqual(entry.time_type_id, self.travel)
        self.assertEqual((entry.unit_amount, entry.unit_amount_rounded), (2, 1))

    # --- timers among time to bill -------------------------------------
    def test_BP1_another_start_day_is_submitted_again(self):
        self.team.review_time = True
        entry = self._log(self.ticket, 1, date_time="2026-06-10 09:00:00")
        entry.review_state = "approved"
        entry.date_time = "2026-06-10 10:00:00"
        self.assertEqual(entry.review_state, "approved")
        entry.date_time = "2026-06-09 10:00:00"
        self.assertEqual(entry.review_state, "submitted")

    def test_BP2_timers_that_run_are_no_time_to_bill(self):
        item = self._sell(self.post_paid_product, 1)
        entries = self.env["account.analytic.line"]
        for values in ({"sale_line_id": item.id}, {"sale_line_id": False}):
            ticket = self._create_ticket(**values)
            timer = self._log(ticket, 0, date_time="2026-06-10 09:00:00")
            with self.subTest(**values):
                self.assertFalse(timer.is_time_to_bill)
                timer.unit_amount = 1
                timer.invalidate_recordset()
                self.assertTrue(timer.is_time_to_bill)
                timer.unit_amount = 0
            entries |= timer
        wizard = self.env["helpdesk.time.invoice"].create({"entry_ids": entries.ids})
        self.assertFalse(wizard._get_due_entries())

    def test_BP4_what_is_billed_without_work_is_on_the_invoice(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log(ticket, 0, date_time="2026-06-10 09:00:00")
        entry.write({"unit_amount_rounded": 1, "review_reason": "Flat fee"})
        self.assertFalse(entry._is_timer_running())
        self.assertTrue(entry.is_time_to_bill)
        invoice = self._invoice(item.order_id)
        self.assertEqual(invoice.timesheet_ids, entry)
        self.assertEqual(item.qty_to_invoice, 0)

    def test_BP4_what_is_billed_without_work_is_no_timer_that_runs(self):
        self.team.show_timesheet_portal = True
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": self.team.default_project_id.id}
        )
        entries = self._log(self.ticket, 0) | self._log(self.ticket, 0)
        entries.write({"unit_amount_rounded": 1, "review_reason": "Flat fee"})
        entries = entries.with_user(self.agent)
        self.assertEqual(set(entries.mapped("show_time_control")), {"resume"})
        self.assertEqual(self._get_button(self.ticket), "start")
        for action in (
            entries[0].button_resume_work(),
            task.with_user(self.agent).button_start_work(),
        ):
            action.setdefault("context", {})
            with self.subTest(**action["context"]):
                switch = self.env["hr.timesheet.switch"].with_user(self.agent)
                switch = switch.with_context(
                    **action["context"],
                    active_model=entries._name,
                    active_id=entries[0].id,
                )
                self.assertFalse(switch._default_running_timer_id())
        customer = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )
        visible = self.ticket.with_user(customer)._get_portal_timesheets()
        self.assertEqual(visible.sudo(), entries.sudo())
