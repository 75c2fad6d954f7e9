from odoo import SUPERUSER_ID, api

from odoo.addons.helpdesk_track_bill.hooks import adopt_prepaid_items


def migrate(cr, version):
    """Tickets of 19.0.1.0.0 learn whether their item counts hours left."""
    adopt_prepaid_items(api.Environment(cr, SUPERUSER_ID, {}))
