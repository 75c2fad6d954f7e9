import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {ListRenderer} from "@web/views/list/list_renderer";
import {registry} from "@web/core/registry";

/** In the order in which they are asked for. */
const TO_FILL = ["name", "unit_amount"];

/**
 * A new line starts at what is empty, its description, then its hours: employee and
 * date are filled in.
 */
class TimesheetsListRenderer extends ListRenderer {
    add(params) {
        this.isAdding = true;
        super.add(params);
    }

    focusCell(column, forward) {
        const isStart = this.isAdding && this.editedRecord.isNew;
        this.isAdding = false;
        super.focusCell((isStart && this.getColumnToFill()) || column, forward);
    }

    getColumnToFill() {
        const {data} = this.editedRecord;
        return this.columns.find(({name}) => TO_FILL.includes(name) && !data[name]);
    }
}

class TimesheetsField extends X2ManyField {
    static components = {
        ...X2ManyField.components,
        ListRenderer: TimesheetsListRenderer,
    };
}

registry.category("fields").add("ticket_timesheets", {
    ...x2ManyField,
    component: TimesheetsField,
});
