from .models.prepaid_hours_alert import ACTIVITY


def post_init_hook(env):
    """Give each company that is there its first rules (AL1)."""
    env["res.company"].search([])._create_hours_alert_rules()


def uninstall_hook(env):
    """What is left of the activities would hold their type."""
    # those marked as done are archived, and hold it too
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "=", env.ref(ACTIVITY).id)]
    ).unlink()
