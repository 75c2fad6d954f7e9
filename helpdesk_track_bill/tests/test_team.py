from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestTeam(TrackBillCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager",
        )
        cls.plain_team = cls.env["helpdesk.ticket.team"].create({"name": "Plain"})

    def test_T1_billing_ticks_timesheets(self):
        self.plain_team.allow_billable = True
        self.assertTrue(self.plain_team.allow_timesheet)

    def test_T1_unticking_timesheets_unticks_billing(self):
        self.team.allow_timesheet = False
        self.assertFalse(self.team.allow_billable)

    def test_T1_billing_from_defaults_ticks_timesheets(self):
        team = (
            self.env["helpdesk.ticket.team"]
            .with_context(default_allow_billable=True)
            .create({"name": "Defaults"})
        )
        self.assertTrue(team.allow_timesheet)
        self.assertTrue(team.default_project_id)

    def test_T1_what_is_given_wins_over_defaults(self):
        teams = self.env["helpdesk.ticket.team"]
        self.env["ir.default"].set(teams._name, "allow_billable", True)
        self.env["ir.default"].set(teams._name, "allow_timesheet", True)
        for vals, boxes in (
            ({}, (True, True)),
            ({"allow_timesheet": False}, (False, False)),
            ({"allow_billable": False}, (True, False)),
            ({"allow_timesheet": False, "allow_billable": True}, (True, True)),
        ):
            with self.subTest(vals=vals):
                team = teams.create({"name": "Plain", **vals})
                self.assertEqual((team.allow_timesheet, team.allow_billable), boxes)

    def test_T1_in_the_form(self):
        with Form(self.plain_team.with_user(self.manager)) as form:
            form.allow_billable = True
            self.assertTrue(form.allow_timesheet)
            form.allow_timesheet = False
            self.assertFalse(form.allow_billable)

    def test_T1_in_an_import(self):
        result = self.env["helpdesk.ticket.team"].load(
            ["name", "allow_billable"], [["Imported", "1"], ["Without", "0"]]
        )
        self.assertFalse(result["messages"])
        imported, without = self.env["helpdesk.ticket.team"].browse(result["ids"])
        self.assertTrue(imported.allow_timesheet)
        self.assertFalse(without.allow_timesheet)

    def test_T2_project_is_created_on_save_named_after_the_team(self):
        """By a helpdesk manager, who has no rights on projects."""
        self.plain_team.with_user(self.manager).allow_timesheet = True
        project = self.plain_team.default_project_id
        self.assertEqual(project.name, "Plain")
        self.assertEqual(project.company_id, self.plain_team.company_id)

    def test_T2_project_in_the_company_of_the_team(self):
        company = self._create_company()
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Abroad", "company_id": company.id, "allow_timesheet": True}
        )
        project = team.with_company(company).default_project_id
        self.assertEqual(project.company_id, company)

    def test_T2_project_picked_from_another_company_counts_for_the_team(self):
        company = self._create_company()
        project = self.env["project.project"].create(
            {"name": "Picked", "company_id": company.id}
        )
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Abroad", "company_id": company.id}
        )
        team.write({"allow_timesheet": True, "default_project_id": project.id})
        self.assertEqual(team.with_company(company).default_project_id, project)

    def test_T2_team_of_no_company_has_its_project_in_each(self):
        company = self._create_company()
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Shared", "company_id": False, "allow_billable": True}
        )
        project = team.default_project_id
        self.assertFalse(project.company_id)
        self.assertEqual(team.with_company(company).default_project_id, project)
        ticket = self._create_ticket(team_id=team.id, company_id=company.id)
        self.assertEqual(ticket.project_id, project)
        self.assertTrue(ticket.allow_timesheet)

    def test_T2_team_of_no_company_has_a_project_in_a_new_one(self):
        shared = self.env["helpdesk.ticket.team"].create(
            {"name": "Shared", "company_id": False, "allow_billable": True}
        )
        picked = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Picked",
                "company_id": False,
                "allow_timesheet": True,
                "active": False,
                "default_project_id": self.env["project.project"]
                .create({"name": "Ours", "company_id": self.company.id})
                .id,
            }
        )
        company = self._create_company()
        there = shared.with_company(company)
        self.assertEqual(there.default_project_id, shared.default_project_id)
        ticket = self._create_ticket(team_id=shared.id, company_id=company.id)
        self.assertTrue(ticket.allow_timesheet)
        project = picked.with_company(company).default_project_id
        self.assertEqual((project.name, project.company_id.id), ("Picked", False))
        self.assertFalse(project.allow_billable)
        self.assertFalse(
            self.plain_team.with_company(company).default_project_id,
        )

    def test_T2_project_picked_in_one_company_leaves_none_out(self):
        company = self._create_company()
        project = self.env["project.project"].create(
            {"name": "Ours", "company_id": self.company.id}
        )
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Shared",
                "company_id": False,
                "allow_timesheet": True,
                "default_project_id": project.id,
            }
        )
        self.assertEqual(team.default_project_id, project)
        there = team.with_company(company).default_project_id
        self.assertEqual(there.name, "Shared")
        self.assertFalse(there.company_id)

    def test_T2_many_companies_take_no_more_for_each(self):
        counts = []
        for number in (3, 9):
            self.env["res.company"].create(
                [{"name": f"Branch {number}.{each}"} for each in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["helpdesk.ticket.team"].create(
                {"name": "Shared", "company_id": False, "allow_billable": True}
            )
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], 4 * counts[0])

    def test_T2_later_companies_share_a_project(self):
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Shared",
                "company_id": False,
                "allow_timesheet": True,
                "default_project_id": self.env["project.project"]
                .create({"name": "Ours", "company_id": self.company.id})
                .id,
            }
        )
        first = self.env["res.company"].create({"name": "First Branch"})
        second = self.env["res.company"].create({"name": "Second Branch"})
        project = team.with_company(first).default_project_id
        self.assertFalse(project.company_id)
        self.assertEqual(team.with_company(second).default_project_id, project)

    def test_T2_clearing_the_project_creates_one(self):
        project = self.team.default_project_id
        self.team.default_project_id = False
        self.assertTrue(self.team.default_project_id)
        self.assertNotEqual(self.team.default_project_id, project)

    def test_T3_project_allows_what_the_team_needs_and_nothing_else(self):
        project = self.env["project.project"].create(
            {
                "name": "Picked",
                "allow_timesheets": False,
                "allow_billable": False,
                "privacy_visibility": "followers",
                "color": 3,
            }
        )
        self.plain_team.write(
            {"allow_timesheet": True, "default_project_id": project.id}
        )
        self.assertTrue(project.allow_timesheets)
        self.assertFalse(project.allow_billable)
        self.plain_team.allow_billable = True
        self.assertTrue(project.allow_billable)
        self.assertRecordValues(
            project, [{"name": "Picked", "privacy_visibility": "followers", "color": 3}]
        )

    def test_T3_in_every_company_of_a_team_of_none(self):
        company = self._create_company()
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Shared", "company_id": False, "allow_timesheet": True}
        )
        there = self.env["project.project"].create(
            {"name": "There", "company_id": company.id, "allow_timesheets": False}
        )
        team.with_company(company).default_project_id = there
        self.assertTrue(there.allow_timesheets)
        team.with_user(self.manager).allow_billable = True
        self.assertTrue(team.default_project_id.allow_billable)
        self.assertTrue(there.allow_billable)
        self.assertEqual(team.with_company(company).default_project_id, there)

    def test_T4_switching_off_and_on_again_shows_everything_as_it_was(self):
        item = self._sell_hours()
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        project = self.team.default_project_id
        self.team.allow_timesheet = False
        self.assertFalse(ticket.allow_timesheet)
        self.assertEqual(entry.so_line, item)
        self.team.allow_billable = True
        self.assertRecordValues(
            ticket,
            [
                {
                    "allow_billable": True,
                    "sale_line_id": item.id,
                    "project_id": project.id,
                    "total_hours": 2,
                }
            ],
        )
        self.assertEqual(self.team.default_project_id, project)

    def test_T4_switching_billing_on_leaves_the_tickets_there_as_they_are(self):
        self._sell_hours()
        self.plain_team.allow_timesheet = True
        ticket = self._create_ticket(team_id=self.plain_team.id)
        entry = self._log(ticket, 1)
        self.plain_team.allow_billable = True
        self.assertFalse(ticket.sale_line_id)
        self.assertFalse(entry.so_line)

    def test_T5_post_paid_product_stays_as_configured(self):
        product = self.post_paid_product
        product.write({"name": "Our Rate", "list_price": 77, "standard_price": 33})
        products = self.env["product.product"].search([("type", "=", "service")])
        self.plain_team.allow_billable = True
        self.assertEqual(
            self.env["product.product"].search([("type", "=", "service")]),
            products,
        )
        self.assertRecordValues(
            product, [{"name": "Our Rate", "list_price": 77, "standard_price": 33}]
        )

    def test_T5_team_links_to_its_products(self):
        action = self.team.action_open_time_product()
        self.assertEqual(action["res_id"], self.post_paid_product.product_tmpl_id.id)
        action = self.team.action_open_service_products()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(self.prepaid_product.product_tmpl_id, found)
        self.assertIn(self.post_paid_product.product_tmpl_id, found)
        unit = self.env.ref("uom.product_uom_unit")
        elevator = self._create_service("Lift", "ordered_prepaid", uom_id=unit.id)
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertNotIn(elevator.product_tmpl_id, found)
        self.assertEqual(action["context"]["group_by"], ["invoice_policy"])

    def test_T5_team_says_who_changes_products(self):
        self.assertFalse(self.team.with_user(self.manager).can_edit_products)
        self.assertTrue(self.team.can_edit_products)

    def test_T2_placeholder_of_the_project_is_one_line(self):
        arch = self._get_view(self.team, "form")
        (project,) = arch.xpath("//field[@name='default_project_id']")
        self.assertEqual(project.get("placeholder"), "Created on save")

    def test_T2_project_given_with_a_new_team_of_another_company(self):
        company = self._create_company()
        project = self.env["project.project"].create(
            {"name": "Picked", "company_id": company.id}
        )
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Abroad",
                "company_id": company.id,
                "allow_timesheet": True,
                "default_project_id": project.id,
            }
        )
        self.assertEqual(team.with_company(company).default_project_id, project)

    def test_A5_team_with_tickets_stays_in_its_company(self):
        company = self._create_company()
        self._create_ticket()
        with self.assertRaisesRegex(ValidationError, "tickets of another company"):
            self.team.company_id = company

    def test_A5_project_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Second"})
        project = self.env["project.project"].create(
            {"name": "Foreign", "company_id": company.id}
        )
        with self.assertRaisesRegex(ValidationError, "Foreign.*another company"):
            self.team.default_project_id = project
