import {
    StatusBarDurationField,
    statusBarDurationField,
} from "@mail/views/fields/statusbar_duration/statusbar_duration_field";
import {askTime} from "./ask_time.esm";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** The stage of a ticket: closing it may ask for time first. */
class TicketStageField extends StatusBarDurationField {
    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
    }

    async selectItem(item) {
        const {record} = this.props;
        // Time that was typed and not saved yet counts
        if (record.resId && !(await record.save())) {
            return;
        }
        if (!record.resId || (await askTime(this, record.resId, item.value))) {
            await super.selectItem(item);
        }
    }
}

registry.category("fields").add("ticket_stage", {
    ...statusBarDurationField,
    component: TicketStageField,
});
