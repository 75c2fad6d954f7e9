"""What closing many periods costs, in time and memory (C4).

    scripts/run createdb -T helpdesk_track_bill_compat closing
    scripts/odoo shell -d closing --no-http < bench/closing.py
    scripts/run dropdb closing

Customers, their orders, blocks, periods and entries are copies of one, made by SQL. The
scheduled action is stopped on its way, as by its time limit, and goes on.
"""

# ruff: noqa: F821
import resource
import sys
import time

from odoo import fields

sys.path.append("bench")
from copies import copy, create_product, finish

BLOCKS, PERIODS = 10_000, 10
# periods between two lines of figures
SHOWN = 10_000

company = env.company
periods = env["sale.order.line.hours.period"]
product = create_product(env)
customer = env["res.partner"].create({"name": "Customer", "is_company": True})
today = company._get_today()
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
COPIED = {
    "res_partner": customer.ids,
    "sale_order": order.ids,
    "sale_order_line": order.order_line.ids,
    "sale_order_line_hours_period": block.ids,
    "account_analytic_line": entry.ids,
}
copy(env, COPIED, BLOCKS, apart=100)
finish(env)

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
