{
    "name": "Prepaid Hours and Hours to Bill",
    "summary": "Prepaid hours are drawn by hours to bill, also in parts",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_prepaid",
        "helpdesk_track_bill_review",
    ],
    "data": [
        "views/account_analytic_line_views.xml",
    ],
    "auto_install": True,
}
