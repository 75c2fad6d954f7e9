import {Chatter} from "@mail/chatter/web_portal/chatter";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";

/** A message sent from a ticket may ask for the time that it took. */
patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        this.action = useService("action");
    },

    onPostCallback() {
        const isReply = this.isReplyToAskAfter;
        super.onPostCallback(...arguments);
        if (isReply) {
            this.askTimeAfterReply();
        }
    },

    onCloseFullComposerCallback(isDiscard) {
        const isReply = this.isReplyToAskAfter && !isDiscard;
        super.onCloseFullComposerCallback(...arguments);
        if (isReply) {
            this.askTimeAfterReply();
        }
    },

    get isReplyToAskAfter() {
        const {record, threadModel} = this.props;
        return (
            threadModel === "helpdesk.ticket" &&
            this.state.composerType === "message" &&
            record?.data.allow_timesheet &&
            record.data.ask_time_after_reply
        );
    },

    async askTimeAfterReply() {
        const dialog = await this.orm.call("helpdesk.ticket", "action_log_time", [
            [this.props.threadId],
        ]);
        await this.action.doAction(dialog, {
            onClose: (answer) => answer?.answered && this.reloadParentView(),
        });
    },
});
