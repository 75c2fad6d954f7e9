from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import is_html_empty

from .common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestTerms(PrepaidCommon):
    # --- V1 -----------------------------------------------------------
    def test_V1_start_is_the_day_of_confirmation_and_the_end_follows(self):
        self.prepaid_product.write(
            {"hours_validity": 3, "hours_validity_unit": "month"}
        )
        self.company.resource_calendar_id.tz = "Europe/Bucharest"
        with freeze_time("2026-01-30 23:30:00"):
            line = self._sell_hours(10)
        self.assertEqual(str(line.hours_date_start), "2026-01-31")
        self.assertEqual(str(line.hours_date_end), "2026-04-30")

    def test_V1_days_given_on_the_quotation_stay(self):
        line = self._sell_block(10, "2026-02-01", "2026-02-28")
        self.assertEqual(str(line.hours_date_end), "2026-02-28")

    def test_V1_validity_of_0_is_for_ever(self):
        self.assertFalse(self._sell_hours(10).hours_date_end)

    def test_V1_terms_come_from_the_product_and_changes_are_noted(self):
        self.prepaid_product.hours_overrun = "bill"
        line = self._sell_hours(10)
        self.assertEqual(line.hours_overrun, "bill")
        line.hours_overrun = "refuse"
        note = line.order_id.message_ids[0].body
        self.assertIn("Bill afterwards", note)
        self.assertIn("Refuse the time", note)

    def test_V1_negative_terms_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "negative"):
            self.prepaid_product.hours_validity = -1

    # --- V2, V3 -------------------------------------------------------
    def test_V2_an_end_moved_before_drawn_time_decides_it_anew(self):
        block = self._sell_block(10, "2026-01-01", "2026-03-31")
        other = self._sell_block(10, "2026-01-01", "2026-12-31")
        entry = self._log_on(self._create_ticket(), 2)
        block.hours_date_end = "2026-02-28"
        self.assertEqual(entry.so_line, other)
        self._check_account(block | other)

    def test_V3_a_lower_quantity_decides_the_latest_anew(self):
        block = self._sell_block(10, "2026-01-01", "2026-03-31", hours_overrun="bill")
        other = self._sell_block(10, "2026-01-01", "2026-12-31")
        ticket = self._create_ticket()
        first = self._log_on(ticket, 4, "2026-03-01")
        second = self._log_on(ticket, 4, "2026-03-02")
        block.product_uom_qty = 5
        self.assertEqual(first.so_line, block)
        self.assertEqual(self._get_parts(second), [(block, 1.0), (other, 3.0)])
        self._check_account(block | other)

    def test_V3_a_lower_quantity_than_frozen_time_is_refused(self):
        block = self._sell_block(10, "2026-01-01", "2026-01-31", hours_overrun="refuse")
        self._log_on(self._create_ticket(), 4, "2026-01-10")
        block.hours_period_ids._close()
        with self.assertRaisesRegex(UserError, "closed period"):
            block.product_uom_qty = 2

    def test_V3_a_cancelled_order_decides_its_time_anew(self):
        block = self._sell_block(10, "2026-01-01", "2026-03-31")
        other = self._sell_block(10, "2026-01-01", "2026-12-31")
        entry = self._log_on(self._create_ticket(), 2)
        block.order_id._action_cancel()
        self.assertEqual(entry.so_line, other)

    # --- V4 -----------------------------------------------------------
    def test_V4_usable_when_paid(self):
        block = self._sell_block(10, hours_usable_from="paid")
        ticket = self._create_ticket()
        self.assertEqual((block.hours_state, block.hours_usable), ("unpaid", 0))
        self.assertEqual(self._log_on(ticket, 1).coverage, "uncovered")
        invoice = self._invoice(block.order_id)
        self.assertEqual(self._get_state(block), ("unpaid", 0))
        self._pay(invoice)
        self.assertEqual(self._get_state(block), ("usable", 10))
        self.assertEqual(self._log_on(ticket, 1).so_line, block)

    def test_V4_usable_when_invoiced(self):
        block = self._sell_block(10, hours_usable_from="invoiced")
        self.assertEqual(self._get_state(block), ("unpaid", 0))
        invoice = self._invoice(block.order_id)
        self.assertEqual(self._get_state(block), ("usable", 10))
        wizard = self._reverse(invoice)
        wizard.reverse_moves()
        wizard.new_move_ids.action_post()
        self.assertEqual(self._get_state(block), ("unpaid", 0))

    def _get_state(self, block):
        self.env.invalidate_all()
        return block.hours_state, block.hours_usable

    def _pay(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()

    # --- V5 -----------------------------------------------------------
    def test_V5_adjusted_hours_count_and_stand_on_the_order(self):
        block = self._sell_block(1)
        ticket = self._create_ticket()
        period = block.hours_period_ids
        period._adjust(2, "Goodwill")
        self._log_on(ticket, 3)
        self.assertEqual(ticket.timesheet_ids.mapped("coverage"), ["prepaid"])
        self.assertEqual((period.hours_adjusted, period.hours_left), (2, 0))
        self.assertIn("Goodwill", block.order_id.message_ids[0].body)
        self.assertEqual(self._get_state(block), ("used_up", 0))

    # --- C1 to C5 -----------------------------------------------------
    def test_C1_a_yearly_order_of_monthly_hours(self):
        line = self._sell_block(120, "2026-01-31", "2027-01-30", hours_period="month")
        periods = line.hours_period_ids.sorted("number")
        self.assertEqual(len(periods), 12)
        self.assertEqual(str(periods[0].date_end), "2026-02-28")
        self.assertEqual(set(periods.mapped("hours_granted")), {10.0})
        self._check_account(line)

    def test_C1_an_allowance_without_end_is_refused(self):
        with self.assertRaisesRegex(UserError, "no first or last day"):
            self._sell_block(120, "2026-01-01", hours_period="month")

    def test_C1_end_before_start_is_refused(self):
        with self.assertRaisesRegex(UserError, "end before they start"):
            self._sell_block(10, "2026-02-01", "2026-01-01")

    @freeze_time("2026-03-15 12:00:00")
    def test_C2_what_is_left_is_carried_over_up_to_the_cap(self):
        line = self._sell_block(
            30,
            "2026-01-01",
            "2026-03-31",
            hours_period="month",
            hours_carry_over="capped",
            hours_carry_over_cap=4,
        )
        self._log_on(self._create_ticket(), 3, "2026-01-10")
        january, february, march = line.hours_period_ids.sorted("number")
        self.assertEqual((january.hours_carried_on, january.hours_expired), (4, 3))
        self.assertEqual(february.hours_carried_in, 4)
        self.assertEqual(february.hours_carried_on, 4)
        self.assertEqual(march.hours_left, 14)
        self._check_account(line)

    @freeze_time("2026-03-15 12:00:00")
    def test_C3_overrun_is_taken_from_the_next_period(self):
        line = self._sell_block(20, "2026-01-01", "2026-02-28", hours_period="month")
        self._log_on(self._create_ticket(), 13, "2026-01-10")
        january, february = line.hours_period_ids.sorted("number")
        self.assertEqual(january.hours_carried_on, -3)
        self.assertEqual(february.hours_carried_in, -3)
        self._check_account(line)

    def test_C4_periods_close_some_days_after_their_end_once(self):
        line = self._sell_block(20, "2026-01-01", "2026-02-28", hours_period="month")
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 1, "2026-01-10")
        cron = self.env.ref("helpdesk_track_bill_prepaid.ir_cron_close_periods")
        january, february = line.hours_period_ids.sorted("number")
        for day, closed in (("2026-02-07", False), ("2026-02-08", True)):
            with freeze_time(f"{day} 12:00:00"), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual((january.closed, february.closed), (closed, False))
        with self.assertRaisesRegex(UserError, "closed"):
            entry.unit_amount = 2
        with self.assertRaisesRegex(UserError, "closed"):
            entry.unlink()
        self.assertEqual(self._log_on(ticket, 1, "2026-01-11").coverage, "uncovered")
        january._reopen("The agent was ill")
        entry.unit_amount = 2
        self.assertEqual(january.hours_used, 2)
        self.assertIn("The agent was ill", line.order_id.message_ids[0].body)

    def test_prepaid_hours_left_of_the_customer(self):
        self._sell_block(10)
        self._sell_block(5, end="2099-12-31")
        self._sell_block(7, "2020-01-01", "2020-12-31")
        self.assertEqual(self.contact.prepaid_hours_left, 15)
        self.assertEqual(self.customer.prepaid_hours_left, 15)

    def test_hours_state_can_be_searched(self):
        block = self._sell_block(10)
        expired = self._sell_block(7, "2020-01-01", "2020-12-31")
        lines = self.env["sale.order.line"]
        found = lines.search([("hours_state", "=", "expired")])
        self.assertIn(expired, found)
        self.assertNotIn(block, found)
        self.assertIn(block, lines.search([("hours_state", "in", ["usable"])]))

    # --- the terms on paper ---
    def test_V1_terms_in_one_sentence(self):
        line = self._sell_block(
            120,
            "2026-01-01",
            "2026-12-31",
            hours_period="month",
            hours_carry_over="capped",
            hours_carry_over_cap=5,
        )
        self.assertEqual(
            line.hours_terms_text,
            "10 hours a month until December 31, 2026; up to 5 carried over",
        )
        line.write({"hours_carry_over": "all", "hours_overrun": "bill"})
        self.assertEqual(
            line.hours_terms_text,
            "10 hours a month until December 31, 2026; what is left is carried over;"
            " time beyond is billed afterwards",
        )
        self.assertFalse(self._sell(self.post_paid_product, 1).hours_terms_text)

    def test_V1_terms_of_a_quotation_say_how_long(self):
        self.prepaid_product.hours_validity = 6
        line = self._sell(
            self.prepaid_product, 7.5, confirm=False, hours_usable_from="paid"
        )
        self.assertEqual(
            line.hours_terms_text,
            "7.5 hours for 6 months from the order on; usable once they are paid",
        )
        line.hours_period = "month"
        self.assertIn("1.25 hours a month for 6 months", line.hours_terms_text)
        self.prepaid_product.hours_validity = 0
        line.invalidate_recordset()
        self.assertIn("7.5 hours without an end", line.hours_terms_text)

    def test_V1_terms_stand_on_the_printed_order_and_in_the_portal(self):
        line = self._sell_block(10, "2026-01-01", "2026-12-31")
        report = self.env["ir.actions.report"]
        page, _type = report._render_qweb_html(
            "sale.action_report_saleorder", line.order_id.ids
        )
        self.assertIn("10 hours until December 31, 2026", page.decode())
        portal = self.env["ir.qweb"]._render(
            "sale.sale_order_portal_content",
            {
                "sale_order": line.order_id,
                "report_type": "html",
                "is_html_empty": is_html_empty,
                "keep_query": lambda *args, **kwargs: "",
            },
        )
        self.assertIn("10 hours until December 31, 2026", portal)

    def test_V1_a_copied_order_keeps_the_terms_and_starts_its_own_days(self):
        line = self._sell_block(
            10, "2026-01-01", "2026-12-31", hours_overrun="refuse", hours_period="month"
        )
        line.hours_period_ids[:1]._adjust(1, "Goodwill")
        copy = line.order_id.copy().order_line
        self.assertEqual((copy.hours_overrun, copy.hours_period), ("refuse", "month"))
        self.assertFalse(copy.hours_date_start or copy.hours_date_end)
        self.assertFalse(copy.hours_period_ids or copy.hours_adjusted)
        copy.hours_date_end = "2099-12-31"
        copy.order_id.action_confirm()
        self.assertEqual(copy.hours_date_start, self.company._get_today())

    # --- rights -------------------------------------------------------
    def test_A1_agents_see_hours_and_reasons_but_no_orders(self):
        block = self._sell_block(10)
        ticket = self._create_ticket()
        periods = self.env["sale.order.line.hours.period"].with_user(self.agent)
        self.assertEqual(periods.search([("line_id", "=", block.id)]).hours_left, 10)
        entry = (
            self.env["account.analytic.line"]
            .with_user(self.agent)
            .create({"ticket_id": ticket.id, "unit_amount": 12, "name": "Mine"})
        )
        self.assertEqual(entry.split_part_ids.coverage, "overrun")
        self.assertTrue(entry.coverage_reason)
        self.assertTrue(entry._get_misses())
        self.assertEqual(entry.date, fields.Date.context_today(entry))

    def test_A4_agents_see_no_periods_of_customers_without_their_tickets(self):
        self._sell_block(10, partner=self.other_customer)
        periods = self.env["sale.order.line.hours.period"].with_user(self.agent)
        self.assertFalse(periods.search([("partner_id", "=", self.other_customer.id)]))
