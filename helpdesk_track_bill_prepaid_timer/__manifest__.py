{
    "name": "Prepaid Hours and Timers",
    "summary": "A timer that stops is never refused for want of prepaid hours",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_prepaid",
        "helpdesk_track_bill_timer",
    ],
    "auto_install": True,
}
