{
    "name": "Track & Bill Time for Helpdesk: Timer",
    "summary": "Start and stop a timer on tickets",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill",
        "hr_timesheet_time_control",
    ],
    "data": [
        "security/ir.model.access.csv",
        "data/mail_activity_type_data.xml",
        "data/ir_cron_data.xml",
        "views/helpdesk_ticket_views.xml",
        "wizards/helpdesk_timer_stop_views.xml",
        "wizards/hr_timesheet_switch_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
    "assets": {
        "web.assets_tests": [
            "helpdesk_track_bill_timer/static/tests/tours/**/*",
        ],
    },
}
