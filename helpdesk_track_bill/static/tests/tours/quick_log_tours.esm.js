import {openDashboard, openMenu, openPipeline} from "./steps.esm";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openList = () =>
    openMenu(
        "Helpdesk > Tickets > All Tickets",
        "helpdesk_mgmt.helpdesk_ticket_main_menu",
        "helpdesk_mgmt.helpdesk_ticket_menu",
        "helpdesk_mgmt.helpdesk_all_ticket_menu",
    );

const typeHours = (hours) => ({
    content: "Type the hours: the cursor is there",
    trigger: ".modal [name=hours] input:focus",
    run: `edit ${hours}`,
});

const describe = (text, then = "") => ({
    content: "Describe the work",
    trigger: ".modal [name=name] input",
    run: `edit ${text}${then}`,
});

const clickLog = {
    content: "Click on Log Time",
    trigger: ".modal-footer button[name=action_log]:visible",
    run: "click",
};

const dialogIsGone = {
    content: "The dialog is closed",
    trigger: "body:not(:has(.modal))",
};

tours.add("track_bill_quick_log_list", {
    steps: () => [
        ...openList(),
        {
            content: "Click on the hourglass of the ticket",
            trigger: ".o_data_row:contains(Printer stuck) button[name=action_log_time]",
            run: "click",
        },
        {
            content: "The dialog names the ticket and asks for no item: it has but one",
            trigger: ".modal:has([name=ticket_id]):not(:has([name=sale_line_id]))",
        },
        typeHours("0:45"),
        describe("Cleaned the rollers"),
        clickLog,
        {
            content: "The list shows the hours",
            trigger: ".o_data_row:contains(Printer stuck):contains(00:45)",
        },
    ],
});

tours.add("track_bill_quick_log_card", {
    steps: () => [
        ...openPipeline("Tour Team"),
        {
            content: "Click on the hourglass of the card",
            trigger:
                ".o_kanban_record:contains(Printer stuck) button[name=action_log_time]",
            run: "click",
        },
        typeHours("1:30"),
        {
            content: "Pick another item",
            trigger: ".modal [name=sale_line_id] input",
            run: "edit Tour Older",
        },
        {
            content: "Choose it in the drop-down",
            trigger: '.o-autocomplete--dropdown-item:contains("Tour Older Hours")',
            run: "click",
        },
        clickLog,
        {
            content: "The card shows the hours",
            trigger:
                ".o_kanban_record:contains(Printer stuck):contains(01:30 hours spent)",
        },
    ],
});

tours.add("track_bill_quick_log_form", {
    steps: () => [
        {
            content: "Press Alt+L on the ticket",
            trigger: ".o_form_view button[name=action_log_time]",
            run: "press alt+l",
        },
        typeHours("0:20"),
        // pressed again before the answer: the time is logged once
        describe("Called back", " && press Enter && press Enter"),
        dialogIsGone,
        {
            content: "The smart button shows the hours",
            trigger: ".oe_stat_button[name=action_view_timesheets]:contains(00:20)",
        },
    ],
});

const sendMessage = (text) => [
    {
        content: "Click on Send message",
        trigger: ".o-mail-Chatter-sendMessage",
        run: "click",
    },
    {
        content: "Write the reply",
        trigger: ".o-mail-Composer-input",
        run: `edit ${text}`,
    },
    {
        content: "Send it",
        trigger: ".o-mail-Composer-send:enabled",
        run: "click",
    },
];

tours.add("track_bill_time_after_reply", {
    steps: () => [
        ...sendMessage("We are on it"),
        typeHours("0:10"),
        {
            content: "Skip with one key",
            trigger: ".modal [name=hours] input",
            run: "press Escape",
        },
        dialogIsGone,
        ...sendMessage("Solved"),
        typeHours("0:15"),
        describe("Replied", " && press Enter"),
        dialogIsGone,
        {
            content: "The smart button shows the hours of the second reply only",
            trigger: ".oe_stat_button[name=action_view_timesheets]:contains(00:15)",
        },
        {
            content: "A note asks for nothing",
            trigger: ".o-mail-Chatter-logNote",
            run: "click",
        },
        {
            content: "Write the note",
            trigger: ".o-mail-Composer-input",
            run: "edit For us only",
        },
        {
            content: "Log it",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "It is there, and no dialog",
            trigger: "body:not(:has(.modal)) .o-mail-Message:contains(For us only)",
        },
    ],
});

const moveTo = (stage) => ({
    content: `Click on the stage ${stage}`,
    trigger: `.o_statusbar_status button:contains(${stage})`,
    run: "click",
});

const isIn = (stage) => ({
    content: `The ticket is in ${stage}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${stage})`,
});

tours.add("track_bill_closing_form", {
    steps: () => [
        isIn("New"),
        moveTo("Done"),
        {
            content: "It asks for time",
            trigger: ".modal .alert:contains(No time is logged on this ticket yet)",
        },
        {
            content: "Cancel",
            trigger: ".modal-footer button:contains(Cancel)",
            run: "click",
        },
        dialogIsGone,
        isIn("New"),
        moveTo("In Progress"),
        isIn("In Progress"),
        moveTo("Done"),
        typeHours("0:30"),
        {
            content: "Log and close",
            trigger: ".modal-footer button:contains(Log and Close Ticket)",
            run: "click",
        },
        dialogIsGone,
        isIn("Done"),
        {
            content: "The smart button shows the hours",
            trigger: ".oe_stat_button[name=action_view_timesheets]:contains(00:30)",
        },
    ],
});

const inColumn = (stage, title) =>
    `.o_kanban_group:has(.o_column_title:contains(${stage})) .o_kanban_record:contains(${title})`;

const drag = (title, from, to) => ({
    content: `Drag ${title} to ${to}`,
    trigger: inColumn(from, title),
    // below the column's title: its edge belongs to no column
    run: (helpers) =>
        helpers.drag_and_drop(`.o_kanban_group:has(.o_column_title:contains(${to}))`, {
            position: {top: 80, left: 40},
            relative: true,
        }),
});

tours.add("track_bill_closing_card", {
    steps: () => [
        ...openDashboard(),
        {
            content: "Click on Tickets on the card of the team",
            trigger: ".o_kanban_record:contains(Tour Team) button:contains(Tickets)",
            run: "click",
        },
        {
            content: "The cards are counted: nothing is drawn anew from here on",
            trigger:
                ".o_kanban_group:has(.o_column_title:contains(New)) .o_kanban_counter:contains(1)",
        },
        drag("Printer stuck", "New", "Done"),
        {
            content: "Skip with one key: the card stays",
            trigger: ".modal [name=hours] input:focus",
            run: "press Escape",
        },
        dialogIsGone,
        {
            content: "The card is where it was",
            trigger: inColumn("New", "Printer stuck"),
        },
        drag("Printer stuck", "New", "Done"),
        {
            content: "Say that there was no time",
            trigger: ".modal-footer button[name=action_no_time]",
            run: "click",
        },
        dialogIsGone,
        {
            content: "The card has moved",
            trigger: inColumn("Done", "Printer stuck"),
        },
    ],
});

tours.add("track_bill_quick_log_phone", {
    steps: () => [
        {
            content: "First tap: the hourglass of the ticket",
            trigger:
                ".o_kanban_record:contains(Printer stuck) button[name=action_log_time]",
            run: "click",
        },
        {
            content: "Type the hours",
            trigger: ".modal [name=hours] input",
            run: "edit 0:25",
        },
        {
            content: "Second tap: Log Time",
            trigger: ".modal-footer button[name=action_log]:visible",
            run: "click",
        },
        {
            content: "The card shows the hours",
            trigger:
                ".o_kanban_record:contains(Printer stuck):contains(00:25 hours spent)",
        },
    ],
});

const openReport = (path, menu) =>
    openMenu(
        path,
        "helpdesk_mgmt.helpdesk_ticket_main_menu",
        "helpdesk_mgmt.helpdesk_ticket_reporting_menu",
        `helpdesk_track_bill.${menu}`,
    );

const rowOf = (text) => `.o_time_overview tr:contains(${text})`;

tours.add("track_bill_time_reports", {
    steps: () => [
        ...openReport("Helpdesk > Reporting > Overview", "helpdesk_time_overview_menu"),
        {
            content: "The page shows last month by team",
            trigger: `${rowOf("Tour Team")}:contains(04:00):contains(75%)`,
        },
        {
            content: "Click on a customer",
            trigger: `${rowOf("Tour Clinic")} button`,
            run: "click",
        },
        {
            content: "It opens the entries that the row counts",
            trigger: ".o_list_view tfoot:contains(03:00)",
        },
        {
            content: "Back to the page",
            trigger: ".o_breadcrumb .o_back_button:contains(Overview)",
            run: "click",
        },
        {
            content: "Look at three months",
            trigger: ".o_control_panel button:contains(Last Three Months)",
            run: "click",
        },
        {
            content: "Click on the customer again",
            trigger:
                ".o_time_overview:has(button.active:contains(Last Three Months)) tr:contains(Tour Clinic) button",
            run: "click",
        },
        {
            content: "Back to the page",
            trigger: ".o_breadcrumb .o_back_button:contains(Overview)",
            run: "click",
        },
        {
            content: "It still shows three months",
            trigger: ".o_control_panel button.active:contains(Last Three Months)",
        },
        {
            content: "Look at this month",
            trigger: ".o_control_panel button:contains(This Month)",
            run: "click",
        },
        {
            content: "The team has no time in it",
            trigger: `.o_time_overview:not(:has(table[data-name=ticket_team_id]:contains(Tour Team)))`,
        },
        ...openReport("Helpdesk > Reporting > Time", "ticket_time_report_menu"),
        {
            content: "Time is shown by team",
            trigger: ".o_pivot_view tr:contains(Tour Team)",
        },
        {
            content: "Open the search menu",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Choose the favorite Last month by customer",
            trigger: '.o_favorite_menu .o_menu_item:contains("Last month by customer")',
            run: "click",
        },
        {
            content: "The pivot shows each customer's hours and billable share",
            trigger:
                '.o_pivot_view tr:contains("Tour Clinic"):not(:contains(Dana)):contains(03:00):contains(100.00%)',
        },
        {
            content: "Click on the hours",
            trigger:
                '.o_pivot_view tr:contains("Tour Clinic") .o_pivot_cell_value:first',
            run: "click",
        },
        {
            content: "It opens what it counts",
            trigger: ".o_list_view tfoot:contains(03:00)",
        },
    ],
});
