import {BadgeField, badgeField} from "@web/views/fields/badge/badge_field";
import {registry} from "@web/core/registry";

/** What covers a time entry, with the reason as its tooltip. */
class CoverageField extends BadgeField {
    static template = "helpdesk_track_bill_prepaid.CoverageField";
}

registry.category("fields").add("coverage", {
    ...badgeField,
    component: CoverageField,
    fieldDependencies: [{name: "coverage_reason", type: "char"}],
});
