from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PrepaidCommon

TIMESHEETS = "hr_timesheet.group_hr_timesheet_user"


@tagged("post_install", "-at_install")
class TestBoundaries(PrepaidCommon):
    """Hours are one customer's in one company, and told to who may see them."""

    def _open_redraw(self, customer, **values):
        action = customer.action_redraw_prepaid_hours()
        wizards = customer.env[action["res_model"]].with_context(**action["context"])
        return wizards.create(values)

    # --- contacts that move -------------------------------------------
    def _move_contact(self):
        """A contact with drawn time goes to another company (K3b).

        :returns: the former company's block, the ticket and its entry
        """
        block = self._sell_block(10)
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2)
        self.contact.parent_id = self.other_customer
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(ticket.commercial_partner_id, self.other_customer)
        self.assertEqual((ticket.sale_line_id, entry.so_line), (block, block))
        return block, ticket, entry

    def test_D1_a_contact_that_moved_draws_from_nobody_elses_hours(self):
        block, ticket, entry = self._move_contact()
        uncovered = self._log_on(ticket, 1)
        self.assertEqual((uncovered.so_line.ids, uncovered.coverage), ([], "uncovered"))
        own = self._sell_block(5, partner=self.other_customer)
        self.assertEqual(self._log_on(ticket, 1).so_line, own)
        self.assertEqual(ticket.sale_line_id, own)
        self.assertIn("not from", ticket.message_ids[0].body)
        self.assertEqual((entry.so_line, block.remaining_hours), (block, 8))
        self._check_account(block | own)

    def test_D2_an_item_chosen_by_hand_for_the_former_customer_is_not_drawn(self):
        self._sell_block(5, end="2099-01-31")
        chosen = self._sell_block(10, end="2099-12-31")
        ticket = self._create_ticket(sale_line_id=chosen.id)
        self.assertTrue(ticket.sale_line_by_hand)
        own = self._sell_block(5, partner=self.other_customer)
        self.contact.parent_id = self.other_customer
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._log_on(ticket, 1).so_line, own)

    def test_D4_time_of_a_contact_that_moved_is_not_billed_to_the_former_customer(self):
        item = self._sell(self.post_paid_product, 0)
        ticket = self._create_ticket(sale_line_id=item.id)
        self.contact.parent_id = self.other_customer
        self.env.flush_all()
        self.env.invalidate_all()
        entry = self._log_on(ticket, 1)
        self.assertEqual((entry.so_line.ids, entry.coverage), ([], "uncovered"))

    def test_D6_what_changes_of_drawn_time_is_of_the_customer_of_today(self):
        block, _ticket, entry = self._move_contact()
        own = self._sell_block(5, partner=self.other_customer)
        entry.unit_amount = 3
        self.assertEqual(self._get_parts(entry), [(block, 2.0), (own, 1.0)])
        entry.unit_amount = 1
        self.assertEqual((entry.so_line, block.remaining_hours), (block, 9))
        self._check_account(block | own)

    def test_D6_time_chosen_by_hand_grows_on_hours_of_the_customer_of_today(self):
        block = self._sell_block(10)
        entry = self._log_on(self._create_ticket(), 2, so_line=block.id)
        entry.is_so_line_edited = True
        own = self._sell_block(5, partner=self.other_customer)
        self.contact.parent_id = self.other_customer
        self.env.flush_all()
        self.env.invalidate_all()
        entry.unit_amount = 3
        self.assertEqual(self._get_parts(entry), [(block, 2.0), (own, 1.0)])
        self.assertTrue(entry.is_so_line_edited)
        self.assertFalse(entry.split_part_ids.is_so_line_edited)

    def _sell_and_open(self, hours, customer, **terms):
        """A block, and a ticket of its customer that draws from it first."""
        block = self._sell_block(hours, partner=customer, **terms)
        ticket = self._create_ticket(partner_id=customer.id)
        self.assertEqual(ticket.sale_line_id, block)
        return block, ticket

    def test_D6_time_of_a_contact_that_moved_stays_on_another_ticket(self):
        block, ticket, entry = self._move_contact()
        self.contact.parent_id = self.customer
        merged = self._log_on(ticket, 1)
        self.contact.parent_id = self.other_customer
        own, other = self._sell_and_open(1, self.other_customer, hours_overrun="bill")
        entry.ticket_id = other
        merged._as_merged()._move_to_ticket(other, keep_item=True)
        self.assertEqual((entry | merged).ticket_id, other)
        self.assertEqual((entry | merged).so_line, block)
        self.assertEqual((block.remaining_hours, own.remaining_hours), (7, 1))
        self._check_account(block | own)

    def test_D6_time_without_an_item_is_drawn_on_another_ticket(self):
        self.team.prepaid_draw = "item"
        first = self._create_ticket()
        entry, merged = self._log_on(first, 2), self._log_on(first, 1)
        self.assertFalse((entry | merged).so_line)
        self.team.prepaid_draw = "order"
        block, other = self._sell_and_open(1, self.customer, hours_overrun="refuse")
        with (
            self.assertRaisesRegex(UserError, "01:00 of the 02:00"),
            self.cr.savepoint(),
        ):
            entry.ticket_id = other
        self.env.invalidate_all()
        self.assertEqual(entry.ticket_id, first)
        block.hours_overrun = "bill"
        entry.ticket_id = other
        self.assertEqual(self._get_parts(entry), [(block, 1.0), (block.browse(), 1.0)])
        merged._as_merged()._move_to_ticket(other, keep_item=True)
        self.assertEqual((merged.so_line.ids, merged.coverage), ([], "uncovered"))
        self.assertEqual(block.remaining_hours, 0)
        self._check_account(block)

    def test_D6_time_that_moves_to_another_company_is_decided_there(self):
        block = self._sell_block(5)
        entry = self._log_on(self._create_ticket(), 2)
        company = self._create_company()
        team = self.team.with_company(company).create(
            {"name": "There", "allow_billable": True, "company_id": company.id}
        )
        team.prepaid_draw = "order"
        self.employee.company_id = company
        ticket = self._create_ticket(team_id=team.id, company_id=company.id)
        entry.ticket_id = ticket
        self.assertEqual((entry.so_line.ids, entry.coverage), ([], "uncovered"))
        self.assertEqual(block.remaining_hours, 5)

    def test_D6_another_date_in_the_period_keeps_time_of_a_contact_that_moved(self):
        block, _ticket, entry = self._move_contact()
        own = self._sell_block(5, partner=self.other_customer)
        entry.date = "2026-03-09"
        self.assertEqual((entry.so_line, entry.coverage), (block, "prepaid"))
        entry.write({"date": "2026-03-08", "unit_amount": 3})
        self.assertEqual(self._get_parts(entry), [(block, 2.0), (own, 1.0)])
        block.hours_date_end = "2026-12-31"
        entry.date = "2027-01-10"
        self.assertEqual(entry.so_line, own)
        self.assertEqual((block.remaining_hours, own.remaining_hours), (10, 2))
        self._check_account(block | own)

    def test_D7_redraw_of_a_contact_that_moved_takes_nobody_elses_hours(self):
        block, ticket, entry = self._move_contact()
        uncovered = self._log_on(ticket, 1)
        own = self._sell_block(5, partner=self.other_customer)
        self._open_redraw(self.other_customer).action_confirm()
        self.assertEqual((entry.so_line, uncovered.so_line), (own, own))
        self.assertEqual((block.remaining_hours, own.remaining_hours), (10, 2))
        self._check_account(block | own)

    def test_V3_a_lower_quantity_draws_time_of_a_contact_that_moved_anew(self):
        block, _ticket, entry = self._move_contact()
        mine = self._log_on(
            self._create_ticket(partner_id=self.customer.id), 1, "2026-03-09"
        )
        spare = self._sell_block(10, end="2099-12-31")
        own = self._sell_block(5, partner=self.other_customer)
        self.assertEqual(mine.so_line, block)
        block.hours_overrun = "bill"
        block.product_uom_qty = 2
        self.assertEqual((mine.so_line, entry.so_line), (block, own))
        block.order_id._action_cancel()
        self.assertEqual((mine.so_line, entry.so_line), (spare, own))
        self._check_account(spare | own)

    # --- companies and customers of the wizards -----------------------
    def test_A5_redraw_is_for_who_may_change_an_order_of_the_customer(self):
        self._sell_block(10)
        self._log_on(self._create_ticket(), 1)
        seller = self._create_user("own_seller", "sales_team.group_sale_salesman")
        block = self._sell_block(5, partner=self.other_customer)
        block.order_id.user_id = seller
        customer = self.customer.with_user(seller)
        for values in ({}, {"partner_id": self.customer.id}):
            wizards = self.env["prepaid.hours.redraw"].with_user(seller)
            wizard = wizards.create({"partner_id": self.other_customer.id})
            with self.assertRaises(AccessError):
                if values:
                    wizard.write(values)
                else:
                    wizard = self._open_redraw(customer)
                wizard.read(["block_line_ids"])
        with self.assertRaises(AccessError):
            self._open_redraw(customer).action_confirm()
        other = self.other_customer.with_user(seller)
        self.assertFalse(self._open_redraw(other).line_ids)

    def test_A5_redraw_is_of_the_companies_that_the_user_works_in(self):
        company = self._create_company()
        order = self._sell_block(10).order_id.copy({"company_id": company.id})
        order.action_confirm()
        customer = self.customer.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            self._open_redraw(customer, company_id=company.id).read(["line_ids"])

    def test_D8_only_hours_of_the_customer_cover(self):
        entry = self._log_on(self._create_ticket(), 1)
        foreign = self._sell_block(5, partner=self.other_customer)
        post_paid = self._sell(self.post_paid_product, 0)
        for item in (foreign, post_paid):
            wizard = self._open_redraw(self.customer, block_id=item.id)
            self.assertFalse(wizard.line_ids)
            with self.assertRaisesRegex(UserError, "already"):
                wizard.action_confirm()
        self.assertFalse(entry.so_line)

    # --- who may see what ---------------------------------------------
    def test_A4_who_cannot_read_the_ticket_corrects_time(self):
        block = self._sell_block(10)
        approver = self._create_user(
            "approver", "hr_timesheet.group_hr_timesheet_approver"
        )
        for draw in ("item", "order"):
            with self.subTest(draw=draw):
                self.team.prepaid_draw = draw
                entry = self._log_on(self._create_ticket(), 1)
                self.env.invalidate_all()
                entry.with_user(approver).unit_amount = 2
                entry.with_user(approver).date = "2026-03-11"
                self.assertEqual((entry.so_line, entry.unit_amount), (block, 2))
                entry.with_user(approver).unlink()
                self.assertEqual(block.remaining_hours, 10)

    def test_A4_why_not_tells_nothing_of_time_that_one_cannot_read(self):
        self._sell_block(10)
        entry = self._log_on(self._create_ticket(), 2)
        user = self._create_user("nosy", TIMESHEETS)
        own = self._log_on(
            self._create_ticket(),
            1,
            employee_id=self._create_employee(user).id,
            user_id=user.id,
        )
        wizards = self.env["prepaid.hours.why.not"].with_user(user)
        names = ["entry_name", "date", "hours", "coverage_reason", "line_ids"]
        self.env.invalidate_all()
        wizard = wizards.create({"entry_id": own.id})
        self.assertTrue(wizard.line_ids)
        for name in names:
            specification = {name: {}}
            with self.subTest(name=name):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    wizards.create({"entry_id": entry.id}).read([name])
                self.env.invalidate_all()
                with self.assertRaises(AccessError), self.cr.savepoint():
                    wizard.entry_id = entry
                    wizard.read([name])
                self.env.invalidate_all()
                with self.assertRaises(AccessError), self.cr.savepoint():
                    wizards.with_context(default_entry_id=entry.id).onchange(
                        {}, [], {"entry_id": {}, **specification}
                    )
                self.env.invalidate_all()

    def test_A5_adjustments_are_read_by_who_reads_the_period(self):
        block = self._sell_block(10)
        block.hours_period_ids._adjust(1, "Goodwill")
        block.order_id.user_id = self.salesperson
        adjustments = self.env["sale.order.line.hours.adjustment"]
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        domain = [("line_id", "=", block.id)]
        self.assertFalse(adjustments.with_user(stranger).search(domain))
        self.assertTrue(adjustments.with_user(self.salesperson).search(domain))
        company = self._create_company()
        order = block.order_id.copy({"company_id": company.id})
        order.action_confirm()
        order.order_line.hours_period_ids._adjust(1, "Goodwill")
        domain = [("line_id", "in", order.order_line.ids)]
        self.assertTrue(adjustments.search(domain))
        self.assertFalse(adjustments.with_user(self.salesperson).search(domain))

    # --- what clients send --------------------------------------------
    def test_D9_what_was_decided_is_nobodys_to_write(self):
        block = self._sell_block(5)
        other = self._sell_block(2, partner=self.other_customer)
        entry = self._log_on(self._create_ticket(), 1, user_id=self.agent.id).with_user(
            self.agent
        )
        forged = {
            "coverage": "non_billable",
            "coverage_data": False,
            "hours_period_id": other.hours_period_ids.id,
            "split_from_id": entry.copy().id,
        }
        expected = ("prepaid", block.hours_period_ids.id, False)

        def get_decided(record):
            record = record.sudo()
            return (
                record.coverage,
                record.hours_period_id.id,
                record.split_from_id.id,
            )

        for name, value in forged.items():
            with self.subTest(name=name):
                entry.write({name: value})
                self.assertEqual(get_decided(entry), expected)
                self.assertTrue(entry.sudo().coverage_data)
        values = {"ticket_id": entry.ticket_id.id, "unit_amount": 0.25, "name": "x"}
        created = self.env["account.analytic.line"].with_user(self.agent)
        self.assertEqual(get_decided(created.create({**values, **forged})), expected)
        defaults = {f"default_{name}": value for name, value in forged.items()}
        created = created.with_context(**defaults).create(values)
        self.assertEqual(get_decided(created), expected)

    def test_C4_a_period_is_not_opened_by_taking_it_from_the_entry(self):
        block = self._sell_block(10, "2026-01-01", "2026-03-31")
        entry = self._log_on(self._create_ticket(), 1, user_id=self.agent.id)
        block.hours_period_ids._close()
        mine = entry.with_user(self.agent)
        mine.hours_period_id = False
        with self.assertRaisesRegex(UserError, "closed"):
            mine.unit_amount = 2

    def test_D4_a_context_is_no_way_around_a_refusal(self):
        self._sell_block(2, hours_overrun="refuse")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 1, user_id=self.agent.id)
        for key in (
            "fetchmail_cron_running",
            "merging_tickets",
            "stopping_timer",
            "track_bill_by_mail",
        ):
            with self.subTest(key=key):
                mine = entry.with_user(self.agent).with_context(**{key: True})
                refused = self.assertRaisesRegex(UserError, "hours can be drawn")
                with refused, self.cr.savepoint():
                    mine.unit_amount = 3
                self.env.invalidate_all()
                refused = self.assertRaisesRegex(UserError, "hours can be drawn")
                with refused, self.cr.savepoint():
                    mine.create(
                        {"ticket_id": ticket.id, "unit_amount": 3, "name": "More"}
                    )
                self.env.invalidate_all()

    def test_C4_time_of_a_closed_period_is_grey(self):
        block = self._sell_block(10, "2026-01-01", "2026-12-31", hours_period="month")
        ticket = self._create_ticket()
        closed = self._log_on(ticket, 1, "2026-02-10")
        entry = self._log_on(ticket, 1, "2026-03-10")
        block.hours_period_ids.sorted("number")[:2]._close()
        self.assertTrue(closed.readonly_timesheet)
        self.assertEqual(closed.readonly_reason, "Closed")
        self.assertFalse(entry.readonly_timesheet)
        self.assertFalse(entry.readonly_reason)

    def test_C4_a_context_is_no_way_around_a_closed_period(self):
        block = self._sell_block(10, "2026-01-01", "2026-03-31")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 1, user_id=self.agent.id)
        block.hours_period_ids._close()
        late = self._sell_block(10, "2026-01-01", "2026-12-31")
        ticket.sale_line_id = late
        for key in ("prepaid_parts", "merging_tickets"):
            mine = entry.with_user(self.agent).with_context(**{key: True})
            refused = self.assertRaisesRegex(UserError, "is closed")
            with self.subTest(key=key):
                mine.ticket_id.action_reassign_timesheets()
                self.assertEqual(entry.so_line, block)
                with refused, self.cr.savepoint():
                    mine.unit_amount = 2
                self.env.invalidate_all()
        self.assertEqual(entry.so_line, block)
