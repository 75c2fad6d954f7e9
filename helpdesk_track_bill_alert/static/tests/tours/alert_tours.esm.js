import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const openMenu = (entry) => [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open Helpdesk",
        trigger: '.o_app[data-menu-xmlid="helpdesk_mgmt.helpdesk_ticket_main_menu"]',
        run: "click",
    },
    {
        content: "Open the list",
        trigger: `[data-menu-xmlid="${entry}"]`,
        run: "click",
    },
];

tours.add("prepaid_hours_renew", {
    steps: () => [
        ...openMenu("helpdesk_track_bill_alert.menu_prepaid_hours_alert"),
        {
            content: "The customer is low on hours",
            trigger: ".o_data_row:contains(Tour Clinic):contains(prepaid hours left)",
        },
        {
            content: "Choose the alert",
            trigger: ".o_data_row:contains(Tour Clinic) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Renew what is chosen",
            trigger: ".o_control_panel button[name=action_renew_hours]",
            run: "click",
        },
        {
            content: "The quotation is there, with the same hours",
            trigger:
                ".o_form_view .o_field_widget[name=order_line] .o_data_row:contains(Tour Prepaid Hours):contains(10.00)",
        },
        {
            content: "Back to the alerts",
            trigger: ".o_breadcrumb a:contains(Prepaid Hours Alerts)",
            run: "click",
        },
        {
            content: "The alert names the quotation",
            trigger:
                ".o_data_row:contains(Tour Clinic) [name=renewal_name]:contains(S0)",
        },
    ],
});

tours.add("prepaid_hours_order_more", {
    steps: () => [
        {
            content: "Open the page from the portal's home",
            trigger: 'a[href="/my/prepaid-hours/order"]:contains(Order More Hours)',
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Order more hours",
            trigger: "button:contains(Order More Hours)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It was asked for",
            trigger: "[role=status]:contains(Asked for)",
        },
    ],
});

tours.add("prepaid_hours_alert_phone", {
    steps: () => [
        {
            content: "What happened is told in full; open it",
            trigger:
                ".o_kanban_record:contains(Tour Clinic):contains(01:00 prepaid hours left)",
            run: "click",
        },
        {
            content: "Renew",
            trigger: ".o_form_view button[name=action_renew_hours]",
            run: "click",
        },
        {
            content: "The quotation is there, with the same hours",
            trigger: ".o_form_view .o_field_widget[name=order_line]:contains(10.00)",
        },
    ],
});
