"""The documentation's pictures, taken on a day that never ends (make screenshots)."""

import json
import os
import socket
import subprocess
import sys
import time

from psycopg2 import sql

import database
from addons import ADDON
from common import ROOT, die, say
from odoo_server import call, find_port

FROZEN_ODOO = [sys.executable, str(ROOT / "scripts/devenv/frozen_odoo.py")]
PICTURE_DATABASE = f"{ADDON}_pictures"
PICTURE_DAY = "2026-03-17"
# what is installed for each set of pictures: the first ones show the addon alone
SETS = {
    "alone": [ADDON],
    "beside": [f"{ADDON}_{name}" for name in ("alert", "review", "statement")],
}


def screenshots(*names):
    """Take the documentation's pictures, in every language that has a guide.

    :param names: of the sets to take, all of them by default
    """
    for name in names or SETS:
        if name not in SETS:
            die(f"{name} is no set of pictures: choose of {', '.join(SETS)}.")
        status = take_set(name)
        if status:
            return status
    return 0


def take_set(name):
    os.environ.update(TODAY=PICTURE_DAY, PICTURES=name)
    database.drop(PICTURE_DATABASE)
    say(f"Creating the database {PICTURE_DATABASE}")
    languages = {"en": "en_US", "ro": "ro_RO"}
    status = call(
        [
            *(*FROZEN_ODOO, "-d", PICTURE_DATABASE, "-i", ",".join(SETS[name])),
            "--with-demo",
            *(f"--load-language={','.join(languages.values())}", "--log-level=error"),
            *("--stop-after-init", "--no-http", "--max-cron-threads=0"),
        ]
    )
    if status:
        return status
    with database.connection(dbname=PICTURE_DATABASE) as cursor:
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
        if name == "beside":
            # what the demo wrote bears the database's time: look at all of it
            cursor.execute(
                "UPDATE res_company"
                " SET hours_alert_since = NULL, hours_alert_day = NULL"
            )
        cursor.execute(
            "SELECT module, name, res_id FROM ir_model_data WHERE module LIKE %s",
            [f"{ADDON}%"],
        )
        # those of the addons beside with the addon's name, like prepaid.order_lasts
        records = {
            f"{module}.{key}".removeprefix(ADDON)[1:]: record
            for module, key, record in cursor.fetchall()
        }
        # one ticket of the story draws from another item than its hours
        cursor.execute(
            "UPDATE helpdesk_ticket SET sale_line_id = %s WHERE id = %s",
            [records["item_half_used"], records["ticket_backup"]],
        )
    for language, code in languages.items():
        with database.connection(dbname=PICTURE_DATABASE) as cursor:
            cursor.execute("UPDATE res_partner SET lang = %s", [code])
            tell_story(cursor, language, code)
        os.environ["LANGUAGE_CODE"] = code
        folder = ROOT / "docs/images" / language
        folder.mkdir(parents=True, exist_ok=True)
        status = take_pictures(folder, json.dumps(records))
        if status:
            return status
    return 0


def get_named(cursor):
    """The tables with names that are translated, as far as they are installed."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname IN %s",
        [
            (
                *("helpdesk_ticket_team", "product_template", "project_project"),
                "project_time_type",
            )
        ],
    )
    return [name for (name,) in cursor.fetchall()]


def tell_story(cursor, language, code):
    """Let the demo's records speak the language, where its words are in a file."""
    words = ROOT / f"scripts/devenv/story.{language}.json"
    if not words.exists():
        return
    named = get_named(cursor)
    for english, text in json.loads(words.read_text()).items():
        for table in named:
            cursor.execute(
                sql.SQL(
                    "UPDATE {} SET name = name || jsonb_build_object(%s, %s::text)"
                    " WHERE name->>'en_US' = %s"
                ).format(sql.Identifier(table)),
                [code, text, english],
            )
        for table, column in (
            *(("helpdesk_ticket", "name"), ("helpdesk_ticket", "description")),
            *(("account_analytic_line", "name"), ("sale_order_line", "name")),
        ):
            cursor.execute(
                sql.SQL("UPDATE {} SET {} = %s WHERE {} IN (%s, %s)").format(
                    *map(sql.Identifier, (table, column, column))
                ),
                [text, english, f"<p>{english}</p>"],
            )


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
