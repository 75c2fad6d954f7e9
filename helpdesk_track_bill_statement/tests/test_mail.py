from odoo.tests import freeze_time, tagged

from .common import StatementCommon


@tagged("post_install", "-at_install")
class TestMail(StatementCommon):
    """S3: mailed monthly to marked contacts, where the company says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.prepaid_hours_mail = True
        cls.contact.notify_prepaid_hours = True
        cls._sell_block(10, "2026-01-01", "2026-12-31")
        cls._log_on(cls._create_ticket(name="Paper jam"), 2.5, "2026-03-10")

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "helpdesk_track_bill_statement.ir_cron_mail_statements"
            ).with_context(lang=None).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["prepaid.hours.statement"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def _get_mails(self, statements):
        return self.env["mail.mail"].search(
            [
                ("model", "=", statements._name),
                ("res_id", "in", statements.ids),
            ]
        )

    def test_S3_last_month_is_mailed_once(self):
        statement = self._run()
        self.assertEqual(
            (statement.date_from, statement.date_to),
            (self._to_date("2026-03-01"), self._to_date("2026-03-31")),
        )
        self.assertTrue(statement.mailed_on)
        mail = self._get_mails(statement)
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertIn("Clinic", mail.body_html)
        self.assertEqual(len(mail.attachment_ids), 1)
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        )
        self.assertEqual(kept.checksum, mail.attachment_ids.checksum)
        self.assertEqual(self._run(), statement)
        self.assertEqual(self._get_mails(statement), mail)
        with freeze_time("2026-05-02 08:00:00"):
            self.assertEqual(len(self._run()), 2)

    def test_S3_a_statement_that_is_there_is_sent(self):
        statement = self._lock_until("2026-03-31")
        self.assertEqual(self._run(), statement)
        self.assertTrue(self._get_mails(statement))

    def test_S3_a_statement_that_was_sent_by_hand_is_not_mailed_again(self):
        statement = self._lock_until("2026-03-31")
        action = statement.action_send()
        composer = self.env[action["res_model"]].with_context(**action["context"])
        composer.create({}).action_send_mail()
        self.assertTrue(statement.mailed_on)
        sent = self._get_mails(statement)
        self.assertEqual(self._run(), statement)
        self.assertEqual(self._get_mails(statement), sent)

    def test_S3_a_statement_that_a_colleague_looked_at_is_mailed(self):
        statement = self._lock_until("2026-03-31")
        action = statement.action_send()
        context = {
            **action["context"],
            "default_partner_ids": self.salesperson.partner_id.ids,
        }
        composer = self.env[action["res_model"]].with_context(**context)
        composer.create({}).action_send_mail()
        self.assertFalse(statement.mailed_on)
        self._run()
        self.assertTrue(statement.mailed_on)

    def test_S3_each_contact_reads_their_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        other = self.contact.copy(
            {"name": "Luc", "email": "luc@example.com", "lang": "fr_FR"}
        )
        other.notify_prepaid_hours = True
        mails = self._get_mails(self._run())
        self.assertEqual(mails.recipient_ids, self.contact | other)
        self.assertEqual(len(mails), 2)
        french = mails.filtered(lambda mail: mail.recipient_ids == other)
        self.assertIn("31/03/2026", french.subject)

    def test_S3_nobody_else_is_mailed(self):
        for change in (
            {"record": self.company, "values": {"prepaid_hours_mail": False}},
            {"record": self.contact, "values": {"notify_prepaid_hours": False}},
            {"record": self.contact, "values": {"email": False}},
        ):
            with self.subTest(**change):
                record, values = change["record"], change["values"]
                before = {name: record[name] for name in values}
                record.write(values)
                self.assertFalse(self._run())
                record.write(before)

    def test_S3_a_customer_without_hours_gets_no_mail(self):
        block = self.env["prepaid.account"]._get_blocks(self.customer, self.company)
        with freeze_time("2025-06-15 12:00:00"):
            statement = self._run()
        self.assertTrue(block)
        self.assertFalse(self._get_mails(statement))
