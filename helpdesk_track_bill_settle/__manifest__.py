{
    "name": "Track & Bill Time for Helpdesk: Many at Once",
    "summary": "Many agents log time on one item at once, and none waits",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill",
        "sale_timesheet_settle",
    ],
    # brings sale_timesheet_settle along
    "auto_install": ["helpdesk_track_bill"],
}
