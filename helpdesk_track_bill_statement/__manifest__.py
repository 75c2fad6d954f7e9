{
    "name": "Prepaid Hours: Statement",
    "summary": "What a customer bought, used and has left: portal, PDF, mail, lock",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_prepaid",
        "portal",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/prepaid_hours_statement_security.xml",
        "report/prepaid_hours_statement_templates.xml",
        "report/prepaid_hours_statement_reports.xml",
        "data/mail_template_data.xml",
        "data/ir_cron_data.xml",
        "wizards/prepaid_hours_statement_unlock_views.xml",
        "views/prepaid_hours_statement_views.xml",
        "views/portal_templates.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
    ],
    "demo": [
        "demo/helpdesk_track_bill_statement_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "helpdesk_track_bill_statement/static/tests/tours/**/*",
        ],
    },
}
