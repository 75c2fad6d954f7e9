from odoo import SUPERUSER_ID, api

SHOWN = "('ticket_id.team_id.show_timesheet_portal', '=', True),"
USED = "'&', ('ticket_id.team_id.allow_timesheet', '=', True),"
BELOW = "('ticket_partner_id', 'child_of', user.commercial_partner_id.id)"
OWN = "('ticket_partner_id.commercial_partner_id', '=', user.commercial_partner_id.id)"


def migrate(cr, version):
    """Customers see no time of teams whose Timesheets are off (T4), nor that of
    companies below theirs, which are customers of their own (A4).

    The rule is not updated with the addon; where it was changed it stays.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref(
        "helpdesk_track_bill.account_analytic_line_rule_ticket_share",
        raise_if_not_found=False,
    )
    if rule:
        domain = rule.domain_force.replace(BELOW, OWN)
        if "allow_timesheet" not in domain:
            domain = domain.replace(SHOWN, f"{USED} {SHOWN}")
        rule.domain_force = domain
