{
    "name": "Alerts and Statements of Prepaid Hours",
    "summary": "Customers go from their prepaid hours to ordering more, and back",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_alert",
        "helpdesk_track_bill_statement",
    ],
    "data": [
        "views/portal_templates.xml",
    ],
    "auto_install": True,
}
