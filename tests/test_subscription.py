"""Orders that OCA's subscriptions make are blocks of prepaid hours."""

from addons import ADDON
from conftest import copied
from odoo_database import ACCOUNTING
from odoo_server import prepare_base

SUBSCRIBED = """
customer = env["res.partner"].create({"name": "Customer", "is_company": True})
product = env["product.product"].create({
    "name": "Hours",
    "type": "service",
    "service_policy": "ordered_prepaid",
    "uom_id": env.ref("uom.product_uom_hour").id,
    "hours_validity": 1,
    "hours_validity_unit": "month",
    "hours_overrun": "bill",
})
"""

DRAWN = """
from odoo.fields import Command
from odoo.tests import freeze_time

template = env["sale.subscription.template"].create({
    "name": "Support by the month",
    "code": "SUPPORT",
    "recurring_rule_type": "months",
    "invoicing_mode": "sale_and_invoice",
})
with freeze_time("2026-01-05 10:00:00"):
    subscription = env["sale.subscription"].create({
        "partner_id": customer.id,
        "template_id": template.id,
        "pricelist_id": env["product.pricelist"].create({"name": "Monthly"}).id,
        "date_start": "2026-01-05",
        "sale_subscription_line_ids": [
            Command.create({"product_id": product.id, "product_uom_qty": 10}),
        ],
    })
    subscription.generate_invoice()
with freeze_time("2026-02-05 10:00:00"):
    subscription.generate_invoice()
first, second = subscription.sale_order_ids.sorted("id").order_line
assert first.order_id.locked
days = [str(day) for day in (first.hours_date_start, first.hours_date_end)]
assert days == ["2026-01-05", "2026-02-04"], days
days = [str(day) for day in (second.hours_date_start, second.hours_date_end)]
assert days == ["2026-02-05", "2026-03-04"], days
assert first.hours_overrun == "bill"

team = env["helpdesk.ticket.team"].create({
    "name": "Support", "allow_billable": True, "prepaid_draw": "order",
})
ticket = env["helpdesk.ticket"].create({
    "name": "Printer stuck",
    "description": "It hums.",
    "team_id": team.id,
    "partner_id": customer.id,
})
january, february = env["account.analytic.line"].create([
    {
        "ticket_id": ticket.id,
        "employee_id": env["hr.employee"].create({"name": "Agent"}).id,
        "name": "Work",
        "date": day,
        "unit_amount": hours,
    }
    for day, hours in (("2026-01-20", 4), ("2026-02-20", 3))
])
assert january.so_line == first
assert february.so_line == second
left = (first | second).mapped("remaining_hours")
assert left == [6, 7], left
"""


def test_V1_each_order_of_a_subscription_is_a_block_of_its_own():
    with copied(prepare_base(), "subscription") as database:
        database.load("-i", f"{ADDON}_prepaid", "subscription_oca", compat=True)
        database.run(SUBSCRIBED + ACCOUNTING + DRAWN, compat=True)
