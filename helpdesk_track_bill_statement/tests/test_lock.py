from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import StatementCommon


@tagged("post_install", "-at_install")
class TestLock(StatementCommon):
    """S4: time before the lock is frozen for everyone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.block = cls._sell_block(10, "2026-01-01", "2026-12-31")
        cls.ticket = cls._create_ticket()
        cls.entry = cls._log_on(cls.ticket, 2, "2026-03-10")
        cls.later = cls._log_on(cls.ticket, 1, "2026-04-02")
        cls.statement = cls._lock_until("2026-03-31")

    def _locked(self):
        return self._refused("Time of Clinic is locked until 03/31/2026")

    def test_S4_locked_entries_do_not_change(self):
        for values in (
            {"unit_amount": 3},
            {"date": "2026-03-11"},
            {"date": "2026-04-11"},
            {"so_line": False},
            {"employee_id": self._create_employee(self.salesperson).id},
            {"ticket_id": self._create_ticket().id},
        ):
            with self.subTest(values=values), self._locked():
                self.entry.write(values)
        with self._locked():
            self.entry.unlink()
        with self._locked():
            self.entry.with_user(self.agent).unlink()
        self.assertEqual(self.entry.unit_amount, 2)

    def test_S4_locked_entries_are_grey(self):
        self.assertTrue(self.entry.readonly_timesheet)
        self.assertEqual(self.entry.readonly_reason, "Locked")
        self.assertFalse(self.later.readonly_timesheet)
        self.assertFalse(self.later.readonly_reason)

    def test_S4_a_context_is_no_way_around(self):
        entry = self.entry.with_user(self.agent).with_context(prepaid_parts=True)
        with self._locked():
            entry.unit_amount = 3
        self.ticket.sale_line_id = self._sell_block(5, "2026-01-01", "2026-12-31")
        for key in ("prepaid_parts", "merging_tickets"):
            ticket = self.ticket.with_user(self.agent).with_context(**{key: True})
            with self.subTest(key=key):
                ticket.action_reassign_timesheets()
                self.assertEqual(self.entry.so_line, self.block)

    def test_S4_what_a_statement_does_not_say_may_change(self):
        self.entry.name = "Cleaned the rollers"
        self.assertEqual(self.entry.name, "Cleaned the rollers")

    def test_S4_no_entries_come_into_locked_days(self):
        with self._locked():
            self._log_on(self.ticket, 1, "2026-03-31")
        with self._locked():
            self.later.date = "2026-03-31"
        entry = self._log_on(self.ticket, 1, "2026-04-01")
        self.assertEqual(entry.so_line, self.block)

    def test_S4_other_customers_and_companies_go_on(self):
        ticket = self._create_ticket(partner_id=self.other_customer.id)
        entry = self._log_on(ticket, 1, "2026-03-10")
        self.assertFalse(entry.hours_locked_until)
        with self._locked():
            entry.ticket_id = self.ticket
        company = self._create_company()
        locks = self.env["prepaid.hours.statement"]._get_locks(self.customer, company)
        self.assertEqual(locks, {})

    def test_S4_teams_that_draw_from_the_item_are_frozen_too(self):
        self.team.prepaid_draw = "item"
        with self._locked():
            self.entry.unit_amount = 3
        with self._locked():
            self._log_on(self.ticket, 1, "2026-03-10")

    def test_S4_time_on_a_task_that_draws_from_the_block_is_fixed(self):
        task = self.env["project.task"].create(
            {
                "name": "Move",
                "project_id": self.team.default_project_id.id,
                "partner_id": self.contact.id,
                "sale_line_id": self.block.id,
            }
        )
        values = {
            "so_line": self.block.id,
            "is_so_line_edited": True,
            "project_id": task.project_id.id,
            "task_id": task.id,
            "employee_id": self.employee.id,
            "unit_amount": 1,
            "name": "Moved",
        }
        with self._locked():
            self.env["account.analytic.line"].create({**values, "date": "2026-03-10"})
        entry = self.env["account.analytic.line"].create(
            {**values, "date": "2026-04-10"}
        )
        self.assertEqual(entry.so_line, self.block)

    def test_S4_costs_that_are_no_time_are_not_locked(self):
        project = self.team.default_project_id
        project._create_analytic_account()
        self.block.order_id.project_id = project
        taxi = self.env["product.product"].create(
            {"name": "Taxi", "type": "service", "expense_policy": "cost"}
        )
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.other_customer.id,
                "invoice_date": "2026-03-31",
                "date": "2026-03-31",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": taxi.id,
                            "price_unit": 20,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {project.account_id.id: 100},
                        }
                    )
                ],
            }
        )
        bill.action_post()
        cost = bill.line_ids.analytic_line_ids
        self.assertEqual(cost.so_line.order_id, self.block.order_id)
        self.assertFalse(cost.project_id or cost.hours_locked_until)
        cost.date = "2026-03-30"
        cost.ref = "Taxi"
        with self._locked():
            cost.project_id = project
        bill.button_draft()
        self.assertFalse(cost.exists())

    def test_S4_redraw_leaves_locked_time_where_it_is(self):
        sooner = self._sell_block(10, "2026-01-01", "2026-06-30")
        action = self.customer.action_redraw_prepaid_hours()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({}).action_confirm()
        self.assertEqual(self.entry.so_line, self.block)
        self.assertEqual(self.later.so_line, sooner)

    def test_S4_terms_that_locked_time_needs_do_not_change(self):
        for values in (
            {"product_uom_qty": 1},
            {"hours_date_end": "2026-02-28"},
        ):
            with (
                self.subTest(values=values),
                self._refused("is invoiced, locked or in a closed"),
            ):
                self.block.write(values)
        with self._refused("cannot go"):
            self.block.order_id._action_cancel()

    def test_S4_uncovered_time_takes_no_item_later(self):
        self.statement.with_user(self.accountant)._unlock("Because")
        self.team.prepaid_draw = "item"
        ticket = self._create_ticket(partner_id=self.other_customer.id)
        entries = self._log_on(ticket, 1, "2026-03-10")
        entries |= self._log_on(ticket, 1, "2026-04-10")
        self._lock_until("2026-03-31", partner_id=self.other_customer.id)
        item = self._sell(self.prepaid_product, 5, partner=self.other_customer)
        ticket.sale_line_id = item
        self.assertEqual(entries.mapped("so_line.id"), item.ids)
        self.assertFalse(entries[0].so_line)

    def test_S4_locked_periods_are_not_adjusted(self):
        past = self._sell_block(5, "2026-01-01", "2026-02-28")
        with self._refused("of Clinic until 03/31/2026"):
            past.hours_period_ids._adjust(1, "Goodwill")
        self.block.hours_period_ids._adjust(1, "Goodwill")
        self.assertEqual(
            self.block.hours_adjustment_ids.date, self._to_date("2026-04-15")
        )

    def test_S4_merged_tickets_take_locked_time_along(self):
        target = self._create_ticket()
        self.entry._as_merged()._move_to_ticket(target)
        self.assertEqual(self.entry.ticket_id, target)
        self.assertEqual(self.entry.so_line, self.block)
        foreign = self._create_ticket(partner_id=self.other_customer.id)
        self.entry._as_merged()._move_to_ticket(foreign)
        self.assertEqual(self.entry.ticket_id, foreign)
        self.assertEqual(self.entry.so_line, self.block)

    def test_S4_locks_are_read_once_for_all_entries(self):
        entries = self.env["account.analytic.line"]
        for number in range(8):
            entries |= self._log_on(
                self._create_ticket(), 0.25, f"2026-04-0{number + 1}"
            )

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("so_line.order_partner_id.commercial_partner_id")
            some.mapped("ticket_id.commercial_partner_id")
            before = self.cr.sql_log_count
            some.mapped("hours_locked_until")
            return self.cr.sql_log_count - before

        self.assertEqual(count(entries[:2]), count(entries))
        self.assertEqual(count(entries), 1)

    # --- tickets that move --------------------------------------------
    def test_S4_a_ticket_with_locked_time_moves_to_another_team(self):
        """E6: what is fixed stays where it was recorded, the rest goes along."""
        project = self.team.default_project_id
        other = self.env["helpdesk.ticket.team"].create(
            {"name": "Others", "allow_billable": True, "prepaid_draw": "order"}
        )
        self.assertNotEqual(other.default_project_id, project)
        self.ticket.team_id = other
        self.assertEqual(self.ticket.team_id, other)
        self.assertEqual(self.entry.project_id, project)
        self.assertEqual(self.later.project_id, other.default_project_id)
        self.assertEqual((self.entry | self.later).so_line, self.block)
        mine = self.env["project.project"].create(
            {"name": "Mine", "allow_timesheets": True, "allow_billable": True}
        )
        self.ticket.project_id = mine
        self.assertEqual(self.entry.project_id, project)
        self.assertEqual(self.later.project_id, mine)

    def test_S4_reassigning_leaves_locked_time_where_it_is(self):
        item = self._sell_block(5, "2026-01-01", "2026-12-31")
        self.ticket.sale_line_id = item
        self.ticket.action_reassign_timesheets()
        self.assertEqual(self.entry.so_line, self.block)
        self.assertEqual(self.later.so_line, item)

    def test_S4_only_accountants_lock_and_unlock(self):
        statement = self._state("2026-04-01", "2026-04-10")
        manager = self._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,sales_team.group_sale_manager",
        )
        for user in (self.agent, self.salesperson, manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    statement.with_user(user).action_lock()
                with self.assertRaises(AccessError):
                    statement.with_user(user).state = "locked"
                with self.assertRaises(AccessError):
                    self.statement.with_user(user)._unlock("Because")
                with self.assertRaises(AccessError):
                    self.statement.with_user(user).state = "draft"
        with self.assertRaises(AccessError):
            self.env["prepaid.hours.statement"].with_user(self.salesperson).create(
                {"partner_id": self.customer.id, "state": "locked"}
            )
        given = (
            self.env["prepaid.hours.statement"]
            .with_user(self.salesperson)
            .with_context(default_state="locked")
            .create(
                {
                    "partner_id": self.customer.id,
                    "date_from": "2026-01-01",
                    "date_to": "2099-12-31",
                }
            )
        )
        self.assertEqual(given.state, "draft")
        with self.assertRaises(AccessError):
            self.statement.with_user(self.agent).read(["note"])
        statement.with_user(self.accountant).action_lock()
        self.assertEqual(statement.state, "locked")

    def test_S4_unlocking_is_noted_with_who_and_why(self):
        action = self.statement.with_user(self.accountant).action_unlock()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.accountant)
            .with_context(**action["context"])
            .create({"reason": "Wrong ticket"})
        )
        wizard.action_apply()
        self.assertEqual(self.statement.state, "draft")
        note = self.statement.message_ids[:1]
        self.assertIn("Unlocked: Wrong ticket", note.body)
        self.assertEqual(note.author_id, self.accountant.partner_id)
        self.entry.unit_amount = 3
        self.assertEqual(self.entry.unit_amount, 3)

    def test_S4_the_latest_statement_is_unlocked_first(self):
        self._lock_until("2026-04-10", "2026-04-01")
        with self._refused("A later statement of Clinic"):
            self.statement.with_user(self.accountant)._unlock("Because")

    def test_S4_days_that_are_not_over_are_not_locked(self):
        statement = self._state("2026-04-01", "2026-04-15")
        with self._refused("before its last day is over"):
            statement.with_user(self.accountant).action_lock()
        with freeze_time("2026-04-16 00:30:00"):
            statement.with_user(self.accountant).action_lock()

    def test_S4_a_statement_without_hours_is_locked_and_read(self):
        statement = self._lock_until("2026-03-31", partner_id=self.other_customer.id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(statement._get_sheet()["blocks"], [])
        self._sell_block(5, "2026-04-01", partner=self.other_customer)
        sheet = self._get_sheet("2026-04-01", "2026-04-15", self.other_customer)
        self.assertEqual(sheet["total"]["closing"], 5 * 60)

    def test_S4_a_locked_statement_stays_as_it_is(self):
        with self._refused("is locked: unlock it first"):
            self.statement.date_to = "2026-04-10"
        with self._refused("is locked: unlock it first"):
            self.statement.unlink()
        self.statement.note = "Paid with thanks"
        before = self.statement._get_sheet()["total"]
        self.assertEqual(before["closing"], 8 * 60)
        self.block.product_uom_qty = 12
        self.assertEqual(self.statement._get_sheet()["total"], before)
        april = self._get_sheet("2026-04-01", "2026-04-15")["total"]
        self.assertEqual(april["opening"], 8 * 60)
        self.assertEqual(april["corrected"], 2 * 60)
        self.assertEqual(april["closing"], 9 * 60)

    # --- contacts that move, credit notes -------------------------------
    def test_S4_time_stays_locked_when_a_person_joins_a_company(self):
        person = self.env["res.partner"].create({"name": "Ion"})
        block = self._sell_block(5, "2026-01-01", "2026-12-31", partner=person)
        ticket = self._create_ticket(partner_id=person.id)
        entry = self._log_on(ticket, 1, "2026-02-10")
        self._lock_until("2026-02-28", "2026-02-01", partner_id=person.id)
        person.parent_id = self.other_customer
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(entry.so_line, block)
        with self._refused("is locked until 02/28/2026"):
            entry.unit_amount = 2
        with self._refused("is locked until 02/28/2026"):
            entry.unlink()
        with self._refused("Ion until 02/28/2026"):
            block.hours_adjustment_ids.create(
                {
                    "line_id": block.id,
                    "date": "2026-02-10",
                    "hours": 1,
                    "reason": "Goodwill",
                }
            )

    def test_S1_merged_customers_open_with_what_both_closed_with(self):
        other = self._sell_block(
            5, "2026-01-01", "2026-12-31", partner=self.other_customer
        )
        foreign = self._create_ticket(partner_id=self.other_customer.id)
        self._log_on(foreign, 1, "2026-03-10")
        self._lock_until("2026-03-31", partner_id=self.other_customer.id)
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.other_customer | self.customer).ids, self.customer
        )
        self.env.invalidate_all()
        # more is bought of a block that both statements had closed
        other.product_uom_qty = 7
        april = self._get_sheet("2026-04-01", "2026-04-14")["total"]
        self.assertEqual(april["opening"], (8 + 4) * 60)
        self.assertEqual(april["corrected"], 2 * 60)

    def test_S4_credited_time_stays_locked(self):
        self.statement.with_user(self.accountant)._unlock("Because")
        item = self._sell(self.post_paid_product, 1, price_unit=50)
        ticket = self._create_ticket(sale_line_id=item.id)
        entry = self._log_on(
            ticket, 1, "2026-03-10", so_line=item.id, is_so_line_edited=True
        )
        invoice = self._invoice(item.order_id)
        self._lock_until("2026-03-31")
        wizard = self._reverse(invoice)
        wizard.reverse_moves()
        wizard.new_move_ids.action_post()
        self.assertTrue(entry._is_not_billed())
        with self._locked():
            entry.unit_amount = 2
        self.assertEqual(item.qty_to_invoice, 1)
