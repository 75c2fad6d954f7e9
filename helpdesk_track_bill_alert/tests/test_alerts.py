from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import MODELS, AlertCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestAlerts(AlertCommon):
    # --- AL1 ----------------------------------------------------------
    def test_AL1_each_company_has_sensible_rules(self):
        company = self.env["res.company"].create({"name": "New"})
        for known in (self.company, company):
            rules = self.env["prepaid.hours.alert.rule"].search(
                [("company_id", "=", known.id)]
            )
            self.assertEqual(
                set(rules.mapped("kind")), {"percent", "ends", "overrun", "unpaid"}
            )
            self.assertEqual(set(rules.mapped("scope")), {"customer"})

    def test_AL1_hours_left_under_the_limit(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(10)
        ticket = self._create_ticket()
        self._log_on(ticket, 8)
        self.assertFalse(self._find_alerts())
        self._log_on(ticket, 0.5)
        alert = self._find_alerts()
        self.assertEqual((alert.partner_id, alert.hours), (self.customer, 1.5))

    def test_AL1_percent_left_under_the_limit(self):
        self._set_rules({"kind": "percent", "limit_percent": 20})
        self._sell_to(20)
        ticket = self._create_ticket()
        self._log_on(ticket, 16)
        self.assertFalse(self._find_alerts())
        self._log_on(ticket, 0.5)
        self.assertEqual(self._find_alerts().hours, 3.5)

    def test_AL1_a_nearly_empty_block_beside_a_full_one_stays_quiet(self):
        rule = self._set_rules({"kind": "hours", "limit_hours": 2})
        first = self._sell_to(10, end="2026-05-31")
        self._sell_to(10, end="2026-12-31")
        self._log_on(self._create_ticket(), 9)
        self.assertFalse(self._find_alerts())
        rule.scope = "block"
        self.company.hours_alert_since = False
        alert = self._find_alerts()
        self.assertEqual((alert.line_id, alert.hours), (first, 1))

    def test_AL1_hours_that_end_in_some_days(self):
        self._set_rules({"kind": "ends", "limit_days": 7})
        block = self._sell_to(10, end="2026-03-18")
        self.assertFalse(self._find_alerts())
        with freeze_time("2026-03-11 12:00:00"):
            alert = self._find_alerts()
        self.assertEqual(alert.item_id, block)
        self.assertEqual(str(alert.date_end), "2026-03-18")

    def test_AL1_hours_that_go_on_do_not_end(self):
        self._set_rules({"kind": "ends", "limit_days": 14})
        self._sell_to(10, end="2026-03-18")
        self._sell_to(10, "2026-03-19", "2026-12-31")
        self.assertFalse(self._find_alerts())

    def test_AL1_used_up_hours_do_not_end(self):
        self._set_rules({"kind": "ends", "limit_days": 14})
        self._sell_to(1, end="2026-03-18")
        self._log_on(self._create_ticket(), 1)
        self.assertFalse(self._find_alerts())

    def test_AL1_overrun(self):
        self._set_rules({"kind": "overrun"})
        self._sell_to(1)
        ticket = self._create_ticket()
        self._log_on(ticket, 1)
        self.assertFalse(self._find_alerts())
        self._log_on(ticket, 0.75)
        self.assertEqual(self._find_alerts().hours, 0.75)

    def test_AL1_used_but_not_paid(self):
        self._set_rules({"kind": "unpaid"})
        block = self._sell_to(10, hours_usable_from="paid")
        self.assertFalse(self._find_alerts())
        self._log_on(self._create_ticket(), 1.5)
        alert = self._find_alerts()
        self.assertEqual((alert.item_id, alert.hours), (block, 1.5))

    def test_AL1_adjusted_hours_need_no_payment(self):
        self._set_rules({"kind": "unpaid"})
        block = self._sell_to(10, hours_usable_from="paid")
        block.hours_period_ids._adjust(2, "Goodwill")
        ticket = self._create_ticket()
        self.assertEqual(self._log_on(ticket, 2).so_line, block)
        self.assertFalse(self._find_alerts())
        self._log_on(ticket, 1)
        self.assertEqual(self._find_alerts().hours, 1)

    def test_AL1_a_new_rule_tells_of_those_who_are_under_its_limit(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(10)
        self._log_on(self._create_ticket(), 7)
        self.assertFalse(self._find_alerts())
        self._set_rules({"kind": "hours", "limit_hours": 4})
        # nothing was written since then
        self.company.hours_alert_since = fields.Datetime.to_datetime("2099-01-01")
        rule = self.rules.create({"kind": "hours", "limit_hours": 5})
        self.assertEqual(rule.company_id, self.company)
        self.assertEqual(len(self._find_alerts()), 2)
        rule.limit_hours = 1
        self._find_alerts()
        self.company.hours_alert_since = fields.Datetime.to_datetime("2099-01-01")
        rule.limit_hours = 3
        self.assertFalse(self.company.hours_alert_since)
        # those that were told stay told
        self.rules.create({"kind": "percent", "limit_percent": 1})
        self.assertFalse(self._find_alerts())

    def test_AL1_other_companies_rules_say_nothing(self):
        company = self._create_company()
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(1)
        self.assertFalse(self._find_alerts(company))
        self.assertEqual(self._find_alerts().company_id, self.company)

    # --- AL2 ----------------------------------------------------------
    def test_AL2_salesperson_and_marked_contacts_are_told(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        block = self._sell_to(10, price_unit=123.45)
        self.env["res.partner"].create(
            {
                "name": "Not marked",
                "parent_id": self.customer.id,
                "email": "no@example.com",
            }
        )
        self._log_on(self._create_ticket(), 9)
        self._find_alerts()
        activity = self._get_activities()
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertEqual(activity.res_id, block.order_id.id)
        self.assertIn("1:00 prepaid hours left", activity.summary)
        mail = self._get_mails()
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertIn("01:00 prepaid hours left", mail.body_html)
        for secret in ("123", self.employee.name, self.agent.name):
            self.assertNotIn(secret, mail.body_html)

    def test_AL2_each_reader_in_their_language(self):
        self.env["res.lang"]._activate_lang("ro_RO")
        template = self.env.ref("helpdesk_track_bill_alert.mail_template_prepaid_hours")
        template.with_context(lang="ro_RO").subject = "Orele dumneavoastră"
        self._set_rules({"kind": "hours", "limit_hours": 2})
        other = self.contact.copy({"lang": "ro_RO", "email": "ro@example.com"})
        other.notify_prepaid_hours = True
        self.contact.lang = "en_US"
        self._sell_to(1)
        self._find_alerts()
        self.assertEqual(
            {mail.recipient_ids: mail.subject for mail in self._get_mails()},
            {
                self.contact: f"Your prepaid hours at {self.company.name}",
                other: "Orele dumneavoastră",
            },
        )

    def test_AL2_a_block_is_named_in_each_readers_language(self):
        self.env["res.lang"]._activate_lang("ro_RO")
        product = self.prepaid_product
        product.with_context(lang="ro_RO").name = "Ore de asistență"
        self._set_rules({"kind": "hours", "limit_hours": 2, "scope": "block"})
        self._sell_to(1)
        alert = self._find_alerts()
        self.assertIn("Prepaid Support", alert.with_context(lang="en_US").text)
        self.assertIn("Ore de asistență", alert.with_context(lang="ro_RO").text)
        self.assertNotIn("Prepaid Support", alert.with_context(lang="ro_RO").text)

    def test_AL2_several_at_once_make_one_message(self):
        self._set_rules({"kind": "overrun"}, {"kind": "hours", "limit_hours": 2})
        self._sell_to(1)
        self._log_on(self._create_ticket(), 2)
        self.assertEqual(len(self._find_alerts()), 2)
        mail = self._get_mails()
        self.assertEqual(len(mail), 1)
        self.assertIn("No prepaid hours left", mail.body_html)
        self.assertIn("01:00 hours used beyond", mail.body_html)
        self.assertEqual(len(self._get_activities()), 1)

    def test_AL3_several_orders_of_a_salesperson_make_one_activity(self):
        self._set_rules({"kind": "hours", "limit_hours": 2, "scope": "block"})
        blocks = self._sell_to(1) | self._sell_to(1.5)
        other = self._sell_to(0.5)
        other.order_id.user_id = self.env.user
        self.assertEqual(len(self._find_alerts()), 3)
        activities = self._get_activities()
        self.assertEqual(len(activities), 2)
        mine = activities.filtered(lambda told: told.user_id == self.salesperson)
        for block in blocks:
            self.assertIn(block._get_hours_name(), mine.summary)
        self.assertNotIn(other._get_hours_name(), mine.summary)

    # --- AL3 ----------------------------------------------------------
    def test_AL3_each_once_per_crossing(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(10)
        ticket = self._create_ticket()
        self._log_on(ticket, 9)
        self.assertEqual(len(self._find_alerts()), 1)
        self._log_on(ticket, 0.25)
        self.assertFalse(self._find_alerts())
        # less used and more again is no other crossing
        ticket.timesheet_ids[0].unit_amount = 1
        self.assertFalse(self._find_alerts())
        ticket.timesheet_ids[0].unit_amount = 9
        self.assertFalse(self._find_alerts())
        self.assertEqual(len(self._get_mails()), 1)

    def test_AL3_a_rule_that_is_about_something_else_now_tells_of_it(self):
        rule = self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(10)
        ticket = self._create_ticket()
        self._log_on(ticket, 9)
        told = self._find_alerts()
        text = told.text
        rule.kind = "overrun"
        self.assertEqual((told.kind, told.text), ("hours", text))
        self._log_on(ticket, 2)
        self.assertEqual(self._find_alerts().kind, "overrun")

    def test_AL3_more_hours_arm_a_rule_again(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        block = self._sell_to(10)
        ticket = self._create_ticket()
        self._log_on(ticket, 9)
        self.assertEqual(len(self._find_alerts()), 1)
        block.hours_period_ids._adjust(5, "Goodwill")
        self.assertFalse(self._find_alerts())
        self._log_on(ticket, 5)
        self.assertEqual(len(self._find_alerts()), 1)
        self._sell_to(10)
        self.assertFalse(self._find_alerts())
        self._log_on(ticket, 9.5)
        self.assertEqual(self._find_alerts().hours, 1.5)

    def test_AL3_hours_that_stay_under_the_limit_are_the_same_crossing(self):
        self._set_rules(
            {"kind": "hours", "limit_hours": 2},
            {"kind": "percent", "limit_percent": 20},
        )
        block = self._sell_to(10)
        ticket = self._create_ticket()
        self._log_on(ticket, 9.5)
        self.assertEqual(len(self._find_alerts()), 2)
        period = block.hours_period_ids
        period._adjust(1, "Goodwill")
        self.assertFalse(self._find_alerts())
        # with what came before, these hours are over the limit
        period._adjust(2, "Goodwill")
        self._log_on(ticket, 2)
        self.assertEqual(len(self._find_alerts()), 2)

    def test_AL3_hours_that_do_not_make_up_for_overrun_are_the_same_crossing(self):
        self._set_rules({"kind": "overrun"})
        block = self._sell_to(10)
        ticket = self._create_ticket()
        self._log_on(ticket, 13)
        self.assertEqual(self._find_alerts().hours, 3)
        period = block.hours_period_ids
        period._adjust(1, "Goodwill")
        self.assertFalse(self._find_alerts())
        period._adjust(2, "Goodwill")
        self._log_on(ticket, 1)
        self.assertEqual(self._find_alerts().hours, 1)

    def test_AL3_a_new_period_arms_a_rule_again(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(24, "2026-03-01", "2026-04-30", hours_period="month")
        ticket = self._create_ticket()
        self._log_on(ticket, 11)
        self.assertEqual(len(self._find_alerts()), 1)
        with freeze_time("2026-04-02 12:00:00"):
            self._log_on(ticket, 11, "2026-04-02")
            self.assertEqual(len(self._find_alerts()), 1)

    def test_AL3_two_workers_write_one_row(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(1)
        alert = self._find_alerts()
        vals = alert.copy_data()[0]
        with self.assertLogs("odoo.sql_db", "ERROR"):
            again = alert._create_once([{**vals, "granted": 99}, vals])
        self.assertEqual(again.granted, 99)

    def test_AL3_a_broken_template_loses_no_alert(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(1)
        template = self.env.ref("helpdesk_track_bill_alert.mail_template_prepaid_hours")
        subject = template.subject
        # Odoo tries a template when it is saved, with whatever record comes first
        template.subject = "{{ 1 / (object.partner_id.name != 'Clinic') }}"
        with self.assertLogs(f"{MODELS}.prepaid_hours_alert", "ERROR"):
            alert = self._find_alerts()
        self.assertEqual(alert.state, "new")
        self.assertFalse(self._get_activities())
        template.subject = subject
        self._find_alerts()
        self.assertEqual(alert.state, "told")
        self.assertEqual(len(self._get_mails()), 1)

    def test_AL3_bad_terms_of_one_do_not_stop_others(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        bad = self._sell_to(1, "2026-03-01", "2026-03-31", hours_period="month")
        good = self._sell(self.prepaid_product, 1, partner=self.other_customer)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET hours_date_end = NULL WHERE id = %s", [bad.id]
        )
        self.env.invalidate_all()
        with self.assertLogs(f"{MODELS}.prepaid_hours_check", "WARNING"):
            alerts = self._find_alerts()
        self.assertIn(good, alerts.item_id)
        self.assertNotIn(bad, alerts.item_id)

    def test_AL3_the_scheduled_action_runs(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._sell_to(1)
        cron = self.env.ref("helpdesk_track_bill_alert.ir_cron_alert")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        alert = self.env["prepaid.hours.alert"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(alert.state, "told")
        self.assertEqual(alert.date, fields.Date.to_date("2026-03-10"))

    def test_AL3_what_is_far_from_its_limit_is_not_looked_at(self):
        self._set_rules({"kind": "hours", "limit_hours": 2})
        self._find_alerts()
        self._sell_to(10)
        self._log_on(self._create_ticket(), 3)
        checks = self.env["prepaid.hours.check"]
        checks._note_changed(self.company)
        self.assertNotIn(self.customer, checks.search([]).partner_id)
        self._log_on(self._create_ticket(), 6)
        checks._note_changed(self.company)
        self.assertIn(self.customer, checks.search([]).partner_id)
