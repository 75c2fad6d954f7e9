from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name


class TwoAtOnceCase(BaseCase):
    """A customer's block and a ticket, each written in a transaction of its own."""

    ordered_hours = 2

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
            line = {"product_id": product.id, "product_uom_qty": self.ordered_hours}
            order = self._create(
                env,
                "sale.order",
                partner_id=customer.id,
                order_line=[Command.create(line)],
            )
            order.action_confirm()
            ticket = self._create_ticket(env, team, partner_id=customer.id)
            employee = self._create(env, "hr.employee", name="Agent")
            self.team, self.customer, self.order = team.id, customer.id, order.id
            self.ticket, self.employee = ticket.id, employee.id

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

    def _create_ticket(self, env, team, **vals):
        return self._create(
            env,
            "helpdesk.ticket",
            name="Printer stuck",
            description="It hums.",
            team_id=team.id,
            **vals,
        )

    @contextmanager
    def _transaction(self):
        with Registry(get_db_name()).cursor() as cr:
            # who waits for the other fails
            cr.execute("SET LOCAL lock_timeout = '1s'")
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
