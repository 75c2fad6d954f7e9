{
    "name": "Track & Bill Time for Helpdesk: E-Mail",
    "summary": "Agents log time in the replies that they send by e-mail",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill",
    ],
}
