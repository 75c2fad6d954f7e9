from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestApplyTerms(ReviewCommon):
    """W2: today's terms are applied to a span, after they were shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.may = cls._log(cls.ticket, 0.4, date="2026-05-10")
        cls.june = cls._log(cls.ticket, 0.4, date="2026-06-10")
        cls.item.billing_step = 0.5

    def _open(self, user=None, **values):
        wizard = self.env["helpdesk.time.terms"].with_user(user or self.salesperson)
        return wizard.create({"sale_line_id": self.item.id, **values})

    def test_W2_applying_terms_shows_first_and_writes_when_confirmed(self):
        wizard = self._open()
        self.assertEqual(wizard.partner_id, self.customer)
        self.assertEqual(wizard.order_id, self.item.order_id)
        self.assertRecordValues(
            wizard.line_ids,
            [
                {"hours_before": 0.4, "hours_after": 0.5, "entry_name": entry.name}
                for entry in self.may | self.june
            ],
        )
        (ticket_line,) = wizard.ticket_line_ids
        self.assertEqual(ticket_line.ticket_id, self.ticket)
        self.assertAlmostEqual(ticket_line.hours_before, 0.8)
        self.assertEqual(ticket_line.hours_after, 1)
        self.assertEqual(self.may.unit_amount_rounded, 0.4)
        wizard.action_confirm()
        self.assertEqual(
            (self.may | self.june).mapped("unit_amount_rounded"), [0.5] * 2
        )
        self.assertEqual(self.item.qty_delivered, 1)
        # the new terms are kept
        self.item.billing_step = 1
        self.may.unit_amount = 0.6
        self.assertEqual(self.may.unit_amount_rounded, 1)

    def test_W2_applying_terms_touches_the_span_only(self):
        self._open(date_start="2026-06-01", date_end="2026-06-30").action_confirm()
        self.assertEqual(self.may.unit_amount_rounded, 0.4)
        self.assertEqual(self.june.unit_amount_rounded, 0.5)

    def test_W2_applying_terms_skips_what_is_fixed_or_decided(self):
        self._invoice(self.item.order_id, "2026-05-01", "2026-05-31")
        self.june.unit_amount_rounded = 0.45
        free = self._log(self.ticket, 0.4, no_charge_reason_id=self.goodwill.id)
        wizard = self._open()
        self.assertFalse(wizard.line_ids)
        self.assertEqual((wizard.fixed_count, wizard.decided_count), (1, 2))
        with self.assertRaisesRegex(UserError, "today's terms already"):
            wizard.action_confirm()
        self.assertEqual(
            (self.may | self.june | free).mapped("unit_amount_rounded"), [0.4, 0.45, 0]
        )

    def test_W2_applying_terms_again_changes_nothing(self):
        self._open().action_confirm()
        with self.assertRaisesRegex(UserError, "Clinic"):
            self._open().action_confirm()

    def test_W2_applying_terms_takes_kinds_of_work_of_today(self):
        kind = self._create_kind(factor=2)
        self.may.time_type_id = kind
        kind.factor = 3
        self._open().action_confirm()
        self.assertEqual(self.may.unit_amount_rounded, 1.5)  # 1.2, by halves

    def test_W2_applying_terms_is_noted(self):
        self._open().action_confirm()
        for record in (self.ticket, self.item.order_id):
            self.assertIn(
                "applied to 2 time entries: 00:48 hours to bill became 01:00",
                record.message_ids[0].body,
            )
        self.assertEqual(
            self._read_history(self.may),
            [("hours", "00:24", "00:30", "Today's terms applied")],
        )

    def test_W2_terms_are_applied_from_the_customer_the_order_and_the_line(self):
        action = self.item.with_user(self.salesperson).action_apply_terms()
        wizard = self.env["helpdesk.time.terms"].with_user(self.salesperson)
        for context in (
            action["context"],
            {"default_order_id": self.item.order_id.id},
            {"default_partner_id": self.customer.id},
        ):
            with self.subTest(**context), Form(wizard.with_context(**context)) as form:
                self.assertEqual(form.partner_id, self.customer)
                self.assertEqual(len(form.line_ids), 2)

    def test_W2_terms_are_applied_by_who_may_change_the_order(self):
        for user in (self.agent, self.reviewer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._open(user)
        foreign = self._create_user("own_orders", "sales_team.group_sale_salesman")
        self.item.order_id.user_id = self.env.ref("base.user_admin")
        wizard = (
            self.env["helpdesk.time.terms"]
            .with_user(foreign)
            .create({"partner_id": self.customer.id})
        )
        self.assertFalse(wizard.line_ids)
        self._open(self.biller).action_confirm()
        self.assertEqual(self.may.unit_amount_rounded, 0.5)

    def test_W2_terms_tell_nothing_of_orders_of_others(self):
        other = self._create_user("own_seller", "sales_team.group_sale_salesman")
        self.item.order_id.user_id = self.biller
        with self.assertRaises(AccessError):
            self._open(user=other)

    def test_W2_terms_are_offered_to_who_may_apply_them(self):
        accountant = self._create_user("accounts", "account.group_account_invoice")
        for user, offered in (
            (self.salesperson, True),
            (self.biller, True),
            (accountant, False),
        ):
            arch = self._get_view(self.item.order_id.with_user(user), "form")
            buttons = arch.xpath("//button[@name='action_apply_terms']")
            with self.subTest(user=user.login):
                self.assertEqual(bool(buttons), offered)

    def test_W2_applying_terms_takes_no_query_for_each_entry(self):
        counts = []
        for number in (5, 40):
            item, ticket = self._sell_by_steps()
            for _number in range(number):
                self._log(ticket, 0.4)
            item.billing_step = 0.5
            wizard = self.env["helpdesk.time.terms"].create({"sale_line_id": item.id})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_confirm()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_W2_applying_terms_is_for_the_company_of_the_order(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= company
        wizard = self.env["helpdesk.time.terms"].with_company(company)
        wizard = wizard.create({"sale_line_id": self.item.id})
        self.assertEqual(wizard.company_id, self.company)
        self.assertEqual(len(wizard.line_ids), 2)

    def test_W2_applied_terms_are_kept_also_where_they_come_to_the_same(self):
        self.june.unit_amount = 0.5
        self._open().action_confirm()
        self.june.unit_amount = 0.6
        self.assertEqual(self.june.unit_amount_rounded, 1)
