// The pictures of the documentation, from the demo story:
//   make screenshots
// with ODOO_URL, LANGUAGE_CODE, the ids of the demo's records in RECORDS, the day in
// TODAY, the set in PICTURES and the folder in OUT; the passwords are the logins' names.
import {createRequire} from "node:module";
import {call} from "./rpc.mjs";
import {execSync} from "node:child_process";

const require = createRequire(new URL("../.dev/node/", import.meta.url));
const {chromium} = require("playwright-core");

const {LANGUAGE_CODE, ODOO_URL, OUT, TODAY} = process.env;
const records = JSON.parse(process.env.RECORDS);
const NOON = new Date(`${TODAY}T12:00:00`);

// by the app's own actions, so that the menu above is the app's
const form = (action, name) => `/odoo/${action}/${records[name]}`;
const TAB = ".o_notebook a[name=timesheets]";
const CREATE_INVOICE =
    "button#create_invoice:visible, button#create_invoice_percentage:visible";
const REGULAR = ".modal .o_radio_item input";
const CREATE_DRAFT = ".modal button[name=create_invoices]";

const describeByTicket = (page, value) =>
    call(page, "sale.order", "write", [records.order_post_paid], {
        invoice_by_ticket: value,
    });

/** The next language finds the story as this one did. */
const deleteDrafts = async (page) => {
    const drafts = await call(page, "account.move", "search", [
        ["state", "=", "draft"],
        ["move_type", "=", "out_invoice"],
    ]);
    await call(page, "account.move", "unlink", drafts);
};

/** A copy of the post-paid order, on which nobody has logged time. */
const sellAgain = async (page) => {
    const [order] = await call(page, "sale.order", "copy", [records.order_post_paid]);
    await call(page, "sale.order", "action_confirm", [order]);
    return `/odoo/orders/${order}`;
};

// name: whose screen, its path, what to click on it; before and after: on the server
const ALONE = {
    dashboard: {login: "admin", path: "/odoo/helpdesk-dashboard"},
    team: {login: "admin", path: form("helpdesk-teams", "team_support")},
    product: {
        login: "admin",
        path: form("products", "product_prepaid_support_product_template"),
    },
    order: {login: "admin", path: form("orders", "order_half_used")},
    ticket: {
        login: "ana",
        path: form("helpdesk-tickets", "ticket_printer"),
        clicks: [TAB],
    },
    overrun: {
        login: "mihai",
        path: form("helpdesk-tickets", "ticket_mail"),
        clicks: [TAB],
    },
    "no-hours-left": {login: "admin", path: form("helpdesk-tickets", "ticket_till")},
    reassign: {
        login: "admin",
        path: form("helpdesk-tickets", "ticket_backup"),
        clicks: [TAB],
    },
    "ticket-post-paid": {
        login: "admin",
        path: form("helpdesk-tickets", "ticket_labels"),
        clicks: [TAB],
    },
    delivered: {login: "admin", path: form("orders", "order_post_paid")},
    period: {
        login: "admin",
        path: form("orders", "order_post_paid"),
        clicks: [CREATE_INVOICE],
    },
    invoice: {
        login: "admin",
        path: form("orders", "order_post_paid"),
        clicks: [CREATE_INVOICE, CREATE_DRAFT],
        after: deleteDrafts,
    },
    "invoice-by-ticket": {
        login: "admin",
        before: (page) => describeByTicket(page, true),
        path: form("orders", "order_post_paid"),
        clicks: [CREATE_INVOICE, CREATE_DRAFT],
        after: async (page) => {
            await deleteDrafts(page);
            await describeByTicket(page, false);
        },
    },
    portal: {login: "dana", path: `/my/ticket/${records.ticket_printer}`},
    // last, as the order stays
    "nothing-to-invoice": {
        login: "admin",
        before: sellAgain,
        clicks: [CREATE_INVOICE, REGULAR, CREATE_DRAFT],
    },
};

/** The hours wait for payment no longer: they could cover what was logged. */
const useWhen = (page, value) =>
    call(page, "sale.order.line", "write", [records["prepaid.item_unpaid"]], {
        hours_usable_from: value,
    });

// with the addons beside
const BESIDE = {
    "prepaid-terms": {
        login: "admin",
        path: form("orders", "prepaid.order_allowance"),
        clicks: ["button[name=action_hours_terms]"],
    },
    "prepaid-ticket": {
        login: "admin",
        path: form("helpdesk-tickets", "prepaid.ticket_keycards"),
        clicks: [TAB],
    },
    "prepaid-accounts": {login: "elena", path: "/odoo/prepaid-hours"},
    "prepaid-history": {
        login: "elena",
        path: form("prepaid-hours", "prepaid.item_allowance"),
    },
    "prepaid-redraw": {
        login: "admin",
        before: (page) => useWhen(page, "confirmed"),
        path: form("orders", "prepaid.order_unpaid"),
        clicks: ["button[name=action_cover_hours]"],
        after: (page) => useWhen(page, "paid"),
    },
    alerts: {
        login: "admin",
        before: (page) =>
            call(page, "ir.cron", "method_direct_trigger", [
                records["alert.ir_cron_alert"],
            ]),
        path: "/odoo/action-helpdesk_track_bill_alert.action_prepaid_hours_alert",
    },
    forecast: {
        login: "elena",
        path: form("prepaid-hours", "alert.item_library"),
        clicks: [".o_notebook a[name=forecast]"],
    },
    renewal: {
        login: "admin",
        before: async (page) => {
            const action = await call(page, "res.partner", "action_renew_hours", [
                records["alert.partner_library"],
            ]);
            return `/odoo/orders/${action.res_id}`;
        },
        // the next language renews for itself
        after: async (page) => {
            const orders = await call(page, "sale.order", "search", [
                ["partner_id", "child_of", records["alert.partner_library"]],
                ["state", "=", "draft"],
            ]);
            await call(page, "sale.order", "unlink", orders);
        },
    },
    statement: {
        login: "elena",
        path: form(
            "action-helpdesk_track_bill_statement.action_prepaid_hours_statement",
            "statement.statement_school",
        ),
    },
    "portal-prepaid": {login: "dana", path: "/my/prepaid-hours"},
    "quick-log": {
        login: "ana",
        path: "/odoo/helpdesk-tickets?view_type=list",
        clicks: [".o_data_row button[name=action_log_time]"],
    },
    "time-overview": {login: "admin", path: "/odoo/helpdesk-time-overview"},
    "time-report": {login: "admin", path: "/odoo/helpdesk-time-report"},
    "time-to-review": {login: "vlad", path: "/odoo/time-to-review"},
    "time-to-bill": {login: "alina", path: "/odoo/time-to-bill"},
};

const PICTURES = {alone: ALONE, beside: BESIDE}[process.env.PICTURES];
const LOADED = [
    ...[".o_form_view .o_form_sheet", ".o_kanban_view .o_kanban_record"],
    ...[".o_list_table", ".o_pivot table", ".o_portal #card", ".o_portal table"],
    ".o_time_overview button",
].join();

const browser = await chromium.launch({
    executablePath: execSync("command -v chromium || command -v google-chrome")
        .toString()
        .trim(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

const pages = {};
const logIn = async (login) => {
    const context = await browser.newContext({
        viewport: {width: 1200, height: 960},
        reducedMotion: "reduce",
        timezoneId: "Europe/Bucharest",
    });
    // the portal's language
    await context.addCookies([
        {name: "frontend_lang", value: LANGUAGE_CODE, url: ODOO_URL},
    ]);
    const page = await context.newPage();
    await page.clock.setFixedTime(NOON);
    await page.goto(`${ODOO_URL}/web/login`);
    await page.fill("input[name=login]", login);
    await page.fill("input[name=password]", login);
    await page.press("input[name=password]", "Enter");
    await page.waitForSelector(".o_web_client .o_navbar, .o_portal");
    return page;
};

for (const [name, picture] of Object.entries(PICTURES)) {
    const page = (pages[picture.login] ||= await logIn(picture.login));
    await page.clock.setFixedTime(NOON);
    const made = await picture.before?.(page);
    await page.goto(`${ODOO_URL}${picture.path || made}`);
    await page.waitForSelector(LOADED);
    for (const selector of picture.clicks || []) {
        await page.locator(selector).first().click();
    }
    // what is still loading: avatars, the chatter, the drawing of the tab
    await page.waitForTimeout(2000);
    // charts are drawn by the clock: let it jump to their end
    await page.clock.setFixedTime(new Date(`${TODAY}T12:00:10`));
    await page.waitForTimeout(500);
    await page.mouse.move(0, 0);
    await page.screenshot({path: `${OUT}/${name}.png`, animations: "disabled"});
    console.log(`${OUT}/${name}.png`);
    await picture.after?.(page);
}
await browser.close();
