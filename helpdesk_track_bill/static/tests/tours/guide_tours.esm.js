import {
    choose,
    clickCreateInvoice,
    createDraft,
    createTicket,
    logTime,
    openMenu,
    openPipeline,
    openTimesheets,
    saveSettings,
} from "./steps.esm";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";
import tourUtils from "@sale/js/tours/tour_utils";

const tours = registry.category("web_tour.tours");

const PRODUCTS = [
    "Sales > Products > Products",
    "sale.sale_menu_root",
    "sale.product_menu_catalog",
    "sale.menu_product_template_action",
];
const TEAMS = [
    "Helpdesk > Configuration > Teams",
    "helpdesk_mgmt.helpdesk_ticket_main_menu",
    "helpdesk_mgmt.helpdesk_ticket_config_main_menu",
    "helpdesk_mgmt.helpdesk_ticket_team_menu",
];

const select = (field, text) => [
    {
        content: `Open the choices of ${field}`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: "click",
    },
    {
        content: `Choose ${text}`,
        trigger: `.o_select_menu_item:contains("${text}")`,
        run: "click",
    },
];

const createOrder = (customer, product) => [
    ...openMenu(
        "Sales > Orders > Orders",
        "sale.sale_menu_root",
        "sale.sale_order_menu",
        "sale.menu_sale_order",
    ),
    ...tourUtils.createNewSalesOrder(),
    ...tourUtils.selectCustomer(customer),
    ...tourUtils.addProduct(product),
];

const confirmOrder = [
    ...choose("payment_term_id", "30 Days"),
    {
        content: "Confirm the quotation",
        trigger: "button[name=action_confirm]:enabled",
        run: "click",
    },
    {
        content: "It is a sales order now",
        trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sales Order)",
    },
];

const confirmInvoice = [
    {
        content: "Confirm the invoice",
        trigger: "button[name=action_post]:enabled",
        run: "click",
    },
    {
        content: "It is posted",
        trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)",
    },
    {
        content: "Click on Send",
        trigger: "button[name=action_invoice_sent]:enabled",
        run: "click",
    },
    {
        content: "The window to send it opens",
        trigger: ".modal .o_field_widget[name=subject]",
    },
    {
        content: "Leave the window",
        trigger: ".modal button[special=cancel]",
        run: "click",
    },
    {
        content: "Back on the invoice",
        trigger: "body:not(:has(.modal))",
    },
];

tours.add("track_bill_team", {
    steps: () => [
        ...openMenu(...TEAMS),
        {
            content: "Create a team",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Night Shift",
        },
        {
            content: "There is no project yet",
            trigger: "body:not(:has(.o_field_widget[name=default_project_id]))",
        },
        {
            content: "Tick Timesheets",
            trigger: ".o_field_widget[name=allow_timesheet] input",
            run: "click",
        },
        {
            content: "Project appears",
            trigger: ".o_field_widget[name=default_project_id] input",
        },
        {
            content: "Tick Time Billing",
            trigger: ".o_field_widget[name=allow_billable] input",
            run: "click",
        },
        ...choose("default_project_id", "Support"),
        {
            content: "Support is chosen",
            trigger: ".o_field_widget[name=default_project_id] input:value(Support)",
        },
        {
            content: "Type the name of a new project",
            trigger: ".o_field_widget[name=default_project_id] input",
            run: "edit Night Shift Time",
        },
        {
            content: "Click on Create",
            trigger: '.o-autocomplete--dropdown-item:contains("Create")',
            run: "click",
        },
        {
            content: "The project is chosen",
            trigger:
                ".o_field_widget[name=default_project_id] input:value(Night Shift Time)",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("track_bill_post_paid_product", {
    steps: () => [
        ...openMenu(...PRODUCTS),
        {
            content: "Products are there",
            trigger: ".o_kanban_view .o_kanban_record",
        },
        {
            content: "Type Service on Timesheets into the search bar",
            trigger: ".o_searchview_input",
            run: "edit Service on Timesheets",
        },
        {
            content: "Search for it",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first",
            run: "click",
        },
        {
            content: "Open the product",
            trigger: ".o_kanban_record:first-child:contains(Service on Timesheets)",
            run: "click",
        },
        {
            content: "It is a service",
            trigger:
                ".o_field_widget[name=type] .o_radio_item:contains(Service) input:checked",
        },
        {
            content: "It is invoiced by timesheets",
            trigger:
                ".o_field_widget[name=service_policy] input:value(Based on Timesheets)",
        },
        {
            content: "Change the price",
            trigger: ".o_field_widget[name=list_price] input",
            run: "edit 55 && press Tab",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("track_bill_prepaid_product", {
    steps: () => [
        ...openMenu(...PRODUCTS),
        {
            content: "Create a product",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "Give it a name",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Tour Support Block",
        },
        {
            content: "Choose Service",
            trigger: ".o_field_widget[name=type] .o_radio_item:contains(Service) input",
            run: "click",
        },
        ...select("service_policy", "Prepaid/Fixed Price"),
        {
            content: "Enter the sales price",
            trigger: ".o_field_widget[name=list_price] input",
            run: "edit 80 && press Tab",
        },
        {
            content: "Its unit is Hours",
            trigger: ".o_field_widget[name=uom_id] input:value(Hours)",
        },
        ...choose("uom_id", "Units"),
        {
            content: "Sold by the unit, hours left could not be counted",
            trigger: ".o_form_view .alert:contains(Hours left cannot be counted)",
        },
        ...choose("uom_id", "Hours"),
        {
            content: "Hours left can be counted",
            trigger:
                ".o_form_view:not(:has(.alert:contains(Hours left cannot be counted)))",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("track_bill_prepaid_order", {
    steps: () => [
        ...createOrder("Tour Clinic", "Tour Prepaid Hours"),
        {
            content: "Sell 10 hours",
            trigger: ".o_selected_row [name=product_uom_qty] input",
            run: "edit 10 && press Tab",
        },
        ...confirmOrder,
        clickCreateInvoice,
        ...createDraft,
        {
            content: "The draft invoice bills the ordered hours",
            trigger:
                ".o_form_view:has([name=invoice_line_ids]) [name=tax_totals]:contains(1,000.00)",
        },
    ],
});

tours.add("track_bill_prepaid_invoice", {
    steps: () => confirmInvoice,
});

tours.add("track_bill_prepaid_ticket", {
    steps: () => [
        ...openPipeline("Tour Team"),
        {
            content: "Click on New",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        ...createTicket("Printer stuck", "Tour Clinic"),
        {
            content: "The item fills itself",
            trigger:
                '.o_field_widget[name=sale_line_id] input:value("Tour Prepaid Hours")',
        },
        {
            content: "Open the drop-down of items",
            trigger: ".o_field_widget[name=sale_line_id] input",
            run: "click",
        },
        {
            content: "It shows the hours left of each",
            trigger:
                '.o-autocomplete--dropdown-menu:contains("Tour Older Hours"):contains("04:00"):contains("10:00")',
        },
        {
            content: "Choose the right one",
            trigger: '.o-autocomplete--dropdown-item:contains("Tour Prepaid Hours")',
            run: "click",
        },
        ...stepUtils.saveForm(),
        openTimesheets,
        {
            content: "All hours are left",
            trigger: ".o_field_widget[name=remaining_hours_so]:contains(10:00)",
        },
        ...logTime("Looked into it", "2:30"),
        {
            content: "Hours left count down before saving",
            trigger: ".o_field_widget[name=remaining_hours_so]:contains(07:30)",
        },
        ...stepUtils.saveForm(),
        ...logTime("Replaced it", "9"),
        {
            content: "More hours than sold are red",
            trigger:
                ".o_field_widget[name=remaining_hours_so].text-danger:contains(01:30 over)",
        },
        ...stepUtils.saveForm(),
        {
            content: "Hours Spent on the smart button",
            trigger: ".oe_stat_button:contains(11:30):contains(Hours Spent)",
        },
    ],
});

tours.add("track_bill_post_paid_order", {
    steps: () => [
        ...createOrder("Tour Clinic", "Service on Timesheets"),
        {
            content: "The product is on the line",
            trigger: ".o_data_row [name=price_subtotal]:contains(40.00)",
        },
        ...confirmOrder,
        {
            content: "Click on Create Invoice",
            trigger: "button[id=create_invoice_percentage]:enabled",
            run: "click",
        },
        {
            content: "Ask for a regular invoice",
            trigger: ".modal .o_radio_item:contains(Regular invoice) input",
            run: "click",
        },
        ...createDraft,
        {
            content: "Nothing was delivered: there is nothing to invoice",
            trigger: ".o_error_dialog, .modal:contains(Cannot create an invoice)",
        },
        {
            content: "Close the message",
            trigger: ".modal:contains(Cannot create an invoice) .modal-footer button",
            run: "click",
        },
        {
            content: "Close the wizard",
            trigger: ".modal button[special=cancel]",
            run: "click",
        },
        {
            content: "Back on the order",
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("track_bill_post_paid_ticket", {
    steps: () => [
        ...openPipeline("Tour Team"),
        {
            content: "Click on a ticket to open it",
            trigger: ".o_kanban_record:contains(Old matter)",
            run: "click",
        },
        {
            content: "It is open",
            trigger: ".o_form_view .o_field_widget[name=name] input:value(Old matter)",
        },
        {
            content: "Click on New",
            trigger: ".o_form_button_create",
            run: "click",
        },
        {
            content: "An empty ticket opens",
            trigger: ".o_form_view .o_field_widget[name=name] input:value(/^$/)",
        },
        ...createTicket("Labels", "Tour Clinic"),
        {
            content: "Open the drop-down of items",
            trigger: ".o_field_widget[name=sale_line_id] input",
            run: "click",
        },
        {
            content: "It offers items, not the list of all order lines",
            trigger:
                ".o-autocomplete--dropdown-menu:not(:has(.o_m2o_dropdown_option_search_more)):contains(Service on Timesheets)",
        },
        ...choose("sale_line_id", "Service on Timesheets"),
        openTimesheets,
        ...logTime("First draft", "1:15"),
        ...logTime("Second draft", "1.75"),
        {
            content: "Hours Spent at the bottom",
            trigger:
                ".oe_subtotal_footer .o_field_widget[name=total_hours]:contains(03:00)",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("track_bill_post_paid_invoice", {
    steps: () => [
        {
            content: "Back to the order with the smart button",
            trigger: "button[name=action_view_sale_order]",
            run: "click",
        },
        {
            content: "Delivered equals the hours spent",
            trigger: ".o_data_row [name=qty_delivered]:contains(3.00)",
        },
        clickCreateInvoice,
        {
            content: "Start of the Timesheets Period",
            trigger: ".modal input[data-field=date_start_invoice_timesheet]",
            run: "edit 01/01/2026 && press Tab",
        },
        {
            content: "Go to the end of the Timesheets Period",
            trigger: ".modal input[data-field=date_end_invoice_timesheet]",
            run: "click",
        },
        {
            content: "End of the Timesheets Period",
            trigger: ".modal input[data-field=date_end_invoice_timesheet]",
            run: "edit 01/31/2026 && press Enter",
        },
        ...createDraft,
        {
            content: "Only the hours of the period are on the invoice",
            trigger: ".o_data_row [name=quantity]:contains(1.25)",
        },
        ...confirmInvoice,
    ],
});

tours.add("track_bill_reassign", {
    steps: () => [
        ...choose("sale_line_id", "Service on Timesheets"),
        ...stepUtils.saveForm(),
        {
            content: "The banner names the hours on another item",
            trigger:
                ".alert:contains(draw from another sales order item):contains(02:00)",
        },
        {
            content: "Click on Reassign",
            trigger: "button[name=action_reassign_timesheets]",
            run: "click",
        },
        {
            content: "The banner is gone",
            trigger: ".o_form_view:not(:has(.alert:contains(draw from another)))",
        },
        {
            content: "The history says what was moved",
            trigger:
                ".o-mail-Message:contains(Tour Prepaid Hours):contains(Service on Timesheets)",
        },
    ],
});

tours.add("track_bill_portal_team", {
    steps: () => [
        ...openMenu(...TEAMS),
        {
            content: "Open the team",
            trigger: ".o_data_row .o_data_cell:contains(Tour Team)",
            run: "click",
        },
        {
            content: "Tick Time in Portal",
            trigger: ".o_field_widget[name=show_timesheet_portal] input",
            run: "click",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("track_bill_portal", {
    steps: () => [
        {
            content: "Open Tickets",
            trigger: "a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The list has the hours of each ticket",
            trigger:
                "table:contains(Hours Spent) tr:contains(Printer stuck):contains(02:30)",
        },
        {
            content: "Choose by what to search",
            trigger: ".o_portal_search_panel .dropdown-toggle",
            run: "click",
        },
        {
            content: "Choose hours left",
            trigger: ".o_portal_search_panel a:contains(Hours Left, at Most)",
            run: "click",
        },
        {
            content: "Type a number of hours",
            trigger: ".o_portal_search_panel input[name=search]",
            run: "edit 8",
        },
        {
            content: "Search",
            trigger: ".o_portal_search_panel button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the ticket",
            trigger: "tr:contains(Printer stuck) a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Under Time are its entries",
            trigger: "table tr:contains(Looked into it):contains(02:30)",
        },
        {
            content: "Hours are bought, used and remaining",
            trigger:
                "body:contains(Bought):contains(Used):contains(Remaining):contains(07:30)",
        },
    ],
});

tours.add("track_bill_days", {
    steps: () => [
        ...openMenu(
            "Timesheets > Configuration",
            "hr_timesheet.timesheet_menu_root",
            "hr_timesheet.hr_timesheet_menu_configuration",
        ),
        {
            content: "Choose Days / Half-Days",
            trigger:
                ".o_field_widget[name=timesheet_encode_method] .o_radio_item:contains(Days) input",
            run: "click",
        },
        ...saveSettings,
    ],
});
