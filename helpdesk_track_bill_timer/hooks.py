from .models.account_analytic_line import TIMER_ACTIVITY


def post_init_hook(env):
    """Entries without hours from before there were timers are no running timers.

    The addon below dates them back to midnight, and would ask their user to stop
    them before the first timer starts.
    """
    env.cr.execute(
        """
        UPDATE account_analytic_line
        SET date_time = NULL
        WHERE project_id IS NOT NULL AND unit_amount = 0 AND date_time = date
        """
    )
    env["account.analytic.line"].invalidate_model(["date_time"])


def uninstall_hook(env):
    """Nobody is left to ask about timers; their activities would hold their type."""
    # those marked as done are archived, and hold it too
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "=", env.ref(TIMER_ACTIVITY).id)]
    ).unlink()
