import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("timer_form", {
    steps: () => [
        {
            content: "Start the timer",
            trigger: "button[name=button_start_work]:contains(Start Timer)",
            run: "click",
        },
        {
            content: "It runs",
            trigger: "button[name=button_end_work]:contains(Stop Timer)",
        },
    ],
});

tours.add("timer_list", {
    steps: () => [
        {
            content: "Switch to the list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "The timer runs on",
            trigger:
                ".o_data_row:contains(Printer stuck) button[name=button_end_work]:contains(Stop)",
        },
        {
            content: "Start one on another ticket",
            trigger:
                ".o_data_row:contains(Mail is slow) button[name=button_start_work]:contains(Start)",
            run: "click",
        },
        {
            content: "It is asked what was done so far",
            trigger: ".modal [name=running_timer_ticket_id]:contains(Printer stuck)",
        },
        {
            content: "Describe it",
            trigger: ".modal [name=running_timer_name] input",
            run: "edit Cleaned the rollers",
        },
        {
            content: "Stop and start",
            trigger: ".modal button[name=action_switch]:contains(Stop and Start)",
            run: "click",
        },
        {
            content: "The other one runs",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains(Mail is slow) button[name=button_end_work]",
        },
        {
            content: "The first one does not",
            trigger:
                ".o_data_row:contains(Printer stuck) button[name=button_start_work]",
        },
    ],
});

tours.add("timer_kanban", {
    steps: () => [
        {
            content: "Stop the timer",
            trigger:
                ".o_kanban_record:contains(Mail is slow) button[name=button_end_work][aria-label='Stop Timer']",
            run: "click",
        },
        {
            content: "Without a description",
            trigger: ".modal button[name=action_stop]",
            run: "click",
        },
        {
            content: "It says what is missing",
            trigger: ".modal:contains(has no description)",
        },
        {
            content: "The timer runs on",
            trigger: ".modal:contains(has no description) .btn-primary",
            run: "click",
        },
        {
            content: "Describe the work",
            trigger: ".modal [name=name] input",
            run: "edit Restarted the queue",
        },
        {
            content: "Correct the hours",
            trigger: ".modal [name=hours] input",
            run: "edit 1:30",
        },
        {
            content: "Stop it",
            trigger: ".modal button[name=action_stop]",
            run: "click",
        },
        {
            content: "It can be started again",
            trigger:
                "body:not(:has(.modal)) .o_kanban_record:contains(Mail is slow) button[name=button_start_work]",
        },
    ],
});

tours.add("timer_discard", {
    steps: () => [
        {
            content: "Stop the timer",
            trigger: "button[name=button_end_work]:contains(Stop Timer)",
            run: "click",
        },
        {
            content: "It was started by mistake",
            trigger: ".modal button[name=action_discard]",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal:contains(will be deleted) .btn-primary:contains(Ok)",
            run: "click",
        },
        {
            content: "Nothing runs",
            trigger: "body:not(:has(.modal)) button[name=button_start_work]",
        },
    ],
});

tours.add("timer_overnight", {
    steps: () => [
        {
            content: "The ticket says that the timer was left running",
            trigger: ".o_form_view .alert:contains(Your timer was left running)",
        },
        {
            content: "Stop the timer",
            trigger: "button[name=button_end_work]:contains(Stop Timer)",
            run: "click",
        },
        {
            content: "It is asked for the hours",
            trigger: ".modal .alert:contains(enter the hours that you worked)",
        },
        {
            content: "Describe the work",
            trigger: ".modal [name=name] input",
            run: "edit Cleaned the rollers",
        },
        {
            content: "Enter the hours",
            trigger: ".modal [name=hours] input",
            run: "edit 2:00",
        },
        {
            content: "Stop it",
            trigger: ".modal button[name=action_stop]",
            run: "click",
        },
        {
            content: "Nothing is left running",
            trigger:
                "body:not(:has(.modal)):not(:has(.o_form_view .alert-warning)) button[name=button_start_work]",
        },
    ],
});
