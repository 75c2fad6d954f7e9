// How long the form of a ticket and of an order takes until one can type in it, with
// our addons and without them, in turns on the same machine:
//   scripts/run node scripts/form_speed.mjs WITHOUT_URL WITH_URL [REPETITIONS]
// Cold is a browser that has nothing of the page yet, warm one that opened it before.
// Both databases need the login admin with its name as password.
import {createRequire} from "node:module";
import {call} from "./rpc.mjs";
import {execSync} from "node:child_process";

const require = createRequire(new URL("../.dev/node/", import.meta.url));
const {chromium} = require("playwright-core");

const [without, with_, repetitions = "9"] = process.argv.slice(2);
const browser = await chromium.launch({
    executablePath: execSync("command -v chromium || command -v google-chrome")
        .toString()
        .trim(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

const login = async (context, base) => {
    const page = await context.newPage();
    await page.goto(`${base}/web/login`);
    await page.fill("input[name=login]", "admin");
    await page.fill("input[name=password]", "admin");
    await page.press("input[name=password]", "Enter");
    await page.waitForSelector(".o_web_client .o_navbar");
    return page;
};

/** A ticket and an order that say the same in both databases. */
const prepare = async (base) => {
    const context = await browser.newContext();
    const page = await login(context, base);
    const create = async (model, values) =>
        (await call(page, model, "create", [values]))[0];
    const partner = await create("res.partner", {name: "Clinic", is_company: true});
    const product = await create("product.product", {
        name: "Support",
        type: "service",
        list_price: 60,
    });
    const order = await create("sale.order", {
        partner_id: partner,
        order_line: [[0, 0, {product_id: product, product_uom_qty: 10}]],
    });
    const fields = await call(page, "helpdesk.ticket.team", "fields_get", [], ["type"]);
    const team = await create("helpdesk.ticket.team", {
        name: "Support",
        ...(fields.allow_billable ? {allow_billable: true} : {}),
    });
    const ticket = await create("helpdesk.ticket", {
        name: "Printer stuck",
        description: "It hums.",
        partner_id: partner,
        team_id: team,
    });
    const state = await context.storageState();
    await context.close();
    return {
        base,
        state,
        paths: {
            ticket: `/odoo/helpdesk.ticket/${ticket}`,
            order: `/odoo/sale.order/${order}`,
        },
    };
};

/** Milliseconds from going to a page until its form can be used. */
const measure = async (page, url) => {
    const start = Date.now();
    await page.goto(url);
    await page.waitForSelector(
        ".o_form_view .o_field_widget[name=partner_id] input, .o_form_view .o_field_widget[name=partner_id] a",
    );
    await page.waitForFunction(
        () => !document.querySelector(".o_loading_indicator, .o_blockUI"),
    );
    return Date.now() - start;
};

const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const half = Math.floor(sorted.length / 2);
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

const sides = {without: await prepare(without), with: await prepare(with_)};
const times = {};
for (let turn = 0; turn <= Number(repetitions); turn++) {
    for (const form of ["ticket", "order"]) {
        // who comes first takes turns as well
        const order = turn % 2 ? ["with", "without"] : ["without", "with"];
        for (const side of order) {
            const {base, paths, state} = sides[side];
            const context = await browser.newContext({storageState: state});
            const page = await context.newPage();
            for (const kind of ["cold", "warm"]) {
                const time = await measure(page, `${base}${paths[form]}`);
                // the first turn warms up the servers
                if (turn) {
                    ((times[`${form}, ${kind}`] ??= {})[side] ??= []).push(time);
                }
            }
            await context.close();
        }
    }
}
await browser.close();
console.log("| form | without | with | ratio |");
console.log("| --- | --- | --- | --- |");
for (const [name, {without: plain, with: ours}] of Object.entries(times)) {
    const [before, after] = [median(plain), median(ours)];
    console.log(
        `| ${name} | ${before} ms | ${after} ms | ${(after / before).toFixed(2)} |`,
    );
}
