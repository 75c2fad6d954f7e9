import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";

/** The dialog that logs time: Enter in the hours or the description saves it. */
class LogTimeController extends FormController {
    setup() {
        super.setup();
        useHotkey("enter", () => this.log(), {
            bypassEditableProtection: true,
            isAvailable: (target) =>
                Boolean(target.closest("[name=hours] input, [name=name] input")),
        });
    }

    log() {
        const {root} = this.model;
        return this.env.onClickViewButton({
            clickParams: {name: "action_log", type: "object"},
            getResParams: () => ({
                context: root.context,
                evalContext: root.evalContext,
                resModel: root.resModel,
                resId: root.resId,
                resIds: root.resIds,
            }),
        });
    }
}

registry.category("views").add("helpdesk_ticket_log_time", {
    ...formView,
    Controller: LogTimeController,
});
