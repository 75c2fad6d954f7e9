from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged

from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestHoursToBill(ReviewCommon):
    # --- W1 -----------------------------------------------------------
    def test_W1_without_terms_what_was_worked_is_billed(self):
        entry = self._log(self.ticket, 1.1)
        self.assertEqual(entry.unit_amount_rounded, 1.1)
        self.assertEqual(self.ticket.billed_hours, self.ticket.total_hours)
        self.assertFalse(entry.billing_explanation)
        self.assertFalse(entry.review_state)
        entry.unit_amount = 2.2
        self.assertEqual(entry.unit_amount_rounded, 2.2)

    def test_W1_money_reads_hours_to_bill_and_work_hours_worked(self):
        item, ticket = self._sell_by_steps(billing_step=0.25)
        ticket.planned_hours = 1
        entry = self._log(ticket, 0.1)
        self.assertEqual(entry.unit_amount_rounded, 0.25)
        self.assertEqual(item.qty_delivered, 0.25)
        self.assertEqual(item.qty_to_invoice, 0.25)
        self.assertEqual(ticket.billed_hours, 0.25)
        self.assertEqual(ticket.total_hours, 0.1)
        self.assertEqual(ticket.remaining_hours, 0.9)
        self.assertEqual(entry.amount, -2)  # wages are of hours worked
        self.assertEqual(self._invoice(item.order_id).amount_untaxed, 12.5)

    def test_W1_prepaid_hours_are_drawn_by_hours_to_bill(self):
        item = self._sell_hours(10, billing_minimum=0.5)
        ticket = self._create_ticket(partner_id=self.contact.id)
        self.assertEqual(ticket.sale_line_id, item)
        self._log(ticket, 0.1)
        self.assertEqual(item.remaining_hours, 9.5)
        self.assertEqual(ticket.remaining_hours_so, 9.5)

    def test_W1_hours_left_count_hours_to_bill_while_lines_are_typed(self):
        item = self._sell_hours(10, billing_minimum=0.5)
        ticket = self._create_ticket(partner_id=self.contact.id)
        with Form(ticket) as form:
            with form.timesheet_ids.new() as line:
                line.employee_id = self.employee
                line.unit_amount = 0.1
            self.assertEqual(form.remaining_hours_so, 9.5)
            self.assertEqual(form.total_hours, 0.1)
        self.assertEqual(item.remaining_hours, 9.5)

    def test_W1_a_timesheets_period_bills_hours_to_bill(self):
        item, ticket = self._sell_by_steps(billing_step=1)
        self._log(ticket, 0.5, date="2026-02-10")
        self._log(ticket, 0.5, date="2026-03-10")
        february = self._invoice(item.order_id, "2026-02-01", "2026-02-28")
        self.assertEqual(february.amount_untaxed, 50)

    def test_W1_tickets_on_invoices_have_hours_to_bill(self):
        item, ticket = self._sell_by_steps(billing_step=1)
        item.order_id.invoice_by_ticket = True
        self._log(ticket, 0.5)
        self.assertIn("01:00 hours", self._invoice(item.order_id).line_ids[0].name)

    def test_W1_revenue_in_the_analysis_is_what_is_invoiced(self):
        item, ticket = self._sell_by_steps(billing_step=1)
        entry = self._log(ticket, 0.5)
        invoice = self._invoice(item.order_id)
        self.env.flush_all()
        row = self.env["timesheets.analysis.report"].search([("id", "=", entry.id)])
        self.assertEqual(row.timesheet_revenues, invoice.amount_untaxed)
        self.assertEqual(row.unit_amount_rounded, 1)
        self.assertEqual(row.unit_amount, 0.5)

    def test_W1_customers_see_hours_to_bill(self):
        _item, ticket = self._sell_by_steps(billing_step=1)
        self.team.show_timesheet_portal = True
        self._log(ticket, 0.5)
        self.assertEqual(ticket._get_portal_time()["time_total"], 1)

    def test_W1_days_are_billed_as_the_hours_they_are(self):
        item, ticket = self._sell_by_steps(billing_step=4)
        entry = self._log(ticket, 0.25, product_uom_id=self.day.id)
        self.assertEqual(entry.unit_amount_rounded, 0.5)
        self.assertEqual(item.qty_delivered, 4)

    # --- W2 -----------------------------------------------------------
    def test_W2_kind_then_step_then_the_larger_minimum(self):
        kind = self._create_kind(factor=1.5, billing_minimum=0.5)
        _item, ticket = self._sell_by_steps(billing_step=0.25, billing_minimum=0.75)
        entry = self._log(ticket, 0.9, time_type_id=kind.id)
        self.assertEqual(entry.unit_amount_rounded, 1.5)  # 1.35, up to quarters
        self.assertEqual(
            self._log(ticket, 0.1, time_type_id=kind.id).unit_amount_rounded, 0.75
        )
        self.assertEqual(
            self._log(ticket, 0.0, time_type_id=kind.id).unit_amount_rounded, 0
        )
        self.assertEqual(
            entry.billing_explanation,
            "Travel: factor 1.5; Steps of 00:15, Up; Minimum 00:45",
        )

    def test_W2_a_kind_of_work_may_not_be_charged(self):
        kind = self._create_kind(charge="show", billing_minimum=1)
        entry = self._log(self.ticket, 2, time_type_id=kind.id)
        self.assertEqual(entry.unit_amount_rounded, 0)
        self.assertEqual(entry.billing_charge, "show")
        self.assertEqual(self.item.qty_delivered, 0)

    def test_W2_terms_come_from_the_product_and_can_be_changed_on_the_line(self):
        self.post_paid_product.write(
            {
                "billing_step": 0.5,
                "billing_rounding": "nearest",
                "billing_minimum": 0.25,
            }
        )
        item = self._sell(self.post_paid_product, 1)
        self.assertEqual(
            (item.billing_step, item.billing_rounding, item.billing_minimum),
            (0.5, "nearest", 0.25),
        )
        item.billing_step = 0.1
        self.assertEqual(self.post_paid_product.billing_step, 0.5)
        self.assertEqual(item.billing_step, 0.1)
        # the order that was there keeps what was agreed
        self.assertEqual(self.item.billing_step, 0)

    def test_W2_terms_changed_later_touch_new_entries_only(self):
        item, ticket = self._sell_by_steps(billing_step=0.25)
        kind = self._create_kind(factor=2)
        entry = self._log(ticket, 0.2, time_type_id=kind.id)
        self.assertEqual(entry.unit_amount_rounded, 0.5)
        item.billing_step = 1
        kind.factor = 3
        self.assertEqual(entry.unit_amount_rounded, 0.5)
        entry.unit_amount = 0.3
        self.assertEqual(entry.unit_amount_rounded, 0.75)  # by the terms it keeps
        self.assertEqual(
            self._log(ticket, 0.3, time_type_id=kind.id).unit_amount_rounded, 1
        )

    def test_W2_another_item_or_kind_decides_anew(self):
        _item, ticket = self._sell_by_steps(billing_step=1)
        entry = self._log(ticket, 0.5)
        self.assertEqual(entry.unit_amount_rounded, 1)
        entry.so_line = self.item
        self.assertEqual(entry.unit_amount_rounded, 0.5)
        entry.time_type_id = self._create_kind(factor=3)
        self.assertEqual(entry.unit_amount_rounded, 1.5)

    def test_W2_an_invoiced_entry_keeps_what_was_billed(self):
        item, ticket = self._sell_by_steps(billing_step=1)
        entry = self._log(ticket, 0.5)
        self._invoice(item.order_id)
        for values in (
            {"unit_amount_rounded": 3},
            {"time_type_id": self._create_kind().id},
            {"no_charge_reason_id": self.goodwill.id},
        ):
            with self.subTest(**values), self.assertRaisesRegex(UserError, "invoiced"):
                entry.write(values)
        self.assertEqual(entry.unit_amount_rounded, 1)

    def test_W2_terms_that_nobody_can_mean_are_refused(self):
        for values in (
            {"billing_step": -1},
            {"billing_minimum": 25},
            {"billing_step": float("nan")},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.item.write(values)
        with self.assertRaises(ValidationError):
            self._create_kind(factor=-1)

    def test_W2_a_copy_is_decided_anew(self):
        entry = self._log(self.ticket, 1)
        entry.write({"unit_amount_rounded": 3, "review_reason": "agreed"})
        copy = entry.copy()
        self.assertEqual(copy.unit_amount_rounded, 1)
        self.assertFalse(copy.is_billed_amount_edited)

    # --- W4 -----------------------------------------------------------
    def test_W4_set_by_hand_is_kept_and_marked(self):
        entry = self._log(self.ticket, 1).with_user(self.reviewer)
        entry.write({"unit_amount_rounded": 2.5, "review_reason": "As agreed"})
        self.assertTrue(entry.is_billed_amount_edited)
        self.assertEqual(self.item.qty_delivered, 2.5)
        self.assertEqual(entry.billing_explanation, "Set by hand; As agreed")
        entry.sudo().unit_amount = 4
        self.assertEqual(entry.unit_amount_rounded, 2.5)

    def test_W4_the_hours_of_the_rule_are_by_hand_where_it_is_said(self):
        entry = self._log(self.ticket, 1)
        entry.write(
            {
                "unit_amount_rounded": 1,
                "is_billed_amount_edited": True,
                "review_reason": "As agreed",
            }
        )
        self.assertTrue(entry.is_billed_amount_edited)
        entry.unit_amount = 4
        self.assertEqual(entry.unit_amount_rounded, 1)

    def test_W4_no_hours_can_be_set_by_hand(self):
        entry = self._log(self.ticket, 1)
        entry.unit_amount_rounded = 0
        self.assertTrue(entry.is_billed_amount_edited)
        self.assertEqual(self.item.qty_delivered, 0)

    def test_W4_the_hours_of_the_rule_are_no_change(self):
        entry = self._log(self.ticket, 1)
        entry.unit_amount_rounded = 1
        self.assertFalse(entry.is_billed_amount_edited)
        self.assertFalse(self._read_history(entry))

    def test_W4_hours_set_by_hand_are_charged_again(self):
        entry = self._log(self.ticket, 2)
        entry.no_charge_reason_id = self.env.ref(
            "helpdesk_track_bill_review.no_charge_reason_written_off"
        )
        self.assertEqual(entry.billing_charge, "hide")
        entry.unit_amount_rounded = 0.5
        self.assertEqual(entry.billing_charge, "charge")

    def test_W4_hours_set_by_hand_are_charged_whatever_the_kind_says(self):
        for charge in ("show", "hide"):
            kind = self._create_kind(charge=charge)
            entry = self._log(self.ticket, 1, time_type_id=kind.id)
            with self.subTest(charge=charge):
                entry.write({"unit_amount_rounded": 1, "review_reason": "Agreed"})
                self.assertEqual(entry.billing_charge, "charge")
                self.assertTrue(entry.is_time_to_bill)
                entry.unit_amount_rounded = 0
                self.assertEqual(entry.billing_charge, charge)

    def test_W4_no_hours_by_hand_are_charged_where_their_kind_is(self):
        entry = self._log(
            self.ticket, 1, time_type_id=self._create_kind(charge="hide").id
        )
        self.assertEqual(entry.billing_charge, "hide")
        kind = self._create_kind(name="Advice")
        entry.write({"time_type_id": kind.id, "unit_amount_rounded": 0})
        self.assertTrue(entry.is_billed_amount_edited)
        self.assertEqual(entry.unit_amount_rounded, 0)
        self.assertEqual(entry.billing_terms["kind"], kind.id)
        self.assertEqual(entry.billing_charge, "charge")

    def test_W4_hours_that_come_with_another_ticket_follow_its_item(self):
        item, ticket = self._sell_by_steps(billing_step=1)
        for hours, by_hand in ((0.5, True), (1, False)):
            entry = self._log(self.ticket, 2)
            with self.subTest(hours=hours):
                entry.write(
                    {
                        "ticket_id": ticket.id,
                        "unit_amount": 0.5,
                        "unit_amount_rounded": hours,
                    }
                )
                self.assertEqual(entry.so_line, item)
                self.assertEqual(entry.unit_amount_rounded, hours)
                self.assertEqual(entry.is_billed_amount_edited, by_hand)

    def test_W4_hours_that_are_no_number_are_refused(self):
        entry = self._log(self.ticket, 1)
        for hours in (float("nan"), float("inf"), 1e9):
            with (
                self.subTest(hours=hours),
                self.assertRaisesRegex(UserError, "not a number"),
                self.cr.savepoint(),
            ):
                entry.write({"unit_amount_rounded": hours})
        self.env.invalidate_all()
        self.assertEqual(entry.unit_amount_rounded, 1)

    def test_W4_reset_returns_to_the_rule(self):
        entry = self._log(self.ticket, 1).with_user(self.reviewer)
        entry.write({"unit_amount_rounded": 2.5, "review_reason": "As agreed"})
        entry.action_reset_hours()
        self.assertFalse(entry.is_billed_amount_edited)
        self.assertEqual(entry.unit_amount_rounded, 1)

    def test_W4_history_says_what_when_who_and_why(self):
        entry = self._log(self.ticket, 1).with_user(self.reviewer)
        entry.write({"unit_amount_rounded": 2.5, "review_reason": "As agreed"})
        entry.action_reset_hours()
        self.assertEqual(
            self._read_history(entry),
            [
                ("hours", "01:00", "02:30", "As agreed"),
                ("hours", "02:30", "01:00", False),
            ],
        )
        change = self.env["helpdesk.time.change"].search([("entry_id", "=", entry.id)])
        self.assertEqual(change.create_uid, self.reviewer)
        self.assertEqual(change.ticket_id, self.ticket)

    def test_W4_hours_set_without_a_reason_are_known_by_it(self):
        entry = self._log(self.ticket, 1).with_user(self.reviewer)
        entry.unit_amount_rounded = 2.5
        self.assertEqual(
            self._read_history(entry),
            [("hours", "01:00", "02:30", "Without a reason")],
        )
        self.assertEqual(entry.billing_warning, "No reason")
        entry.review_reason = "As agreed"
        self.assertFalse(entry.billing_warning)

    def test_W4_nobody_deletes_or_changes_the_history(self):
        entry = self._log(self.ticket, 1)
        entry.unit_amount_rounded = 2
        change = self.env["helpdesk.time.change"].search([("entry_id", "=", entry.id)])
        with self.assertRaisesRegex(UserError, "history"):
            change.unlink()
        with self.assertRaisesRegex(UserError, "history"):
            change.write({"reason": "another"})
        for user in (self.reviewer, self.biller, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                change.with_user(user).unlink()
        entry.unlink()
        self.assertEqual(change.description, "Looked into it")
        self.assertEqual(change.new_value, "02:00")

    def test_W4_agents_set_nothing_by_hand(self):
        entry = self._log_as_agent(1)
        with self.assertRaisesRegex(AccessError, "reviewers of its team"):
            entry.unit_amount_rounded = 5
        with self.assertRaises(AccessError):
            self.env["account.analytic.line"].with_user(self.agent).create(
                {
                    "ticket_id": self.ticket.id,
                    "unit_amount": 1,
                    "unit_amount_rounded": 5,
                    "name": "Looked into it",
                }
            )

    def test_W4_the_form_marks_hours_set_by_hand(self):
        entry = self._log(self.ticket, 1)
        view = "helpdesk_track_bill_review.time_to_bill_view_list"
        with Form(entry, view=view) as form:
            self.assertFalse(form.is_billed_amount_edited)
            form.unit_amount_rounded = 2
            self.assertTrue(form.is_billed_amount_edited)
            form.review_reason = "As agreed"
        self.assertEqual(entry.unit_amount_rounded, 2)

    def test_W4_many_at_once_with_one_reason(self):
        entries = self._log(self.ticket, 1) | self._log(self.ticket, 2)
        decide = self.env["helpdesk.time.decision"].with_user(self.reviewer)
        wizard = decide.create(
            {"entry_ids": entries.ids, "decision": "hours", "hours": 2}
        )
        with self.assertRaisesRegex(UserError, "reason"):
            wizard.action_apply()
        wizard.reason = "Flat fee"
        wizard.action_apply()
        self.assertEqual(entries.mapped("unit_amount_rounded"), [2, 2])
        # what was 2 by rule stays so
        self.assertEqual(entries.mapped("is_billed_amount_edited"), [True, False])

    def test_W4_hours_are_decided_and_told_in_hours_whatever_the_unit(self):
        entries = self._log(self.ticket, 1, product_uom_id=self.day.id) | self._log(
            self.ticket, 1
        )
        self.env["helpdesk.time.decision"].with_user(self.reviewer).create(
            {
                "entry_ids": entries.ids,
                "decision": "hours",
                "hours": 4,
                "reason": "Flat fee",
            }
        ).action_apply()
        self.assertEqual(entries.mapped("unit_amount_rounded"), [0.5, 4])
        self.assertEqual(
            [self._read_history(entry) for entry in entries],
            [
                [("hours", "08:00", "04:00", "Flat fee")],
                [("hours", "01:00", "04:00", "Flat fee")],
            ],
        )

    def test_W4_seconds_set_by_hand_are_in_the_history(self):
        entry = self._log(self.ticket, 1)
        entry.write({"unit_amount_rounded": 1.005, "review_reason": "Agreed"})
        self.assertEqual(len(self._read_history(entry)), 1)

    # --- split by analytic accounts -------------------------------------
    def _split_by_accounts(self, entry, user=None):
        other = entry.sudo().account_id.copy({"name": "Other"})
        ticket = entry.ticket_id
        entry.with_user(user or self.env.user).analytic_distribution = {
            str(entry.sudo().account_id.id): 25,
            str(other.id): 75,
        }
        self.env.flush_all()
        self.env.invalidate_all()
        parts = ticket.timesheet_ids.sorted("id")
        self.assertEqual(len(parts), 2)
        return parts

    def test_W3_a_split_by_accounts_is_billed_as_the_whole(self):
        kind = self._create_kind(factor=1.5)
        for kinds in ({}, {"time_type_id": kind.id}):
            item, ticket = self._sell_by_steps(billing_step=0.25, billing_minimum=1)
            entry = self._log(ticket, 0.4, **kinds)
            self.assertEqual(entry.unit_amount_rounded, 1)
            parts = self._split_by_accounts(entry, self.agent)
            with self.subTest(**kinds):
                self.assertEqual(parts.mapped("unit_amount_rounded"), [0.25, 0.75])
                self.assertEqual(item.qty_delivered, 1)
                item.billing_step = 2
                parts[0].unit_amount = 0.2
                self.assertEqual(parts[0].unit_amount_rounded, 0.5)

    def test_W4_a_split_by_accounts_shares_hours_set_by_hand(self):
        entry = self._log(self.ticket, 2)
        entry.write({"unit_amount_rounded": 4, "review_reason": "Agreed"})
        parts = self._split_by_accounts(entry, self.agent)
        self.assertEqual(parts.mapped("unit_amount_rounded"), [1, 3])
        self.assertEqual(parts.mapped("is_billed_amount_edited"), [True, True])
        self.assertEqual(parts.mapped("review_reason"), ["Agreed", "Agreed"])

    def test_W5_a_split_by_accounts_is_charged_no_more_than_the_whole(self):
        entry = self._log(self.ticket, 2)
        entry.no_charge_reason_id = self.written_off
        parts = self._split_by_accounts(entry, self.agent)
        self.assertEqual(parts.no_charge_reason_id, self.written_off)
        self.assertEqual(set(parts.mapped("billing_charge")), {"hide"})
        self.assertEqual(self.item.qty_delivered, 0)

    def test_BP4_a_split_by_accounts_is_held_back_and_approved_as_the_whole(self):
        self.team.review_time = True
        entry = self._log(self.ticket, 2, invoice_from="2100-01-01")
        entry.with_user(self.reviewer).action_approve()
        parts = self._split_by_accounts(entry)
        self.assertEqual(parts.mapped("review_state"), ["approved", "approved"])
        self.assertEqual(parts.reviewer_id, self.reviewer)
        self.assertEqual(
            [str(day) for day in parts.mapped("invoice_from")], ["2100-01-01"] * 2
        )
        self.assertEqual(self.item.qty_to_invoice, 0)

    def test_W2_one_account_for_all_of_it_leaves_the_terms(self):
        _item, ticket = self._sell_by_steps(billing_minimum=0.5)
        entry = self._log(ticket, 0.25)
        other = entry.account_id.copy({"name": "Other"})
        entry.analytic_distribution = {str(other.id): 100}
        self.assertEqual(entry.account_id, other)
        self.assertEqual(entry.unit_amount_rounded, 0.5)
        entry.unit_amount = 1
        self.assertEqual(entry.unit_amount_rounded, 1)

    def test_BP1_accounts_that_make_more_of_it_are_no_split(self):
        self.team.review_time = True
        entry = self._log(
            self.ticket, 2, employee_id=self.reviewing_employee.id
        ).with_user(self.reviewer)
        entry.sudo().review_state = "approved"
        entry.analytic_distribution = {str(entry.sudo().account_id.id): 300}
        self.assertEqual(entry.unit_amount, 6)
        self.assertEqual(entry.review_state, "submitted")

    def test_BP4_decisions_on_new_time_are_split_with_it(self):
        account = self.team.default_project_id.account_id
        other = account.copy({"name": "Other"})
        self._log(
            self.ticket,
            4,
            invoice_from="2100-01-01",
            unit_amount_rounded=3,
            review_reason="Agreed",
            analytic_distribution={str(account.id): 50, str(other.id): 50},
        )
        parts = self.ticket.timesheet_ids
        self.assertEqual(parts.mapped("unit_amount"), [2, 2])
        self.assertEqual(parts.mapped("unit_amount_rounded"), [1.5, 1.5])
        self.assertTrue(all(parts.mapped("invoice_from")))

    # --- W5 -----------------------------------------------------------
    def test_W5_no_charge_draws_nothing_and_is_invoiced_at_nothing(self):
        prepaid = self._sell_hours(10)
        ticket = self._create_ticket(sale_line_id=prepaid.id)
        entry = self._log(ticket, 2)
        entry.no_charge_reason_id = self.goodwill
        self.assertEqual(entry.unit_amount_rounded, 0)
        self.assertEqual(prepaid.remaining_hours, 10)
        self.assertEqual(ticket.total_hours, 2)
        entry.no_charge_reason_id = False
        self.assertEqual(prepaid.remaining_hours, 8)

    def test_W5_shown_time_is_on_the_invoice_at_nothing(self):
        self._log(self.ticket, 1)
        free = self._log(self.ticket, 2, no_charge_reason_id=self.goodwill.id)
        hidden = self._log(self.ticket, 3, no_charge_reason_id=self.written_off.id)
        invoice = self._invoice(self.item.order_id)
        self.assertEqual(invoice.amount_untaxed, 50)
        self.assertIn(free, invoice.timesheet_ids)
        self.assertNotIn(hidden, invoice.timesheet_ids)

    def test_W5_hidden_time_is_not_in_the_portal(self):
        self.team.show_timesheet_portal = True
        free = self._log(self.ticket, 2, no_charge_reason_id=self.goodwill.id)
        self._log(self.ticket, 3, no_charge_reason_id=self.written_off.id)
        customer = self._create_user(
            "customer", "base.group_portal", partner_id=self.contact.id
        )
        ticket = self.ticket.with_user(customer)
        self.assertEqual(ticket._get_portal_timesheets().ids, free.ids)
        self.assertEqual(ticket._get_portal_time()["time_total"], 0)
        # nor on core's pages
        self.ticket.project_id.privacy_visibility = "portal"
        entries = self.env["account.analytic.line"].with_user(customer)
        on_ticket = Domain("ticket_id", "=", self.ticket.id)
        seen = entries._timesheet_get_portal_domain() & on_ticket
        self.assertEqual(entries.sudo().search(seen).ids, free.ids)
        # nor by RPC, where a shared project lets customers read entries
        self.env["ir.model.access"].create(
            {
                "name": "Shared projects",
                "model_id": self.env["ir.model"]._get_id("account.analytic.line"),
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
            }
        )
        self.env["ir.rule"].search(
            [
                ("model_id.model", "=", "account.analytic.line"),
                ("groups", "in", self.env.ref("base.group_portal").ids),
            ]
        ).domain_force = "[(1, '=', 1)]"
        self.assertEqual(entries.search(on_ticket).ids, free.ids)

    def test_W5_reviewers_decide_what_agents_propose(self):
        self.team.review_time = True
        entry = self._log_as_agent(2)
        entry.no_charge_reason_id = self.goodwill
        self.assertEqual(entry.review_state, "submitted")
        entry.with_user(self.reviewer).action_approve()
        with self.assertRaises(AccessError):
            entry.no_charge_reason_id = False

    def test_W5_without_approval_only_reviewers_decide(self):
        entry = self._log_as_agent(2)
        with self.assertRaises(AccessError):
            entry.no_charge_reason_id = self.goodwill
        entry.with_user(self.reviewer).no_charge_reason_id = self.goodwill
        self.assertEqual(
            self._read_history(entry),
            [
                ("hours", "02:00", "00:00", False),
                ("no_charge", False, "Goodwill", False),
            ],
        )
