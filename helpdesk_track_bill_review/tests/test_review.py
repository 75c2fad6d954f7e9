from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestReview(ReviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.review_time = True

    def _reject(self, entries, reason="Whose ticket is this?"):
        self.env["helpdesk.time.decision"].with_user(self.reviewer).create(
            {"entry_ids": entries.ids, "decision": "reject", "reason": reason}
        ).action_apply()

    # --- BP1 ----------------------------------------------------------
    def test_BP1_saving_submits(self):
        self.assertEqual(self._log(self.ticket, 1).review_state, "submitted")

    def test_BP1_agents_submit_themselves_where_saving_does_not(self):
        self.team.submit_time_on_save = False
        entry = self._log_as_agent(1)
        self.assertEqual(entry.review_state, "draft")
        entry.action_submit()
        self.assertEqual(entry.review_state, "submitted")

    def test_BP1_teams_that_do_not_approve_have_no_state(self):
        self.team.review_time = False
        self.assertFalse(self._log(self.ticket, 1).review_state)
        self.assertEqual(self.item.qty_to_invoice, 1)

    def test_BP1_where_the_team_does_not_approve_nobody_gives_time_a_state(self):
        self.team.review_time = False
        entry = self._log(self.ticket, 1)
        entry.with_user(self.reviewer).write(
            {"review_state": "rejected", "review_reason": "Whose is it?"}
        )
        self.assertFalse(entry.review_state)
        self.assertEqual(entry.review_reason, "Whose is it?")
        self.assertEqual(self.item.qty_to_invoice, 1)
        self.assertFalse(self._read_history(entry))

    def test_BP1_what_a_team_approved_before_it_stopped_is_not_locked(self):
        entry = self._log_as_agent(1)
        entry.with_user(self.reviewer).action_approve()
        self.team.review_time = False
        self.assertEqual(entry.review_state, "approved")
        self.env.invalidate_all()
        entry.with_user(self.agent).unit_amount = 2
        self.assertEqual(self.item.qty_to_invoice, 2)
        entry.with_user(self.reviewer).write(
            {"review_state": "rejected", "review_reason": "Whose is it?"}
        )
        self.assertFalse(entry.review_state)

    def test_E6_agents_move_time_of_an_invoice_that_was_cancelled(self):
        self.team.review_time = False
        entry = self._log_as_agent(1)
        invoice = self._invoice(self.item.order_id)
        self.assertEqual(entry.timesheet_invoice_id, invoice)
        ticket = self._create_ticket(sale_line_id=self.item.id)
        entry = entry.with_user(self.agent)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "already invoiced"):
            entry.ticket_id = ticket
        invoice.button_cancel()
        self.env.flush_all()
        self.env.invalidate_all()
        entry.ticket_id = ticket
        self.assertEqual(ticket.total_hours, 1)

    def test_BP1_time_that_is_there_when_approval_starts_is_submitted(self):
        self.team.review_time = False
        invoiced = self._log(self.ticket, 1)
        self._invoice(self.item.order_id)
        entry = self._log(self.ticket, 1)
        self.team.review_time = True
        self.assertEqual(entry.review_state, "submitted")
        self.assertFalse(invoiced.review_state)
        self.assertEqual(self.item.qty_to_invoice, 0)

    def test_BP1_the_reviewer_approves_a_hundred_at_once(self):
        entries = self.env["account.analytic.line"].union(
            *(self._log(self.ticket, 0.5) for _number in range(100))
        )
        entries.with_user(self.reviewer).action_approve()
        self.assertEqual(set(entries.mapped("review_state")), {"approved"})
        self.assertEqual(entries.reviewer_id, self.reviewer)
        self.assertEqual(self.item.qty_to_invoice, 50)

    def test_BP1_approving_many_takes_no_query_for_each(self):
        few = self.env["account.analytic.line"].union(
            *(self._log(self.ticket, 0.5) for _number in range(5))
        )
        many = self.env["account.analytic.line"].union(
            *(self._log(self.ticket, 0.5) for _number in range(40))
        )
        counts = []
        for entries in (few, many):
            entries = entries.with_user(self.reviewer)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            entries.action_approve()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_BP1_time_without_hours_is_not_approved_yet(self):
        entry = self._log_as_agent(0)
        entry.with_user(self.reviewer).action_approve()
        self.assertEqual(entry.review_state, "submitted")
        entry.unit_amount = 1
        self.assertEqual(entry.review_state, "submitted")

    def test_BP1_rejecting_needs_a_reason(self):
        entries = self._log(self.ticket, 1) | self._log(self.ticket, 2)
        with self.assertRaisesRegex(UserError, "reason"):
            self._reject(entries, reason=" ")
        self._reject(entries)
        self.assertEqual(entries.mapped("review_state"), ["rejected"] * 2)
        self.assertEqual(
            self._read_history(entries[0]),
            [("review", "Submitted", "Rejected", "Whose ticket is this?")],
        )

    def test_BP1_nobody_approves_their_own_time(self):
        entry = self._log(
            self.ticket, 1, employee_id=self.reviewing_employee.id
        ).with_user(self.reviewer)
        with self.assertRaisesRegex(AccessError, "your own"):
            entry.action_approve()
        with self.assertRaisesRegex(AccessError, "your own"):
            entry.review_state = "approved"
        self.company.allow_self_approval = True
        entry.action_approve()
        self.assertEqual(entry.review_state, "approved")

    def test_BP1_agents_approve_nothing(self):
        entry = self._log_as_agent(1)
        for state in ("approved", "rejected"):
            with self.subTest(state=state), self.assertRaises(AccessError):
                entry.review_state = state
        with self.assertRaises(AccessError):
            self.env["account.analytic.line"].with_user(self.agent).create(
                {
                    "ticket_id": self.ticket.id,
                    "unit_amount": 1,
                    "review_state": "approved",
                    "name": "Looked into it",
                }
            )

    def test_BP1_reviewers_of_other_teams_approve_nothing_here(self):
        other = self._create_user(
            "other_reviewer", "helpdesk_track_bill_review.group_reviewer"
        )
        entry = self._log(self.ticket, 1).with_user(other)
        with self.assertRaises(AccessError):
            entry.write({"review_state": "approved"})

    def test_BP1_what_changes_is_submitted_again(self):
        other_ticket = self._create_ticket(sale_line_id=self.item.id)
        for values in (
            {"unit_amount": 3},
            {"date": "2026-01-01"},
            {"ticket_id": other_ticket.id},
            {"time_type_id": self._create_kind().id},
        ):
            entry = self._log(self.ticket, 1)
            entry.with_user(self.reviewer).action_approve()
            with self.subTest(**values):
                entry.write(values)
                self.assertEqual(entry.review_state, "submitted")
                self.assertIn("Changed since approval", entry.billing_warning)

    def test_BP1_what_is_written_as_it_was_stays_approved(self):
        entry = self._log(self.ticket, 1)
        entry.with_user(self.reviewer).action_approve()
        entry.write({"unit_amount": 1, "ticket_id": self.ticket.id})
        self.assertEqual(entry.review_state, "approved")
        entry.so_line = self._sell(self.post_paid_product, 1)
        self.assertEqual(entry.review_state, "approved")

    def test_BP1_rejected_time_that_is_corrected_is_submitted_again(self):
        entry = self._log_as_agent(1)
        self._reject(entry)
        entry.unit_amount = 2
        self.assertEqual(entry.review_state, "submitted")

    def test_BP1_the_reason_of_a_rejection_ends_with_it(self):
        corrected, submitted = self._log_as_agent(1), self._log_as_agent(1)
        self._reject(corrected | submitted)
        corrected.unit_amount = 2
        submitted.action_submit()
        for entry in corrected | submitted:
            self.assertEqual(entry.review_state, "submitted")
            self.assertFalse(entry.review_reason)
        corrected.with_user(self.reviewer).unit_amount_rounded = 1
        self.assertEqual(self._read_history(corrected)[-1][3], "Without a reason")
        self.assertIn("No reason", corrected.billing_warning)
        self._reject(corrected, "Wrong customer")
        corrected.with_user(self.reviewer).action_reset_hours()
        self.assertEqual(corrected.review_reason, "Wrong customer")
        corrected.with_user(self.reviewer).action_approve()
        self.assertFalse(corrected.review_reason)
        corrected.with_user(self.reviewer).unit_amount_rounded = 1
        corrected.with_user(self.reviewer).review_reason = "Agreed"
        corrected.with_user(self.reviewer).action_reset_hours()
        self.assertFalse(corrected.review_reason)

    def test_BP1_nothing_waits_for_a_team_that_approves_no_longer(self):
        waiting, approved = self._log(self.ticket, 1), self._log(self.ticket, 1)
        approved.with_user(self.reviewer).action_approve()
        self.team.review_time = False
        self.assertEqual(
            (waiting | approved).mapped("review_state"), [False, "approved"]
        )

    def test_BP1_approved_time_is_locked_for_agents(self):
        entry = self._log_as_agent(1)
        entry.with_user(self.reviewer).action_approve()
        sentence = "is approved: ask a reviewer of the team Support"
        for values in ({"unit_amount": 3}, {"date": "2026-01-01"}, {"name": "Else"}):
            with self.subTest(**values), self.assertRaisesRegex(UserError, sentence):
                entry.write(values)
        with self.assertRaisesRegex(UserError, sentence):
            entry.unlink()
        self._reject(entry)
        entry.unit_amount = 3
        self.assertEqual(entry.unit_amount_rounded, 3)

    def test_BP1_approved_time_is_grey_for_agents(self):
        entry = self._log_as_agent(1)
        self.assertFalse(entry.readonly_timesheet)
        entry.with_user(self.reviewer).action_approve()
        # a request is of one user
        entry.invalidate_recordset()
        self.assertTrue(entry.readonly_timesheet)
        self.assertEqual(entry.readonly_reason, "Approved")
        seen = entry.with_user(self.reviewer)
        seen.invalidate_recordset()
        self.assertFalse(seen.readonly_timesheet)
        self.assertFalse(seen.readonly_reason)

    def test_BP1_prepaid_hours_are_drawn_at_once(self):
        prepaid = self._sell_hours(10)
        ticket = self._create_ticket(sale_line_id=prepaid.id)
        entry = self._log(ticket, 2)
        self.assertEqual(entry.review_state, "submitted")
        self.assertEqual(prepaid.qty_delivered, 2)
        self.assertEqual(prepaid.remaining_hours, 8)
        self.assertEqual(prepaid.qty_to_invoice, 10)

    def test_BP1_nobody_has_defaults_for_decisions(self):
        entries = self.env["account.analytic.line"].with_user(self.agent)
        values = {"ticket_id": self.ticket.id, "unit_amount": 1, "name": "Looked"}
        given = {
            "review_state": "approved",
            "unit_amount_rounded": 10,
            "no_charge_reason_id": self.goodwill.id,
            "billing_charge": "hide",
            "billing_terms": {"factor": 10},
            "reviewer_id": self.reviewer.id,
        }
        context = {f"default_{name}": value for name, value in given.items()}
        entry = entries.with_context(**context).create(values)
        self.assertEqual(entry.review_state, "submitted")
        self.assertEqual(entry.unit_amount_rounded, 1)
        self.assertEqual(entry.billing_charge, "charge")
        self.assertFalse(entry.no_charge_reason_id)
        self.assertFalse(entry.reviewer_id)
        # sudo: who may not choose a default for all may for themselves
        defaults = self.env["ir.default"].with_user(self.agent).sudo()
        defaults.set("account.analytic.line", "review_state", "approved", self.agent.id)
        self.assertEqual(entries.create(values).review_state, "submitted")

    def test_BP1_forms_send_the_state_that_there_is(self):
        colleague = self._create_user(
            "lead",
            "helpdesk_mgmt.group_helpdesk_manager,"
            "hr_timesheet.group_hr_timesheet_approver",
        )
        self._create_employee(colleague)
        entry = (
            self.env["account.analytic.line"]
            .with_user(colleague)
            .create(
                {
                    "ticket_id": self.ticket.id,
                    "employee_id": self.employee.id,
                    "unit_amount": 1,
                    "name": "Looked into it",
                    "review_state": "submitted",
                }
            )
        )
        self.assertEqual(entry.review_state, "submitted")

    def test_BP1_days_off_are_left_out_of_many_that_are_created_at_once(self):
        # the employee's calendar has no Sunday
        days = ["2026-05-08", "2026-05-10", "2026-05-11"]
        entries = (
            self.env["account.analytic.line"]
            .with_context(timesheet_calendar=True)
            .create(
                [
                    {
                        "ticket_id": self.ticket.id,
                        "employee_id": self.employee.id,
                        "date": day,
                        "unit_amount": 1,
                        "name": day,
                        "invoice_from": f"2100-01-{day[-2:]}",
                    }
                    for day in days
                ]
            )
        )
        self.assertEqual(entries.mapped("name"), ["2026-05-08", "2026-05-11"])
        self.assertEqual(
            [str(day) for day in entries.mapped("invoice_from")],
            ["2100-01-08", "2100-01-11"],
        )

    def test_BP1_what_follows_from_decisions_is_nobodys_to_write(self):
        entry = self._log_as_agent(1)
        for values in (
            {"billing_terms": {"item": self.item.id, "kind": None, "factor": 10}},
            {"billing_charge": "hide"},
            {"reviewer_id": self.reviewer.id},
        ):
            for user in (self.agent, self.reviewer):
                with self.subTest(user=user.login, **values):
                    with self.assertRaisesRegex(AccessError, "What is billed"):
                        entry.with_user(user).write(values)
                    with self.assertRaisesRegex(AccessError, "What is billed"):
                        entry.with_user(user).create(
                            {
                                "ticket_id": self.ticket.id,
                                "unit_amount": 1,
                                "name": "Looked into it",
                                **values,
                            }
                        )

    def test_BP1_time_that_an_old_invoice_sets_free_is_submitted(self):
        self.team.review_time = False
        entry = self._log(self.ticket, 1)
        invoice = self._invoice(self.item.order_id)
        self.team.review_time = True
        self.assertFalse(entry.review_state)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(entry.review_state, "submitted")
        entry.with_user(self.reviewer).action_approve()
        self.assertEqual(self.item.qty_to_invoice, 1)

    def test_BP1_other_units_are_other_hours(self):
        entry = self._log_as_agent(2)
        entry.with_user(self.reviewer).action_approve()
        with self.assertRaisesRegex(UserError, "is approved"):
            entry.product_uom_id = self.day
        entry.sudo().product_uom_id = self.day
        self.assertEqual(entry.review_state, "submitted")

    def test_BP1_reassign_leaves_approved_time_to_reviewers(self):
        entry = self._log_as_agent(1)
        entry.with_user(self.reviewer).action_approve()
        other = self._sell(self.post_paid_product, 1)
        self.ticket.sale_line_id = other
        with self.assertRaisesRegex(UserError, "is approved: ask a reviewer"):
            self.ticket.with_user(self.agent).action_reassign_timesheets()
        self.assertEqual(entry.so_line, self.item)
        with self.assertRaises(UserError) as caught:
            self.ticket.with_user(self.agent).action_reassign_timesheets()
        # whose time it is, and what was done, is not told
        self.assertNotIn(entry.name, caught.exception.args[0])
        self.ticket.with_user(self.reviewer).action_reassign_timesheets()
        self.assertEqual(entry.so_line, other)

    def test_W4_agents_leave_the_reason_of_reviewers(self):
        entry = self._log_as_agent(1)
        entry.with_user(self.reviewer).write(
            {"unit_amount_rounded": 2, "review_reason": "Agreed"}
        )
        with self.assertRaises(AccessError):
            entry.review_reason = "The customer said so"
        with self.assertRaises(AccessError):
            entry.with_user(self.biller).review_reason = "The customer said so"
        entry.with_user(self.reviewer).action_approve()
        with self.assertRaises(AccessError):
            entry.review_reason = False
        self.assertEqual(entry.review_reason, "Agreed")

    def test_W5_agents_say_why_they_propose_no_charge(self):
        entry = self._log_as_agent(1)
        entry.write(
            {
                "no_charge_reason_id": self.goodwill.id,
                "review_reason": "We were late",
            }
        )
        self.assertEqual(entry.review_reason, "We were late")

    def test_BP1_nobody_rejects_without_a_reason(self):
        entry = self._log_as_agent(1)
        with self.assertRaisesRegex(UserError, "has no reason"):
            entry.with_user(self.reviewer).review_state = "rejected"
        for reason in (False, " "):
            with (
                self.subTest(reason=reason),
                self.assertRaisesRegex(UserError, "has no reason"),
            ):
                entry.with_user(self.reviewer).write(
                    {"review_state": "rejected", "review_reason": reason}
                )
        self.assertEqual(entry.review_state, "submitted")
        entry.with_user(self.reviewer).review_reason = "Whose ticket is this?"
        entry.with_user(self.reviewer).review_state = "rejected"
        self.assertEqual(entry.review_state, "rejected")

    def test_BP1_time_that_leaves_a_team_that_approves_has_no_state(self):
        other = self.team.copy({"name": "Plain", "review_time": False})
        there = self._create_ticket(team_id=other.id)
        moved, along = self._log(self.ticket, 1), self._log(self.ticket, 2)
        (moved | along).with_user(self.reviewer).action_approve()
        moved.ticket_id = there
        self.assertFalse(moved.review_state)
        self.assertEqual(along.review_state, "approved")
        self.ticket.team_id = other
        self.assertFalse(along.review_state)
        self.ticket.team_id = self.team
        self.assertEqual(along.review_state, "submitted")

    def test_BP1_what_is_billed_without_work_is_approved(self):
        entry = self._log(self.ticket, 0)
        entry.write({"unit_amount_rounded": 1, "review_reason": "Flat fee"})
        entry.with_user(self.reviewer).action_approve()
        self.assertEqual(entry.review_state, "approved")

    def test_BP1_reviewers_decide_in_the_form_of_an_entry(self):
        self._log_as_agent(1)
        for user, expected in (
            (self.reviewer, {"action_approve", "action_decide", "action_submit"}),
            (self.agent, {"action_submit"}),
        ):
            form = self._get_view(self.ticket.with_user(user), "form").find(
                ".//field[@name='timesheet_ids']/form"
            )
            buttons = {button.get("name") for button in form.iter("button")}
            with self.subTest(user=user.login):
                self.assertEqual(
                    buttons & {"action_approve", "action_decide", "action_submit"},
                    expected,
                )

    # --- E5 -----------------------------------------------------------
    def test_E5_invoiced_time_is_neither_rejected_nor_held_back(self):
        entry = self._log(self.ticket, 2)
        entry.with_user(self.reviewer).action_approve()
        self._invoice(self.item.order_id)
        for values in (
            {"review_state": "rejected", "review_reason": "Whose is it?"},
            {"invoice_from": "2100-01-01"},
        ):
            with (
                self.subTest(**values),
                self.assertRaisesRegex(UserError, "already invoiced"),
            ):
                entry.with_user(self.reviewer).write(values)
        entry.with_user(self.reviewer).review_state = "approved"
        self.assertEqual(entry.review_state, "approved")

    def test_E5_free_time_that_is_rejected_or_held_back_leaves_its_invoice(self):
        for values in (
            {"review_state": "rejected", "review_reason": "Whose is it?"},
            {"invoice_from": "2100-01-01"},
        ):
            item, ticket = self._sell_by_steps()
            entry = self._log(ticket, 2)
            entry.with_user(self.reviewer).action_approve()
            invoice = self._invoice(item.order_id)
            invoice.button_draft()
            invoice.button_cancel()
            self.assertEqual(entry.timesheet_invoice_id, invoice)
            entry.with_user(self.reviewer).write(values)
            with self.subTest(**values):
                self.assertFalse(entry.timesheet_invoice_id)
                invoice.button_draft()
                invoice.action_post()
                self.assertTrue(entry._is_not_billed())

    def test_E5_free_time_that_is_approved_stays_with_its_invoice(self):
        self.team.review_time = False
        entry = self._log(self.ticket, 2)
        invoice = self._invoice(self.item.order_id)
        invoice.button_draft()
        invoice.button_cancel()
        self.team.review_time = True
        entry.with_user(self.reviewer).action_approve()
        self.assertEqual(entry.timesheet_invoice_id, invoice)

    # --- BP4 ----------------------------------------------------------
    def test_BP4_unapproved_time_is_delivered_but_not_invoiced(self):
        waiting = self._log(self.ticket, 2)
        approved = self._log(self.ticket, 1)
        approved.with_user(self.reviewer).action_approve()
        self.assertEqual(self.item.qty_delivered, 3)
        self.assertEqual(self.item.qty_to_invoice, 1)
        invoice = self._invoice(self.item.order_id)
        self.assertEqual(invoice.amount_untaxed, 50)
        self.assertEqual(invoice.timesheet_ids, approved)
        self.assertEqual(self.item.qty_to_invoice, 0)
        waiting.with_user(self.reviewer).action_approve()
        self.assertEqual(self.item.qty_to_invoice, 2)
        rest = self._invoice(self.item.order_id)
        self.assertEqual(rest.amount_untaxed, 100)
        self.assertEqual(rest.timesheet_ids, waiting)

    def test_BP4_rejected_time_is_not_invoiced(self):
        entry = self._log(self.ticket, 2)
        self._reject(entry)
        self.assertEqual(self.item.qty_to_invoice, 0)
        with self.assertRaises(UserError):
            self._invoice(self.item.order_id)
        self.assertFalse(entry.timesheet_invoice_id)

    def test_BP4_a_period_has_approved_time_only(self):
        self._log(self.ticket, 2, date="2026-02-10")
        approved = self._log(self.ticket, 1, date="2026-02-10")
        approved.with_user(self.reviewer).action_approve()
        february = self._invoice(self.item.order_id, "2026-02-01", "2026-02-28")
        self.assertEqual(february.amount_untaxed, 50)
        self.assertEqual(february.timesheet_ids, approved)

    @freeze_time("2026-05-10")
    def test_BP4_held_back_time_is_invoiced_from_its_day_on(self):
        self.team.review_time = False
        held = self._log(self.ticket, 2)
        due = self._log(self.ticket, 1)
        held.with_user(self.biller).invoice_from = "2026-05-20"
        self.assertEqual(self.item.qty_to_invoice, 1)
        self.assertEqual(self._invoice(self.item.order_id).timesheet_ids, due)
        with freeze_time("2026-05-20"):
            rest = self._invoice(self.item.order_id)
            self.assertEqual(rest.timesheet_ids, held)
            self.assertEqual(rest.amount_untaxed, 100)

    def test_BP4_a_period_beside_held_back_time_is_no_longer(self):
        self.team.review_time = False
        inside = self._log(self.ticket, 1, date="2026-02-10")
        self._log(self.ticket, 2, date="2026-03-10")
        self._log(self.ticket, 4, date="2026-02-11").invoice_from = "2100-01-01"
        february = self._invoice(self.item.order_id, "2026-02-01", "2026-02-28")
        self.assertEqual(february.timesheet_ids, inside)
        self.assertEqual(february.amount_untaxed, 50)

    @freeze_time("2026-05-10")
    def test_BP4_orders_know_each_day_what_is_due(self):
        self.team.review_time = False
        self._log(self.ticket, 2).invoice_from = "2026-05-20"
        self.env.flush_all()
        self.assertEqual(self.item.invoice_status, "no")
        with freeze_time("2026-05-20"):
            self.env["sale.order.line"]._cron_release_held_back()
            self.assertEqual(self.item.qty_to_invoice, 2)
            self.assertEqual(self.item.invoice_status, "to invoice")

    @freeze_time("2026-05-19 23:30:00")
    def test_BP4_the_day_is_the_companys(self):
        self.company.resource_calendar_id.tz = "Europe/Bucharest"
        self.assertEqual(self.company._get_today(), fields.Date.to_date("2026-05-20"))

    def test_BP4_written_off_time_is_neither_billed_nor_linked(self):
        self.team.review_time = False
        off = self._log(self.ticket, 2)
        self._log(self.ticket, 1)
        off.with_user(self.reviewer).no_charge_reason_id = self.written_off
        invoice = self._invoice(self.item.order_id)
        self.assertEqual(invoice.amount_untaxed, 50)
        self.assertFalse(off.timesheet_invoice_id)
        off.with_user(self.reviewer).no_charge_reason_id = False
        self.assertEqual(self._invoice(self.item.order_id).timesheet_ids, off)

    def test_BP4_withheld_time_gives_nothing_back(self):
        self.team.review_time = False
        self._log(self.ticket, 4)
        invoice = self._invoice(self.item.order_id, post=False)
        invoice.invoice_line_ids.quantity = 6  # two hours in advance
        invoice.action_post()
        self.team.review_time = True
        self._log(self.ticket, 2)
        self.assertEqual(self.item.qty_to_invoice, 0)

    def test_BP4_a_negative_correction_waits_for_its_approval(self):
        self.team.review_time = False
        self._log(self.ticket, 4)
        self.team.review_time = True
        entries = self.item.timesheet_ids
        entries.with_user(self.reviewer).action_approve()
        correction = self._log(self.ticket, -1)
        self.assertEqual(self.item.qty_delivered, 3)
        self.assertEqual(self.item.qty_to_invoice, 4)
        correction.with_user(self.reviewer).action_approve()
        self.assertEqual(self.item.qty_to_invoice, 3)

    def test_BP4_time_of_a_cancelled_invoice_can_be_rejected(self):
        entry = self._log(self.ticket, 2)
        entry.with_user(self.reviewer).action_approve()
        invoice = self._invoice(self.item.order_id)
        self.assertEqual(self.item.qty_to_invoice, 0)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(self.item.qty_to_invoice, 2)
        self._reject(entry)
        self.assertEqual(self.item.qty_to_invoice, 0)
