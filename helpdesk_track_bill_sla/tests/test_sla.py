from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestSla(SlaCommon):
    # --- SL1 ----------------------------------------------------------
    def test_SL1_a_policy_names_products(self):
        gold = self._create_gold()
        item = self._sell(self.gold_product, 10)
        other = self._sell_hours(10)
        self.assertEqual(
            self._create_ticket(sale_line_id=item.id).sla_ids, self.basic | gold
        )
        self.assertEqual(self._create_ticket(sale_line_id=other.id).sla_ids, self.basic)
        self.assertEqual(self._create_ticket(sale_line_id=False).sla_ids, self.basic)

    def test_SL1_a_policy_names_order_items(self):
        item, other = self._sell_hours(10), self._sell_hours(10)
        vip = self._create_policy(
            "VIP", 2, sale_line_ids=[fields.Command.set(item.ids)]
        )
        self.assertIn(vip, self._create_ticket(sale_line_id=item.id).sla_ids)
        self.assertNotIn(vip, self._create_ticket(sale_line_id=other.id).sla_ids)

    def test_SL1_either_of_them(self):
        item, other = self._sell_hours(10), self._sell(self.gold_product, 10)
        both = self._create_gold(sale_line_ids=[fields.Command.set(item.ids)])
        for line in (item, other):
            self.assertIn(both, self._create_ticket(sale_line_id=line.id).sla_ids)
        third = self._sell_hours(10)
        self.assertNotIn(both, self._create_ticket(sale_line_id=third.id).sla_ids)

    def test_SL1_with_the_other_conditions(self):
        tag = self.env["helpdesk.ticket.tag"].create({"name": "Urgent"})
        gold = self._create_gold(tag_ids=[fields.Command.set(tag.ids)])
        item = self._sell(self.gold_product, 10)
        self.assertNotIn(gold, self._create_ticket(sale_line_id=item.id).sla_ids)
        ticket = self._create_ticket(
            sale_line_id=item.id, tag_ids=[fields.Command.set(tag.ids)]
        )
        self.assertIn(gold, ticket.sla_ids)

    def test_SL1_who_may_not_read_items_duplicates_policies(self):
        item = self._sell_hours(10)
        vip = self._create_policy(
            "VIP", 2, sale_line_ids=[fields.Command.set(item.ids)]
        )
        manager = self._create_user(
            "sla_manager", "helpdesk_mgmt.group_helpdesk_manager"
        )
        for policy in (vip, self.basic):
            duplicate = policy.with_user(manager).copy()
            self.assertEqual(duplicate.sudo().sale_line_ids, policy.sale_line_ids)
        self.assertFalse(vip.copy({"sale_line_ids": False}).sale_line_ids)

    def test_SL1_an_archived_product_stays_named(self):
        gold = self._create_gold()
        self.gold_product.active = False
        self.env.invalidate_all()
        self.assertNotIn(gold, self._create_ticket().sla_ids)

    def test_SL1_what_a_policy_names_is_not_deleted(self):
        self._create_gold()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.gold_product.unlink()

    def test_SL1_the_item_of_a_new_ticket_is_chosen_first(self):
        gold = self._create_gold()
        item = self._sell(self.gold_product, 10)
        ticket = self._create_ticket()
        self.assertEqual(ticket.sale_line_id, item)
        self.assertIn(gold, ticket.sla_ids)

    # --- SL2 ----------------------------------------------------------
    def test_SL2_policies_follow_the_item(self):
        gold = self._create_gold()
        item, other = self._sell(self.gold_product, 10), self._sell_hours(10)
        ticket = self._create_ticket(sale_line_id=other.id)
        ticket.sale_line_id = item
        self.assertEqual(ticket.sla_ids, self.basic | gold)
        ticket.sale_line_id = False
        self.assertEqual(ticket.sla_ids, self.basic)
        self.assertTrue(ticket.sla_fits)

    def test_SL2_another_customer_brings_another_item(self):
        gold = self._create_gold()
        self._sell(self.gold_product, 10, partner=self.other_customer)
        ticket = self._create_ticket()
        self.assertEqual(ticket.sla_ids, self.basic)
        ticket.partner_id = self.other_customer
        self.assertEqual(ticket.sla_ids, self.basic | gold)

    def test_SL2_who_takes_a_ticket_brings_its_team_and_item(self):
        gold = self._create_gold()
        self._sell(self.gold_product, 10)
        ticket = self._create_ticket(team_id=False)
        self.team.user_ids |= self.agent
        ticket.user_id = self.agent
        self.assertEqual(ticket.team_id, self.team)
        self.assertIn(gold, ticket.sla_ids)

    def test_SL2_a_cancelled_order_leaves_its_tickets(self):
        self._create_gold()
        item = self._sell(self.gold_product, 10)
        ticket = self._create_ticket(sale_line_id=item.id)
        item.order_id._action_cancel()
        self.assertFalse(ticket.sale_line_id)
        self.assertEqual(ticket.sla_ids, self.basic)

    def test_SL2_policies_that_stay_keep_their_time(self):
        item, other = self._sell(self.gold_product, 10), self._sell_hours(10)
        ticket = self._create_ticket(sale_line_id=item.id)
        row = ticket.ticket_sla_ids
        row.consumed_time = 3
        ticket.sale_line_id = other
        self.assertEqual(ticket.ticket_sla_ids, row)
        self.assertEqual(row.consumed_time, 3)

    def test_SL2_teams_without_policies_get_none(self):
        self._create_gold()
        self.team.use_sla = False
        item = self._sell(self.gold_product, 10)
        ticket = self._create_ticket(sale_line_id=False)
        ticket.sale_line_id = item
        self.assertFalse(ticket.ticket_sla_ids)

    # --- SL3 ----------------------------------------------------------
    def test_SL3_policies_of_companies_do_not_mix(self):
        company = self._create_company()
        theirs = self._create_policy("Theirs", 1, company_id=company.id)
        ours = self._create_policy("Ours", 1, company_id=self.company.id)
        both = self.env.user.company_ids.ids
        ticket = self.env["helpdesk.ticket"].with_context(allowed_company_ids=both)
        ticket = ticket.browse(self._create_ticket().id)
        self.assertEqual(ticket._get_sla(), self.basic | ours)
        self.assertNotIn(theirs, ticket.sla_ids)

    def test_SL3_an_agent_of_two_companies(self):
        company = self._create_company()
        theirs = self._create_policy("Theirs", 1, company_id=company.id)
        self.agent.company_ids |= company
        ticket = (
            self.env["helpdesk.ticket"]
            .with_user(self.agent)
            .with_context(allowed_company_ids=self.agent.company_ids.ids)
            .create({"name": "Printer", "description": "Hums", "team_id": self.team.id})
        )
        self.assertNotIn(theirs, ticket.sla_ids)
        self.assertEqual(ticket.sla_ids, self.basic)

    def test_SL3_nothing_of_another_company_is_named(self):
        company = self._create_company()
        policy = self._create_policy("Ours", 1, company_id=company.id)
        item = self._sell_hours(10)
        with self.assertRaisesRegex(ValidationError, "is of Second, but .* belongs to"):
            policy.sale_line_ids = item

    # --- SL4 ----------------------------------------------------------
    def test_SL4_the_ticket_shows_the_item_of_its_deadline(self):
        self._create_gold()
        item, other = self._sell(self.gold_product, 10), self._sell_hours(10)
        ticket = self._create_ticket(sale_line_id=item.id)
        gold = ticket.ticket_sla_ids.filtered("sale_line_id")
        self.assertEqual(ticket.sla_deadline, gold.deadline)
        self.assertEqual(ticket.sla_sale_line_id, item)
        ticket.sale_line_id = other
        self.assertFalse(ticket.sla_sale_line_id)

    def test_SL4_a_policy_for_all_is_of_no_item(self):
        self._create_gold(active=True).hours = 400
        item = self._sell(self.gold_product, 10)
        ticket = self._create_ticket(sale_line_id=item.id)
        self.assertEqual(len(ticket.ticket_sla_ids), 2)
        self.assertFalse(ticket.sla_sale_line_id)

    def test_SL4_another_item_of_the_same_product(self):
        self._create_gold()
        item, newer = (self._sell(self.gold_product, 10) for _n in range(2))
        ticket = self._create_ticket(sale_line_id=item.id)
        ticket.sale_line_id = newer
        self.assertEqual(ticket.sla_sale_line_id, newer)

    # --- rights -------------------------------------------------------
    def test_A1_an_agent_works_with_policies_by_item(self):
        gold = self._create_gold(domain="[('sale_line_id.product_id', '!=', False)]")
        item, other = self._sell(self.gold_product, 10), self._sell_hours(10)
        ticket = (
            self.env["helpdesk.ticket"]
            .with_user(self.agent)
            .create(
                {
                    "name": "Printer",
                    "description": "Hums",
                    "team_id": self.team.id,
                    "partner_id": self.contact.id,
                    "sale_line_id": item.id,
                }
            )
        )
        self.assertEqual(ticket.sla_ids, self.basic | gold)
        ticket.sale_line_id = other.id
        self.assertEqual(ticket.sla_ids, self.basic)
        ticket.sale_line_id = item.id
        answers = self._read_views(self.agent, ticket)
        self.assertEqual(answers["form"]["sla_sale_line_id"]["id"], item.id)
        with self.assertRaises(AccessError):
            ticket.sla_sale_line_id.read(["price_unit"])

    def test_A1_an_agent_renews_the_policies(self):
        gold = self._create_gold()
        item = self._sell(self.gold_product, 10)
        ticket = self._create_ticket(sale_line_id=item.id).with_user(self.agent)
        gold.product_ids = self.prepaid_product
        self.assertFalse(ticket.sla_fits)
        ticket.refresh_sla()
        self.assertEqual(ticket.sla_ids, self.basic)

    def test_A4_who_may_not_write_the_ticket_renews_nothing(self):
        ticket = self._create_ticket()
        for groups in ("base.group_portal", "sales_team.group_sale_salesman"):
            user = self._create_user(groups.replace(".", "_"), groups)
            with self.assertRaises(AccessError):
                ticket.with_user(user).refresh_sla()

    def test_A1_managers_without_sales_name_products_only(self):
        manager = self._create_user("manager", "helpdesk_mgmt.group_helpdesk_manager")
        policies = self.env["helpdesk.sla"].with_user(manager)
        form = Form(policies)
        form.name = "Silver"
        form.product_ids.add(self.gold_product)
        policy = form.save()
        self.assertEqual(policy.product_ids, self.gold_product)
        self.assertNotIn("sale_line_ids", policies.fields_get())
        with self.assertRaises(AccessError):
            policy.write({"sale_line_ids": [fields.Command.clear()]})
