from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestRights(ReviewCommon):
    def test_rights_reviewers_see_no_prices(self):
        entry = self._log(self.ticket, 1).with_user(self.reviewer)
        self.assertEqual(
            entry.read(["unit_amount_rounded"])[0]["unit_amount_rounded"], 1
        )
        with self.assertRaises(AccessError):
            entry.read(["billing_amount"])
        with self.assertRaises(AccessError):
            self.item.with_user(self.reviewer).read(["price_unit"])

    def test_rights_reviewers_change_nothing_else_of_others(self):
        entry = self._log(self.ticket, 1).with_user(self.reviewer)
        with self.assertRaises(AccessError):
            entry.unit_amount = 5
        with self.assertRaises(AccessError):
            entry.unlink()

    def test_rights_reviewers_see_their_teams_only(self):
        other_team = self.env["helpdesk.ticket.team"].create(
            {"name": "Field Service", "allow_billable": True}
        )
        ticket = self._create_ticket(team_id=other_team.id)
        mine, foreign = self._log(self.ticket, 1), self._log(ticket, 1)
        seen = (
            self.env["account.analytic.line"]
            .with_user(self.reviewer)
            .search([("id", "in", (mine | foreign).ids)])
        )
        self.assertEqual(seen.ids, mine.ids)
        with self.assertRaises(AccessError):
            foreign.with_user(self.reviewer).unit_amount_rounded = 5

    def test_rights_billers_hold_back_and_describe_but_do_not_approve(self):
        self.team.review_time = True
        entry = self._log(self.ticket, 1).with_user(self.biller)
        entry.write({"invoice_from": "2100-01-01", "name": "On the invoice"})
        self.assertEqual(entry.name, "On the invoice")
        for values in ({"review_state": "approved"}, {"unit_amount_rounded": 5}):
            with self.subTest(**values), self.assertRaises(AccessError):
                entry.write(values)

    def test_rights_who_reviews_and_bills_does_so_for_all_teams(self):
        group = self.env.ref("helpdesk_track_bill_review.group_reviewer")
        self.biller.group_ids |= group
        self.team.review_time = True
        entry = self._log(self.ticket, 1).with_user(self.biller)
        entry.action_approve()
        entry.write({"unit_amount_rounded": 2, "review_reason": "As agreed"})
        self.assertEqual(entry.unit_amount_rounded, 2)

    def test_rights_agents_see_hours_to_bill_of_their_own_time(self):
        entry = self._log_as_agent(1)
        values = entry.read(["unit_amount_rounded", "review_state", "time_type_id"])
        self.assertEqual(values[0]["unit_amount_rounded"], 1)
        with self.assertRaises(AccessError):
            self.env["helpdesk.time.change"].with_user(self.agent).search([])

    def test_rights_the_team_shows_agents_hours_to_bill(self):
        ticket = self.ticket.with_user(self.agent)
        self.assertTrue(ticket.show_billed_hours)
        self.team.show_billed_hours = False
        for user, sees in (
            (self.agent, False),
            (self.reviewer, True),
            (self.biller, True),
        ):
            values = self.ticket.with_user(user).sudo()
            with self.subTest(user=user.login):
                self.assertEqual(values.show_billed_hours, sees)

    def test_rights_salespeople_invoice_as_before(self):
        self._log(self.ticket, 2)
        order = self.item.order_id.with_user(self.salesperson)
        self.assertEqual(self._invoice(order, post=False).amount_untaxed, 100)

    def test_rights_nobody_gets_the_roles_by_another(self):
        for name in ("group_reviewer", "group_biller"):
            group = self.env.ref(f"helpdesk_track_bill_review.{name}")
            self.assertFalse(group.implied_by_ids)
            self.assertIn(self.env.ref("base.user_admin"), group.all_user_ids)

    def test_rights_time_of_other_companies_stays_there(self):
        company = self._create_company()
        self.env["helpdesk.time.change"].create(
            {"changed": "hours", "company_id": company.id}
        )
        seen = self.env["helpdesk.time.change"].with_user(self.biller).search([])
        self.assertNotIn(company, seen.sudo().company_id)
