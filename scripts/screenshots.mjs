// The pictures of the documentation, from the demo story:
//   make screenshots
// with ODOO_URL, LANGUAGE_CODE, the ids of the demo's records in RECORDS, the day in
// TODAY and the folder in OUT; the passwords are the logins' names.
import {createRequire} from "node:module";
import {call} from "./rpc.mjs";
import {execSync} from "node:child_process";

const require = createRequire(new URL("../.dev/node/", import.meta.url));
const {chromium} = require("playwright-core");

const {LANGUAGE_CODE, ODOO_URL, OUT, TODAY} = process.env;
const records = JSON.parse(process.env.RECORDS);

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
const PICTURES = {
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
    await page.clock.setFixedTime(new Date(`${TODAY}T12:00:00`));
    await page.goto(`${ODOO_URL}/web/login`);
    await page.fill("input[name=login]", login);
    await page.fill("input[name=password]", login);
    await page.press("input[name=password]", "Enter");
    await page.waitForSelector(".o_web_client .o_navbar, .o_portal");
    return page;
};

for (const [name, picture] of Object.entries(PICTURES)) {
    const page = (pages[picture.login] ||= await logIn(picture.login));
    const made = await picture.before?.(page);
    await page.goto(`${ODOO_URL}${picture.path || made}`);
    await page.waitForSelector(
        ".o_form_view .o_form_sheet, .o_kanban_view .o_kanban_record, .o_portal #card",
    );
    for (const selector of picture.clicks || []) {
        await page.locator(selector).first().click();
    }
    // what is still loading: avatars, the chatter, the drawing of the tab
    await page.waitForTimeout(2000);
    await page.mouse.move(0, 0);
    await page.screenshot({path: `${OUT}/${name}.png`, animations: "disabled"});
    console.log(`${OUT}/${name}.png`);
    await picture.after?.(page);
}
await browser.close();
