// Take a picture of a page of a running Odoo, as one of its users:
//   scripts/run node scripts/screenshot.mjs OUT.png LOGIN PATH [--click=SELECTOR]…
// with ODOO_URL (default http://localhost:8069), WIDTH and HEIGHT in the environment;
// the password is the login's name.
import {createRequire} from "node:module";
import {execSync} from "node:child_process";

const require = createRequire(new URL("../.dev/node/", import.meta.url));
const {chromium} = require("playwright-core");

const [out, login, path, ...actions] = process.argv.slice(2);
const base = process.env.ODOO_URL || "http://localhost:8069";
const browser = await chromium.launch({
    executablePath: execSync("command -v chromium || command -v google-chrome")
        .toString()
        .trim(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await browser.newPage({
    viewport: {
        width: Number(process.env.WIDTH || 1280),
        height: Number(process.env.HEIGHT || 900),
    },
});
page.on("pageerror", (error) => console.error(`page error: ${error.message}`));
await page.goto(`${base}/web/login`);
await page.fill("input[name=login]", login);
await page.fill("input[name=password]", login);
await page.press("input[name=password]", "Enter");
await page.waitForSelector(".o_web_client .o_navbar, .o_portal_wrap, .o_portal");
await page.goto(`${base}${path}`);
// the web client keeps a connection open: there is no idle network to wait for
await page.waitForSelector(".o_action .o_content, .o_portal");
await page.waitForTimeout(1500);
for (const action of actions) {
    const [, kind, value] = action.match(/^--(\w+)=(.*)$/s);
    if (kind === "click") {
        await page.click(value);
    } else if (kind === "type") {
        await page.keyboard.type(value);
    } else if (kind === "press") {
        await page.keyboard.press(value);
    } else {
        throw new Error(`unknown action ${action}`);
    }
    await page.waitForTimeout(800);
}
await page.screenshot({path: out});
await browser.close();
