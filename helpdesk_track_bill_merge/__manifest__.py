{
    "name": "Track & Bill Time for Helpdesk: Merged Tickets",
    "summary": "Merging tickets takes their time along",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_mgmt_merge",
        "helpdesk_track_bill",
    ],
    "auto_install": True,
}
