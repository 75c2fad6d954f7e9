from .models.prepaid_hours_alert import ACTIVITY


def post_init_hook(env):
    """Give each company that is there its first rules (AL1), and a forecast (F1)."""
    env["res.company"].search([])._create_hours_alert_rules()
    # soon, not only when the first night is over
    env.ref("helpdesk_track_bill_alert.ir_cron_forecast")._trigger()


def uninstall_hook(env):
    """What is left of the activities would hold their type."""
    # those marked as done are archived, and hold it too
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "=", env.ref(ACTIVITY).id)]
    ).unlink()
