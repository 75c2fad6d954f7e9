{
    "name": "Track & Bill Time for Helpdesk: SLA",
    "summary": "SLA policies by sales order item",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill",
        "helpdesk_mgmt_sla",
    ],
    "data": [
        "views/helpdesk_sla_views.xml",
        "views/helpdesk_ticket_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "helpdesk_track_bill_sla/static/tests/tours/*.js",
        ],
    },
    "auto_install": True,
}
