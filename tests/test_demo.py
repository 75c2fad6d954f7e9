"""The story that the demo data tells, as `make demo` shows it."""

import pytest

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
