// The pictures of the documentation, from the demo story:
//   make screenshots
// with ODOO_URL, LANGUAGE_CODE, the ids of the demo's records in RECORDS, the day in
// TODAY and the folder in OUT; the passwords are the logins' names.
import {createRequire} from "node:module";
import {execSync} from "node:child_process";

const require = createRequire(new URL("../.dev/node/", import.meta.url));
const {chromium} = require("playwright-core");

const {LANGUAGE_CODE, ODOO_URL, OUT, TODAY} = process.env;
const records = JSON.parse(process.env.RECORDS);

const form = (model, name) => `/odoo/${model}/${records[name]}`;
const TAB = ".o_notebook a[name=timesheets]";
const CREATE_INVOICE =
    "button#create_invoice:visible, button#create_invoice_percentage:visible";

// name: [login, path, what to click before]
const PICTURES = {
    team: ["admin", form("helpdesk.ticket.team", "team_support")],
    product: ["admin", form("product.product", "product_prepaid_support")],
    order: ["admin", form("sale.order", "order_half_used")],
    ticket: ["ana", form("helpdesk.ticket", "ticket_printer"), TAB],
    overrun: ["mihai", form("helpdesk.ticket", "ticket_mail"), TAB],
    reassign: ["admin", form("helpdesk.ticket", "ticket_backup"), TAB],
    "ticket-post-paid": ["admin", form("helpdesk.ticket", "ticket_labels"), TAB],
    delivered: ["admin", form("sale.order", "order_post_paid")],
    period: ["admin", form("sale.order", "order_post_paid"), CREATE_INVOICE],
    portal: ["admin", `/my/ticket/${records.ticket_mail}`],
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
    await page.waitForSelector(".o_web_client .o_navbar");
    return page;
};

for (const [name, [login, path, click]] of Object.entries(PICTURES)) {
    pages[login] ||= await logIn(login);
    const page = pages[login];
    await page.goto(`${ODOO_URL}${path}`);
    await page.waitForSelector(".o_form_view .o_form_sheet, .o_portal #card");
    if (click) {
        await page.locator(click).first().click();
    }
    await page.waitForSelector(click === CREATE_INVOICE ? ".modal-footer" : "body");
    // what is still loading: avatars, the chatter, the drawing of the tab
    await page.waitForTimeout(2000);
    await page.mouse.move(0, 0);
    await page.screenshot({path: `${OUT}/${name}.png`, animations: "disabled"});
    console.log(`${OUT}/${name}.png`);
}
await browser.close();
