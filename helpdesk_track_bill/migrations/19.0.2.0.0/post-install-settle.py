from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Install in this update what the addon itself held before.

    Odoo installs addons by themselves beside those that it installs, not beside those
    that it updates.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["ir.module.module"].search(
        [("name", "=", "helpdesk_track_bill_settle"), ("state", "=", "uninstalled")]
    ).button_install()
    env.flush_all()
