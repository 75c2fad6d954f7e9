import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("review_agent", {
    steps: () => [
        {
            content: "Open the time of the ticket",
            trigger: ".o_notebook .nav-link:contains(Timesheets)",
            run: "click",
        },
        {
            content: "It was rejected: submit it again",
            trigger:
                ".o_data_row:has(.badge:contains(Rejected)) button[name=action_submit]",
            run: "click",
        },
        {
            content: "It waits for the reviewer",
            trigger: ".o_data_row .badge:contains(Submitted)",
        },
    ],
});

tours.add("review_reviewer", {
    steps: () => [
        {
            content: "All time is there",
            trigger: ".o_pager_limit:contains(100)",
        },
        {
            content: "Choose all",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Approve it",
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "Nothing waits any more",
            trigger: ".o_view_nocontent:contains(Nothing waits for review)",
        },
    ],
});

tours.add("review_reviewer_edits", {
    steps: () => [
        {
            content: "Edit the row",
            trigger: ".o_data_row td[name=time_type_id]",
            run: "click",
        },
        {
            content: "Look for the kind of work",
            trigger: ".o_selected_row td[name=time_type_id] input",
            run: "edit Tour Travel",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Travel)",
            run: "click",
        },
        {
            content: "Its factor shows",
            trigger: ".o_selected_row td[name=unit_amount_rounded] input:value(/2:00/)",
        },
        {
            content: "Save the row",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "The hours follow the kind of work",
            trigger:
                ".o_data_row:not(.o_selected_row) td[name=unit_amount_rounded]:contains(2:00):not(:has(.fw-bold))",
        },
        {
            content: "Edit the hours",
            trigger: ".o_data_row td[name=unit_amount_rounded]",
            run: "click",
        },
        {
            content: "Type other hours",
            trigger: ".o_selected_row td[name=unit_amount_rounded] input",
            run: "edit 1:30",
        },
        {
            content: "Say why",
            trigger: ".o_selected_row td[name=review_reason] input",
            run: "edit Agreed",
        },
        {
            content: "Save the row",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "The hours are marked as set by hand",
            trigger:
                ".o_data_row td[name=unit_amount_rounded]:has(.fw-bold):contains(1:30)",
        },
    ],
});

tours.add("review_phone", {
    steps: () => [
        {
            content: "Approve the card",
            trigger:
                ".o_kanban_record:contains(Tour Ticket) button[name=action_approve]",
            run: "click",
        },
        {
            content: "It waits no more",
            trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains(Tour Ticket)))",
        },
    ],
});

tours.add("review_agent_phone", {
    steps: () => [
        {
            content: "Open the time of the ticket",
            trigger: ".o_notebook .nav-link:contains(Timesheets)",
            run: "click",
        },
        {
            content: "It was rejected: open it",
            trigger:
                "[name=timesheet_ids] .o_kanban_record:has(.badge:contains(Rejected))",
            run: "click",
        },
        {
            content: "The reviewer said why",
            trigger: ".modal [name=review_reason]:contains(Which printer?)",
        },
        {
            content: "Submit it again",
            trigger: ".modal button[name=action_submit]",
            run: "click",
        },
        {
            content: "It waits for the reviewer",
            trigger: ".badge:contains(Submitted)",
        },
    ],
});

const unfold = (name) => ({
    content: `Unfold ${name}`,
    trigger: `.o_group_header:not(.o_group_open) .o_group_name:contains("${name}")`,
    run: "click",
});

tours.add("review_biller", {
    steps: () => [
        unfold("Tour Clinic"),
        unfold("S0"),
        unfold("Tour Service"),
        {
            content: "The groups show the amount",
            trigger: ".o_group_header:contains(Tour Clinic):contains(75.00)",
        },
        unfold("Tour Ticket"),
        {
            content: "Describe the time for the invoice",
            trigger: ".o_data_row td[name=name]:contains(Looked into it)",
            run: "click",
        },
        {
            content: "Type the description",
            trigger: ".o_data_row td[name=name] input",
            run: "edit Changed the rollers",
        },
        {
            content: "Save the line",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "Choose the time",
            trigger:
                ".o_data_row:contains(Changed the rollers) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Invoice it",
            trigger: "button[name=action_invoice]",
            run: "click",
        },
        {
            content: "The preview has the amount",
            trigger: ".modal [name=line_ids] .o_data_row:contains(75.00)",
        },
        {
            content: "Create the invoice",
            trigger: ".modal button[name=action_create_invoices]",
            run: "click",
        },
        {
            content: "It is a draft",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Draft)",
        },
        {
            content: "It has the amount of the preview",
            trigger:
                ".o_form_view .tax_totals_group:contains(75.00), .oe_subtotal_footer:contains(75.00)",
        },
    ],
});

tours.add("review_customer", {
    steps: () => [
        {
            content: "Ask about a line",
            trigger: "table[name=ticket_time] details summary",
            run: "click",
        },
        {
            content: "Type the question",
            trigger: "table[name=ticket_time] textarea[name=question]",
            run: "edit Why two of you?",
        },
        {
            content: "Send it",
            trigger: "table[name=ticket_time] form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It was sent",
            trigger: ".alert-success:contains(Your question was sent)",
        },
        {
            content: "The line is marked",
            trigger: "table[name=ticket_time] [name=questioned]:contains(Questioned)",
        },
    ],
});
