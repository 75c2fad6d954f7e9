{
    "name": "Prepaid Hours and Begin and End Hours",
    "summary": "Parts of the same work follow each other in time",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_prepaid",
        "hr_timesheet_begin_end",
    ],
    "auto_install": True,
}
