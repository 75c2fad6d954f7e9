import {
    choose,
    clickCreateInvoice,
    createDraft,
    openDashboard,
    openMenu,
    openTimesheets,
    saveSettings,
} from "./steps.esm";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const onCard = (selector) => `.o_kanban_record:contains(Tour Team) ${selector}`;

const backToDashboard = {
    content: "Back to the dashboard",
    trigger: ".o_breadcrumb .o_back_button:contains(Dashboard)",
    run: "click",
};

/** The only rows of a list, in their order. */
const onlyRows = (...titles) => [
    {
        content: `The list shows ${titles.join(", ")} and nothing else`,
        trigger: [
            `.o_list_view:not(:has(.o_data_row:eq(${titles.length})))`,
            ...titles.map((title) => `:has(.o_data_row:contains(${title}))`),
        ].join(""),
    },
];

const searchMenu = {
    content: "Open the search menu",
    trigger: ".o_searchview_dropdown_toggler",
    run: "click",
};

const toggle = (name) => ({
    content: `Click on ${name}`,
    trigger: `.o_search_bar_menu .o_menu_item:contains("${name}")`,
    run: "click",
});

const filterBy = (name, ...titles) => [
    toggle(name),
    ...onlyRows(...titles),
    toggle(name),
    ...onlyRows("Printer stuck", "Labels", "Scanner"),
];

tours.add("track_bill_dashboard", {
    steps: () => [
        ...openDashboard(),
        {
            content: "The card shows this week's hours and their billable share",
            trigger: onCard("[name=track_bill_time]:contains(04:00):contains(75%)"),
        },
        {
            content: "Click on the time of this week",
            trigger: onCard("[name=action_view_week_timesheets]"),
            run: "click",
        },
        {
            content: "It opens the entries",
            trigger: ".o_list_view tfoot:contains(04:00)",
        },
        backToDashboard,
        {
            content: "Click on the billable share",
            trigger: onCard("[name=action_view_week_billable_timesheets]"),
            run: "click",
        },
        {
            content: "It opens the billable entries",
            trigger: ".o_list_view tfoot:contains(03:00)",
        },
        backToDashboard,
        {
            content: "Click on tickets over their prepaid hours",
            trigger: onCard("[name=action_view_over_prepaid_tickets]"),
            run: "click",
        },
        ...onlyRows("Printer stuck"),
        backToDashboard,
        {
            content: "Click on Tickets",
            trigger: onCard("button:contains(Tickets)"),
            run: "click",
        },
        {
            content: "A card of a ticket tells hours spent and left",
            trigger:
                ".o_kanban_record:contains(Printer stuck):contains(03:00 hours spent):contains(02:00 over)",
        },
    ],
});

tours.add("track_bill_filters", {
    steps: () => [
        ...openMenu(
            "Helpdesk > Tickets > All Tickets",
            "helpdesk_mgmt.helpdesk_ticket_main_menu",
            "helpdesk_mgmt.helpdesk_ticket_menu",
            "helpdesk_mgmt.helpdesk_all_ticket_menu",
        ),
        ...onlyRows("Printer stuck", "Labels", "Scanner"),
        {
            content: "The list adds up the hours",
            trigger: ".o_list_view tfoot:contains(04:30)",
        },
        searchMenu,
        ...filterBy("Over prepaid hours", "Printer stuck"),
        ...filterBy("No sales order item", "Labels"),
        ...filterBy("Time not invoiced", "Scanner"),
        ...filterBy("My time this week", "Printer stuck"),
        ...filterBy("Closed without time", "Labels"),
        {
            content: "Group by item",
            trigger: '.o_group_by_menu .o_menu_item:contains("Sales Order Item")',
            run: "click",
        },
        {
            content: "Tickets are grouped by item",
            trigger: ".o_list_view .o_group_header:contains(Tour Prepaid Hours)",
        },
        {
            content: "Look at the pivot",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "Close the search menu by opening the measures",
            trigger: ".o_pivot_view button:contains(Measures)",
            run: "click",
        },
        {
            content: "Hours spent can be measured",
            trigger: ".o-dropdown--menu .o_menu_item:contains(Hours Spent)",
        },
        {
            content: "Measure the hours left on the items",
            trigger: ".o-dropdown--menu .o_menu_item:contains(Remaining Hours on SO)",
            run: "click",
        },
        {
            content: "An item counts once",
            trigger: ".o_pivot_view th:contains(Remaining Hours on SO)",
        },
    ],
});

tours.add("track_bill_no_hours_left", {
    steps: () => [
        {
            content: "The banner says that no hours are left",
            trigger: ".alert:contains(no prepaid hours left)",
        },
        {
            content: "Open the newest order",
            trigger: ".alert button[name=action_view_newest_sale_order]",
            run: "click",
        },
        {
            content: "It is the order of the hours",
            trigger: ".o_form_view .o_data_row:contains(Tour Prepaid Hours)",
        },
        {
            content: "Back to the ticket",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "Make a new quotation",
            trigger: ".alert button[name=action_new_quotation]",
            run: "click",
        },
        {
            content: "The customer is filled in",
            trigger:
                '.o_form_view .o_field_widget[name=partner_id] input:value("Tour Clinic, Dana")',
        },
        ...stepUtils.saveForm(),
    ],
});

/** Fill the selected row without the mouse: it starts at what is empty. */
const typeRow = (description, hours) => [
    {
        content: "The own employee is filled in",
        trigger: ".o_selected_row [name=employee_id] input:value(track_bill_agent)",
    },
    {
        content: "Describe the work",
        trigger: ".o_selected_row [name=name] input:focus",
        run: `fill ${description} && press Tab`,
    },
    {
        content: "Type the hours",
        trigger: ".o_selected_row [name=unit_amount] input:focus",
        run: `edit ${hours} && press Tab`,
    },
];

tours.add("track_bill_keyboard", {
    steps: () => [
        openTimesheets,
        {
            content: "Reach Add a line",
            trigger:
                ".o_field_widget[name=timesheet_ids] .o_field_x2many_list_row_add a",
            run: ({anchor}) => anchor.focus(),
        },
        {
            content: "Press Enter",
            trigger:
                ".o_field_widget[name=timesheet_ids] .o_field_x2many_list_row_add a:focus",
            run: "press Enter",
        },
        ...typeRow("First half", "1:30"),
        ...typeRow("Second half", "1.5"),
        {
            content: "A third line waits; the hours are counted",
            trigger: ".oe_subtotal_footer [name=total_hours]:contains(03:00)",
        },
        {
            content: "Leave the third line",
            trigger: ".o_selected_row [name=name] input:focus",
            run: "press Escape",
        },
        {
            content: "Save with the keyboard",
            trigger: ".o_form_view:not(:has(.o_selected_row))",
            run: "press alt+s",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved",
        },
    ],
});

tours.add("track_bill_time_of_colleagues", {
    steps: () => [
        openTimesheets,
        {
            content: "The tab says what colleagues logged",
            trigger: ".o_notebook div[name=hours_of_colleagues]:contains(01:30)",
        },
        {
            content: "Click on the hours spent",
            trigger: ".oe_stat_button[name=action_view_timesheets]:contains(01:30)",
            run: "click",
        },
        {
            content: "The list says it as well",
            trigger:
                ".o_view_nocontent:contains(No time of yours here):contains(Colleagues logged 01:30 hours)",
        },
    ],
});

/** A ticket of a title and a customer, as the documentation writes it. */
tours.add("track_bill_short_ticket", {
    steps: () => [
        ...openMenu(
            "Helpdesk > Tickets > All Tickets",
            "helpdesk_mgmt.helpdesk_ticket_main_menu",
            "helpdesk_mgmt.helpdesk_ticket_menu",
            "helpdesk_mgmt.helpdesk_all_ticket_menu",
        ),
        {
            content: "Click on New",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Enter a title",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Title alone",
        },
        ...choose("team_id", "Tour Team"),
        {
            content: "Open the items before there is a customer",
            trigger: ".o_field_widget[name=sale_line_id] input",
            run: "click",
        },
        {
            content: "The drop-down says what comes first",
            trigger:
                ".o-autocomplete--dropdown-menu:contains(Choose the customer first)",
        },
        ...choose("partner_id", "Tour Clinic"),
        {
            content: "The customer's e-mail is filled in: the server has answered",
            trigger:
                ".o_field_widget[name=partner_email] input:value(tour@example.com)",
        },
        ...stepUtils.saveForm(),
    ],
});

/** Who is no employee reads why no time can be logged. */
tours.add("track_bill_no_employee", {
    steps: () => [
        openTimesheets,
        {
            content: "Click on Add a line",
            trigger:
                ".o_field_widget[name=timesheet_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Enter the hours spent",
            trigger: ".o_selected_row [name=unit_amount] input",
            run: "edit 1 && press Tab",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The message says what is missing",
            trigger: ".modal:contains(must be created with an active employee)",
        },
        {
            content: "Close the message",
            trigger: ".modal-footer button",
            run: "click",
        },
        {
            content: "Discard the line",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            content: "The ticket is as it was",
            trigger: ".o_form_saved:not(:has(.o_selected_row))",
        },
    ],
});

tours.add("track_bill_report", {
    steps: () => [
        ...openMenu(
            "Helpdesk > Reporting > Timesheets",
            "helpdesk_mgmt.helpdesk_ticket_main_menu",
            "helpdesk_mgmt.helpdesk_ticket_reporting_menu",
            "helpdesk_track_bill.timesheet_menu_report",
        ),
        {
            content: "Hours stand by team, in the month of the entry",
            trigger:
                ".o_pivot_view:contains(Tour Team):contains(January 2026):contains(02:15)",
        },
    ],
});

tours.add("track_bill_planned_hours", {
    steps: () => [
        openTimesheets,
        {
            content: "Estimate the hours",
            trigger: ".oe_subtotal_footer [name=planned_hours] input",
            run: "edit 2 && press Tab",
        },
        {
            content: "More was spent than planned",
            trigger:
                ".oe_subtotal_footer [name=remaining_hours].text-danger:contains(01:00 over)",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("track_bill_empty_timesheets", {
    steps: () => [
        {
            content: "Click on the hours spent",
            trigger: ".oe_stat_button[name=action_view_timesheets]",
            run: "click",
        },
        {
            content: "It says what to do next",
            trigger:
                ".o_view_nocontent:contains(No time here yet):contains(add a line on its tab Timesheets)",
        },
    ],
});

tours.add("track_bill_order_and_invoice_by_ticket", {
    steps: () => [
        {
            content: "The line counts its tickets",
            trigger: ".o_data_row [name=ticket_count]:contains(1)",
        },
        {
            content: "Open the tickets of the line",
            trigger: ".o_data_row button[name=action_view_tickets]",
            run: "click",
        },
        ...onlyRows("Printer stuck"),
        {
            content: "Back to the order",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "Open Other Info",
            trigger: ".o_notebook a[name=other_information]",
            run: "click",
        },
        {
            content: "Tick Tickets on Invoices",
            trigger: ".o_field_widget[name=invoice_by_ticket] input",
            run: "click",
        },
        clickCreateInvoice,
        ...createDraft,
        {
            content: "The invoice names the ticket and its hours",
            trigger: ".o_data_row:contains(Printer stuck: 02:15 hours)",
        },
        {
            content: "Click on the timesheets of the invoice",
            trigger: ".oe_stat_button:contains(Recorded)",
            run: "click",
        },
        {
            content: "They name the ticket",
            trigger: ".o_data_row [name=ticket_id]:contains(Printer stuck)",
        },
    ],
});

tours.add("track_bill_timesheets_app", {
    steps: () => [
        ...openMenu(
            "Timesheets > My Timesheets",
            "hr_timesheet.timesheet_menu_root",
            "hr_timesheet.timesheet_menu_activity_user",
        ),
        {
            content: "Look at the list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "It has a column for the ticket",
            trigger: ".o_data_row [name=ticket_id]:contains(Printer stuck)",
        },
        searchMenu,
        toggle("On Tickets"),
        {
            content: "Only time on tickets is left",
            trigger: ".o_searchview_facet:contains(On Tickets)",
        },
        {
            content: "Look for the ticket",
            trigger: ".o_searchview_input",
            run: "edit Printer",
        },
        {
            content: "Search by ticket",
            trigger:
                ".o_searchview_autocomplete .o-dropdown-item:contains(Search Ticket):first",
            run: "click",
        },
        {
            content: "The entries of the ticket are left",
            trigger: ".o_list_view tfoot:contains(02:15)",
        },
    ],
});

tours.add("track_bill_settings", {
    steps: () => [
        ...openMenu(
            "Helpdesk > Configuration > Settings",
            "helpdesk_mgmt.helpdesk_ticket_main_menu",
            "helpdesk_mgmt.helpdesk_ticket_config_main_menu",
            "helpdesk_mgmt.helpdesk_config_settings_menu",
        ),
        {
            content: "Tick Time Billing for new teams",
            trigger: ".o_field_widget[name=default_allow_billable] input",
            run: "click",
        },
        {
            content: "Timesheets is ticked along",
            trigger: ".o_field_widget[name=default_allow_timesheet] input:checked",
        },
        ...saveSettings,
    ],
});

tours.add("track_bill_phone", {
    steps: () => [
        openTimesheets,
        {
            content: "Tap Add",
            trigger: ".o_field_widget[name=timesheet_ids] .o-kanban-button-new",
            run: "click",
        },
        {
            content: "The own employee is filled in",
            trigger: ".modal [name=employee_id] input:value(track_bill_agent)",
        },
        {
            content: "Describe the work",
            trigger: ".modal [name=name] input, .modal [name=name] textarea",
            run: "edit On the train",
        },
        {
            content: "Enter the hours spent",
            trigger: ".modal [name=unit_amount] input",
            run: "edit 1:30 && press Tab",
        },
        {
            content: "Save the entry",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The entry is on the ticket",
            trigger: ".o_kanban_record:contains(On the train):contains(01:30)",
        },
        {
            content: "Hours left count down before saving",
            trigger: ".o_field_widget[name=remaining_hours_so]:contains(08:30)",
        },
        ...stepUtils.saveForm(),
    ],
});
