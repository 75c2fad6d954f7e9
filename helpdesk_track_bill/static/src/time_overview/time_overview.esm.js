import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

// What lists the records of each figure
const ACTIONS = {
    "account.analytic.line": "helpdesk_track_bill.timesheet_action_from_ticket",
    "helpdesk.ticket": "helpdesk_mgmt.helpdesk_ticket_action",
    "timesheets.analysis.report": "helpdesk_track_bill.ticket_time_report_action",
};

const formatters = registry.category("formatters");

/** The page Helpdesk > Reporting > Overview; each figure opens what it counts. */
class TimeOverview extends Component {
    static template = "helpdesk_track_bill.TimeOverview";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.periods = [
            ["last_month", _t("Last Month")],
            ["this_month", _t("This Month")],
            ["last_quarter", _t("Last Three Months")],
        ];
        this.state = useState({
            period: this.props.state?.period || "last_month",
            figures: [],
            tables: [],
        });
        // who comes back from a figure finds the period that it is of
        useSetupAction({getLocalState: () => ({period: this.state.period})});
        onWillStart(() => this.load(this.state.period));
    }

    async load(period) {
        const {figures, tables} = await this.orm.call(
            "helpdesk.time.overview",
            "get_overview",
            [period],
        );
        Object.assign(this.state, {period, figures, tables});
    }

    format({hours, count}) {
        return count === undefined
            ? formatters.get("timesheet_uom")(hours)
            : String(count);
    }

    formatShare(share) {
        return formatters.get("percentage")(share, {digits: [false, 0]});
    }

    /** Open the time entries, or tickets, that a figure counts. */
    async open({title, model, domain}) {
        const action = await this.action.loadAction(ACTIONS[model]);
        await this.action.doAction(
            {
                ...action,
                name: title,
                display_name: title,
                domain,
                context: {is_timesheet: 1},
            },
            {viewType: "list"},
        );
    }
}

registry.category("actions").add("helpdesk_time_overview", TimeOverview);
