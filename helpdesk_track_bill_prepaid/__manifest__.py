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
    "data": [
        "security/ir.model.access.csv",
        "security/prepaid_hours_block_security.xml",
        "security/sale_order_line_hours_adjustment_security.xml",
        "security/sale_order_line_hours_period_security.xml",
        "data/ir_cron_data.xml",
        "wizards/sale_order_line_hours_adjust_views.xml",
        "wizards/prepaid_hours_redraw_views.xml",
        "wizards/prepaid_hours_why_not_views.xml",
        "views/account_analytic_line_views.xml",
        "views/helpdesk_ticket_team_views.xml",
        "views/helpdesk_ticket_views.xml",
        "views/product_template_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
        "views/sale_order_line_hours_period_views.xml",
        "views/prepaid_hours_block_views.xml",
        "views/sale_order_templates.xml",
        "views/sale_order_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "helpdesk_track_bill_prepaid/static/src/**/*",
        ],
        "web.assets_tests": [
            "helpdesk_track_bill_prepaid/static/tests/tours/**/*",
        ],
    },
    "demo": [
        "demo/helpdesk_track_bill_prepaid_demo.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
}
