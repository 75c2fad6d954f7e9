from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, html2plaintext, mute_logger

from .common import MailCommon

# what each client's message says: hours, description (empty: the subject)
LOGGED = {
    "apple_mail": (0.5, ""),
    "attachment": (0.75, ""),
    "charset_iso_2022_jp": (0.75, "ローラーを清掃"),
    "charset_iso_8859_1": (0.75, "Nettoyé les rouleaux"),
    "charset_iso_8859_2": (0.75, "Curăţat rolele"),
    "charset_koi8_r": (0.75, "Почистил ролики"),
    "charset_us_ascii": (0.75, "Cleaned the rollers"),
    "charset_utf_16": (0.75, "ローラーを清掃"),
    "charset_utf_8": (0.75, "Am curățat rolele"),
    "charset_windows_1250": (0.75, "Vyčistil válečky"),
    "charset_windows_1252": (0.75, "Walzen gereinigt € 2"),
    "gmail_mobile": (1 / 6, ""),
    "gmail_reply_below": (2, ""),
    "gmail_web": (0.75, "Cleaned the rollers"),
    "gmail_web_signature": (1.25, ""),
    "inline_image": (0.75, ""),
    "iphone": (0.25, ""),
    "iphone_plain_german": (1 / 3, ""),
    "k9_mail": (1 / 3, ""),
    "mailing_group": (0.75, ""),
    "outlook_desktop": (0.75, ""),
    "outlook_desktop_german": (2 / 3, "Walzen gereinigt"),
    "outlook_ios": (25 / 60, ""),
    "outlook_plain": (0.75, ""),
    "outlook_plain_romanian": (0.75, "Curățat rolele"),
    "outlook_web": (1, "Cleaned the rollers"),
    "plain_between_quotations": (1.5, "Looked into it"),
    "plain_first_line": (0.75, "Cleaned the rollers"),
    "plain_last_line": (1.5, ""),
    "plain_reply_above": (0.75, ""),
    "plain_reply_below": (1.5, ""),
    "proton": (35 / 60, ""),
    "roundcube": (0.75, ""),
    "samsung": (5 / 60, ""),
    "styled_line": (0.75, "Cleaned the rollers"),
    "thunderbird_html": (0.75, ""),
    "thunderbird_html_below": (50 / 60, "Cleaned the rollers"),
    "yahoo": (65 / 60, ""),
}
QUOTED = (
    "none_forwarded",
    "none_hidden",
    "none_in_a_signature",
    "none_in_the_middle",
    "none_quoted",
    "none_quoted_html",
)
AUTOMATIC = (
    "automatic_autoreply",
    "automatic_bulk",
    "automatic_exchange",
    "automatic_holidays",
)
REFUSED = {
    "refused_nothing": "There are no hours in it",
    "refused_too_long": "It has more hours than a day",
    "refused_twice": "It stands there more than once",
    "refused_unreadable": "It does not say how long",
}


@tagged("post_install", "-at_install")
class TestMail(MailCommon):
    # ------------------------------------------------------------------
    # M1: the line
    # ------------------------------------------------------------------
    def test_M1_mails_of_many_clients(self):
        item = self._sell_hours(100)
        self.ticket.sale_line_id = item
        for name, (hours, description) in LOGGED.items():
            with self.subTest(name):
                before = self.ticket.timesheet_ids
                message = self._receive(self._read_mail(name))
                entry = self.ticket.timesheet_ids - before
                self.assertEqual(len(entry), 1)
                self.assertAlmostEqual(entry.unit_amount, hours, 4)
                self.assertEqual(entry.name, description or "Re: Printer stuck")
                self.assertEqual(entry.date, fields.Date.to_date("2026-03-03"))
                self.assertEqual(entry.employee_id, self.employee)
                self.assertEqual(entry.user_id, self.agent)
                self.assertEqual(entry.create_uid, self.agent)
                self.assertEqual(entry.so_line, item)
                self.assertEqual(len(message), 1)
                # what is left of quotations has the line of others
                text = html2plaintext(message.body).replace("#time 9:00", "")
                self.assertNotIn("time", text.lower())
        self.assertFalse(self._get_answers())

    def test_M1_the_rest_of_the_message_stays(self):
        message = self._receive(self._read_mail("gmail_web"))
        text = html2plaintext(message.body)
        for words in ("Hello Dana,", "the printer works again.", "It hums."):
            self.assertIn(words, text)
        message = self._receive(self._read_mail("attachment"))
        self.assertEqual(message.attachment_ids.mapped("name"), ["fuser.png"])
        self.assertIn("See the picture.", message.body)

    def test_M1_customers_are_notified_without_the_line(self):
        message = self._receive(self._compose())
        self.assertIn(self.contact, message.notified_partner_ids)
        mail = message.mail_ids
        self.assertTrue(mail)
        self.assertNotIn("#time", "".join(mail.mapped("body_html")))

    def test_M1_without_a_line_nothing_is_logged(self):
        message = self._receive(self._compose("Works again, in time."))
        self.assertIn("Works again, in time.", message.body)
        self.assertFalse(self.ticket.timesheet_ids)

    def test_M1_a_new_ticket_takes_no_time(self):
        values = {"team_id": self.team.id}
        mail = self._compose(In_Reply_To=None, References=None)
        ticket_id = self.env["mail.thread"].message_process(
            "helpdesk.ticket", mail, custom_values=values
        )
        ticket = self.env["helpdesk.ticket"].browse(ticket_id)
        self.assertFalse(ticket.timesheet_ids)

    # ------------------------------------------------------------------
    # M2: who
    # ------------------------------------------------------------------
    def test_M2_never_quoted_text(self):
        for name in QUOTED:
            with self.subTest(name):
                message = self._receive(self._read_mail(name))
                self.assertEqual(len(message), 1)
                self.assertFalse(self.ticket.timesheet_ids)
        self.assertFalse(self._get_answers())

    def test_M2_never_automatic_replies(self):
        for name in AUTOMATIC:
            with self.subTest(name):
                message = self._receive(self._read_mail(name))
                self.assertIn("#time 0:45", message.body)
                self.assertFalse(self.ticket.timesheet_ids)
        self.assertFalse(self._get_answers())

    def test_M2_not_of_customers(self):
        for sender in ("dana@example.com", "Nobody <nobody@example.com>"):
            with self.subTest(sender):
                mail = self._compose(From=sender, Message_ID=f"<{sender[:4]}@x>")
                # the gateway may run as one who may log
                message = self._receive(mail, user=self.env.ref("base.user_admin"))
                self.assertIn("#time 0:45", message.body)
                self.assertFalse(self.ticket.timesheet_ids)

    def test_M2_not_of_portal_users(self):
        portal = self._create_user(
            "portal", "base.group_portal", email="portal@example.com"
        )
        self._create_employee(portal)
        self._receive(self._compose(From=portal.email))
        self.assertFalse(self.ticket.timesheet_ids)

    def test_M2_not_where_an_address_is_also_a_customers(self):
        self.contact.email = self.agent.email
        self.ticket.message_subscribe(self.contact.ids)
        message = self._receive(self._compose())
        # the gateway prefers who follows the ticket
        self.assertEqual(message.author_id, self.contact)
        self.assertFalse(self.ticket.timesheet_ids)

    def test_M2_who_may_not_log_is_told(self):
        self.agent.group_ids -= self.env.ref("hr_timesheet.group_hr_timesheet_user")
        message = self._receive(self._compose())
        self.assertFalse(self.ticket.timesheet_ids)
        self.assertNotIn("#time", message.body)
        (answer,) = self._get_answers()
        self.assertIn("You may not log time on this ticket", answer)

    def test_M2_who_may_not_see_the_ticket_is_told(self):
        self.agent.group_ids -= self.env.ref("helpdesk_mgmt.group_helpdesk_user_team")
        self.agent.group_ids |= self.env.ref("helpdesk_mgmt.group_helpdesk_user_own")
        other = self._create_user("other", "helpdesk_mgmt.group_helpdesk_user_own")
        self.team.user_ids |= other
        self.ticket.user_id = other
        self.assertFalse(self.ticket.with_user(self.agent).has_access("read"))
        self._receive(self._compose())
        self.assertFalse(self.ticket.timesheet_ids)
        (answer,) = self._get_answers()
        self.assertIn("You may not log time on this ticket", answer)

    def test_M2_who_has_no_employee_is_told(self):
        self.employee.unlink()
        self._receive(self._compose())
        self.assertFalse(self.ticket.timesheet_ids)
        (answer,) = self._get_answers()
        self.assertIn("employee", answer)

    def test_M2_a_team_without_timesheets_says_so(self):
        self.team.allow_timesheet = False
        self._receive(self._compose())
        self.assertFalse(self.ticket.timesheet_ids)
        (answer,) = self._get_answers()
        self.assertIn("switch Timesheets on for its team", answer)

    def test_M2_another_company(self):
        company = self._create_company()
        self.agent.company_ids |= company
        employee = self._create_employee(self.agent, company_id=company.id)
        team = self.team.copy({"name": "Second", "company_id": company.id})
        team.write({"default_project_id": False, "allow_billable": True})
        ticket = self._create_ticket(team_id=team.id, company_id=company.id)
        message = ticket.message_post(body="It hums.", message_type="email")
        message.message_id = "<second@example.com>"
        mail = self._compose(
            In_Reply_To="<second@example.com>", References="<second@example.com>"
        )
        self.env["mail.thread"].message_process(None, mail)
        self.assertEqual(ticket.timesheet_ids.employee_id, employee)
        self.assertEqual(ticket.timesheet_ids.company_id, company)

    # ------------------------------------------------------------------
    # M3: once
    # ------------------------------------------------------------------
    def test_M3_once_per_message_id(self):
        mail = self._compose()
        message = self._receive(mail)
        self._receive(mail)
        self.assertEqual(len(self.ticket.timesheet_ids), 1)
        # the message is gone, and the mail server delivers it once more
        message.unlink()
        again = self._receive(mail)
        self.assertEqual(len(again), 1)
        self.assertNotIn("#time", again.body)
        self.assertEqual(len(self.ticket.timesheet_ids), 1)
        self.assertFalse(self._get_answers())

    def test_M3_a_copied_entry_is_of_no_mail(self):
        self._receive(self._compose())
        entry = self.ticket.timesheet_ids
        self.assertEqual(entry.email_message_id, "<plain_first_line@example.com>")
        self.assertFalse(entry.copy().email_message_id)

    # ------------------------------------------------------------------
    # M4: when
    # ------------------------------------------------------------------
    def test_M4_day_of_the_mail_where_the_sender_is(self):
        days = {
            ("Europe/Bucharest", "Tue, 3 Mar 2026 22:30:00 +0000"): "2026-03-04",
            ("America/New_York", "Wed, 4 Mar 2026 03:30:00 +0000"): "2026-03-03",
            ("Pacific/Auckland", "Tue, 3 Mar 2026 12:30:00 +0000"): "2026-03-04",
            ("UTC", "Wed, 4 Mar 2026 00:30:00 +0200"): "2026-03-03",
        }
        for number, ((zone, sent), day) in enumerate(days.items()):
            with self.subTest(zone):
                self.agent.tz = zone
                before = self.ticket.timesheet_ids
                self._receive(self._compose(Date=sent, Message_ID=f"<{number}@x>"))
                entry = self.ticket.timesheet_ids - before
                self.assertEqual(entry.date, fields.Date.to_date(day))

    def test_M4_no_day_in_the_future(self):
        self._receive(self._compose(Date="Tue, 3 Mar 2099 10:00:00 +0000"))
        today = fields.Date.context_today(self.ticket.with_user(self.agent))
        self.assertLessEqual(self.ticket.timesheet_ids.date, today)

    # ------------------------------------------------------------------
    # M5: refused time, not refused mail
    # ------------------------------------------------------------------
    def test_M5_refused_time_is_told_and_the_mail_kept(self):
        for name, reason in REFUSED.items():
            with self.subTest(name):
                known = len(self._get_answers())
                message = self._receive(self._read_mail(name))
                self.assertIn("Works again.", message.body)
                self.assertNotIn("#time", message.body)
                self.assertFalse(self.ticket.timesheet_ids)
                (answer,) = self._get_answers()[known:]
                self.assertIn(reason, answer)
                self.assertIn("#time", answer)

    def test_M5_the_agent_alone_is_told_and_can_answer(self):
        self._receive(self._read_mail("refused_unreadable"))
        told = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("res_id", "=", self.ticket.id),
            ]
        )
        self.assertEqual(told.notified_partner_ids, self.agent.partner_id)
        answer = self._receive(
            self._compose(
                In_Reply_To=told.message_id,
                References=told.message_id,
                Message_ID="<answer@example.com>",
            )
        )
        self.assertEqual(self.ticket.timesheet_ids.unit_amount, 0.75)
        self.assertTrue(answer.is_internal or answer.subtype_id.internal)
        self.assertNotIn(self.contact, answer.notified_partner_ids)

    def test_M5_time_that_meets_another_transaction_is_told_and_the_mail_kept(self):
        for code in ("40001", "40P01", "55P03"):
            with self.subTest(code=code), self.cr.savepoint() as savepoint:
                self._fail_to_log(code)
                with mute_logger("odoo.sql_db"):
                    message = self._receive(self._compose())
                self.assertIn("Works again.", message.body)
                self.assertFalse(self.ticket.timesheet_ids)
                (answer,) = self._get_answers()
                self.assertIn("just now", answer)
                self.assertIn("#time 0:45", answer)
                savepoint.rollback()
            self.env.invalidate_all()

    def _fail_to_log(self, code):
        """Let the database refuse entries as it does when two write at once."""
        self.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION pg_temp.refuse() RETURNS trigger AS $$
                BEGIN RAISE EXCEPTION USING ERRCODE = %s; END $$ LANGUAGE plpgsql;
                CREATE TRIGGER refuse BEFORE INSERT ON account_analytic_line
                EXECUTE FUNCTION pg_temp.refuse()
                """,
                code,
            )
        )

    def test_M5_in_the_language_of_the_agent(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.agent.lang = "fr_FR"
        self._receive(self._read_mail("refused_unreadable"))
        self.assertTrue(self._get_answers())

    def test_M5_long_entries_of_a_company_are_not_for_mails(self):
        self.company.allow_long_timesheets = True
        self._receive(self._read_mail("refused_too_long"))
        self.assertFalse(self.ticket.timesheet_ids)

    def test_B3_a_company_that_records_days(self):
        self.company.project_time_mode_id = self.day
        self._receive(self._compose("#time 4h\nWorks again."))
        self.assertEqual(self.ticket.timesheet_ids.product_uom_id, self.day)
        self.assertEqual(self.ticket.timesheet_ids.unit_amount, 0.5)

    def test_A1_the_agent_reads_no_prices_to_log(self):
        self.ticket.sale_line_id = self._sell_hours(1)
        self._receive(self._compose("#time 2h\nWorks again."))
        self.assertEqual(self.ticket.remaining_hours_so, -1)
        self.assertFalse(self.agent.has_group("sales_team.group_sale_salesman"))

    def test_D4_a_mail_is_never_refused_for_want_of_prepaid_hours(self):
        if "prepaid_draw" not in self.team._fields:
            self.skipTest("needs prepaid hours")
        self.team.prepaid_draw = "order"
        block = self._sell_hours(1, hours_overrun="refuse")
        block.hours_date_start = False
        self.ticket.sale_line_id = block
        self._receive(self._compose("#time 3h\nWorks again."))
        parts = self.ticket.timesheet_ids.sorted("id")
        self.assertEqual(parts.mapped("unit_amount"), [1, 2])
        self.assertEqual(parts.mapped("coverage"), ["prepaid", "uncovered"])
        self.assertEqual(parts.mapped("name"), ["Re: Printer stuck"] * 2)
        self.assertFalse(self._get_answers())
