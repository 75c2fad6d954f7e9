{
    "name": "Timers and Hours to Bill",
    "summary": "Kinds of work are chosen when a timer stops, after hours by calendar",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_review",
        "helpdesk_track_bill_timer",
    ],
    "data": [
        "views/project_time_type_views.xml",
        "wizards/helpdesk_timer_stop_views.xml",
        "wizards/hr_timesheet_switch_views.xml",
    ],
    "auto_install": True,
}
