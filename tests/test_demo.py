"""The story that the demo data tells, as `make demo` shows it."""

import pytest

from addons import ADDON
from conftest import copied
from odoo_database import Database
from odoo_server import prepare_test


@pytest.fixture(scope="module")
def demo():
    return Database(prepare_test())


@pytest.mark.parametrize(
    ("item", "sold", "delivered", "invoiced", "left"),
    [
        ("item_used_up", 8, 8, 8, 0),
        ("item_half_used", 20, 10, 20, 10),
        ("item_overrun", 5, 6.5, 5, -1.5),
        ("item_post_paid", 1, 10, 6.5, 0),
    ],
)
def test_order_items(demo, item, sold, delivered, invoiced, left):
    assert demo.query(
        "SELECT product_uom_qty, qty_delivered, qty_invoiced, remaining_hours"
        "  FROM sale_order_line JOIN ir_model_data ON res_id = sale_order_line.id"
        f" WHERE module = 'helpdesk_track_bill' AND ir_model_data.name = '{item}'"
    ) == [(sold, delivered, invoiced, left)]


def test_a_dozen_tickets_in_several_stages(demo):
    ((tickets, stages),) = demo.query(
        "SELECT count(*), count(DISTINCT stage_id)"
        "  FROM helpdesk_ticket JOIN ir_model_data ON res_id = helpdesk_ticket.id"
        " WHERE module = 'helpdesk_track_bill' AND model = 'helpdesk.ticket'"
    )
    assert tickets == 12
    assert stages >= 4


def test_customers_with_accounts():
    """Their addon is installed while its own tables are locked: it must not wait."""
    with copied(prepare_test(), "demo_of_prepaid_hours") as demo:
        demo.odoo(
            *("-d", demo.name, "-i", f"{ADDON}_prepaid", "--with-demo"),
            *("--stop-after-init", "--no-http", "--max-cron-threads=0"),
        )
        drawn = demo.query(
            f"""
            SELECT data.name, entry.coverage, sum(entry.unit_amount)
              FROM account_analytic_line entry
              LEFT JOIN ir_model_data data
                     ON data.res_id = entry.so_line
                    AND data.model = 'sale.order.line'
                    AND data.module = '{ADDON}_prepaid'
             WHERE entry.coverage_data IS NOT NULL
             GROUP BY 1, 2
             ORDER BY 1, 2
            """
        )
    assert drawn == [
        ("item_allowance", "prepaid", 14),
        ("item_ends_soon", "prepaid", 5),
        ("item_lasts", "prepaid", 1.5),
        ("item_overdrawn", "overrun", 1.75),
        ("item_overdrawn", "prepaid", 3),
        (None, "uncovered", 1.5),
    ]
