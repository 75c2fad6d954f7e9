import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * Hours left, in the company's unit of time: "07:30", and "01:30 over" below zero.
 *
 * @param {Number} value hours
 * @param {Boolean} withWord whether to say "07:30 remaining"
 * @returns {String}
 */
const formatHoursLeft = (value, withWord = false) => {
    const format = registry.category("formatters").get("timesheet_uom");
    const hours = format(Math.abs(value || 0));
    if (value < 0) {
        return _t("%(hours)s over", {hours});
    }
    return withWord ? _t("%(hours)s remaining", {hours}) : hours;
};

class HoursLeftField extends Component {
    static template = "helpdesk_track_bill.HoursLeftField";
    static props = {...standardFieldProps, withWord: {type: Boolean, optional: true}};

    get formattedValue() {
        return formatHoursLeft(
            this.props.record.data[this.props.name],
            this.props.withWord,
        );
    }
}

registry.category("fields").add("hours_left", {
    component: HoursLeftField,
    supportedTypes: ["float"],
    isEmpty: () => false,
    extractProps: ({options}) => ({withWord: Boolean(options.with_word)}),
});
registry.category("formatters").add("hours_left", (value) => formatHoursLeft(value));
