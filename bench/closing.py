"""What closing many periods costs, in time and memory (C4).

    scripts/run createdb -T helpdesk_track_bill_compat closing
    scripts/odoo shell -d closing --no-http < bench/closing.py
    scripts/run dropdb closing

Customers, their orders, blocks, periods and entries are copies of one, made by SQL. The
scheduled action is stopped on its way, as by its time limit, and goes on.
"""

# ruff: noqa: F821
import resource
import time

from odoo import fields

BLOCKS, PERIODS = 10_000, 10
# periods between two lines of figures
SHOWN = 10_000

company = env.company
periods = env["sale.order.line.hours.period"]
product = env["product.product"].create(
    {
        "name": "Hours",
        "type": "service",
        "service_policy": "ordered_prepaid",
        "uom_id": env.ref("uom.product_uom_hour").id,
    }
)
customer = env["res.partner"].create({"name": "Customer", "is_company": True})
today = company._get_hours_today()
end = fields.Date.start_of(fields.Date.subtract(today, months=2), "month")
order = env["sale.order"].create(
    {
        "partner_id": customer.id,
        "order_line": [
            fields.Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 10 * PERIODS,
                    "hours_period": "month",
                    "hours_carry_over": "all",
                    "hours_date_start": fields.Date.subtract(end, months=PERIODS),
                    "hours_date_end": fields.Date.subtract(end, days=1),
                }
            )
        ],
    }
)
order.action_confirm()
team = env["helpdesk.ticket.team"].create(
    {"name": "Bench", "allow_billable": True, "prepaid_draw": "order"}
)
employee = env["hr.employee"].create({"name": "Bench"})
ticket = env["helpdesk.ticket"].create(
    {"name": "T", "description": "T", "team_id": team.id, "partner_id": customer.id}
)
block = order.order_line.hours_period_ids
assert len(block) == PERIODS
entry = env["account.analytic.line"].create(
    {
        "ticket_id": ticket.id,
        "employee_id": employee.id,
        "unit_amount": 1,
        "name": "W",
        "date": block[0].date_start,
    }
)
env.flush_all()
COPIED = {
    "res_partner": customer.ids,
    "sale_order": order.ids,
    "sale_order_line": order.order_line.ids,
    "sale_order_line_hours_period": block.ids,
    "account_analytic_line": entry.ids,
}
# each copy has ids of its own, so far from the originals
STEP = 1_000_000
SHIFTED = {
    "res_partner": ("id", "commercial_partner_id"),
    "sale_order": ("id", "partner_id", "partner_invoice_id", "partner_shipping_id"),
    "sale_order_line": ("id", "order_id", "order_partner_id"),
    "sale_order_line_hours_period": ("id", "line_id", "partner_id"),
    "account_analytic_line": ("id", "so_line", "hours_period_id", "partner_id"),
}


def copy(table, ids):
    """Copy rows once for each block, with what they point to."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        "   AND is_generated = 'NEVER'",
        [table],
    )
    columns = [f'"{name}"' for (name,) in env.cr.fetchall()]
    values = [
        f"{name} + copies.place * 100 + {STEP}"
        if name.strip('"') in SHIFTED[table]
        else name
        for name in columns
    ]
    env.cr.execute(
        f"INSERT INTO {table} ({', '.join(columns)})"
        f" SELECT {', '.join(values)} FROM {table},"
        f"  generate_series(1, {BLOCKS}) copies(place) WHERE id IN %s",
        [tuple(ids)],
    )


for table, ids in COPIED.items():
    copy(table, ids)
env.cr.commit()
env.cr._cnx.autocommit = True
env.cr.execute("VACUUM ANALYZE")
env.cr._cnx.autocommit = False
env.invalidate_all()

started = time.perf_counter()
closed, stop_at = 0, BLOCKS * PERIODS // 2
kind = env.registry[periods._name]
close = kind._close


class StoppedError(Exception):
    """As when the scheduled action is at its time limit."""


def close_and_tell(self):
    global closed
    if closed >= stop_at:
        raise StoppedError
    close(self)
    closed += len(self)
    if closed % SHOWN == 0:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        took = time.perf_counter() - started
        print(f"{closed:>9,} closed{took:>8.1f} s{peak:>8.0f} MiB at most")


kind._close = close_and_tell
try:
    periods._cron_close()
except StoppedError:
    env.cr.rollback()
    env.invalidate_all()
    open_ = periods.search_count(periods._domain_due(company))
    print(f"stopped; {open_:,} are left for the next run")
stop_at = float("inf")
periods._cron_close()
print(f"{periods.search_count(periods._domain_due(company))} are left")
