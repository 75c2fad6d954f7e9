{
    "name": "Prepaid Hours on Quotation Templates",
    "summary": "Quotation templates carry the terms of prepaid hours",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_prepaid",
        "sale_management",
    ],
    "data": [
        "views/sale_order_template_views.xml",
    ],
    "auto_install": True,
}
