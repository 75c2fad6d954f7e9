{
    "name": "Track & Bill Time for Helpdesk",
    "summary": "Log time on tickets; draw it from prepaid hours or bill it afterwards",
    "version": "19.0.2.0.0",
    "category": "Services/Helpdesk",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_mgmt",
        "helpdesk_mgmt_project",
        "helpdesk_mgmt_sale",
        "sale_timesheet_books",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/account_analytic_line_security.xml",
        "report/report_timesheet_templates.xml",
        "report/timesheets_analysis_report_views.xml",
        "wizards/helpdesk_ticket_log_time_views.xml",
        "views/account_analytic_line_views.xml",
        "views/helpdesk_ticket_team_views.xml",
        "views/helpdesk_ticket_templates.xml",
        "views/helpdesk_ticket_views.xml",
        "views/product_template_views.xml",
        "views/res_config_settings_views.xml",
        "views/sale_order_views.xml",
        "report/helpdesk_time_overview_views.xml",
        "report/ticket_time_report_views.xml",
    ],
    "images": [
        "static/description/banner.png",
    ],
    "demo": [
        "demo/helpdesk_track_bill_demo.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_backend": [
            "helpdesk_track_bill/static/src/**/*",
        ],
        "web.assets_tests": [
            "helpdesk_track_bill/static/tests/tours/**/*",
        ],
    },
}
