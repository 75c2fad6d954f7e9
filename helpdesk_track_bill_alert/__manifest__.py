{
    "name": "Prepaid Hours: Alerts",
    "summary": "Nobody runs out unawares: alerts, renewal, forecast",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_prepaid",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/prepaid_hours_alert_security.xml",
        "data/mail_activity_type_data.xml",
        "data/mail_template_data.xml",
        "data/ir_cron_data.xml",
        "views/helpdesk_ticket_views.xml",
        "views/prepaid_hours_alert_rule_views.xml",
        "views/prepaid_hours_alert_views.xml",
        "views/prepaid_hours_block_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
        "views/sale_order_views.xml",
        "views/portal_templates.xml",
        "views/menus.xml",
    ],
    "demo": [
        "demo/helpdesk_track_bill_alert_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "helpdesk_track_bill_alert/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
