"""Odoo: its configuration, its command line, and the databases it is installed in."""

import configparser
import os
import signal
import socket
import subprocess
import sys

import addons
import database
from addons import ADDON
from common import (
    DEV,
    OCA,
    OCA_COMPAT,
    REQUIREMENTS,
    ROOT,
    die,
    digest,
    exclusive,
    is_current,
    mark_current,
    say,
    tree_digest,
)

# what the addon is built on, without it and without demo data: others are copies of it
BASE_DATABASE = f"{ADDON}_base"
# every addon of ours with all those that they are made for
COMPAT_DATABASE = f"{ADDON}_compat"
# what is tested in a database of its own: accountants open no orders beside it
APART = {"subscription_oca"}
# the addon with what is installed along with it, and demo data
TEST_DATABASE = f"{ADDON}_test"
CONFIGURATION = DEV / "odoo.conf"
# isolated: a folder named odoo in the current folder is not Odoo
ODOO = [sys.executable, "-I", "-m", "odoo"]
# as Odoo does before it runs tests itself
GENERATE_ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""
QUIET = ["--stop-after-init", "--no-http", "--max-cron-threads=0", "--log-level=warn"]


# ---------------------------------------------------------------------------
# running it
# ---------------------------------------------------------------------------
def write_configuration(path=CONFIGURATION, *, compat=False, ours=ROOT):
    """Write a configuration and return its path.

    :param bool compat: with the OCA addons that are not needed, but known
    :param ours: the folder with our addons, if not those of this repository
    """
    folders = [
        *os.environ["DEVENV_ODOO_ADDONS"].split(","),
        str(ours),
        str(OCA / "odoo/addons"),
        *([str(OCA_COMPAT / "odoo/addons")] if compat else []),
        *filter(None, os.environ.get("ADDONS_PATH_EXTRA", "").split(",")),
    ]
    options = {
        "addons_path": ",".join(folders),
        "data_dir": DEV / "data",
        "http_interface": "127.0.0.1",
        "screenshots": DEV / "screenshots",
    }
    for option, variable in (
        ("db_host", "PGHOST"),
        ("db_port", "PGPORT"),
        ("db_user", "PGUSER"),
    ):
        if os.environ.get(variable):
            options[option] = os.environ[variable]
    parser = configparser.RawConfigParser()
    parser["options"] = {name: str(value) for name, value in options.items()}
    path.parent.mkdir(exist_ok=True)
    written = path.with_suffix(f".{os.getpid()}")
    with open(written, "w") as file:
        parser.write(file)
    written.replace(path)
    return path


def get_environment(*, compat=False, ours=ROOT):
    """Variables for an Odoo with a configuration of its own, see `write_configuration`.

    Each command writes the usual one for itself.
    """
    name = f"odoo-{'compat' if compat else 'test'}-{digest(str(ours))[:8]}.conf"
    path = write_configuration(DEV / "configurations" / name, compat=compat, ours=ours)
    return {**os.environ, "ODOO_RC": str(path)}


def call(command, **options):
    """Run a command to its end, pass signals on, return its exit status."""
    return wait_for(subprocess.Popen(command, **options))


def wait_for(process):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells it too
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_args: process.terminate())
    status = process.wait()
    return status if status >= 0 else 128 - status


def find_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def odoo(*arguments):
    return call([*ODOO, *arguments])


def run(*arguments):
    if not arguments:
        die("scripts/run needs a command to run.")
    try:
        return call(arguments)
    except FileNotFoundError:
        die(f"there is no command {arguments[0]} in the development environment.")


# ---------------------------------------------------------------------------
# databases
# ---------------------------------------------------------------------------
def prepare_database(
    name, modules, *options, template=None, demo=False, compat=False, assets=False
):
    """Install addons in a database of their own, or update ours in it.

    Nothing is done while neither our addons nor what they are built on have changed;
    where the latter has, or the creation was interrupted, the database is made anew.

    :param modules: names of the addons to install
    :param options: more options of Odoo's command line
    :param template: the database to install them in a copy of, instead of an empty one
    :param bool demo: with demo data
    :param bool compat: beside OCA's other addons
    :param bool assets: with the bundles of the web client, which each test of a browser
        would make anew
    """
    ours = sorted(addons.get_installed(modules, compat=compat) & addons.OURS.keys())
    manifests = [addons.OURS[addon].path / "__manifest__.py" for addon in ours]
    parts = [
        path
        for addon in ours
        for path in addons.OURS[addon].path.iterdir()
        if path.is_dir() and path.name != "tests"
    ]
    foundation = digest(
        *(REQUIREMENTS / "oca.txt", REQUIREMENTS / "oca-compat.txt"),
        *(os.environ["DEVENV_ODOO_ADDONS"], os.environ.get("PGHOST")),
        *(*modules, *options, *ours, str(template), demo, compat, assets),
    )
    key = digest(foundation, *manifests, tree_digest(*parts))
    with exclusive(name):
        exists = database.exists(name)
        founded = is_current(f"{name}.foundation", foundation)
        if exists and founded and is_current(name, key):
            return
        if exists and not (founded and database.get_installed(name).issuperset(ours)):
            database.drop(name)
            exists = False
        say(f"{'Updating' if exists else 'Creating'} the database {name}")
        if template and not exists:
            database.copy(template, name)
        action = ["-u", ",".join(ours)] if exists else ["-i", ",".join(modules)]
        if demo and not exists:
            action.append("--with-demo")
        environment = get_environment(compat=compat)
        if not _load(name, *action, *options, env=environment):
            if not exists:
                database.drop(name)
            die(f"{', '.join(modules)} could not be installed in {name}, see above.")
        if assets:
            subprocess.run(
                [*ODOO, "shell", "-d", name, "--no-http", "--log-level=error"],
                input=GENERATE_ASSETS,
                check=True,
                env=environment,
                text=True,
            )
        mark_current(f"{name}.foundation", foundation)
        mark_current(name, key)


def _load(name, *options, env):
    """Install or update in a database, print the log, return whether it works."""
    log = DEV / "log" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    log.unlink(missing_ok=True)
    done = subprocess.run(
        [*ODOO, "-d", name, *options, *QUIET, f"--logfile={log}"], check=False, env=env
    )
    messages = log.read_text() if log.exists() else ""
    sys.stderr.write(messages)
    # a broken demo or data file is only logged
    return not (done.returncode or " ERROR " in messages or " CRITICAL " in messages)


def prepare_base():
    prepare_database(BASE_DATABASE, addons.get_foundation())
    return BASE_DATABASE


def prepare_test():
    prepare_database(TEST_DATABASE, [ADDON], demo=True, assets=True)
    return TEST_DATABASE


def prepare_compat():
    beside = {*addons.read(OCA_COMPAT / "odoo/addons")} - APART
    modules = sorted({*addons.OURS, *beside})
    prepare_database(
        COMPAT_DATABASE, modules, template=prepare_base(), compat=True, assets=True
    )
    return COMPAT_DATABASE
