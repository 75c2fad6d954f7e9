from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.helpdesk_track_bill_prepaid.models.account_analytic_line import (
    BY_MAIL,
    BY_MAIL_KEY,
)

from .common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestHooks(PrepaidCommon):
    """Wherever time comes in, it is drawn in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.soon = cls._sell_block(2, end="2099-01-31")
        cls.late = cls._sell_block(10, end="2099-12-31")
        cls.ticket = cls._create_ticket()

    def _check_split(self, entry):
        self.assertEqual(self._get_parts(entry), [(self.soon, 2.0), (self.late, 1.0)])
        self._check_account(self.soon | self.late)

    def test_D3_form_of_the_ticket(self):
        form = Form(self.ticket.with_user(self.agent))
        with form.timesheet_ids.new() as line:
            line.name = "Typed"
            line.unit_amount = 3
        form.save()
        entry = self.ticket.timesheet_ids.filtered(lambda line: not line.split_from_id)
        self._check_split(entry.sudo())

    def test_D3_rpc_of_an_agent(self):
        entry = (
            self.env["account.analytic.line"]
            .with_user(self.agent)
            .create({"ticket_id": self.ticket.id, "unit_amount": 3, "name": "RPC"})
        )
        self._check_split(entry.sudo())

    def test_D3_timesheets_app(self):
        entry = self.env["account.analytic.line"].create(
            {
                "project_id": self.team.default_project_id.id,
                "employee_id": self.employee.id,
                "unit_amount": 3,
                "name": "On the project",
            }
        )
        self.assertFalse(entry.split_part_ids)
        entry.ticket_id = self.ticket
        self._check_split(entry)

    def test_D3_editable_list(self):
        entry = self._log(self.ticket, 1)
        form = Form(
            entry.with_user(self.agent), view="hr_timesheet.hr_timesheet_line_tree"
        )
        form.unit_amount = 3
        form.save()
        self._check_split(entry)

    def test_D3_import(self):
        result = (
            self.env["account.analytic.line"]
            .with_user(self.agent)
            .with_context(import_file=True)
            .load(
                ["ticket_id/.id", "date", "name", "unit_amount"],
                [
                    [str(self.ticket.id), "2026-03-10", "First", "1.5"],
                    [str(self.ticket.id), "2026-03-10", "Second", "1.5"],
                ],
            )
        )
        self.assertFalse(result["messages"])
        first, second = self.env["account.analytic.line"].browse(result["ids"]).sudo()
        self.assertEqual(self._get_parts(first), [(self.soon, 1.5)])
        self.assertEqual(self._get_parts(second), [(self.soon, 0.5), (self.late, 1.0)])

    def test_D4_mail_is_never_refused(self):
        (self.soon | self.late).hours_overrun = "refuse"
        with self.assertRaises(UserError), self.cr.savepoint():
            self._log(self.ticket, 13)
        entry = (
            self.env["account.analytic.line"]
            .with_context(**{BY_MAIL_KEY: BY_MAIL})
            .create(
                {
                    "ticket_id": self.ticket.id,
                    "employee_id": self.employee.id,
                    "unit_amount": 13,
                    "name": "By mail",
                }
            )
        )
        self.assertEqual(
            (entry | entry.split_part_ids).mapped("coverage"),
            ["prepaid", "prepaid", "uncovered"],
        )

    def test_D6_several_written_at_once(self):
        entries = self._log(self.ticket, 1) | self._log(self.ticket, 0.5)
        entries.write({"unit_amount": 1.5})
        self.assertEqual(self._get_parts(entries[0]), [(self.soon, 1.5)])
        self.assertEqual(
            self._get_parts(entries[1]), [(self.soon, 0.5), (self.late, 1.0)]
        )

    def test_D6_a_copied_entry_is_new(self):
        entry = self._log(self.ticket, 3)
        copy = entry.copy()
        self.assertEqual(self._get_parts(copy), [(self.late, 2.0)])

    def test_E3_a_ticket_of_another_customer_says_whose_hours_it_uses(self):
        self._log(self.ticket, 3)
        self.assertEqual(self.ticket.hours_on_other_items, 0)
        other = self._sell_block(5, partner=self.other_customer)
        self.ticket.partner_id = self.other_customer
        self.assertEqual(self.ticket.hours_on_other_items, 3)
        self.ticket.action_reassign_timesheets()
        parts = self.ticket.timesheet_ids
        self.assertEqual(parts.so_line, other)
        self.assertEqual(sum(parts.mapped("unit_amount")), 3)
        self.assertEqual((self.soon.remaining_hours, other.remaining_hours), (2, 2))

    def test_D1_merged_customers_have_one_account(self):
        own = self._sell_block(1, end="2099-01-15", partner=self.other_customer)
        self._log(self.ticket, 3)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | self.other_customer).ids, self.customer
        )
        self.env.invalidate_all()
        self.assertEqual(own.hours_period_ids.partner_id, self.customer)
        self.assertEqual(self.customer.prepaid_hours_left, 10)
        entry = self._log(self.ticket, 2)
        self.assertEqual(self._get_parts(entry), [(own, 1.0), (self.late, 1.0)])
        blocks = self.env["prepaid.hours.block"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(blocks.line_id, own | self.soon | self.late)
        self._check_account(own | self.soon | self.late)
