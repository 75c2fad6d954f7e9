"""Installing, adopting, updating and uninstalling on databases that are in use."""

import tarfile
from pathlib import Path

import pytest

from addons import ADDON, OURS
from conftest import copied
from odoo_database import ACCOUNTING, PREPAID_ORDER
from odoo_server import prepare_base

# our addons as they were released, without what an update does not look at
RELEASED = Path(__file__).parent / "data/19.0.1.0.0.tar.gz"
RELEASED_ADDONS = [ADDON, f"{ADDON}_merge", f"{ADDON}_timer"]

HISTORY = (
    PREPAID_ORDER.format(hours=10)
    + """
project = env["project.project"].create({"name": "Support"})
team = env["helpdesk.ticket.team"].create({"name": "Support"})
tickets = env["helpdesk.ticket"].create([
    {
        "name": f"Ticket {number}",
        "number": f"T{number}",
        "description": "Text",
        "team_id": team.id,
        "partner_id": customer.id,
        "project_id": project.id,
    }
    for number in range(1000)
])
employee = env["hr.employee"].create({"name": "Agent", "user_id": env.user.id})
entry = env["account.analytic.line"].create({
    "project_id": project.id, "employee_id": employee.id, "unit_amount": 2,
})
"""
)

# What the community's 18.0 addons left in the tables
COLUMNS_OF_18 = """
ALTER TABLE helpdesk_ticket_team ADD COLUMN allow_timesheet bool;
ALTER TABLE helpdesk_ticket
    ADD COLUMN planned_hours float8,
    ADD COLUMN sale_line_id int4;
ALTER TABLE account_analytic_line ADD COLUMN ticket_id int4;
UPDATE helpdesk_ticket_team SET allow_timesheet = true WHERE name->>'en_US' = 'Support';
UPDATE helpdesk_ticket
   SET planned_hours = CASE number WHEN 'T7' THEN 5 END,
       sale_line_id = (SELECT max(id) FROM sale_order_line)
 WHERE number IN ('T7', 'T8');
UPDATE account_analytic_line
   SET ticket_id = (SELECT id FROM helpdesk_ticket WHERE number = 'T7')
 WHERE project_id = (SELECT id FROM project_project WHERE name->>'en_US' = 'Support');
"""

WORK = (
    """
team = env["helpdesk.ticket.team"].search([("name", "=", "Support")])
team.default_project_id = env["project.project"].search([("name", "=", "Support")])
team.allow_billable = True
employee = env["hr.employee"].search([("name", "=", "Agent")])
prepaid = env["sale.order.line"].search([("product_id.name", "=", "Hours")])
customer = prepaid.order_partner_id
post_paid_order = env["sale.order"].create({
    "partner_id": prepaid.order_partner_id.id,
    "order_line": [
        (0, 0, {"product_id": env.ref("sale_timesheet.time_product").id}),
    ],
})
post_paid_order.action_confirm()
for number, item in ((1, prepaid), (2, post_paid_order.order_line)):
    ticket = env["helpdesk.ticket"].search([("number", "=", f"T{number}")])
    ticket.sale_line_id = item
    for hours in (3, 1.5):
        env["account.analytic.line"].create({
            "ticket_id": ticket.id,
            "employee_id": employee.id,
            "unit_amount": hours,
            "name": "Work",
        })
"""
    + ACCOUNTING
    + """
post_paid_order.order_line.tax_ids = False
post_paid_order._create_invoices().action_post()
"""
)

AFTERWARDS = """
view = env["project.task"].get_views([(False, "form")])
assert "ticket_id" not in env["account.analytic.line"]._fields
order = env["sale.order"].search([("order_line.product_id.name", "=", "Hours")])
task = env["project.task"].create({
    "name": "Task",
    "project_id": env["project.project"].search([("name", "=", "Support")])[:1].id,
})
line = env["account.analytic.line"].create({
    "task_id": task.id,
    "employee_id": env["hr.employee"].search([("name", "=", "Agent")]).id,
    "unit_amount": 1,
})
assert line.project_id == task.project_id
env["account.analytic.line"].search([("name", "=", "Work")]).read(["so_line"])
env["helpdesk.ticket"].search([]).read(["name", "project_id"])
for model in ("sale.order", "helpdesk.ticket", "helpdesk.ticket.team"):
    env[model].get_views([(False, "form"), (False, "list")])
env.flush_all()
env.cr.rollback()
"""


ADOPTED = """
ticket = env["helpdesk.ticket"].search([("number", "=", "T7")])
other = env["helpdesk.ticket"].search([("number", "=", "T8")])
assert ticket.sale_line_id.product_id.name == "Hours"
order = ticket.sale_line_id.order_id
assert ticket.sale_order_id == other.sale_order_id == order
assert ticket.so_count == other.so_count == 1
assert order.ticket_count == 2
assert ticket.last_timesheet_activity == ticket.timesheet_ids.date
assert not other.timesheet_ids and not other.total_hours
assert ticket.timesheet_ids.unit_amount == 2
assert ticket.team_id.default_project_id.allow_timesheets
assert ticket.allow_timesheet
assert ticket.remaining_hours_available and other.remaining_hours_available
"""

# Install an addon, uninstall it with those that need it, and look at the tables
ALONE = """
def get_columns():
    env.cr.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public'"
    )
    return set(env.cr.fetchall())

modules = env["ir.module.module"]
modules.update_list()
module = modules.search([("name", "=", {name!r})])
if module.state == "installed":
    # it installed itself along
    module.button_immediate_uninstall()
assert module.state == "uninstalled"
module.button_immediate_install()
assert module.state == "installed"
before = get_columns()
gone = (module | module.downstream_dependencies()).mapped("name")
owned = "SELECT res_id FROM ir_model_data WHERE model = %s GROUP BY res_id HAVING" \
    " bool_and(module = ANY(%s))"
env.cr.execute(
    f"SELECT model, name FROM ir_model_fields WHERE id IN ({{owned}})",
    ["ir.model.fields", gone],
)
fields = {{(env[model]._table, name) for model, name in env.cr.fetchall()}}
env.cr.execute(
    f"SELECT model FROM ir_model WHERE id IN ({{owned}})", ["ir.model", gone]
)
tables = {{env[model]._table for (model,) in env.cr.fetchall()}}
env.cr.execute(
    "SELECT relation.name FROM ir_model_relation relation"
    "  JOIN ir_module_module module ON module.id = relation.module"
    " GROUP BY relation.name HAVING bool_and(module.name = ANY(%s))", [gone]
)
tables |= {{table for (table,) in env.cr.fetchall()}}
module.button_immediate_uninstall()
assert module.state == "uninstalled"
left = env["ir.model.data"].search([("module", "in", gone)])
assert not left, left.mapped("complete_name")
expected = {{
    (table, column)
    for table, column in before - fields
    if table not in tables
}}
assert get_columns() == expected, get_columns() ^ expected
for model in ("sale.order", "helpdesk.ticket", "helpdesk.ticket.team", "project.task"):
    env[model].get_views([(False, "form"), (False, "list")])
"""

# What installed itself to let nobody wait, removed again
UNSETTLE = """
env["ir.module.module"].search(
    [("name", "=", "sale_timesheet_settle")]
).button_immediate_uninstall()
"""

UNSETTLED = """
prepaid, post_paid = (
    env["helpdesk.ticket"].search([("number", "=", number)]) for number in ("T1", "T2")
)
assert prepaid.remaining_hours_so == 5.5, prepaid.remaining_hours_so
item = post_paid.sale_line_id
assert (item.qty_delivered, item.qty_invoiced, item.qty_to_invoice) == (4.5, 4.5, 0)
invoice = item.order_id.invoice_ids
assert invoice.state == "posted" and invoice.timesheet_ids == post_paid.timesheet_ids
"""

# hours that an import holds up: the totals are to be added up yet
PENDING = """
INSERT INTO helpdesk_time_settlement (res_model, res_id)
SELECT 'sale.order.line', so_line FROM account_analytic_line
 WHERE so_line IS NOT NULL GROUP BY so_line;
UPDATE sale_order_line
   SET qty_delivered = qty_delivered - 1, remaining_hours = remaining_hours + 1
 WHERE id IN (SELECT so_line FROM account_analytic_line);
"""

SETTLE = """
crons = env["ir.cron"].search([("code", "=like", "model.\\_cron\\_settle%")])
crons.method_direct_trigger()
"""

# what an update may not change, and what it must leave as a new installation does
FIGURES = (
    *("account_analytic_line", "account_move", "account_move_line"),
    *("helpdesk_ticket", "helpdesk_ticket_team", "sale_order", "sale_order_line"),
)
NEW = {
    "addons": "SELECT name FROM ir_module_module WHERE state = 'installed'",
    "columns": "SELECT table_name, column_name, data_type"
    "  FROM information_schema.columns WHERE table_schema = 'public'",
    "indexes": "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "scheduled actions": """
        SELECT model.model, action.code, cron.active, interval_number, interval_type
          FROM ir_cron cron
          JOIN ir_act_server action ON action.id = cron.ir_actions_server_id
          JOIN ir_model model ON model.id = action.model_id
    """,
    "record rules": r"""
        SELECT model.model, rule.name, regexp_replace(domain_force, '\s', '', 'g')
          FROM ir_rule rule JOIN ir_model model ON model.id = rule.model_id
    """,
    "records of ours": """
        SELECT module, name FROM ir_model_data WHERE module IN ('{ours}')
    """,
}


@pytest.fixture(scope="module")
def history():
    """A database in use: a thousand tickets, an order and time, but not the addon."""
    with copied(prepare_base(), "lifecycle_history") as database:
        database.run(HISTORY)
        yield database


@pytest.fixture(scope="module")
def installed(history):
    """The same with the addon."""
    with copied(history.name, "lifecycle_installed") as database:
        database.load("-i")
        yield database


@pytest.fixture(scope="module")
def worked(installed):
    """The same with time on tickets, and an invoice of some of it."""
    with copied(installed.name, "lifecycle_worked") as database:
        database.run(WORK)
        yield database


def test_install_rewrites_nothing(history, installed):
    columns = "id, name, number, partner_id, project_id, team_id, write_date"
    for table, kept in (("helpdesk_ticket", columns), ("sale_order_line", "*")):
        assert installed.fingerprint(table, kept) == history.fingerprint(table, kept)
    assert installed.query(
        "SELECT count(*) FROM helpdesk_ticket WHERE sale_line_id IS NOT NULL"
    ) == [(0,)]


def test_install_adopts_the_data_of_18(history):
    with copied(history.name, "lifecycle_adopted") as database:
        database.query(COLUMNS_OF_18)
        database.load("-i")
        ((planned, total, remaining, progress, ticket_id),) = database.query(
            "SELECT planned_hours, total_hours, remaining_hours, progress, id"
            "  FROM helpdesk_ticket WHERE number = 'T7'"
        )
        assert (planned, total, remaining, progress) == (5, 2, 3, 40)
        assert database.query(
            "SELECT ticket_id, ticket_partner_id IS NOT NULL FROM account_analytic_line"
            " WHERE ticket_id IS NOT NULL"
        ) == [(ticket_id, True)]
        database.run(ADOPTED)


def test_update_twice_changes_nothing(worked):
    tables = ("helpdesk_ticket", "account_analytic_line", "sale_order_line")
    before = [worked.fingerprint(table) for table in tables]
    with copied(worked.name, "lifecycle_updated") as database:
        for _time in range(2):
            database.load("-u")
            assert [database.fingerprint(table) for table in tables] == before


def test_uninstall_leaves_orders_invoices_and_entries(worked):
    kept = {
        "sale_order_line": "id, qty_delivered, qty_invoiced, qty_to_invoice,"
        " remaining_hours",
        "account_move": "id, state, amount_total",
        "account_analytic_line": "id, so_line, project_id, unit_amount, amount,"
        " timesheet_invoice_id",
    }
    assert worked.query(
        "SELECT qty_delivered FROM sale_order_line WHERE qty_delivered > 0 ORDER BY id"
    ) == [(4.5,), (4.5,)]
    with copied(worked.name, "lifecycle_uninstalled") as database:
        # the administrators' guide says what stays, and how it goes
        for name, others in (
            (ADDON, {"sale_timesheet_books", "sale_timesheet_settle"}),
            ("sale_timesheet_books", set()),
        ):
            database.run(
                "env['ir.module.module'].search("
                f"[('name', '=', '{name}')]).button_immediate_uninstall()"
            )
            installed = {module for (module,) in database.query(NEW["addons"])}
            assert installed & OURS.keys() == others
            for table, columns in kept.items():
                assert database.fingerprint(table, columns) == worked.fingerprint(
                    table, columns
                )
            database.run(AFTERWARDS)


def test_time_is_logged_and_billed_without_what_never_waits(installed):
    with copied(installed.name, "lifecycle_unsettled") as database:
        database.run(UNSETTLE)
        left = {module for (module,) in database.query(NEW["addons"])} & OURS.keys()
        assert left == {ADDON, "sale_timesheet_books"}
        database.run(WORK)
        database.run(UNSETTLED)


@pytest.mark.parametrize("name", OURS)
def test_each_addon_alone_is_installed_and_uninstalled(name, installed):
    beside = installed.name if ADDON in OURS[name].depends else prepare_base()
    with copied(beside, f"lifecycle_{name}") as database:
        database.run(ALONE.format(name=name), compat=True)


@pytest.fixture(scope="module")
def released(history, tmp_path_factory):
    """A database in use with the addons as they were released."""
    folder = tmp_path_factory.mktemp("released")
    with tarfile.open(RELEASED) as archive:
        archive.extractall(folder, filter="data")
    with copied(history.name, "lifecycle_released") as database:
        database.load("-i", *RELEASED_ADDONS, compat=True, ours=folder)
        database.run(WORK, compat=True, ours=folder)
        yield database


def test_update_from_the_release_keeps_all_figures(released):
    with copied(released.name, "lifecycle_settled") as database:
        database.query(PENDING)
        database.load("-u", compat=True)
        database.run(SETTLE, compat=True)
        for table in FIGURES:
            columns = ", ".join(sorted(_get_figures(released, database, table)))
            assert database.fingerprint(table, columns) == released.fingerprint(
                table, columns
            ), table
        assert database.query(
            "SELECT number, COALESCE(remaining_hours_available, false)"
            "  FROM helpdesk_ticket WHERE sale_line_id IS NOT NULL ORDER BY number"
        ) == [("T1", True), ("T2", False)]


def _get_figures(before, after, table):
    """The columns that a table had and has, without who wrote last."""
    query = (
        "SELECT column_name FROM information_schema.columns"
        f" WHERE table_name = '{table}'"
    )
    shared = {*before.query(query)} & {*after.query(query)}
    return {name for (name,) in shared} - {"write_date", "write_uid"}


def test_update_from_the_release_is_a_new_installation(released, history):
    with (
        copied(released.name, "lifecycle_updated") as updated,
        copied(history.name, "lifecycle_new") as new,
    ):
        updated.load("-u", compat=True)
        new.load("-i", *RELEASED_ADDONS, compat=True)
        for what, query in NEW.items():
            query = query.format(ours="', '".join(OURS))
            found, expected = set(updated.query(query)), set(new.query(query))
            assert found == expected, (what, found ^ expected)
