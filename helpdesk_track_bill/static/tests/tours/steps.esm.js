import {stepUtils} from "@web_tour/tour_utils";

/** Choose a record in a drop-down by typing a part of its name. */
export const choose = (field, text) => [
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

/** Walk through the menus that a path like "Helpdesk > Dashboard" names. */
export const openMenu = (path, app, ...entries) => [
    stepUtils.showAppsMenuItem(),
    {
        content: `Open the app of ${path}`,
        trigger: `.o_app[data-menu-xmlid="${app}"]`,
        run: "click",
    },
    {
        content: "The app is there",
        trigger: `.o_main_navbar:has([data-menu-xmlid="${entries[0]}"])`,
    },
    ...entries.map((entry) => ({
        content: `Go to ${path}`,
        trigger: `[data-menu-xmlid="${entry}"]`,
        run: "click",
    })),
];

export const openDashboard = () =>
    openMenu(
        "Helpdesk > Dashboard",
        "helpdesk_mgmt.helpdesk_ticket_main_menu",
        "helpdesk_mgmt.helpdesk_ticket_dashboard_menu",
    );

/** The pipeline of a team, from the button on its card. */
export const openPipeline = (team) => [
    ...openDashboard(),
    {
        content: `Click on To Do on the card of ${team}`,
        trigger: `.o_kanban_record:contains(${team}) button:contains(To Do)`,
        run: "click",
    },
    {
        content: "Its tickets are there",
        trigger: ".o_kanban_view:not(:has(button:contains(To Do))) .o_kanban_renderer",
    },
];

export const createTicket = (title, customer) => [
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

export const openTimesheets = {
    content: "Open the tab Timesheets",
    trigger: ".o_notebook a[name=timesheets]",
    run: "click",
};

export const logTime = (description, hours) => [
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
        // of the new line: the one before stays selected until it is there
        trigger: ".o_selected_row [name=name] input:value(/^$/)",
        run: `edit ${description}`,
    },
    {
        content: "Enter the hours spent",
        trigger: ".o_selected_row [name=unit_amount] input",
        run: `edit ${hours} && press Tab`,
    },
];

export const clickCreateInvoice = {
    content: "Click on Create Invoice",
    trigger: "button[id=create_invoice]:enabled",
    run: "click",
};

/** A draft of a regular invoice, from the window that asks which invoice to create. */
export const createDraft = [
    {
        content: "Regular invoice is chosen",
        trigger: ".modal .o_radio_item:contains(Regular invoice) input:checked",
    },
    {
        content: "Click on Create Draft",
        trigger: ".modal button[name=create_invoices]",
        run: "click",
    },
];

/** Settings load the page anew when they are saved. */
export const saveSettings = [
    {
        content: "Click on Save",
        trigger: ".o_form_button_save",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "It is saved",
        trigger: ".o_main_navbar",
    },
];
