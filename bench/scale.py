"""Several servers on one database, and a replica that reads: ``make scale``."""

import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts/devenv"))


import report
from cluster import AGENT, BINARIES, TICKETS, Cluster, get_books, get_connection
from common import DEV, say
from database import connection, start_embedded_server
from load import CLIENTS, ENTRIES, Load, Server, Session
from odoo_database import PREPAID_ORDER
from odoo_server import prepare_base

READERS, READS = 10, 20

LIST = {
    "name": {},
    "total_hours": {},
    "remaining_hours_so": {},
    "sale_line_id": {"fields": {"display_name": {}}},
}
TRANSACTIONS = """
SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'scale'
"""


class Replica:
    """A second PostgreSQL that follows a cluster by streaming replication."""

    def __init__(self, cluster, folder):
        primary = cluster.connection
        folder.mkdir(mode=0o700)
        user = cluster.server.system_user
        if user:
            shutil.chown(folder, user)
        subprocess.run(
            [
                *(BINARIES / "pg_basebackup", "--pgdata", folder),
                *("--write-recovery-conf", "--checkpoint=fast"),
                *("--host", primary["host"], "--port", str(primary["port"])),
                *("--username", "postgres"),
            ],
            check=True,
            capture_output=True,
            user=user,
        )
        # who uses the primary, and where it listens, came along
        for path in (folder / ".handle_pids.json", *folder.glob(".s.PGSQL.*")):
            path.unlink(missing_ok=True)
        self.server = start_embedded_server(folder, cleanup_mode="delete")
        self.connection = get_connection(self.server)
        self.options = (
            "--db_replica_host={host}".format(**self.connection),
            "--db_replica_port={port}".format(**self.connection),
        )


class Turns:
    """A session that the servers answer in turns, as behind a load balancer."""

    def __init__(self, servers, database):
        first = Session(servers[0], database, "agent")
        sessions = [first]
        for server in servers[1:]:
            other = object.__new__(Session)
            # the servers share the folder of the sessions
            other.server, other.cookies = server, first.cookies
            sessions.append(other)
        self.sessions = itertools.cycle(sessions)

    def call(self, *arguments):
        return next(self.sessions).call(*arguments)


def ask(place, query):
    """The single value that a query gives."""
    with connection(**place, dbname="scale") as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def write(session, database):
    """Many clients log time on the tickets of one item."""
    tickets = [id_ for (id_,) in database.query("SELECT id FROM helpdesk_ticket")]
    return Load(
        session, lambda client: {"ticket_id": tickets[client % len(tickets)]}
    ).run()


def read(session):
    """Many clients open the list of tickets: how long each waits, and all."""
    waits = []

    def open_list(_number):
        start = time.monotonic()
        answer = session.call("helpdesk.ticket", "web_search_read", [], LIST)
        assert answer["length"] == 10
        waits.append(time.monotonic() - start)

    start = time.monotonic()
    with ThreadPoolExecutor(READERS) as executor:
        list(executor.map(open_list, range(READERS * READS)))
    return waits, time.monotonic() - start


def describe(waits, duration):
    return [
        f"{len(waits) / duration:.1f}",
        f"{statistics.median(waits):.2f} s",
        f"{max(waits):.2f} s",
    ]


def start_servers(count, options, folder, stack):
    return [
        stack.enter_context(Server(options, folder / f"server {number}.log"))
        for number in range(count)
    ]


def demonstrate(cluster, replica, database, folder):
    """Rows of the table: writes and reads by one server, by two, with the replica."""
    rows = []
    logged = 0
    options = ("-d", database.name, *cluster.options)
    for count, more in ((1, ()), (2, ()), (2, replica.options)):
        name = f"{count} server{'s' * (count > 1)}{' + replica' * bool(more)}"
        say(name)
        with ExitStack() as stack:
            servers = start_servers(count, (*options, *more), folder, stack)
            session = Turns(servers, database)
            load = write(session, database)
            retries = sum(server.get_retries() for server in servers)
            logged += CLIENTS * ENTRIES * 0.25
            books = set(get_books(database))
            rows.append(
                [
                    *(name, "log time", *describe(load.waits, load.duration)),
                    f"{len(load.saved)} of {CLIENTS * ENTRIES}",
                    *(retries, "yes" if books == {logged} else "no", "", ""),
                ]
            )
        catch_up(cluster, replica)
        # PostgreSQL's processes report what they did at the latest when they end, so
        # the servers that read are new ones, and their start counts too
        places = (cluster.connection, replica.connection)
        before = [ask(place, TRANSACTIONS) for place in places]
        with ExitStack() as stack:
            servers = start_servers(count, (*options, *more), folder, stack)
            session = Turns(servers, database)
            session.call("helpdesk.ticket", "web_search_read", [], LIST)
            waits, duration = read(session)
        after = [ask(place, TRANSACTIONS) for place in places]
        rows.append(
            [
                *(name, "open the list", *describe(waits, duration)),
                *(f"{len(waits)} of {READERS * READS}", "", ""),
                *(now - then for now, then in zip(after, before, strict=True)),
            ]
        )
    return rows


def catch_up(cluster, replica):
    """Wait until the replica has what the primary has."""
    position = ask(cluster.connection, "SELECT pg_current_wal_lsn()")
    query = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
    while not ask(replica.connection, query):
        time.sleep(0.05)


def main():
    folder = Path(tempfile.mkdtemp(prefix="scale", dir=DEV))
    cluster = Cluster(folder)
    try:
        base = prepare_base()
        say("Installing the addon on a PostgreSQL of its own")
        database = cluster.restore(base, "scale")
        database.load("-i")
        database.run(AGENT + PREPAID_ORDER.format(hours=1000) + TICKETS)
        say("Copying it to a replica")
        replica = Replica(cluster, folder / "replica")
        try:
            rows = demonstrate(cluster, replica, database, folder)
        finally:
            replica.server.cleanup()
    finally:
        cluster.server.cleanup()
        shutil.rmtree(folder)
    header = [
        *("", "work", "per second", "wait, median", "longest", "answered"),
        *("repeated", "books agree", "transactions on primary", "on replica"),
    ]
    print(f"{os.cpu_count()} cores, {CLIENTS} clients that log time,", end=" ")
    print(f"{READERS} that read\n")
    print(report.make_table(header, rows))


if __name__ == "__main__":
    main()
