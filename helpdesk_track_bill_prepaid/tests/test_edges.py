from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestEdges(PrepaidCommon):
    """Bad input gets its sentence, odd input its outcome; nothing is half-written."""

    # --- terms --------------------------------------------------------
    def test_C1_end_moved_before_the_start_is_refused(self):
        block = self._sell_block(10, "2026-01-01", "2026-12-31")
        with (
            self.assertRaisesRegex(UserError, "end before they start"),
            self.cr.savepoint(),
        ):
            block.hours_date_end = "2025-12-31"
        block.invalidate_recordset()
        self.assertEqual(str(block.hours_date_end), "2026-12-31")
        self.assertEqual(str(block.hours_period_ids.date_end), "2026-12-31")

    def test_C1_periods_switched_on_without_an_end_are_refused(self):
        block = self._sell_block(10, "2026-01-01")
        with (
            self.assertRaisesRegex(UserError, "no first or last day"),
            self.cr.savepoint(),
        ):
            block.hours_period = "month"
        block.invalidate_recordset()
        self.assertFalse(block.hours_period)

    def test_C2_negative_or_absurd_caps_are_refused(self):
        block = self._sell_block(10)
        for number in (-1, 1e6, float("inf"), float("nan")):
            with (
                self.subTest(number=number),
                self.assertRaisesRegex(ValidationError, "negative or too large"),
                self.cr.savepoint(),
            ):
                block.hours_carry_over_cap = number

    def test_V1_an_absurd_validity_is_refused_and_a_long_one_ends_with_the_calendar(
        self,
    ):
        with self.assertRaisesRegex(ValidationError, "too large"), self.cr.savepoint():
            self.prepaid_product.hours_validity = 10**6
        self.prepaid_product.write(
            {"hours_validity": 99999, "hours_validity_unit": "year"}
        )
        self.assertEqual(str(self._sell_hours(1).hours_date_end), "9999-12-31")

    def test_V1_a_month_from_31_january(self):
        self.prepaid_product.write(
            {"hours_validity": 1, "hours_validity_unit": "month"}
        )
        with freeze_time("2026-01-31 12:00:00"):
            block = self._sell_hours(10)
        self.assertEqual(str(block.hours_date_end), "2026-02-28")

    def test_D1_negative_hours_are_never_drawn(self):
        returned = self._sell_block(-5)
        self.assertEqual((returned.hours_usable, returned.hours_state)[0], 0)
        entry = self._log_on(self._create_ticket(), 1)
        self.assertFalse(entry.so_line)
        self._check_account(returned)

    def test_V1_terms_of_a_locked_order_are_refused_and_its_hours_drawn(self):
        block = self._sell_block(10)
        block.order_id.action_lock()
        with self.assertRaisesRegex(UserError, "is locked"), self.cr.savepoint():
            block.hours_overrun = "refuse"
        with self.assertRaisesRegex(UserError, "is locked"), self.cr.savepoint():
            block.hours_date_end = "2099-12-31"
        self.assertEqual(self._log_on(self._create_ticket(), 1).so_line, block)

    # --- orders -------------------------------------------------------
    def test_V3_a_higher_quantity_gives_more_and_moves_nothing(self):
        block = self._sell_block(1, end="2099-12-31")
        other = self._sell_block(5)
        entry = self._log_on(self._create_ticket(), 2)
        block.product_uom_qty = 3
        self.assertEqual(self._get_parts(entry), [(block, 1.0), (other, 1.0)])
        self.assertEqual(block.hours_usable, 2)
        self._check_account(block | other)

    def test_V3_another_unit_ends_the_hours_of_a_confirmed_line(self):
        block = self._sell_block(10)
        block.product_uom_id = self.env.ref("uom.product_uom_unit")
        self.assertFalse(block.hours_period_ids)
        self.assertFalse(block.hours_state)
        blocks = self.env["prepaid.hours.block"]
        self.assertFalse(blocks.search([("line_id", "=", block.id)]))
        block.product_uom_id = self.hour
        self.assertEqual(block.hours_usable, 10)

    def test_V3_the_product_of_a_confirmed_line_stays(self):
        block = self._sell_block(10)
        entry = self._log_on(self._create_ticket(), 1)
        refused = self.assertRaisesRegex(UserError, "cannot modify the product")
        with refused, self.cr.savepoint():
            block.product_id = self.post_paid_product
        self.env.invalidate_all()
        self.assertEqual(entry.so_line, block)
        self.assertEqual(block.product_id, self.prepaid_product)

    def test_D11_a_block_in_another_currency(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "x"})
        currency.rate_ids = [
            Command.create({"name": "2020-01-01", "rate": 2, "company_id": False})
        ]
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        block = self._sell_block(2, hours_overrun="bill")
        foreign = self._sell(self.post_paid_product, 0, confirm=False, price_unit=50)
        foreign.order_id.pricelist_id = pricelist
        foreign.order_id.action_confirm()
        foreign.price_unit = 50
        entry = self._log_on(self._create_ticket(), 3)
        self.assertEqual(self._get_parts(entry), [(block, 2.0), (foreign, 1.0)])
        block.product_uom_qty = 3
        action = self.contact.action_redraw_prepaid_hours()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard = wizard.create({})
        self.assertEqual((wizard.amount_before, wizard.amount_after), (25, 0))

    # --- entries ------------------------------------------------------
    def test_D1_less_than_18_seconds_are_not_drawn(self):
        block = self._sell_block(17 / 3600, end="2099-12-31")
        other = self._sell_block(1)
        entry = self._log_on(self._create_ticket(), 1)
        self.assertEqual(self._get_parts(entry), [(other, 1.0)])
        self.assertEqual(block.hours_state, "used_up")

    def test_D3_an_entry_of_no_hours_draws_nothing(self):
        block = self._sell_block(1, hours_overrun="refuse")
        entry = self._log_on(self._create_ticket(), 0)
        self.assertFalse(entry.split_part_ids)
        self.assertEqual(block.remaining_hours, 1)
        entry.unit_amount = 0.5
        self.assertEqual((entry.so_line, block.remaining_hours), (block, 0.5))

    def test_D6_a_negative_correction_gives_back(self):
        block = self._sell_block(2)
        ticket = self._create_ticket()
        self._log_on(ticket, 2)
        correction = self._log_on(ticket, -0.5)
        self.assertEqual(correction.so_line, block)
        self.assertEqual(block.hours_usable, 0.5)
        self._check_account(block)

    def test_D11_an_entry_typed_in_days(self):
        soon = self._sell_block(5, end="2099-01-31")
        late = self._sell_block(5, end="2099-12-31")
        entry = self._log_on(self._create_ticket(), 1, product_uom_id=self.day.id)
        self.assertEqual(
            self._get_parts(entry), [(soon, 0.625), (late, 0.375)], "parts of a day"
        )
        self.assertEqual((soon.remaining_hours, late.remaining_hours), (0, 2))
        self._check_account(soon | late)

    def test_D11_hours_sold_in_days(self):
        block = self._sell_block(1, product_uom_id=self.day.id)
        self.assertEqual(block.hours_usable, 8)
        self._log_on(self._create_ticket(), 3)
        self.assertEqual(block.hours_usable, 5)
        self._check_account(block)

    def test_D1_time_of_an_employee_of_another_company_saves_nothing(self):
        block = self._sell_block(2)
        company = self._create_company()
        stranger = self._create_employee(
            self._create_user("stranger", "base.group_user"), company_id=company.id
        )
        ticket = self._create_ticket()
        with self.assertRaises(UserError), self.cr.savepoint():
            self._log_on(ticket, 1, employee_id=stranger.id)
        self.env.invalidate_all()
        self.assertEqual((ticket.timesheet_ids.ids, block.hours_usable), ([], 2))

    def test_D1_blocks_of_another_company_are_not_drawn(self):
        company = self._create_company()
        self._sell_block(5)
        own = self.env["prepaid.account"]._get_usable_hours(self.customer, company)
        self.assertFalse(own)

    def test_D1_an_archived_customer_keeps_the_account(self):
        block = self._sell_block(2)
        ticket = self._create_ticket()
        (self.contact | self.customer).active = False
        self.assertEqual(self._log_on(ticket, 1).so_line, block)
        self.assertEqual(self.customer.prepaid_hours_left, 1)
        action = self.customer.action_redraw_prepaid_hours()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        self.assertFalse(wizard.create({}).line_ids)

    # --- money --------------------------------------------------------
    def _pay(self, invoice):
        """Pay an invoice in full, through core's wizard."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({}).action_create_payments()

    def _credit(self, invoice, quantity):
        """A posted credit note of a part of an invoice."""
        wizard = self._reverse(invoice)
        wizard.reverse_moves()
        note = wizard.new_move_ids
        note.invoice_line_ids.quantity = quantity
        note.action_post()
        return note

    def test_V4_credit_of_an_unpaid_invoice_takes_no_paid_hours(self):
        block = self._sell_block(5, hours_usable_from="paid")
        self._pay(self._invoice(block.order_id))
        block.product_uom_qty = 10
        unpaid = self._invoice(block.order_id)
        self.assertEqual(block.hours_usable, 5)
        self._credit(unpaid, 2)
        self.env.invalidate_all()
        self.assertEqual(block.hours_usable, 5)

    def test_V4_credit_in_part_of_a_paid_invoice_takes_its_hours(self):
        block = self._sell_block(10, hours_usable_from="paid")
        invoice = self._invoice(block.order_id)
        self._pay(invoice)
        self._credit(invoice, 4)
        self.env.invalidate_all()
        self.assertEqual(block.hours_usable, 6)

    def test_V4_down_payment_in_another_currency_counts_in_proportion(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "x"})
        currency.rate_ids = [
            Command.create({"name": "2020-01-01", "rate": 2, "company_id": False})
        ]
        block = self._sell_block(10, hours_usable_from="invoiced")
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=block.order_id.ids
        )
        wizard.create(
            {"advance_payment_method": "percentage", "amount": 50}
        ).create_invoices()
        invoice = block.order_id.invoice_ids
        total = invoice.amount_total
        invoice.currency_id = currency
        invoice.invoice_line_ids.filtered("quantity").price_unit = total * 2
        invoice.action_post()
        self.env.invalidate_all()
        self.assertAlmostEqual(block.hours_usable, 5)

    def test_D11_days_of_seven_and_a_half_hours(self):
        self.day.relative_factor = 7.5
        soon = self._sell_block(1, end="2099-01-31", product_uom_id=self.day.id)
        late = self._sell_block(10, end="2099-12-31")
        self.assertEqual(soon.hours_usable, 7.5)
        entry = self._log_on(self._create_ticket(), 8)
        self.assertEqual(self._get_parts(entry), [(soon, 7.5), (late, 0.5)])
        in_days = self._log_on(self._create_ticket(), 1, product_uom_id=self.day.id)
        self.assertEqual((in_days.so_line, late.hours_usable), (late, 2))
        self._check_account(soon | late)

    def test_C3_correction_dated_in_the_next_period_gives_back_there(self):
        block = self._sell_block(20, "2026-03-01", "2026-04-30", hours_period="month")
        ticket = self._create_ticket()
        self._log_on(ticket, 10, "2026-03-20")
        correction = self._log_on(ticket, -2, "2026-04-02")
        self.assertEqual(correction.so_line, block)
        march, april = block.hours_period_ids.sorted("number")
        self.assertEqual((march.hours_left, april.hours_used), (0, -2))
        self.assertEqual(april.hours_left + april.hours_expired, 12)
        self._check_account(block)

    def test_C4_adjustment_after_closing_keeps_the_account_balanced(self):
        block = self._sell_block(
            20, "2026-03-01", "2026-04-30", hours_period="month", hours_carry_over="all"
        )
        self._log_on(self._create_ticket(), 4, "2026-03-20")
        march, april = block.hours_period_ids.sorted("number")
        march._close()
        march._adjust(3, "Goodwill")
        self.assertEqual(april.hours_carried_in, 9)
        self._check_account(block)

    # --- orders and contacts -------------------------------------------
    def test_V3_an_order_confirmed_again_has_its_hours_once(self):
        block = self._sell_block(5)
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 2)
        order = block.order_id
        order._action_cancel()
        self.assertFalse(entry.so_line)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(block.hours_period_ids), 1)
        self.assertEqual(block.hours_usable, 5)
        self.assertFalse(entry.so_line)
        self.assertEqual(self._log_on(ticket, 1).so_line, block)
        self._check_account(block)

    def _merge(self, source, target):
        """Merge contacts, as Odoo's wizard does."""
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | target).ids, target
        )
        self.env.invalidate_all()

    def test_D1_merged_customers_draw_from_the_hours_of_both(self):
        own = self._sell_block(2, end="2099-01-31")
        other = self._sell_block(5, end="2099-12-31", partner=self.other_customer)
        ticket = self._create_ticket()
        foreign = self._create_ticket(partner_id=self.other_customer.id)
        first, second = self._log_on(ticket, 1), self._log_on(foreign, 1)
        self._merge(self.other_customer, self.customer)
        self.assertEqual((first.so_line, second.so_line), (own, other))
        self.assertEqual(self.customer.prepaid_hours_left, 5)
        entry = self._log_on(foreign, 2)
        self.assertEqual(self._get_parts(entry), [(own, 1.0), (other, 1.0)])
        self._check_account(own | other)
