"""What finding and telling alerts costs with many customers (AL3).

    scripts/run createdb -T helpdesk_track_bill_compat alerts
    scripts/odoo shell -d alerts --no-http < bench/alerts.py
    scripts/run dropdb alerts

Customers, their orders, blocks, periods and contacts are copies of one, made by SQL.
One in a hundred is near its limit; all were written since the last run. The forecast
of the same customers is measured, too.
"""

# ruff: noqa: F821
import sys
import time

from odoo import fields

sys.path.append("bench")
from copies import STEP, copy, create_product, finish

CUSTOMERS, NEAR = 100_000, 100

company = env.company
rules = env["prepaid.hours.alert.rule"]
product = create_product(env)
customer = env["res.partner"].create({"name": "Customer", "is_company": True})
contact = env["res.partner"].create(
    {
        "name": "Contact",
        "parent_id": customer.id,
        "email": "contact@example.com",
        "notify_prepaid_hours": True,
    }
)
order = env["sale.order"].create(
    {
        "partner_id": customer.id,
        "order_line": [
            fields.Command.create({"product_id": product.id, "product_uom_qty": 10})
        ],
    }
)
order.action_confirm()
team = env["helpdesk.ticket.team"].create(
    {"name": "Bench", "allow_billable": True, "prepaid_draw": "order"}
)
employee = env["hr.employee"].create({"name": "Bench"})
ticket = env["helpdesk.ticket"].create(
    {"name": "T", "description": "T", "team_id": team.id, "partner_id": contact.id}
)
entry = env["account.analytic.line"].create(
    {"ticket_id": ticket.id, "employee_id": employee.id, "unit_amount": 1, "name": "W"}
)
COPIED = {
    "res_partner": (customer | contact).ids,
    "sale_order": order.ids,
    "sale_order_line": order.order_line.ids,
    "sale_order_line_hours_period": order.order_line.hours_period_ids.ids,
    "account_analytic_line": entry.ids,
}


def measure(what, work):
    started = time.perf_counter()
    result = work()
    print(f"{what:<45}{time.perf_counter() - started:>8.1f} s  {result}")


copy(env, COPIED, CUSTOMERS, apart=10)
# the last tenth of the hours of one in a hundred
env.cr.execute(
    "UPDATE sale_order_line SET remaining_hours = 1, qty_delivered = 9"
    " WHERE id > %s AND (id / 10) %% %s = 0",
    [STEP, NEAR],
)
env.cr.execute(
    "UPDATE account_analytic_line SET unit_amount = 9"
    " WHERE id > %s AND so_line IN"
    " (SELECT id FROM sale_order_line WHERE remaining_hours = 1)",
    [STEP],
)
finish(env)
alerts, checks = env["prepaid.hours.alert"], env["prepaid.hours.check"]
forecasts = env["prepaid.hours.forecast"]
company.hours_alert_day = company._get_today()


def note():
    checks._note_changed(company)
    env.cr.commit()
    return f"{checks.search_count([])} customers to look at"


def look():
    while checks._check_some():
        env.cr.commit()
        env.invalidate_all()
    return f"{alerts.search_count([])} alerts"


def tell():
    last = 0
    while last := alerts._tell_some(last):
        env.cr.commit()
        env.invalidate_all()
    mails = env["mail.mail"].search_count([("model", "=", alerts._name)])
    return f"{mails} e-mails"


def foresee():
    number = 0
    while customers := forecasts._find_due(company):
        forecasts._write_forecasts(customers, company)
        number += len(customers)
        env.cr.commit()
        env.invalidate_all()
    return f"{number} customers"


measure("find what changed and may be near a limit", note)
measure("look at it with the engine", look)
measure("tell it", tell)
measure("the next run, with nothing new", lambda: (note(), look(), tell())[-1])
measure("the forecast of all customers", foresee)
