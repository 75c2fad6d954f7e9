def post_init_hook(env):
    """Give each company that is there its first rules (AL1)."""
    env["res.company"].search([])._create_hours_alert_rules()
