import {openMenu} from "@helpdesk_track_bill/../tests/tours/steps.esm";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("track_bill_statement_portal", {
    url: "/my/home",
    steps: () => [
        {
            content: "Open the prepaid hours",
            trigger: ".o_portal_index_card a[href='/my/prepaid-hours']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is left is there",
            trigger: "div[name=blocks]:contains(07:30):contains(left)",
        },
        {
            content: "Open the spans",
            trigger: "#portal_searchbar_filters",
            run: "click",
        },
        {
            content: "Choose last month",
            trigger: ".dropdown-item:contains(Last Month)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The ticket's time is there, and adds up",
            trigger:
                "table[name=statement_rows]:contains(Tour Paper Jam) td[name=used]:contains(02:30)",
        },
        {
            content: "Open the groupings",
            trigger: "#portal_searchbar_groupby",
            run: "click",
        },
        {
            content: "List each entry",
            trigger: ".dropdown-menu.show .dropdown-item:contains(None)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The entry is there",
            trigger: "table[name=statement_rows] th:contains(Drawn From)",
        },
        {
            content: "Open the ticket",
            trigger: "table[name=statement_rows] a:contains(Tour Paper Jam)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is the ticket's page",
            trigger: "#card_body, table[name=ticket_time]",
        },
    ],
});

const lockStatement = [
    {
        content: "The figures are there",
        trigger: ".o_field_widget[name=preview] td[name=closing]:contains(07:30)",
    },
    {
        content: "Lock it",
        trigger: "button[name=action_lock]",
        run: "click",
    },
    {
        content: "Confirm",
        trigger: ".modal .btn-primary",
        run: "click",
    },
];

tours.add("track_bill_statement_lock", {
    url: "/odoo",
    steps: () => [
        ...openMenu(
            "Invoicing > Customers > Prepaid Statements",
            "account.menu_finance",
            "account.menu_finance_receivables",
            "helpdesk_track_bill_statement.menu_statement_account",
        ),
        {
            content: "Open the statement",
            trigger: ".o_data_row:contains(Tour Clinic) .o_data_cell",
            run: "click",
        },
        ...lockStatement,
        {
            content: "It is locked; unlock it",
            trigger: "button[name=action_unlock]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Wrong ticket",
        },
        {
            content: "Unlock",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The reason stands in the history",
            trigger: ".o-mail-Message:contains(Unlocked: Wrong ticket)",
        },
    ],
});

tours.add("track_bill_statement_portal_phone", {
    url: "/my/prepaid-hours",
    steps: () => [
        {
            content: "What is left is on the screen",
            trigger: "table[name=statement_blocks] tfoot td[name=closing]",
            run({anchor}) {
                const {right} = anchor.getBoundingClientRect();
                if (right > window.innerWidth) {
                    throw new Error(`what is left is at ${right}, off the screen`);
                }
            },
        },
        {
            content: "So is what it was used for",
            trigger: "table[name=statement_blocks] tfoot td[name=used]",
        },
    ],
});

tours.add("track_bill_statement_phone", {
    steps: () => [
        {
            content: "Open the statement",
            trigger: ".o_kanban_record:contains(Tour Clinic)",
            run: "click",
        },
        ...lockStatement,
        {
            content: "It is locked",
            trigger: ".o-mail-Message:contains(Locked)",
        },
    ],
});
