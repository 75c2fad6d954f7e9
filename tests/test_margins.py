"""Totals that never wait, beside core's margins by the cost of employees."""

import pytest

from addons import ADDON
from conftest import copied
from odoo_database import Database
from odoo_server import prepare_base

SETTLE = "sale_timesheet_settle"

SOLD = """
junior, senior = env["hr.employee"].create([
    {"name": "Junior", "hourly_cost": 10}, {"name": "Senior", "hourly_cost": 30},
])
product = env["product.product"].create({
    "name": "Support",
    "type": "service",
    "service_policy": "delivered_timesheet",
    "service_tracking": "task_in_project",
    "uom_id": env.ref("uom.product_uom_hour").id,
    "list_price": 50,
})
order = env["sale.order"].create({
    "partner_id": env["res.partner"].create({"name": "Customer"}).id,
    "order_line": [(0, 0, {"product_id": product.id})],
})
order.action_confirm()
"""

LOG = """
env["account.analytic.line"].create({{
    "name": "Work",
    "task_id": env["project.task"].search([("sale_line_id", "!=", False)], limit=1).id,
    "employee_id": env["hr.employee"].search([("name", "=", {name!r})]).id,
    "unit_amount": {hours},
}})
"""

RUN = """
env["ir.cron"].search([("code", "=", "model._cron_settle()")]).method_direct_trigger()
"""

FIGURES = """
    SELECT line.qty_delivered, line.purchase_price, line.margin, sale_order.margin
      FROM sale_order_line line
      JOIN sale_order ON sale_order.id = line.order_id
     ORDER BY line.id DESC LIMIT 1
"""


@pytest.fixture(scope="module", name="margins")
def database_with_margins():
    with copied(prepare_base(), "margins") as database:
        database.load("-i", ADDON, "sale_timesheet_margin")
        database.run(SOLD)
        database.run(LOG.format(name="Junior", hours=2))
        yield database


def is_installed(database: Database):
    return bool(
        database.query(
            "SELECT state FROM ir_module_module"
            f" WHERE name = '{SETTLE}' AND state = 'installed'"
        )
    )


def log_senior(database):
    """Four hours of the dearer employee, logged while others hold the item's row."""
    with database.connect() as held, held.cursor() as cursor:
        if is_installed(database):
            cursor.execute("SELECT FROM sale_order_line FOR NO KEY UPDATE")
        database.run(LOG.format(name="Senior", hours=4))
        pending = is_installed(database) and database.query(
            "SELECT res_model FROM timesheet_settlement"
        )
    return pending


def test_margins_with_employees_of_different_cost(margins):
    """They are what core makes of the same time when nobody is in the way."""
    assert is_installed(margins)
    with copied(margins.name, "margins_of_core") as core:
        core.run(
            "env['ir.module.module'].search("
            f"[('name', '=', {SETTLE!r})]).button_immediate_uninstall()"
        )
        assert not is_installed(core)
        assert not log_senior(core)
        expected = core.query(FIGURES)
    # two hours at 10 and four at 30; Odoo's margin is of the one hour ordered, at 50
    ((delivered, cost, margin, _of_order),) = expected
    assert (delivered, round(cost, 2), round(margin, 2)) == (6, 23.33, 26.67)
    with copied(margins.name, "margins_settled") as settled:
        assert log_senior(settled)
        assert settled.query(FIGURES) != expected
        settled.run(RUN)
        assert settled.query(FIGURES) == expected
