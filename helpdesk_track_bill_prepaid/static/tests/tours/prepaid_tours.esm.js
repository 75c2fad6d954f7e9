import {
    logTime,
    openMenu,
    openTimesheets,
} from "@helpdesk_track_bill/../tests/tours/steps.esm";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openAccount = (customer) => [
    ...openMenu(
        "Helpdesk > Prepaid Hours",
        "helpdesk_mgmt.helpdesk_ticket_main_menu",
        "helpdesk_track_bill_prepaid.menu_hours_period",
    ),
    {
        content: `Open the hours of ${customer}`,
        trigger: `.o_data_row:contains("${customer}") [name=name]`,
        run: "click",
    },
];

/** An agent logs more than one block has left, and asks why. */
tours.add("prepaid_ticket", {
    steps: () => [
        {
            content: "All the customer's usable hours are behind the item",
            trigger: "[name=prepaid_hours_usable]:contains(12:00)",
        },
        openTimesheets,
        ...logTime("Replaced the reader", "3"),
        {
            content: "Save the ticket",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Two hours are from the block that ends first",
            trigger:
                ".o_data_row:contains(02:00):contains(1/2):has([name=coverage] [title*='the first to expire'])",
        },
        {
            content: "The rest is the second part of the same work",
            trigger: ".o_data_row:contains(01:00):contains(2/2) [name=coverage] .badge",
        },
        {
            content: "Ask why it does not draw from other hours",
            trigger: ".o_data_row:contains(1/2) button[name=action_why_not]",
            run: "click",
        },
        {
            content: "Each block has its answer",
            trigger:
                ".modal .o_data_row:contains(had expired), .modal .o_data_row:contains(suffice)",
        },
        {
            content: "Close the window",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {content: "It is closed", trigger: "body:not(:has(.modal))"},
    ],
});

/** A helpdesk manager reads the history of a block and adds an hour. */
tours.add("prepaid_account", {
    steps: () => [
        ...openAccount("Tour Clinic"),
        {
            content: "The history names the work and what was left after it",
            trigger:
                "[name=ledger] tr:contains(Looked into it):contains(-03:00):contains(07:00)",
        },
        {
            content: "Open the periods",
            trigger: ".o_notebook a[name=periods]",
            run: "click",
        },
        {
            content: "Adjust the period",
            trigger: "[name=period_ids] button[name=action_adjust]",
            run: "click",
        },
        {
            content: "Enter the hours to add",
            trigger: ".modal [name=hours] input",
            run: "edit 1:30",
        },
        {
            content: "Say why",
            trigger: ".modal [name=reason] input",
            run: "edit Goodwill",
        },
        {
            content: "Apply",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The hours are in the account",
            trigger: "body:not(:has(.modal)) [name=hours_left]:contains(08:30)",
        },
        {
            content: "Open the history",
            trigger: ".o_notebook a[name=history]",
            run: "click",
        },
        {
            content: "So is the reason",
            trigger: "[name=ledger] tr:contains(Goodwill):contains(+01:30)",
        },
    ],
});

/** A salesperson changes the terms of a confirmed order. */
tours.add("prepaid_terms", {
    steps: () => [
        {
            content: "Open the terms of the item",
            trigger: "button[name=action_hours_terms]",
            run: "click",
        },
        {
            content: "What is agreed, in one sentence",
            trigger: ".modal [name=hours_terms_text]:contains(10 hours until)",
        },
        {
            content: "Open the choices",
            trigger: ".modal [name=hours_overrun] input",
            run: "click",
        },
        {
            content: "Refuse time beyond the hours",
            trigger: ".o_select_menu_item:contains(Refuse the time)",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".modal footer button:contains(Save)",
            run: "click",
        },
        {
            content: "It is noted on the order",
            trigger:
                "body:not(:has(.modal)) .o-mail-Message:contains(Go on below zero to Refuse the time)",
        },
    ],
});

/** A salesperson covers what was logged before the hours were bought. */
tours.add("prepaid_redraw", {
    steps: () => [
        {
            content: "The order says what its hours could cover",
            trigger: ".alert:contains(can cover) [name=hours_to_cover]:contains(03:00)",
        },
        {
            content: "Show it",
            trigger: ".alert button[name=action_cover_hours]",
            run: "click",
        },
        {
            content: "By item: uncovered before",
            trigger: ".modal [name=block_line_ids] .o_data_row:contains(Uncovered)",
        },
        {
            content: "By entry",
            trigger: ".modal .o_notebook a[name=entries]",
            run: "click",
        },
        {
            content: "The entry and where it would draw from",
            trigger: ".modal [name=line_ids] .o_data_row:contains(Looked into it)",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Nothing is left to cover",
            trigger: "body:not(:has(.modal)):not(:has(.alert:contains(can cover)))",
        },
    ],
});

/** Terms stand on the product. */
tours.add("prepaid_product", {
    steps: () => [
        {
            content: "Hours last so long",
            trigger: ".o_field_widget[name=hours_validity] input",
            run: "edit 6",
        },
        {
            content: "Open the choices",
            trigger: ".o_field_widget[name=hours_period] input",
            run: "click",
        },
        {
            content: "An allowance per month",
            trigger: ".o_select_menu_item:contains(Month)",
            run: "click",
        },
        {
            content: "Carrying over is asked for now",
            trigger: ".o_field_widget[name=hours_carry_over]",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {content: "It is saved", trigger: ".o_form_saved"},
    ],
});
