from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import TrackBillCommon

GROUPS = (
    "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager,"
    "sales_team.group_sale_manager,project.group_project_manager"
)


@tagged("post_install", "-at_install")
class TestCompanies(TrackBillCommon):
    """Rule A5: no mix of companies, whichever way it comes, however far rights go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company()
        both = cls.company | cls.other_company
        cls.user = cls._create_user(
            "both", GROUPS, company_ids=[fields.Command.set(both.ids)]
        )
        cls.env = cls.env(
            user=cls.user,
            context={"allowed_company_ids": both.ids, "tracking_disable": True},
        )
        cls.own_employee = cls._create_employee(cls.user)
        cls.other_employee = cls._create_employee(
            cls.agent, company_id=cls.other_company.id
        )
        cls.other_team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Second Support",
                "company_id": cls.other_company.id,
                "allow_billable": True,
            }
        )
        cls.other_project = cls.other_team.with_company(
            cls.other_company
        ).default_project_id
        cls.item = cls._sell_hours(10)
        cls.other_item = (
            cls.env["sale.order"]
            .with_company(cls.other_company)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "order_line": [
                        fields.Command.create(
                            {
                                "product_id": cls.prepaid_product.id,
                                "product_uom_qty": 10,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
            )
            .order_line
        )
        cls.other_item.order_id.action_confirm()
        cls.ticket = cls._create_ticket()
        cls.other_ticket = cls._create_ticket(
            team_id=cls.other_team.id, company_id=cls.other_company.id
        )
        cls.entry = cls._log(cls.ticket, 1)
        cls.other_entry = cls._log(
            cls.other_ticket, 1, employee_id=cls.other_employee.id
        )

    def _assert_refused(self, record, vals, message, create):
        """A mix is refused with its sentence, created, written, saved or imported.

        :param create: what a new record needs beside the values
        """
        record = self.env[record._name].browse(record.id)
        new_vals = {**create, **vals}
        # names of relational fields are imported by their database id
        columns = [
            f"{name}/.id" if record._fields[name].relational else name
            for name in new_vals
        ]
        self._assert_change_refused(record, vals, message)
        with (
            self.subTest(model=record._name, vals=vals, way="create"),
            self.assertRaisesRegex(UserError, message),
            self.cr.savepoint(),
        ):
            record.create(new_vals)
        with self.subTest(model=record._name, vals=vals, way="load"):
            result = record.load(columns, [[str(v) for v in new_vals.values()]])
            self.assertFalse(result["ids"])
            self.assertRegex(result["messages"][0]["message"], message)

    def _assert_change_refused(self, record, vals, message):
        record = self.env[record._name].browse(record.id)
        for way, call in (
            ("write", lambda: record.write(vals)),
            ("web_save", lambda: record.web_save(vals, {"id": {}})),
        ):
            with (
                self.subTest(model=record._name, vals=vals, way=way),
                self.assertRaisesRegex(UserError, message),
                self.cr.savepoint(),
            ):
                call()

    def test_A5_item_of_the_ticket(self):
        self._assert_refused(
            self.ticket,
            {"sale_line_id": self.other_item.id},
            "Sales Order Item of the ticket .* belongs to another company",
            self._get_ticket_vals(),
        )

    def test_A5_entry_moved_over_a_project_of_no_company_changes_company(self):
        shared = self.env["project.project"].create(
            {"name": "Shared", "company_id": False, "allow_billable": True}
        )
        shared.account_id = self.ticket.project_id.account_id.copy(
            {"company_id": False, "name": "Shared"}
        )
        tickets = self.ticket | self.other_ticket
        for ticket in tickets:
            ticket.team_id.with_company(ticket.company_id).default_project_id = shared
        ticket = self._create_ticket()
        other = self._create_ticket(team_id=self.other_team.id)
        entry = self._log(ticket, 1)
        self.assertEqual(entry.company_id, self.company)
        entry.write({"ticket_id": other.id, "employee_id": self.other_employee.id})
        self.assertEqual(entry.company_id, self.other_company)

    def test_A5_team_of_the_ticket(self):
        self._assert_change_refused(
            self.ticket,
            {"team_id": self.other_team.id},
            "belongs to .*, but Second Support to Second",
        )

    def test_A5_company_of_the_ticket(self):
        self._assert_change_refused(
            self.ticket, {"company_id": self.other_company.id}, "belongs to|has time"
        )

    def test_A5_new_tickets_are_of_their_teams_company(self):
        ticket = self._create_ticket(company_id=self.other_company.id)
        self.assertEqual(ticket.company_id, self.company)

    def test_A5_project_of_the_ticket(self):
        self._assert_refused(
            self.ticket,
            {"project_id": self.other_project.id},
            "belongs to .*, but Second Support to Second",
            self._get_ticket_vals(),
        )

    def test_A5_project_of_the_team(self):
        self._assert_refused(
            self.team,
            {"default_project_id": self.other_project.id},
            "The project Second Support belongs to another company than the team",
            {"name": "New", "allow_timesheet": True, "company_id": self.company.id},
        )

    def test_A5_company_of_the_team(self):
        with self.assertRaisesRegex(UserError, "has tickets of another company"):
            self.env["helpdesk.ticket.team"].browse(
                self.team.id
            ).company_id = self.other_company

    def test_A5_company_of_a_ticket_with_time(self):
        shared = self.env["helpdesk.ticket.team"].create(
            {"name": "Shared", "company_id": False, "allow_timesheet": True}
        )
        ticket = self._create_ticket(team_id=shared.id)
        ticket.company_id = self.other_company
        ticket.company_id = self.company
        self._log(ticket, 1)
        self._assert_change_refused(
            ticket, {"company_id": self.other_company.id}, "has time entries of"
        )

    def test_A5_item_of_the_entry(self):
        self._assert_refused(
            self.entry,
            {"so_line": self.other_item.id},
            "Sales Order Item of the ticket .* belongs to another company",
            self._get_entry_vals(),
        )

    def test_A5_employee_of_the_entry(self):
        self._assert_refused(
            self.entry,
            {"employee_id": self.other_employee.id},
            "The employee .* works for Second, but the ticket .* belongs to",
            {"ticket_id": self.ticket.id, "name": "Work", "unit_amount": 1},
        )

    def test_A5_project_of_the_entry(self):
        with self.assertRaisesRegex(UserError, "change the project and task there"):
            self.entry.project_id = self.other_project

    def test_A5_ticket_of_the_entry(self):
        """Moved to a ticket of another company, an entry needs an employee there."""
        self._assert_refused(
            self.entry,
            {"ticket_id": self.other_ticket.id},
            "The employee .* works for .*, but the ticket .* belongs to Second",
            {"employee_id": self.employee.id, "name": "Work", "unit_amount": 1},
        )

    def test_A5_company_of_the_entry(self):
        """An entry is of its ticket's company, whatever the client says."""
        entry = self.env["account.analytic.line"].create(
            {**self._get_entry_vals(), "company_id": self.other_company.id}
        )
        self.assertEqual(entry.company_id, self.company)
        with self.assertRaisesRegex(UserError, "compan"):
            entry.company_id = self.other_company

    def test_A5_entry_moves_to_another_company_with_its_employee(self):
        colleague = self._create_employee(self.user, company_id=self.other_company.id)
        self.entry.write(
            {"ticket_id": self.other_ticket.id, "employee_id": colleague.id}
        )
        self.assertRecordValues(
            self.entry,
            [
                {
                    "company_id": self.other_company.id,
                    "project_id": self.other_project.id,
                    "so_line": self.other_item.id,
                }
            ],
        )

    def test_A5_new_line_of_a_ticket_is_of_its_company_s_employee(self):
        colleague = self._create_employee(self.user, company_id=self.other_company.id)
        ticket = self.env["helpdesk.ticket"].browse(self.other_ticket.id)
        with Form(ticket) as form, form.timesheet_ids.new() as line:
            line.name = "Work"
            line.unit_amount = 1
        self.assertEqual(
            ticket.timesheet_ids.employee_id, colleague | self.other_employee
        )

    def test_A5_ticket_chosen_in_timesheets_brings_its_company_s_employee(self):
        colleague = self._create_employee(self.user, company_id=self.other_company.id)
        form = Form(
            self.env["account.analytic.line"].with_context(is_timesheet=1),
            "hr_timesheet.timesheet_view_form_user",
        )
        form.employee_id = self.own_employee
        form.ticket_id = self.other_ticket
        form.name = "Work"
        form.unit_amount = 1
        self.assertEqual(form.save().employee_id, colleague)

    def test_A5_company_of_the_project(self):
        self.entry.unlink()
        with self.assertRaisesRegex(UserError, "records the time of tickets of"):
            self.ticket.project_id.company_id = self.other_company

    def test_K2_new_ticket_in_the_form_is_of_its_team_s_company(self):
        form = Form(self.env["helpdesk.ticket"])
        form.name = "Printer stuck"
        form.team_id = self.other_team
        form.partner_id = self.contact
        self.assertEqual(form.company_id, self.other_company)
        ticket = form.save()
        self.assertEqual(ticket.company_id, self.other_company)
        self.assertEqual(ticket.sale_line_id, self.other_item)
        self.assertEqual(ticket.project_id, self.other_project)

    def test_A5_shared_project_keeps_companies_apart(self):
        shared = self.env["project.project"].create(
            {"name": "Shared", "company_id": False, "allow_billable": True}
        )
        self.team.default_project_id = shared
        self.other_team.with_company(self.other_company).default_project_id = shared
        ticket = self._create_ticket()
        other = self._create_ticket(
            team_id=self.other_team.id, company_id=self.other_company.id
        )
        entry = self._log(ticket, 1)
        other_entry = self._log(other, 1, employee_id=self.other_employee.id)
        self.assertEqual(entry.so_line, self.item)
        self.assertEqual(entry.company_id, self.company)
        self.assertEqual(other_entry.so_line, self.other_item)
        self.assertEqual(other_entry.company_id, self.other_company)

    def test_A5_what_is_of_the_other_company_stays_out_of_sight(self):
        here = self.env(
            user=self.user, context={"allowed_company_ids": self.company.ids}
        )
        for record in (self.other_ticket, self.other_entry, self.other_item):
            found = record.with_env(here).search([("id", "=", record.id)])
            self.assertFalse(found, record)
        lines = self.env["sale.order.line"].with_env(here)
        names = lines.with_user(self.agent).with_context(
            ticket_commercial_partner_id=self.customer.id,
            ticket_company_id=self.other_company.id,
        )
        self.assertFalse(names.name_search(""))

    def _get_ticket_vals(self):
        return {
            "name": "Printer stuck",
            "description": "It hums.",
            "team_id": self.team.id,
            "partner_id": self.contact.id,
        }

    def _get_entry_vals(self):
        return {
            "ticket_id": self.ticket.id,
            "employee_id": self.employee.id,
            "name": "Work",
            "unit_amount": 1,
        }
