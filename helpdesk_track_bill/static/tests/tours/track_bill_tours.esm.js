import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";
import tourUtils from "@sale/js/tours/tour_utils";

const tours = registry.category("web_tour.tours");

const choose = (field, text) => [
    {
        content: `Type ${text} into ${field}`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text} in the drop-down`,
        trigger: `.o-autocomplete--dropdown-item:contains("${text}")`,
        run: "click",
    },
];

const logTime = (description, hours) => [
    {
        content: "Click on Add a line",
        trigger: ".o_field_widget[name=timesheet_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    {
        content: "The own employee is filled in",
        trigger: ".o_selected_row [name=employee_id] input:value(track_bill_agent)",
    },
    {
        content: "Describe the work",
        trigger: ".o_selected_row [name=name] input",
        run: `edit ${description}`,
    },
    {
        content: "Enter the hours spent",
        trigger: ".o_selected_row [name=unit_amount] input",
        run: `edit ${hours} && press Tab`,
    },
];

const createTicket = (title, customer) => [
    {
        content: "Enter a title",
        trigger: ".o_field_widget[name=name] input",
        run: `edit ${title}`,
    },
    {
        content: "Describe the issue",
        trigger: ".o_field_widget[name=description] .odoo-editor-editable",
        run: "editor It hums.",
    },
    ...choose("partner_id", customer),
    {
        content: "The customer's e-mail is filled in: the server has answered",
        trigger: ".o_field_widget[name=partner_email] input:value(tour@example.com)",
    },
];

const createOrder = (customer, product) => [
    ...tourUtils.createNewSalesOrder(),
    ...tourUtils.selectCustomer(customer),
    ...tourUtils.addProduct(product),
];

const confirmOrder = [
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

const createInvoice = [
    {
        content: "Click on Create Draft",
        trigger: ".modal button[name=create_invoices]",
        run: "click",
    },
];

tours.add("track_bill_team", {
    steps: () => [
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

tours.add("track_bill_prepaid_order", {
    steps: () => [
        ...createOrder("Tour Clinic", "Tour Prepaid Hours"),
        {
            content: "Sell 10 hours",
            trigger: ".o_selected_row [name=product_uom_qty] input",
            run: "edit 10 && press Tab",
        },
        ...confirmOrder,
        {
            content: "Click on Create Invoice",
            trigger: "button[id=create_invoice]:enabled",
            run: "click",
        },
        ...createInvoice,
        {
            content: "The draft invoice bills the ordered hours",
            trigger:
                ".o_form_view:has([name=invoice_line_ids]) [name=tax_totals]:contains(1,000.00)",
        },
    ],
});

tours.add("track_bill_prepaid_ticket", {
    steps: () => [
        ...createTicket("Printer stuck", "Tour Clinic"),
        {
            content: "The item fills itself",
            trigger:
                '.o_field_widget[name=sale_line_id] input:value("Tour Prepaid Hours")',
        },
        {
            content: "Open the tab Timesheets",
            trigger: ".o_notebook a[name=timesheets]",
            run: "click",
        },
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
                ".o_field_widget[name=remaining_hours_so].text-danger:contains(-01:30)",
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
        ...createInvoice,
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
        {
            content: "Open the tab Timesheets",
            trigger: ".o_notebook a[name=timesheets]",
            run: "click",
        },
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
        {
            content: "Click on Create Invoice",
            trigger: "button[id=create_invoice]:enabled",
            run: "click",
        },
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
        ...createInvoice,
        {
            content: "Only the hours of the period are on the invoice",
            trigger: ".o_data_row [name=quantity]:contains(1.25)",
        },
    ],
});

// The same day in Romanian: the labels are those that the Romanian guide names.
const reads = (text, trigger) => ({
    content: `The screen reads ${text}`,
    trigger: `${trigger}:contains("${text}")`,
});

tours.add("track_bill_romanian_team", {
    steps: () => [
        {
            content: "Create a team",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        reads("Urmăriți și facturați timpul", ".o_form_view"),
        reads("Foi de pontaj", ".o_form_label"),
        {
            content: "Tick Timesheets",
            trigger: ".o_field_widget[name=allow_timesheet] input",
            run: "click",
        },
        reads("Proiect", ".o_form_label"),
        reads("Facturarea timpului", ".o_form_label"),
        reads("Timp în portal", ".o_form_label"),
        {
            content: "Leave the form",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
    ],
});

tours.add("track_bill_romanian_prepaid", {
    steps: () => [
        ...createTicket("Imprimanta blocată", "Tour Clinic"),
        reads("Articol de comandă de vânzare", ".o_form_label"),
        {
            content: "The item fills itself",
            trigger:
                '.o_field_widget[name=sale_line_id] input:value("Tour Prepaid Hours")',
        },
        reads("Foi de pontaj", ".o_notebook a[name=timesheets]"),
        {
            content: "Open the tab Timesheets",
            trigger: ".o_notebook a[name=timesheets]",
            run: "click",
        },
        ...logTime("Am curățat rolele", "2:30"),
        reads("Ore petrecute", ".oe_subtotal_footer .o_form_label"),
        reads("Ore rămase pe SO", ".oe_subtotal_footer .o_form_label"),
        reads("07:30", ".o_field_widget[name=remaining_hours_so]"),
        reads("Ore petrecute", ".oe_stat_button"),
        ...stepUtils.saveForm(),
    ],
});

tours.add("track_bill_romanian_post_paid", {
    steps: () => [
        reads("Comandă de vânzare", "button[name=action_view_sale_order]"),
        {
            content: "Back to the order with the smart button",
            trigger: "button[name=action_view_sale_order]",
            run: "click",
        },
        {
            content: "Delivered equals the hours spent",
            trigger: ".o_data_row [name=qty_delivered]:contains(3,00)",
        },
        {
            content: "Click on Create Invoice",
            trigger: "button[id=create_invoice]:enabled",
            run: "click",
        },
        // core's own label and wording
        reads("Perioada Fișei de Pontaj", ".modal .o_form_label"),
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
