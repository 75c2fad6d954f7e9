"""Many users log time on one prepaid item at once, on a server with four workers."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cluster import AGENT, TASKS, TICKETS, Cluster, get_books
from load import CLIENTS, ENTRIES, Load, Server, Session
from odoo_database import PREPAID_ORDER
from odoo_server import prepare_base

ROUNDS = 3
UNINSTALL_SETTLE = """
env["ir.module.module"].search(
    [("name", "=", "sale_timesheet_settle")]
).button_immediate_uninstall()
"""
BLOCKS = """
env["helpdesk.ticket"].search([]).write({{"active": False}})
env["sale.order"].search([("state", "=", "sale")])._action_cancel()
product = env["product.product"].search([("name", "=", "Hours")])
for days in (30, 60, 90):
    order = env["sale.order"].create({{
        "partner_id": customer.id,
        "order_line": [(0, 0, {{
            "product_id": product.id,
            "product_uom_qty": 60,
            "hours_overrun": "{overrun}",
            "hours_date_end": fields.Date.add(fields.Date.today(), days=days),
        }})],
    }})
    order.action_confirm()
order = env["sale.order"].create({{
    "partner_id": customer.id,
    "order_line": [(0, 0, {{
        "product_id": env.ref("sale_timesheet.time_product").id,
    }})],
}})
order.action_confirm()
"""
FIND = """
from odoo import fields
customer = env["res.partner"].search([("name", "=", "Customer")])
user = env["res.users"].search([("login", "=", "agent")])
"""
# customers whose hours are low, each with somebody to tell
LOW = """
product = env["product.product"].search([("name", "=", "Hours")])
orders = env["sale.order"].create([
    {{
        "partner_id": env["res.partner"].create({{
            "name": f"{name} {{number}}",
            "email": f"{name}{{number}}@example.com",
            "is_company": True,
            "notify_prepaid_hours": True,
        }}).id,
        "user_id": env.ref("base.user_admin").id,
        "order_line": [(0, 0, {{"product_id": product.id, "product_uom_qty": 1}})],
    }}
    for number in range({customers})
])
orders.action_confirm()
"""
ONE_RULE = """
rules = env["prepaid.hours.alert.rule"]
rules.search([]).active = False
rules.create({"kind": "hours", "limit_hours": 2})
"""
LOOK = "env['prepaid.hours.alert']._cron_alert()"
TELL_AND_DIE = """
import os
import signal

env["prepaid.hours.check"]._note_changed(env.company)
env["prepaid.hours.check"]._check_some()
env.cr.commit()
env["prepaid.hours.alert"]._tell_some()
env.flush_all()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def cluster():
    # not below pytest's own folder: another run that starts meanwhile closes that to
    # the user whom PostgreSQL runs as
    with tempfile.TemporaryDirectory(prefix="cluster") as folder:
        cluster = Cluster(Path(folder))
        core = cluster.restore(prepare_base(), "core")
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


def log_on_tickets(server, database, hours=0.25):
    vals = [
        {"ticket_id": id_, "unit_amount": hours}
        for (id_,) in database.query("SELECT id FROM helpdesk_ticket WHERE active")
    ]
    session = Session(server, database, "agent")
    return Load(session, lambda client: vals[client % len(vals)])


def test_many_writers_lose_nothing(cluster, tmp_path, capsys):
    core, addon = cluster.get_database("core"), cluster.get_database("addon")
    report = []

    def log(log_on, database):
        options = ("-d", database.name, *cluster.options)
        with Server(options, tmp_path / database.name) as server:
            load = log_on(server, database).run()
            retries = server.get_retries()
        report.append(f"{database.name:6} {load}   {retries:3} repeated")
        return load

    log(log_on_tasks, core)
    waits = cluster.copy("addon", "waits")
    waits.run(UNINSTALL_SETTLE)
    # as in core: nothing is wrong, but who waits too long may get an error
    saved = len(log(log_on_tickets, waits).saved)
    assert set(get_books(waits)) == {saved * 0.25}
    for number in range(1, ROUNDS + 1):
        load = log(log_on_tickets, addon)
        assert load.errors == []
        assert len(load.saved) == CLIENTS * ENTRIES
        hours = number * CLIENTS * ENTRIES * 0.25
        assert get_books(addon) == (hours, hours, hours, hours)
        assert addon.query("SELECT count(*) FROM timesheet_settlement") == [(0,)]
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
    database.run("env['timesheet.settlement']._cron_settle()")
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
    database.run("env['timesheet.settlement']._cron_settle()")
    assert set(get_books(database)) == {before[0] + 3}


def draw_at_once(cluster, tmp_path, name, overrun, draw="order", killed=False):
    """Entries of an hour on one customer with three blocks of 60 hours.

    :param killed: whether a worker, and then PostgreSQL, is killed in the middle
    :returns: the load, and hours by item: the blocks from the first to expire, the
        post-paid item last
    """
    database = cluster.copy("addon", name)
    database.query("DELETE FROM account_analytic_line")
    database.load("-i", "helpdesk_track_bill_prepaid")
    tickets = TICKETS.replace(
        '"allow_billable"', f'"prepaid_draw": "{draw}", "allow_billable"'
    )
    database.run(FIND + BLOCKS.format(overrun=overrun) + tickets)
    options = ("-d", database.name, *cluster.options)
    with Server(options, tmp_path / name) as server:
        events = ()
        if killed:
            events = ((40, lambda: server.get_worker().kill()), (80, cluster.kill))
        load = log_on_tickets(server, database, hours=1).run(*events)
        retries = server.get_retries()
    database.run("env['timesheet.settlement']._cron_settle()")
    hours = database.query(
        """
        SELECT coalesce(sum(entry.unit_amount), 0)::float
          FROM sale_order_line line
          JOIN sale_order sold ON sold.id = line.order_id AND sold.state = 'sale'
          LEFT JOIN account_analytic_line entry ON entry.so_line = line.id
         GROUP BY line.id
         ORDER BY line.hours_date_end NULLS LAST, line.id
        """
    )
    return (
        load,
        [hours for (hours,) in hours],
        f"{name:8} {load}   {retries:3} repeated",
    )


def test_D10_many_draw_at_once(cluster, tmp_path, capsys):
    item, _hours, first = draw_at_once(cluster, tmp_path, "by_item", "bill", "item")
    load, hours, second = draw_at_once(cluster, tmp_path, "in_order", "bill")
    with capsys.disabled():
        print("", first, second, sep="\n")
    assert load.errors == item.errors == []
    assert len(load.saved) == CLIENTS * ENTRIES
    assert hours == [60, 60, 60, CLIENTS * ENTRIES - 180]


def test_D10_who_comes_too_late_gets_the_sentence(cluster, tmp_path, capsys):
    load, hours, report = draw_at_once(cluster, tmp_path, "refused", "refuse")
    with capsys.disabled():
        print("", report, sep="\n")
    assert len(load.saved) == 180
    assert all("hours can be drawn" in error for error in load.errors)
    assert hours == [60, 60, 60, 0]


def test_D10_killed_servers_leave_an_account_that_balances(cluster, tmp_path):
    load, hours, _report = draw_at_once(
        cluster, tmp_path, "killed_draw", "bill", killed=True
    )
    database = cluster.get_database("killed_draw")
    names = [
        name for (name,) in database.query("SELECT name FROM account_analytic_line")
    ]
    assert set(load.saved) <= set(names)
    assert len(names) == len(set(names)) == sum(hours)
    assert max(hours[:3]) <= 60
    # what Odoo keeps of the same hours
    totals = database.query(
        """
        SELECT line.qty_delivered::float
          FROM sale_order_line line
          JOIN sale_order sold ON sold.id = line.order_id AND sold.state = 'sale'
         ORDER BY line.hours_date_end NULLS LAST, line.id
        """
    )
    assert [total for (total,) in totals] == hours


def count_told(database):
    """Alerts, those told, e-mails and activities."""
    (counts,) = database.query(
        """
        SELECT (SELECT count(*) FROM prepaid_hours_alert),
               (SELECT count(*) FROM prepaid_hours_alert WHERE state = 'told'),
               (SELECT count(*) FROM mail_mail mail
                  JOIN mail_message message ON message.id = mail.mail_message_id
                 WHERE message.model = 'prepaid.hours.alert'),
               (SELECT count(*) FROM mail_activity WHERE res_model = 'sale.order')
        """
    )
    return counts


def test_AL3_each_once_when_killed_and_with_two_workers(cluster):
    database = cluster.copy("addon", "alerts")
    database.load("-i", "helpdesk_track_bill_alert")
    database.run(ONE_RULE + LOW.format(name="killed", customers=20))
    with pytest.raises(AssertionError):
        database.run(TELL_AND_DIE)
    # the rows were committed, what tells of them is gone as a whole
    assert count_told(database) == (20, 0, 0, 0)
    database.run(LOW.format(name="raced", customers=20))
    with ThreadPoolExecutor(2) as workers:
        for worker in [workers.submit(database.run, LOOK) for _number in range(2)]:
            # the second of two that write the same fails, and is run again later
            worker.exception()
    database.run(LOOK)
    assert count_told(database) == (40, 40, 40, 40)
