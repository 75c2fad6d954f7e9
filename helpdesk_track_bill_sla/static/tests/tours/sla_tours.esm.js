import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("sla_policy", {
    steps: () => [
        {
            content: "Start a policy",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Gold",
        },
        {
            content: "Look for a product",
            trigger: ".o_field_widget[name=product_ids] input",
            run: "edit Gold Support",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Gold Support)",
            run: "click",
        },
        {
            content: "It is named",
            trigger: ".o_field_widget[name=product_ids] .o_tag:contains(Gold Support)",
        },
        {
            content: "Order items are for those who sell",
            trigger: ".o_form_view:not(:has([name=sale_line_ids]))",
        },
        {
            content: "Enter the hours",
            trigger: ".o_field_widget[name=hours] input",
            run: "edit 4",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved",
        },
    ],
});

tours.add("sla_ticket", {
    steps: () => [
        {
            content: "The ticket says which item gave it its deadline",
            trigger: ".o_field_widget[name=sla_sale_line_id]:contains(Gold Support)",
        },
        {
            content: "It is no link: agents may not open orders",
            trigger: ".o_field_widget[name=sla_sale_line_id]:not(:has(a[href]))",
        },
    ],
});
