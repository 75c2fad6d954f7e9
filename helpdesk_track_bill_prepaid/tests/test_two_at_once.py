from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install")
class TestTwoAtOnce(BaseCase):
    """D10: time that others have committed, each in a transaction of its own."""

    def setUp(self):
        super().setUp()
        self.created = []
        self.addCleanup(self._clean_up)
        with self._transaction() as env:
            team = self._create(
                env,
                "helpdesk.ticket.team",
                name="Support",
                allow_billable=True,
                prepaid_draw="order",
            )
            product = self._create(
                env,
                "product.product",
                name="Support",
                type="service",
                service_policy="ordered_prepaid",
                uom_id=env.ref("uom.product_uom_hour").id,
            )
            customer = self._create(env, "res.partner", name="Clinic", is_company=True)
            lines = [{"product_id": product.id, "product_uom_qty": 2}]
            order = self._create(
                env,
                "sale.order",
                partner_id=customer.id,
                order_line=[Command.create(vals) for vals in lines],
            )
            order.action_confirm()
            order.order_line.hours_overrun = "bill"
            ticket = self._create(
                env,
                "helpdesk.ticket",
                name="Printer stuck",
                description="It hums.",
                team_id=team.id,
                partner_id=customer.id,
            )
            employee = self._create(env, "hr.employee", name="Agent")
            self.ticket, self.order = ticket.id, order.id
            self.vals = {
                "employee_id": employee.id,
                "unit_amount": 2,
                "name": "Work",
            }
            self.entry = env["account.analytic.line"].create(
                {**self.vals, "ticket_id": ticket.id}
            )
            self.assertEqual(self.entry.coverage, "prepaid")
            self.entry = self.entry.id

    def _clean_up(self):
        with self._transaction() as env:
            env["account.analytic.line"].search(
                [("ticket_id", "=", self.ticket)]
            ).unlink()
            env["sale.order"].browse(self.order)._action_cancel()
            for model, id_ in reversed(self.created):
                env[model].browse(id_).unlink()

    def _create(self, env, model, **vals):
        record = env[model].create(vals)
        self.created.append((model, record.id))
        return record

    @contextmanager
    def _transaction(self):
        with Registry(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def test_D10_what_draws_no_longer_gives_back_within_the_same_save(self):
        with self._transaction() as env:
            entry = env["account.analytic.line"].browse(self.entry)
            other = self._create(
                env, "helpdesk.ticket.team", name="Others", allow_billable=True
            )
            ticket = entry.ticket_id
            moved = self._create(
                env,
                "helpdesk.ticket",
                name="Mouse stuck",
                description="It squeaks.",
                team_id=other.id,
            )
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
