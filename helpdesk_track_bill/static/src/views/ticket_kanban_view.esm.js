import {RelationalModel} from "@web/model/relational_model/relational_model";
import {askTime} from "../components/ask_time.esm";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {registry} from "@web/core/registry";

/** The columns of tickets: dragging a card to a closing stage may ask for time first. */
class TicketGroupList extends RelationalModel.DynamicGroupList {
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const target = this.groups.find((group) => group.id === targetGroupId);
        if (dataGroupId !== targetGroupId && target.groupByField.name === "stage_id") {
            const ticket = this.records.find((record) => record.id === dataRecordId);
            if (!(await askTime(this.model, ticket.resId, target.value))) {
                return;
            }
        }
        return super.moveRecord(...arguments);
    }
}

class TicketModel extends RelationalModel {
    static DynamicGroupList = TicketGroupList;
}

registry.category("views").add("helpdesk_ticket_time_kanban", {
    ...kanbanView,
    Model: TicketModel,
});
