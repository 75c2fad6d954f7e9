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

    /** As its button, which can be clicked once until the answer comes. */
    async log() {
        if (this.isLogging) {
            return;
        }
        this.isLogging = true;
        const {root} = this.model;
        try {
            await this.env.onClickViewButton({
                clickParams: {name: "action_log", type: "object"},
                getResParams: () => ({
                    context: root.context,
                    evalContext: root.evalContext,
                    resModel: root.resModel,
                    resId: root.resId,
                    resIds: root.resIds,
                }),
            });
        } finally {
            this.isLogging = false;
        }
    }
}

registry.category("views").add("helpdesk_ticket_log_time", {
    ...formView,
    Controller: LogTimeController,
});
