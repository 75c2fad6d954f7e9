/**
 * Ask for time before a ticket moves to a closing stage, where its team wants that.
 *
 * @param {{action: Object, orm: Object}} services
 * @param {Number} ticketId
 * @param {Number} stageId
 * @returns {Promise<Boolean>} whether the ticket may move on
 */
export async function askTime({action, orm}, ticketId, stageId) {
    const dialog = await orm.call("helpdesk.ticket", "action_ask_time", [
        [ticketId],
        stageId,
    ]);
    if (!dialog) {
        return true;
    }
    return new Promise((resolve) => {
        action.doAction(dialog, {
            onClose: (answer) => resolve(Boolean(answer?.answered)),
        });
    });
}
