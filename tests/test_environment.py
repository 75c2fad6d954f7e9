"""The commands of docs/development.md, and what they say when something is missing."""

import os
import signal
import socket
import subprocess
from contextlib import closing, contextmanager
from threading import Timer

import psycopg2
import pytest

from cluster import Cluster
from common import OCA_COMPAT, ROOT, stop_server
from database import drop, exists, forget_stranger
from odoo_server import CONFIGURATION, write_configuration


def run(*command, **environment):
    return subprocess.run(
        [str(ROOT / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_exit_status_is_kept():
    assert run("scripts/run", "sh", "-c", "exit 7").returncode == 7
    assert run("scripts/odoo", "--no-such-option").returncode != 0


def test_odoo_is_odoo_19():
    assert "19.0" in run("scripts/odoo", "--version").stdout


def test_addons_path_extra_is_appended():
    folder = str(OCA_COMPAT / "odoo/addons")
    run("scripts/odoo", "--version", ADDONS_PATH_EXTRA=folder)
    configuration = CONFIGURATION.read_text()
    write_configuration()
    addons_path = next(
        line for line in configuration.splitlines() if line.startswith("addons_path")
    )
    assert addons_path.endswith(f",{folder}")


def test_unknown_command_is_named():
    done = run("scripts/run", "no-such-command")
    assert done.returncode == 1
    assert "no command no-such-command" in done.stderr


def test_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            ["make", "-C", str(ROOT), "demo", f"PORT={port}"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert f"port {port} is taken" in done.stderr


@pytest.mark.parametrize("command", ["scripts/odoo", "scripts/pytest", "scripts/run"])
def test_missing_python_is_named(command):
    done = run(command, PYTHON="no-such-python")
    assert done.returncode == 1
    assert "Python is missing" in done.stderr


def test_odoo_home_without_odoo_is_named():
    done = run("scripts/odoo", "--version", ODOO_HOME=str(ROOT / "docs"))
    assert done.returncode == 1
    assert "not an Odoo 19 source tree" in done.stderr


def test_database_server_that_does_not_answer_is_named():
    done = run("scripts/odoo", "--version", PGHOST="127.0.0.1", PGPORT="1")
    assert done.returncode == 1
    assert "does not answer" in done.stderr


@contextmanager
def named(folder, **options):
    """A process that the pid file of a data folder names, and that file."""
    # as from a terminal, whatever started the tests
    options["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(["sleep", "300"], **options) as process:
        file = folder / "postmaster.pid"
        file.write_text(f"{process.pid}\n{folder}\n")
        try:
            yield process, file
        finally:
            process.kill()


def test_database_server_of_the_folder_is_stopped(tmp_path):
    with named(tmp_path, cwd=tmp_path) as (process, file):
        forget_stranger(tmp_path)
        assert file.exists()
        stop_server(tmp_path)
        assert process.wait(timeout=1) == -signal.SIGINT
        # of a server that is gone: PostgreSQL knows it
        forget_stranger(tmp_path)
        assert file.exists()


def test_process_of_somebody_else_is_left_alone(tmp_path):
    with named(tmp_path, cwd="/") as (process, file):
        stop_server(tmp_path)
        assert process.poll() is None
        forget_stranger(tmp_path)
        assert not file.exists()


@pytest.mark.parametrize("content", ["", "\n", "-1\n", "no number\n"])
def test_pid_file_that_names_nothing_is_forgotten(tmp_path, content):
    file = tmp_path / "postmaster.pid"
    file.write_text(content)
    stop_server(tmp_path)
    assert file.exists()
    forget_stranger(tmp_path)
    assert not file.exists()


def test_database_is_dropped_whoever_is_in_it(tmp_path, monkeypatch):
    cluster = Cluster(tmp_path)
    for parameter, value in cluster.connection.items():
        monkeypatch.setenv(f"PG{parameter.upper()}", str(value))
    parameters = cluster.copy("template0", "busy").connection
    # Odoo that was forgotten; the server's own work, which ends by itself
    forgotten, work = (
        psycopg2.connect(dbname="busy", **{**parameters, "user": user})
        for user in ("odoo", "postgres")
    )
    ends = Timer(1, work.close)
    with closing(forgotten):
        ends.start()
        drop("busy")
        assert not exists("busy")
        with pytest.raises(psycopg2.OperationalError):
            forgotten.cursor().execute("SELECT 1")
    ends.join()
