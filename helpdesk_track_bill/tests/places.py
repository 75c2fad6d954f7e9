"""Which hours the places of this addon show or sum (W1)."""

WORKED, BILLED, AGREED = "worked", "billed", "agreed"
# Fields in views, by model.
FIELDS = {
    "account.analytic.line": {"unit_amount": WORKED},
    "account.move": {"timesheet_total_duration": WORKED},
    "helpdesk.ticket": {
        "hours_of_colleagues": WORKED,
        "hours_on_other_items": BILLED,
        "planned_hours": AGREED,
        "remaining_hours": WORKED,
        "remaining_hours_so": BILLED,
        "total_hours": WORKED,
    },
    "helpdesk.ticket.log.time": {"hours": WORKED},
    "helpdesk.ticket.team": {"week_hours": WORKED},
    "project.project": {
        "allocated_hours": AGREED,
        "effective_hours": WORKED,
        "remaining_hours": WORKED,
    },
    "project.task": {
        "allocated_hours": AGREED,
        "effective_hours": WORKED,
        "overtime": WORKED,
        "remaining_hours": WORKED,
        "remaining_hours_so": BILLED,
        "subtask_effective_hours": WORKED,
        "total_hours_spent": WORKED,
    },
    "report.project.task.user": {
        "allocated_hours": AGREED,
        "effective_hours": WORKED,
        "overtime": WORKED,
        "remaining_hours": WORKED,
        "remaining_hours_percentage": WORKED,
        "remaining_hours_so": BILLED,
    },
    "sale.order": {"timesheet_total_duration": WORKED},
    "sale.order.line": {
        "qty_delivered": BILLED,
        "qty_to_invoice": BILLED,
        "remaining_hours": BILLED,
    },
    "timesheets.analysis.report": {
        "billable_time": WORKED,
        "non_billable_time": WORKED,
        "unit_amount": WORKED,
    },
}
# What is in the portal and on paper.
TEMPLATES = {
    "helpdesk_track_bill.portal_hours": {WORKED, BILLED},
    "helpdesk_track_bill.portal_hours_left": {BILLED},
    "helpdesk_track_bill.portal_ticket_list": {WORKED},
    "helpdesk_track_bill.portal_ticket_time": {BILLED},
    "hr_timesheet.portal_my_task": {AGREED},
    "hr_timesheet.portal_my_task_allocated_hours_template": {AGREED},
    "hr_timesheet.portal_my_timesheets": {WORKED},
    "hr_timesheet.portal_tasks_list_inherit": {WORKED},
    "hr_timesheet.portal_timesheet_table": {WORKED},
    "hr_timesheet.timesheet_table": {WORKED},
    "sale_timesheet.portal_my_timesheets_inherit": {BILLED},
    "sale_timesheet.portal_timesheet_table_inherit": {BILLED},
}
# What reads the column of hours worked itself.
CODE = {
    "_adopt_hours": WORKED,
    "_prepare_entry_vals": WORKED,
    "_read_group_select": WORKED,
}
