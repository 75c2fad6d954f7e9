"""The commands of docs/development.md, and what they say when something is missing."""

import os
import socket
import subprocess

import pytest

from common import OCA_COMPAT, ROOT
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
