"""Odoo with a company's story in it."""

import socket
import subprocess
import threading
import time

import database
from addons import ADDON
from common import die
from odoo_server import ODOO, prepare_database, wait_for

DEMO_DATABASE = f"{ADDON}_demo"

WALK = """
Odoo runs on http://localhost:{port}: login admin, password admin. Stop it with Ctrl+C.

Prepaid:   Helpdesk > Dashboard > card Support > Tickets > "Printer queue stuck": the
           item, the hours left and the Timesheets tab; add a line and watch the hours
           count down; the Sales Order button opens the order with its Delivered hours.
Overrun:   "Mail server migration" there: more hours logged than sold, in red.
Post-paid: card Projects & Consulting > Tickets > "Warehouse labels": the Sales Order
           button, then Create Invoice, with a Timesheets Period if you like.
Account:   Helpdesk > Prepaid Hours: what each customer bought, used and has left; open
           Riverside School: ten hours a month, what was carried over and what expired.
           Team Customer Care draws in order: "Key cards do not open" took the hours
           that end this week first and split an entry over two blocks (point at
           "Prepaid" in its Timesheets tab, or click on the question mark), "Plotter
           loses its network" is overdrawn, "Ticket desk prints twice" waits for
           payment: invoice and pay the order of City Museum, and the order offers to
           cover the open time. The hourglass on an order line shows its terms.
Alerts:    Helpdesk > Prepaid Hours: Lakeside Library has used nearly all, "lasts until"
           says how long it goes on, Renew makes the quotation; what was told to whom
           is in Prepaid Hours Alerts.
Statement: Helpdesk > Prepaid Statements: October of Riverside School, to print or lock.
Review:    team Field Service approves its time. Log in as vlad: Helpdesk > Review >
           Time to Review. As alina, who bills: Time to Bill has last month, what needs
           attention first; Create Invoices shows each amount before. As sanda, the
           customer: My Account > Tickets > ask about a line.

Other logins, each with its name as password:
ana        agent: time, items and hours left, but no orders
ioana      agent who reads Romanian
elena      helpdesk manager: teams, reports and everybody's time, no settings
radu       salesperson: orders and invoices, no tickets
carmen     accountant: confirms and credits invoices
vlad       reviewer: approves the time of Field Service
alina      biller: time to bill with its prices, and invoices
sanda      customer of Field Service
dana       customer: her company's tickets in the portal, with their time
"""


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
    shown = [
        ADDON,
        *(f"{ADDON}_{name}" for name in ("review", "alert", "statement")),
    ]
    prepare_database(DEMO_DATABASE, shown, "--load-language=en_US,ro_RO", demo=True)
    with database.connection(dbname=DEMO_DATABASE) as cursor:
        # not in the demo data: other databases do not have the language
        cursor.execute(
            "UPDATE res_partner SET lang = 'ro_RO' FROM res_users"
            " WHERE res_partner.id = res_users.partner_id AND login = 'ioana'"
        )
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
