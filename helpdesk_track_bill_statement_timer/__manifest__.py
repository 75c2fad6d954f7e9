{
    "name": "Statements and Timers",
    "summary": "A timer that runs when its day is locked keeps its hours",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_statement",
        "helpdesk_track_bill_timer",
    ],
    "auto_install": True,
}
