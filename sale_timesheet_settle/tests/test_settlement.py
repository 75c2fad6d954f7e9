from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import LockNotAvailable

LOGGER = "odoo.addons.sale_timesheet_settle.models.timesheet_settlement"


@tagged("post_install", "-at_install")
class TestSettlement(BaseCase):
    """Several transactions on one item, each committed as a request's is."""

    def setUp(self):
        super().setUp()
        self.created = []
        with self._transaction() as env:
            hour = env.ref("uom.product_uom_hour").id
            product = self._create(
                env,
                "product.product",
                name="Support",
                type="service",
                service_policy="delivered_timesheet",
                uom_id=hour,
                list_price=50,
            )
            partner = self._create(env, "res.partner", name="Clinic")
            project = self._create(
                env,
                "project.project",
                name="Work",
                allow_billable=True,
                allow_timesheets=True,
                partner_id=partner.id,
            )
            order = self._create(
                env,
                "sale.order",
                partner_id=partner.id,
                order_line=[(0, 0, {"product_id": product.id})],
            )
            order.action_confirm()
            task = self._create(
                env,
                "project.task",
                name="Task",
                project_id=project.id,
                sale_line_id=order.order_line.id,
            )
            self.employees = [
                self._create(env, "hr.employee", name=f"At {cost}", hourly_cost=cost).id
                for cost in (20, 90)
            ]
            self.task, self.item, self.order = task.id, order.order_line.id, order.id
            self.project = project.id
        self._log(1)

    def tearDown(self):
        with self._transaction() as env:
            env["timesheet.settlement"].search([]).unlink()
            env["sale.order"].browse(self.order).invoice_ids.unlink()
            env["account.analytic.line"].search([("task_id", "=", self.task)]).unlink()
            env["sale.order"].browse(self.order)._action_cancel()
            for model, id_ in reversed(self.created):
                env[model].browse(id_).unlink()
        super().tearDown()

    def _create(self, env, model, **vals):
        record = env[model].create(vals)
        self.created.append((model, record.id))
        return record

    @contextmanager
    def _transaction(self):
        with Registry(get_db_name()).cursor() as cr:
            # who waits where nobody should wait fails
            cr.execute("SET LOCAL lock_timeout = '1s'")
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _log(self, hours, employee=0):
        with self._transaction() as env:
            env["account.analytic.line"].create(
                {
                    "task_id": self.task,
                    "project_id": self.project,
                    "employee_id": self.employees[employee],
                    "unit_amount": hours,
                    "name": "Work",
                }
            )
            env.flush_all()

    def _log_while_held(self, hours, **values):
        """Log time while an import holds the row of the item."""
        with self._transaction() as env:
            env.cr.execute(
                "SELECT FROM sale_order_line WHERE id = %s FOR NO KEY UPDATE",
                [self.item],
            )
            self._log(hours, **values)

    def _read(self):
        """Delivered hours, and how many rows are pending."""
        with self._transaction() as env:
            delivered = env["sale.order.line"].browse(self.item).qty_delivered
            return delivered, env["timesheet.settlement"].search_count([])

    def _settle(self):
        """What the scheduled action does, which commits as it goes on."""
        with self._transaction() as env:
            env["timesheet.settlement"]._cron_settle()

    def test_time_does_not_wait_for_a_held_item(self):
        self._log_while_held(3)
        self.assertEqual(self._read(), (1, 1))
        self._settle()
        self.assertEqual(self._read(), (4, 0))

    def test_time_of_employees_of_different_cost_does_not_wait_either(self):
        """Core's sale_timesheet_margin, where installed, writes cost and margins."""
        self._log_while_held(3, employee=1)
        self.assertEqual(self._read(), (1, 1))
        self._settle()
        self.assertEqual(self._read(), (4, 0))
        with self._transaction() as env:
            item = env["sale.order.line"].browse(self.item)
            # Odoo's own figures, computed anew
            names = sorted(item._time_totals & item._fields.keys())
            settled = [item[name] for name in names]
            for name in names:
                env.add_to_compute(item._fields[name], item)
            self.assertEqual([item[name] for name in names], settled)

    def test_price_written_by_hand_waits_as_in_odoo(self):
        with self._transaction() as holder:
            holder.cr.execute(
                "SELECT FROM sale_order_line WHERE id = %s FOR NO KEY UPDATE",
                [self.item],
            )
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(LockNotAvailable),
                self._transaction() as env,
            ):
                env["sale.order.line"].browse(self.item).price_unit = 60
                env.flush_all()

    def test_invoices_settle_first(self):
        self._log_while_held(3)
        with self._transaction() as env:
            order = env["sale.order"].browse(self.order)
            wizard = (
                env["sale.advance.payment.inv"]
                .with_context(active_model="sale.order", active_ids=order.ids)
                .create({"advance_payment_method": "delivered"})
            )
            wizard.create_invoices()
            invoice = order.invoice_ids
            self.assertEqual(invoice.invoice_line_ids.quantity, 4)
            self.assertEqual(sum(invoice.timesheet_ids.mapped("unit_amount")), 4)
        self.assertEqual(self._read(), (4, 0))

    def test_invoices_of_a_period_settle_first(self):
        self._log_while_held(3)
        with self._transaction() as env:
            item = env["sale.order.line"].browse(self.item)
            item._recompute_qty_to_invoice("2000-01-01", "2999-12-31")
            self.assertEqual(item.qty_to_invoice, 4)

    def test_deleted_records_are_forgotten(self):
        with self._transaction() as env:
            self._schedule(env, "sale.order.line", 2**31 - 1)
        self._settle()
        self.assertEqual(self._read(), (1, 0))

    def test_a_row_that_fails_stops_no_other_and_tells_nobody(self):
        with self._transaction() as env:
            self._schedule(env, "res.country", 1)  # has no totals
            self._schedule(env, "sale.order.line", self.item)
        with self.assertLogs(LOGGER, "ERROR"):
            self._settle()
        self.assertEqual(self._read(), (1, 1))

    def test_other_records_of_the_same_number_are_left_alone(self):
        with self._transaction() as env:
            self._schedule(env, "sale.order", self.item)
            self._schedule(env, "sale.order.line", self.item)
            rows = env["timesheet.settlement"].search([])
            rows.filtered(lambda row: row.res_model == "sale.order.line")._settle()
            self.assertEqual(
                env["timesheet.settlement"].search([]).mapped("res_model"),
                ["sale.order"],
            )

    def test_the_context_of_the_user_narrows_nothing(self):
        self._log_while_held(3)
        with self._transaction() as env:
            rows = env["timesheet.settlement"].search([])
            rows.with_context(accrual_entry_date="2000-01-01")._settle_alone(rows.ids)
        self.assertEqual(self._read(), (4, 0))

    def _schedule(self, env, model, id_):
        env["timesheet.settlement"].create(
            {"res_model": model, "res_id": id_, "totals": "qty_delivered"}
        )
