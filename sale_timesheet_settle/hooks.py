def uninstall_hook(env):
    """Nobody adds up later what is pending now."""
    env["timesheet.settlement"].search([])._settle()
    env.flush_all()
