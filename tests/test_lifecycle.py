"""Installing, adopting, updating and uninstalling on databases that are in use."""

from databases import PREPAID_ORDER

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

WORK = """
team = env["helpdesk.ticket.team"].search([("name", "=", "Support")])
team.default_project_id = env["project.project"].search([("name", "=", "Support")])
team.allow_billable = True
employee = env["hr.employee"].search([("name", "=", "Agent")])
prepaid = env["sale.order.line"].search([("product_id.name", "=", "Hours")])
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
env["account.journal"].create({"name": "Sales", "code": "S1", "type": "sale"})
income = env["account.account"].create({
    "name": "Income", "code": "400999", "account_type": "income",
})
env["product.category"].search([]).property_account_income_categ_id = income
env["product.product"].search([]).property_account_income_id = income
receivable = env["account.account"].create({
    "name": "Receivable", "code": "100999", "account_type": "asset_receivable",
    "reconcile": True,
})
prepaid.order_partner_id.property_account_receivable_id = receivable
env.company.account_sale_tax_id = False
post_paid_order.order_line.tax_ids = False
post_paid_order._create_invoices().action_post()
"""

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
"""


def test_install_rewrites_nothing(database):
    database.run(HISTORY)
    columns = "id, name, number, partner_id, project_id, team_id, write_date"
    before = database.fingerprint("helpdesk_ticket", columns)
    lines = database.fingerprint("sale_order_line")
    database.load("-i")
    assert database.fingerprint("helpdesk_ticket", columns) == before
    assert database.fingerprint("sale_order_line") == lines
    assert database.query(
        "SELECT count(*) FROM helpdesk_ticket WHERE sale_line_id IS NOT NULL"
    ) == [(0,)]


def test_install_adopts_the_data_of_18(database):
    database.run(HISTORY)
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
    database.run(
        """
ticket = env["helpdesk.ticket"].search([("number", "=", "T7")])
other = env["helpdesk.ticket"].search([("number", "=", "T8")])
assert ticket.sale_line_id.product_id.name == "Hours"
assert ticket.sale_order_ids == ticket.sale_order_id == ticket.sale_line_id.order_id
assert other.sale_order_ids == other.sale_order_id == ticket.sale_order_id
assert ticket.last_timesheet_activity == ticket.timesheet_ids.date
assert not other.timesheet_ids and not other.total_hours
assert ticket.timesheet_ids.unit_amount == 2
assert ticket.team_id.default_project_id.allow_timesheets
assert ticket.allow_timesheet
"""
    )


def test_update_twice_changes_nothing(database):
    database.run(HISTORY)
    database.load("-i")
    database.run(WORK)
    tables = ("helpdesk_ticket", "account_analytic_line", "sale_order_line")
    before = [database.fingerprint(table) for table in tables]
    for _time in range(2):
        database.load("-u")
        assert [database.fingerprint(table) for table in tables] == before


def test_uninstall_leaves_orders_invoices_and_entries(database):
    database.run(HISTORY)
    database.load("-i")
    database.run(WORK)
    kept = {
        "sale_order_line": "id, qty_delivered, qty_invoiced, qty_to_invoice,"
        " remaining_hours",
        "account_move": "id, state, amount_total",
        "account_analytic_line": "id, so_line, project_id, unit_amount, amount,"
        " timesheet_invoice_id",
    }
    before = _fingerprints(database, kept)
    assert database.query(
        "SELECT qty_delivered FROM sale_order_line WHERE qty_delivered > 0 ORDER BY id"
    ) == [(4.5,), (4.5,)]
    database.run(
        "env['ir.module.module'].search("
        "[('name', '=', 'helpdesk_track_bill')]).button_immediate_uninstall()"
    )
    assert _fingerprints(database, kept) == before
    database.run(AFTERWARDS)


def _fingerprints(database, kept):
    return {
        table: database.fingerprint(table, columns) for table, columns in kept.items()
    }
