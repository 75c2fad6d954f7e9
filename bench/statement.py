"""What the statement of a customer with 10,000 entries costs (S3).

    scripts/run createdb -T helpdesk_track_bill_compat statement
    scripts/odoo -d statement --http-port 8070 &
    scripts/odoo shell -d statement --no-http < bench/statement.py
    kill %1
    scripts/run dropdb statement

Prints the seconds until the printed page's HTML and until its PDF. The server gives
wkhtmltopdf the style sheets.
"""

# ruff: noqa: F821
import sys
import time

from odoo import fields

sys.path.append("bench")
from copies import create_product

ENTRIES, TICKETS = 10_000, 400

env["ir.config_parameter"].set_param("report.url", "http://localhost:8070")
company = env.company
product = create_product(env)
customer = env["res.partner"].create({"name": "Customer", "is_company": True})
today = company._get_today()
start = fields.Date.start_of(fields.Date.subtract(today, months=1), "month")
end = fields.Date.end_of(start, "month")
order = env["sale.order"].create(
    {
        "partner_id": customer.id,
        "order_line": [
            fields.Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": ENTRIES,
                    "hours_date_start": start,
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
tickets = env["helpdesk.ticket"].create(
    [
        {
            "name": f"Ticket {number}",
            "description": "T",
            "team_id": team.id,
            "partner_id": customer.id,
        }
        for number in range(TICKETS)
    ]
)
env["account.analytic.line"].create(
    [
        {
            "ticket_id": tickets[number % TICKETS].id,
            "employee_id": employee.id,
            "unit_amount": 0.5,
            "name": f"Work {number}",
            "date": fields.Date.add(start, days=number % 28),
        }
        for number in range(ENTRIES)
    ]
)
statement = env["prepaid.hours.statement"].create(
    {"partner_id": customer.id, "date_from": start, "date_to": end}
)
env.cr.commit()
reports = env["ir.actions.report"]
report = env.ref("helpdesk_track_bill_statement.action_report_statement")
for title, render in (
    ("HTML", reports._render_qweb_html),
    ("PDF", reports.with_context(force_report_rendering=True)._render_qweb_pdf),
):
    env.invalidate_all()
    started = time.perf_counter()
    content, kind = render(report.report_name, statement.ids)
    took = time.perf_counter() - started
    print(f"{title}: {took:.1f} s, {len(content) / 1024:,.0f} KiB of {kind}")
