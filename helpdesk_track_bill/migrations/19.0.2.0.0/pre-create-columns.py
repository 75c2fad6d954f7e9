from odoo.addons.helpdesk_track_bill.hooks import create_columns


def migrate(cr, version):
    """Create new stored columns empty, so that the ORM does not compute each row."""
    create_columns(cr)
