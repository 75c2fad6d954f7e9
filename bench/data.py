"""Databases of a size, the same for everybody: built by SQL, then the addon installed.

One record of each kind comes from the ORM; ``INSERT … SELECT generate_series`` copies
it. The addon is installed last: once where no time was logged on tickets yet, and once
where the community's 18.0 addons left all the entries, which it adopts; that one is
kept.
"""

import json
import subprocess
import time
from contextlib import contextmanager

from psycopg2 import sql

import database
from addons import ADDON
from common import DEV, ROOT, die, digest, is_current, mark_current, say
from odoo_server import ODOO, prepare_base

# tickets, as many tasks and order lines; ten entries each, on tickets and on tasks
TICKETS = {"XS": 40, "S": 1_000, "M": 20_000, "L": 100_000}
ENTRIES_EACH = 10
# entries of one item, whose totals the next entry adds up anew
GROWTH = {
    "XS": (10,),
    "S": (10, 100, 1_000),
    "M": (10, 100, 1_000, 10_000),
    "L": (10, 100, 1_000, 10_000, 100_000),
}
AGENTS, TEAMS = 10, 49
LONG, INVOICED = 200, 10_000

ORIGINALS = """
from odoo.fields import Command

GROUPS = {
    "agent": "helpdesk_mgmt.group_helpdesk_user_team,project.group_project_user"
             ",hr_timesheet.group_hr_timesheet_user",
    "manager": "helpdesk_mgmt.group_helpdesk_manager,project.group_project_manager"
               ",hr_timesheet.group_timesheet_manager"
               ",sales_team.group_sale_salesman_all_leads",
}

def create_users(logins, role):
    names = ["base.group_user", *GROUPS[role].split(",")]
    groups = [env.ref(name).id for name in names]
    return env["res.users"].with_context(no_reset_password=True).create([
        {"name": login.title(), "login": login, "password": login,
         "email": f"{login}@example.com", "group_ids": [Command.set(groups)]}
        for login in logins
    ])

users = create_users([f"agent{number}" for number in range(%(agents)s)], "agent")
create_users(["manager"], "manager")
env["hr.employee"].create([
    {"name": user.name, "user_id": user.id, "hourly_cost": 20} for user in users
])
customer = env["res.partner"].create({"name": "Customer", "is_company": True})
contact = env["res.partner"].create({"name": "Contact", "parent_id": customer.id})
service = {
    "type": "service", "uom_id": env.ref("uom.product_uom_hour").id, "list_price": 100,
    "taxes_id": [Command.clear()],
}
prepaid = env["product.product"].create(
    {"name": "Prepaid Support", "service_policy": "ordered_prepaid", **service}
)
order = env["sale.order"].create({
    "partner_id": customer.id,
    "order_line": [
        Command.create({"product_id": product.id, "product_uom_qty": 20})
        for product in (prepaid, env.ref("sale_timesheet.time_product"))
    ],
})
order.action_confirm()
project = env["project.project"].create({
    "name": "Tasks", "allow_timesheets": True, "allow_billable": True,
    "partner_id": customer.id,
})
task = env["project.task"].create({
    "name": "Task", "project_id": project.id, "partner_id": contact.id,
    "sale_line_id": order.order_line[0].id, "allocated_hours": 10,
})
projects = env["project.project"].create([
    {"name": f"Support {number}", "allow_timesheets": True, "allow_billable": True}
    for number in range(%(teams)s)
])
teams = env["helpdesk.ticket.team"].create([
    {"name": project.name, "default_project_id": project.id,
     "user_ids": [Command.set(users.ids)]}
    for project in projects
])
env["helpdesk.ticket.team"].create(
    {"name": "Without time", "user_ids": [Command.set(users.ids)]}
)
env["helpdesk.ticket"].create({
    "name": "Ticket", "description": "It hums.", "team_id": teams[0].id,
    "partner_id": contact.id, "user_id": users[0].id, "project_id": projects[0].id,
})
entry = {"name": "Looked into it", "unit_amount": 0.5}
env["account.analytic.line"].with_user(users[0]).create([
    {**entry, "task_id": task.id},
    {**entry, "project_id": projects[0].id},
])
env.flush_all()
env.cr.commit()
"""

# who reviews and bills all teams, and core's own rights to compare with
REVIEWING = """
from odoo.fields import Command

names = [
    "base.group_user", "helpdesk_track_bill_review.group_reviewer",
    "helpdesk_track_bill_review.group_biller", "hr_timesheet.group_timesheet_manager",
    "sales_team.group_sale_salesman_all_leads",
]
env["res.users"].with_context(no_reset_password=True).create({
    "name": "Reviewer", "login": "reviewer", "email": "reviewer@example.com",
    "group_ids": [Command.set([env.ref(name).id for name in names])],
})
env["account.move"].create({
    "move_type": "out_invoice", "partner_id": env.company.partner_id.id,
})
env.cr.commit()
"""
# half of the newest entries are billed afterwards, and not invoiced yet
NEWEST = 200_000
SUBMITTED = f"""
UPDATE helpdesk_ticket_team SET review_time = true WHERE allow_billable;
UPDATE account_analytic_line SET review_state = 'submitted'
 WHERE ticket_id IS NOT NULL;
UPDATE account_analytic_line SET timesheet_invoice_id = invoice.id
  FROM (SELECT max(id) AS id FROM account_move) invoice
 WHERE ticket_id IS NOT NULL AND account_analytic_line.id <= (
       SELECT id FROM account_analytic_line WHERE ticket_id IS NOT NULL
        ORDER BY id DESC OFFSET {NEWEST} LIMIT 1)
    OR task_id IS NOT NULL AND account_analytic_line.id <= (
       SELECT id FROM account_analytic_line WHERE task_id IS NOT NULL
        ORDER BY id DESC OFFSET {NEWEST} LIMIT 1);
"""
# customers with an account, their tickets on a team that draws and on one that does not
ACCOUNTS = """
from odoo import fields
from odoo.fields import Command

today = fields.Date.today()
product = env["product.product"].search([("name", "=", "Prepaid Support")], limit=1)
post_paid = env.ref("sale_timesheet.time_product")
teams = [
    env["helpdesk.ticket.team"].search([("name", "=", "Support 0")]).copy(
        {"name": name, "user_ids": [Command.set(env["res.users"].search(
            [("login", "like", "agent")]).ids)], "default_project_id": project.id}
    )
    for name, project in zip(
        ("Drawing", "Not drawing"),
        env["project.project"].create([
            {"name": name, "allow_timesheets": True, "allow_billable": True}
            for name in ("Drawing", "Not drawing")
        ]),
    )
]
for team in teams:
    team.write({"allow_timesheet": True, "allow_billable": True})

def sell(customer, hours, count=1, sold=product, **terms):
    order = env["sale.order"].create({
        "partner_id": customer.id,
        "order_line": [
            Command.create({"product_id": sold.id, "product_uom_qty": hours, **terms})
            for _number in range(count)
        ],
    })
    order.action_confirm()
    return order.order_line

def create_customer(name):
    return env["res.partner"].create({"name": f"Account {name}", "is_company": True})

def create_tickets(customer, name, count):
    agent = env["res.users"].search([("login", "=", "agent0")])
    return env["helpdesk.ticket"].create([
        {"name": name, "description": "It hums.", "team_id": team.id,
         "partner_id": customer.id, "user_id": agent.id}
        for team in teams for _number in range(count)
    ])

old = {"hours_date_start": "2020-01-01", "hours_date_end": "2020-12-31"}
for name, count in (("few", 5), ("many", 5000)):
    customer = create_customer(name)
    sell(customer, 10, count, **old)
    sell(customer, 1000000)
    create_tickets(customer, name, 100 if name == "few" else 1)
customer = create_customer("split")
sell(customer, 0.1, hours_date_end="2098-12-31")
sell(customer, 1000, hours_date_end="2099-12-31")
create_tickets(customer, "split", 1)
# the time of this one is uncovered until it is redrawn
customer = create_customer("redraw")
tickets = create_tickets(customer, "redraw", 100)
on_team = [ticket.id for ticket in tickets if ticket.team_id == teams[0]]
sell(customer, 0, sold=post_paid)
employee = env["hr.employee"].search([("user_id.login", "=", "agent0")])
env["account.analytic.line"].create([
    {"ticket_id": on_team[number % len(on_team)], "employee_id": employee.id,
     "date": fields.Date.subtract(today, days=number % 300), "name": "Looked into it",
     "unit_amount": 0.25}
    for number in range(10000)
])
sell(customer, 2000, hours_date_start="2020-01-01", hours_date_end="2099-12-31")
sell(customer, 400, hours_date_start="2020-01-01", hours_date_end="2098-12-31")
teams[0].prepaid_draw = "order"
customer = env["res.partner"].create({"name": "Account periods", "is_company": True})
# Odoo keeps the lists of a record that is new up to date, row by row
env.invalidate_all()
sell(customer, 100, 1000, hours_period="month", hours_date_start="2010-01-01",
     hours_date_end="2018-04-30")
env.flush_all()
env.cr.commit()
"""

# entries wait for each other's totals, as in core
WAITING = """
env["ir.module.module"].search(
    [("name", "=", "sale_timesheet_settle")]
).button_immediate_uninstall()
"""

# addon, script and statement of what is measured beside other addons of ours, or fewer
PLACES = {
    "review": (f"{ADDON}_review", REVIEWING, SUBMITTED),
    "account": (f"{ADDON}_prepaid", ACCOUNTS, "SELECT 1"),
    "waiting": (ADDON, WAITING, "SELECT 1"),
}

# what the community's 18.0 addons leave
LEGACY_COLUMNS = """
ALTER TABLE helpdesk_ticket_team
  ADD COLUMN allow_timesheet boolean, ADD COLUMN allow_billable boolean;
ALTER TABLE helpdesk_ticket ADD COLUMN sale_line_id integer;
ALTER TABLE account_analytic_line ADD COLUMN ticket_id integer;
UPDATE helpdesk_ticket_team SET allow_timesheet = true, allow_billable = true
 WHERE name ->> 'en_US' LIKE 'Support %';
"""

NO_LEGACY_COLUMNS = """
ALTER TABLE helpdesk_ticket_team
  DROP COLUMN allow_timesheet, DROP COLUMN allow_billable;
ALTER TABLE helpdesk_ticket DROP COLUMN sale_line_id;
ALTER TABLE account_analytic_line DROP COLUMN ticket_id;
"""

# what Odoo would have stored while the entries were logged
TOTALS = """
UPDATE sale_order_line item
   SET qty_delivered = spent.hours, invoice_status = 'to invoice',
       remaining_hours = CASE WHEN product_policy.invoice_policy = 'order'
                              THEN product_uom_qty - spent.hours END,
       qty_to_invoice = CASE WHEN product_policy.invoice_policy = 'order'
                             THEN product_uom_qty ELSE spent.hours END
  FROM (SELECT so_line, sum(unit_amount) AS hours
          FROM account_analytic_line WHERE project_id IS NOT NULL GROUP BY so_line
       ) spent,
       (SELECT product_product.id, invoice_policy
          FROM product_product JOIN product_template ON product_template.id
               = product_tmpl_id) product_policy
 WHERE item.id = spent.so_line AND product_policy.id = item.product_id;
UPDATE sale_order SET invoice_status = 'to invoice' WHERE state = 'sale';
UPDATE project_task task
   SET effective_hours = spent.hours, total_hours_spent = spent.hours,
       remaining_hours = allocated_hours - spent.hours,
       progress = spent.hours / allocated_hours
  FROM (SELECT task_id, sum(unit_amount) AS hours
          FROM account_analytic_line WHERE project_id IS NOT NULL GROUP BY task_id
       ) spent
 WHERE task.id = spent.task_id AND allocated_hours > 0;
"""


class Copier:
    """Copies a row many times; ``n`` counts the copies in the expressions."""

    def __init__(self, cursor):
        self.cursor = cursor

    def get(self, query, *parameters):
        self.cursor.execute(query, parameters)
        return self.cursor.fetchone()[0]

    def reserve(self, table, count):
        """The first of so many ids in a row."""
        self.cursor.execute(f"SELECT COALESCE(max(id), 0) + 1 FROM {table}")
        first = self.cursor.fetchone()[0]
        self.cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
            [table, first + count],
        )
        return first

    def copy(self, table, original, count, **values):
        self.cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
            [table],
        )
        columns = [name for (name,) in self.cursor.fetchall()]
        expressions = [
            sql.SQL(str(values[name]))
            if name in values
            else sql.SQL("nextval(pg_get_serial_sequence({}, 'id'))").format(
                sql.Literal(table)
            )
            if name == "id"
            else sql.SQL("original.{}").format(sql.Identifier(name))
            for name in columns
        ]
        self.cursor.execute(
            sql.SQL(
                "INSERT INTO {table} ({columns}) SELECT {expressions}"
                " FROM {table} original, generate_series(0, {last}) n"
                " WHERE original.id = {original}"
            ).format(
                table=sql.Identifier(table),
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                expressions=sql.SQL(", ").join(expressions),
                last=sql.Literal(count - 1),
                original=sql.Literal(original),
            )
        )

    @contextmanager
    def bare(self, table):
        """Without indexes and foreign keys for a while, which are then made at once."""
        self.cursor.execute(
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass,
                          conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass,
                          conname, pg_get_constraintdef(oid))
              FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'
             UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass),
                   pg_get_indexdef(indexrelid)
              FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary
            """,
            [table, table],
        )
        statements = self.cursor.fetchall()
        for drop, _make in statements:
            self.cursor.execute(drop)
        yield
        self.cursor.execute("SET maintenance_work_mem = '512MB'")
        for _drop, make in statements:
            self.cursor.execute(make)


def load(cursor, size):
    """Fill a database that has the originals."""
    copier = Copier(cursor)
    tickets = TICKETS[size]
    customers = max(1_000, tickets // 20)
    # a single order each: name, entries, whether the item is prepaid
    specials = [
        ("long", LONG, True),
        ("invoice", INVOICED if size != "XS" else 50, False),
    ]
    specials += [(f"growth {count}", count, True) for count in GROWTH[size]]
    special_count = 2 * len(specials)
    rows = tickets + special_count
    original = {
        table: copier.get(f"SELECT max(id) FROM {table}")
        for table in ("sale_order", "project_task", "helpdesk_ticket", "res_partner")
    }
    contact = original["res_partner"]
    customer = copier.get("SELECT parent_id FROM res_partner WHERE id = %s", contact)
    prepaid = copier.get("SELECT min(id) FROM sale_order_line")
    post_paid = copier.get("SELECT max(id) FROM sale_order_line")
    on_task = copier.get(
        "SELECT max(id) FROM account_analytic_line WHERE task_id IS NOT NULL"
    )
    on_ticket = copier.get(
        "SELECT max(id) FROM account_analytic_line WHERE task_id IS NULL"
    )
    agent = copier.get("SELECT min(id) FROM res_users WHERE login LIKE 'agent%%'")
    employee = copier.get("SELECT id FROM hr_employee WHERE user_id = %s", agent)
    team = copier.get(
        "SELECT min(id) FROM helpdesk_ticket_team WHERE name ->> 'en_US' = 'Support 0'"
    )
    project = copier.get(
        "SELECT id FROM project_project WHERE name ->> 'en_US' = 'Support 0'"
    )
    stages = copier.get("SELECT array_agg(id ORDER BY id) FROM helpdesk_ticket_stage")

    partners = copier.reserve("res_partner", 2 * customers)
    contacts = partners + customers
    copier.copy(
        *("res_partner", customer, customers),
        id=f"{partners} + n",
        name="'Customer ' || n",
        complete_name="'Customer ' || n",
        commercial_partner_id=f"{partners} + n",
    )
    copier.copy(
        *("res_partner", contact, customers),
        id=f"{contacts} + n",
        name="'Contact ' || n",
        complete_name="'Customer ' || n || ', Contact ' || n",
        parent_id=f"{partners} + n",
        commercial_partner_id=f"{partners} + n",
    )

    # two lines of an order; a twentieth of them are customer 0's
    orders = copier.reserve("sale_order", tickets)
    lines = copier.reserve("sale_order_line", rows)

    def of_order(number):
        return (
            f"(CASE WHEN {number} < {tickets // 40} THEN 0"
            f" ELSE 1 + {number} % {customers - 1} END)"
        )

    def of_line(number):
        return of_order(f"(({number}) / 2)")

    partner = f"{contacts} + {of_order('n')}"
    copier.copy(
        *("sale_order", original["sale_order"], tickets // 2),
        id=f"{orders} + n",
        name="'B' || n",
        partner_id=partner,
        partner_invoice_id=partner,
        partner_shipping_id=partner,
        access_token="NULL",
        date_order="now()::timestamp(0) - n % 1000 * interval '1 day'",
    )
    for number, line in enumerate((prepaid, post_paid)):
        copier.copy(
            *("sale_order_line", line, tickets // 2),
            id=f"{lines} + 2 * n + {number}",
            order_id=f"{orders} + n",
            order_partner_id=partner,
            # used up, hours left, and one in a hundred overrun
            product_uom_qty="CASE WHEN n % 100 = 9 THEN 8 WHEN n % 10 < 7 THEN 10"
            " ELSE 20 END",
        )
    for number, (name, _entries, is_prepaid) in enumerate(specials):
        # one item for the ticket, one for the task
        for side in range(2):
            order = orders + tickets // 2 + 2 * number + side
            partner = contacts + 1 + number
            copier.copy(
                *("sale_order", original["sale_order"], 1),
                id=order,
                name=f"'{name} {side}'",
                partner_id=partner,
                partner_invoice_id=partner,
                partner_shipping_id=partner,
                access_token="NULL",
            )
            copier.copy(
                *("sale_order_line", prepaid if is_prepaid else post_paid, 1),
                id=lines + tickets + 2 * number + side,
                order_id=order,
                order_partner_id=partner,
                product_uom_qty=100_000,
            )

    first_ticket = copier.reserve("helpdesk_ticket", rows)
    first_task = copier.reserve("project_task", rows)
    # which customer the n-th ticket, task or line is of
    who = (
        f"(CASE WHEN n >= {tickets} THEN 1 + (n - {tickets}) / 2"
        f" ELSE {of_line('n')} END)"
    )
    name = f"(ARRAY{[special[0] for special in specials]})[1 + (n - {tickets}) / 2]"
    copier.copy(
        *("helpdesk_ticket", original["helpdesk_ticket"], rows),
        id=f"{first_ticket} + n",
        number="'B' || n",
        name=f"COALESCE({name}, 'Ticket ' || n)",
        partner_id=f"{contacts} + {who}",
        commercial_partner_id=f"{partners} + {who}",
        team_id=f"{team} + n % {TEAMS}",
        project_id=f"{project} + n % {TEAMS}",
        user_id=f"{agent} + n % {AGENTS}",
        stage_id=f"(ARRAY{stages})[1 + n % {len(stages)}]",
        sale_line_id=f"{lines} + n",
        access_token="NULL",
    )
    copier.copy(
        *("project_task", original["project_task"], rows),
        id=f"{first_task} + n",
        name=f"COALESCE({name}, 'Task ' || n)",
        partner_id=f"{contacts} + {who}",
        sale_line_id=f"{lines} + n",
        sale_order_id=f"(SELECT order_id FROM sale_order_line WHERE id = {lines} + n)",
        access_token="NULL",
    )
    cursor.execute(
        f"""
        INSERT INTO project_task_user_rel (task_id, user_id)
        SELECT {first_task} + n, {agent} + n % {AGENTS}
          FROM generate_series(0, {rows - 1}) n
        """
    )
    orders_of_lines = f"{orders} + (n / {ENTRIES_EACH}) / 2"
    with copier.bare("account_analytic_line"):
        count = tickets * ENTRIES_EACH
        common = {
            "so_line": f"{lines} + n / {ENTRIES_EACH}",
            "order_id": orders_of_lines,
            "partner_id": f"{contacts} + {of_line(f'n / {ENTRIES_EACH}')}",
            # a year, the newest last
            "date": f"CURRENT_DATE - 364 + (n::int8 * 365 / {count})::int",
            "user_id": f"{agent} + n % {AGENTS}",
            "employee_id": f"{employee} + n % {AGENTS}",
            "timesheet_invoice_type": f"CASE (n / {ENTRIES_EACH}) % 2 WHEN 0"
            " THEN 'billable_fixed' ELSE 'billable_time' END",
        }
        copier.copy(
            *("account_analytic_line", on_task, count),
            task_id=f"{first_task} + n / {ENTRIES_EACH}",
            **common,
        )
        copier.copy(
            *("account_analytic_line", on_ticket, count),
            ticket_id=f"{first_ticket} + n / {ENTRIES_EACH}",
            project_id=f"{project} + (n / {ENTRIES_EACH}) % {TEAMS}",
            **common,
        )
        for number, (_name, entries, is_prepaid) in enumerate(specials):
            for side in range(2):
                row = tickets + 2 * number + side
                common.update(
                    so_line=lines + row,
                    order_id=orders + tickets // 2 + 2 * number + side,
                    partner_id=contacts + 1 + number,
                    date="CURRENT_DATE - n % 365",
                    timesheet_invoice_type="'billable_fixed'"
                    if is_prepaid
                    else "'billable_time'",
                )
                if side:
                    copier.copy(
                        *("account_analytic_line", on_task, entries),
                        task_id=first_task + row,
                        **common,
                    )
                else:
                    copier.copy(
                        *("account_analytic_line", on_ticket, entries),
                        ticket_id=first_ticket + row,
                        project_id=project + row % TEAMS,
                        **common,
                    )
    cursor.execute(TOTALS)
    cursor.execute("VACUUM (ANALYZE)")


def odoo(name, *arguments, script=None):
    done = subprocess.run(
        [
            *(*ODOO, *arguments, "-d", name, "--no-http", "--log-level=error"),
            "--max-cron-threads=0",
        ],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or "Traceback" in done.stderr:
        die(f"{name} could not be built: {done.stdout[-2000:]}{done.stderr[-4000:]}")


def prepare(size):
    """Build the data of a size unless it is there, and install the addon on it.

    :returns: the database's name, and how long each took: ``{what: seconds}``
    """
    name = f"{ADDON}_bench_{size.lower()}"
    source = f"{name}_data"
    key = digest(ROOT / "bench/data.py", ROOT / "requirements/oca.txt")
    stored = DEV / "bench" / f"{source}.json"
    if not (database.exists(source) and is_current(source, key)):
        base = prepare_base()
        say(f"Building the data of size {size}")
        start = time.monotonic()
        database.copy(base, source)
        script = ORIGINALS % {"agents": AGENTS, "teams": TEAMS}
        odoo(source, "shell", script=script)
        with database.connection(dbname=source) as cursor:
            cursor.execute(LEGACY_COLUMNS)
            load(cursor, size)
        stored.parent.mkdir(exist_ok=True)
        stored.write_text(json.dumps({"data": round(time.monotonic() - start, 1)}))
        mark_current(source, key)
    took = {
        **json.loads(stored.read_text()),
        "install": install(source, name, NO_LEGACY_COLUMNS),
        "adopt": install(source, name),
    }
    with database.connection(dbname=name) as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return name, took


def prepare_place(name, place):
    """A copy of a database with another addon of ours, and what is measured on it."""
    addon, script, statement = PLACES[place]
    copy = f"{name}_{place}"
    install(name, copy, addon=addon)
    odoo(copy, "shell", script=script)
    with database.connection(dbname=copy) as cursor:
        cursor.execute(statement)
        cursor.execute("VACUUM (ANALYZE)")
    return copy


def install(source, name, before="SELECT 1", addon=ADDON):
    """Install an addon on a copy of the data; return the seconds it takes."""
    say(f"Installing {addon} on {name}")
    database.copy(source, name)
    with database.connection(dbname=name) as cursor:
        cursor.execute(before)
    start = time.monotonic()
    odoo(name, "-i", addon, "--stop-after-init")
    return round(time.monotonic() - start, 1)
