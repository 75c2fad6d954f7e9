{
    "name": "Track & Bill Time for Helpdesk: Projects of Orders",
    "summary": "A ticket without a team's project takes the one of its orders",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_mgmt_sale_project",
        "helpdesk_track_bill",
    ],
    "auto_install": True,
}
