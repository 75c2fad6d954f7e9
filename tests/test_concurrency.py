"""Many users log time on one prepaid item at once, on a server with four workers."""

import subprocess
import time

import psutil
import psycopg2
import pytest
from databases import PREPAID_ORDER, Database
from load import CLIENTS, ENTRIES, Load, Server, Session

import inside

ROUNDS = 3

AGENT = """
user = env["res.users"].create({
    "name": "Agent",
    "login": "agent",
    "password": "agent",
    "group_ids": [
        (4, env.ref(group).id)
        for group in (
            "base.group_user",
            "helpdesk_mgmt.group_helpdesk_user_team",
            "hr_timesheet.group_hr_timesheet_user",
            "project.group_project_user",
        )
    ],
})
env["hr.employee"].create({"name": "Agent", "user_id": user.id, "hourly_cost": 20})
"""

TASKS = """
project = env["project.project"].create({
    "name": "Support",
    "allow_timesheets": True,
    "allow_billable": True,
    "partner_id": customer.id,
})
env["project.task"].create([
    {
        "name": f"Task {number}",
        "project_id": project.id,
        "sale_line_id": order.order_line.id,
        "user_ids": [(4, user.id)],
    }
    for number in range(10)
])
"""

TICKETS = """
team = env["helpdesk.ticket.team"].create({
    "name": "Support", "allow_billable": True, "user_ids": [(4, user.id)],
})
env["helpdesk.ticket"].create([
    {
        "name": f"Ticket {number}",
        "description": "It hums.",
        "team_id": team.id,
        "partner_id": customer.id,
        "user_id": user.id,
    }
    for number in range(10)
])
"""


class Cluster:
    """A PostgreSQL server of its own, which may be killed."""

    def __init__(self, folder):
        self.server = inside.start_embedded_server(
            folder / "postgres", cleanup_mode="delete"
        )
        information = self.server.get_postmaster_info()
        self.connection = {
            "host": str(information.socket_dir),
            "port": information.port,
            "user": "odoo",
        }
        self.options = (
            *(f"--db_host={information.socket_dir}", f"--db_port={information.port}"),
            *("--db_user=odoo", f"--data-dir={folder / 'data'}"),
        )
        self._execute("CREATE ROLE odoo LOGIN CREATEDB")

    def _execute(self, statement):
        connection = psycopg2.connect(
            **{**self.connection, "dbname": "postgres", "user": "postgres"}
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def copy(self, template, name):
        self._execute(f"CREATE DATABASE {name} OWNER odoo TEMPLATE {template}")
        return self.get_database(name)

    def get_database(self, name):
        return Database(name, self.options, **self.connection)

    def kill(self):
        """Kill all processes of the server at once, and start it anew."""
        main = psutil.Process(self.server.get_pid())
        main.suspend()  # it starts no other process meanwhile
        processes = [main, *main.children()]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes)
        # PostgreSQL does not start while anything is left of the killed processes
        for _attempt in range(30):
            try:
                self.server.ensure_postgres_running()
                return
            except subprocess.CalledProcessError:
                time.sleep(1)
        raise AssertionError("PostgreSQL does not start again")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    core = cluster.copy("template0", "core")
    core.load("-i", inside.BASE)
    addon = cluster.copy("core", "addon")
    addon.load("-i")
    sell = PREPAID_ORDER.format(hours=1000)
    core.run(AGENT + sell + TASKS)
    addon.run(AGENT + sell + TICKETS)
    yield cluster
    cluster.server.cleanup()


def log_on_tasks(server, database):
    rows = database.query(
        "SELECT id, project_id FROM project_task WHERE sale_line_id IS NOT NULL"
    )
    vals = [{"task_id": task, "project_id": project} for task, project in rows]
    session = Session(server, database, "agent")
    return Load(session, lambda client: vals[client % len(vals)])


def log_on_tickets(server, database):
    vals = [
        {"ticket_id": id_}
        for (id_,) in database.query("SELECT id FROM helpdesk_ticket")
    ]
    session = Session(server, database, "agent")
    return Load(session, lambda client: vals[client % len(vals)])


def get_books(database):
    """Hours logged, and what the totals of items and tickets make of them."""
    return database.query(
        """
        SELECT (SELECT sum(unit_amount) FROM account_analytic_line)::float,
               (SELECT sum(qty_delivered) FROM sale_order_line)::float,
               (SELECT sum(product_uom_qty - remaining_hours) FROM sale_order_line)
                   ::float,
               (SELECT sum(total_hours) FROM helpdesk_ticket)::float
        """
    )[0]


def test_many_writers_lose_nothing(cluster, tmp_path, capsys):
    core, addon = cluster.get_database("core"), cluster.get_database("addon")
    report = []
    for number in range(1, ROUNDS + 1):
        for database, log_on in ((core, log_on_tasks), (addon, log_on_tickets)):
            options = ("-d", database.name, *cluster.options)
            with Server(options, tmp_path / database.name) as server:
                load = log_on(server, database).run()
                retries = server.get_retries()
            report.append(f"{database.name:6} {load}   {retries:3} repeated")
        assert load.errors == []
        assert len(load.saved) == CLIENTS * ENTRIES
        hours = number * CLIENTS * ENTRIES * 0.25
        assert get_books(addon) == (hours, hours, hours, hours)
        assert addon.query("SELECT count(*) FROM helpdesk_time_settlement") == [(0,)]
    with capsys.disabled():
        print("", *report, sep="\n")


def test_killed_servers_lose_nothing_that_was_acknowledged(cluster, tmp_path):
    cluster.copy("addon", "killed")
    database = cluster.get_database("killed")
    database.query("DELETE FROM account_analytic_line")
    options = ("-d", database.name, *cluster.options)
    with Server(options, tmp_path / "killed") as server:
        load = log_on_tickets(server, database)
        load.run((40, lambda: server.get_worker().kill()), (80, cluster.kill))
    assert len(load.saved) >= 80
    names = [
        name for (name,) in database.query("SELECT name FROM account_analytic_line")
    ]
    assert set(load.saved) <= set(names)
    assert len(names) == len(set(names))
    # what the scheduled action does a few minutes later
    database.run("env['helpdesk.time.settlement']._cron_settle()")
    hours = len(names) * 0.25
    assert get_books(database) == (hours, hours, hours, hours)


def test_long_transactions_do_not_hold_up_time_entries(cluster):
    database = cluster.copy("addon", "held")
    before = get_books(database)
    with database.connect() as holder, holder.cursor() as cursor:
        cursor.execute("SELECT FROM sale_order_line FOR NO KEY UPDATE")
        database.run(
            """
ticket = env["helpdesk.ticket"].search([], limit=1)
entry = env["account.analytic.line"].create({
    "ticket_id": ticket.id,
    "employee_id": env["hr.employee"].search([("name", "=", "Agent")]).id,
    "unit_amount": 3,
})
hours = entry.so_line.timesheet_ids.mapped("unit_amount")
assert entry.so_line.qty_delivered == sum(hours)
"""
        )
    logged, *totals, on_ticket = get_books(database)
    assert (logged, on_ticket) == (before[0] + 3, before[0] + 3)
    assert totals == [before[0], before[0]]
    database.run("env['helpdesk.time.settlement']._cron_settle()")
    assert set(get_books(database)) == {before[0] + 3}
