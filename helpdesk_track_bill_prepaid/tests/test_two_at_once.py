from odoo.fields import Command
from odoo.tests import tagged

from .two_at_once import TwoAtOnceCase


@tagged("post_install", "-at_install")
class TestTwoAtOnce(TwoAtOnceCase):
    """D10: time that others have committed, each in a transaction of its own."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            env["sale.order"].browse(self.order).order_line.hours_overrun = "bill"
            self.vals = {
                "employee_id": self.employee,
                "unit_amount": 2,
                "name": "Work",
            }
            entry = env["account.analytic.line"].create(
                {**self.vals, "ticket_id": self.ticket}
            )
            self.assertEqual(entry.coverage, "prepaid")
            self.entry = entry.id

    def test_D10_what_draws_no_longer_gives_back_within_the_same_save(self):
        with self._transaction() as env:
            entry = env["account.analytic.line"].browse(self.entry)
            other = self._create(
                env, "helpdesk.ticket.team", name="Others", allow_billable=True
            )
            ticket = entry.ticket_id
            moved = self._create_ticket(env, other)
            entry.ticket_id = moved
            self.assertFalse(entry.so_line)
            ticket.timesheet_ids = [Command.create(self.vals)]
            self.assertEqual(ticket.timesheet_ids.coverage, "prepaid")
            entry.unlink()

    def test_D10_what_is_deleted_gives_back_within_the_same_save(self):
        with self._transaction() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket)
            ticket.timesheet_ids = [
                Command.delete(self.entry),
                Command.create(self.vals),
            ]
            entry = ticket.timesheet_ids
            block = env["sale.order"].browse(self.order).order_line
            self.assertEqual((entry.coverage, entry.so_line), ("prepaid", block))
