"""Which hours the places of this addon show or sum (W1)."""

WORKED = "worked"
# Fields in views, by model.
FIELDS = {
    "helpdesk.timer.stop": {"hours": WORKED},
    "hr.timesheet.switch": {
        "running_timer_duration": WORKED,
        "running_timer_hours": WORKED,
    },
}
# What reads the column of hours worked itself.
CODE = {
    "_default_running_timer_id": WORKED,
    "_domain_timer_running": WORKED,
    "_is_timer_running": WORKED,
    "_stop_timer": WORKED,
    "_timesheet_get_portal_domain": WORKED,
    "post_init_hook": WORKED,
}
