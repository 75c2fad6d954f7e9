{
    "name": "Prepaid Hours",
    "summary": "Prepaid hours as an account: terms, periods, drawing in order",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill",
    ],
}
