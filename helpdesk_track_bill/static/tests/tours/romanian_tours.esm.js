import {clickCreateInvoice, createTicket, logTime, openTimesheets} from "./steps.esm";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

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
        openTimesheets,
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
        clickCreateInvoice,
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
