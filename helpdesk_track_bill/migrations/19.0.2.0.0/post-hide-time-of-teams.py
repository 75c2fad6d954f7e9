from odoo import SUPERUSER_ID, api

SHOWN = "('ticket_id.team_id.show_timesheet_portal', '=', True),"
USED = "'&', ('ticket_id.team_id.allow_timesheet', '=', True),"


def migrate(cr, version):
    """Customers see no time of teams whose Timesheets are off (T4).

    The rule is not updated with the addon; where it was changed it stays.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref(
        "helpdesk_track_bill.account_analytic_line_rule_ticket_share",
        raise_if_not_found=False,
    )
    if rule and "allow_timesheet" not in rule.domain_force:
        rule.domain_force = rule.domain_force.replace(SHOWN, f"{USED} {SHOWN}")
