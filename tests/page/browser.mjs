// Debian's headless browser, and pages in it that remember what they asked for and what went wrong.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.env.LEAT_PAGE_MODULES, "package.json"));
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");

const kPatience = 20_000;

let browser = null;

export async function closeBrowser() {
  await browser?.close();
}

/// A browser that nobody knows yet, as a page in it. Its `asked` are the addresses that it asked for, its `wrong` what it
/// complained of: scripts that threw, and what the policy has held back.
export async function newPage(options = {}) {
  browser ??= await chromium.launch({ executablePath: process.env.LEAT_BROWSER ?? "/usr/bin/chromium-headless-shell", args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1200, height: 760 }, timezoneId: "Europe/Berlin", locale: "en-GB", ...options });
  context.setDefaultTimeout(kPatience);
  return watchedPage(context);
}

// What is being written, instead of what the program has within.
async function fromFolder(route, folder) {
  const answer = await route.fetch();
  const name = new URL(route.request().url()).pathname.split("/").pop();
  const type = { js: "text/javascript", css: "text/css", txt: "text/plain" }[name.split(".").pop()];
  await route.fulfill({ status: 200, headers: { ...answer.headers(), "content-type": type }, path: join(folder, name) });
}

export async function watchedPage(context) {
  const page = await context.newPage();
  if (process.env.LEAT_PAGE_DIST) await page.route("**/assets/*", (route) => fromFolder(route, process.env.LEAT_PAGE_DIST));
  page.asked = [];
  page.wrong = [];
  page.on("request", (request) => page.asked.push(request.url()));
  page.on("websocket", (socket) => page.asked.push(socket.url()));
  page.on("pageerror", (error) => page.wrong.push(error.message));
  page.on("console", (message) => { if (/Content Security Policy/.test(message.text())) page.wrong.push(message.text()); });
  return page;
}

/// Opens the link that the service has printed: resolves once its jobs are shown.
export async function signIn(page, service) {
  await page.goto(service.link);
  await page.getByRole("heading", { name: "Jobs" }).waitFor();
}

/// Goes to a place of the page, such as "/jobs/1", without loading it again.
export async function go(page, place) {
  await page.evaluate((hash) => { location.hash = hash; }, "#" + place);
}

/// What axe-core finds that is serious or critical, as lines; of its rules those that are named, or all.
export async function seriousFaults(page, ...rules) {
  // The policy keeps scripts of others away, axe as well: the debugger's are not asked.
  const client = await page.context().newCDPSession(page);
  if (!(await page.evaluate(() => "axe" in window))) await client.send("Runtime.evaluate", { expression: readFileSync(axe, "utf8") + ";0" });
  const { result, exceptionDetails } = await client.send("Runtime.evaluate", {
    expression: `axe.run(document, {resultTypes: ["violations"]${rules.length ? `, runOnly: ${JSON.stringify(rules)}` : ""}}).then(({violations}) => JSON.stringify(violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .flatMap((one) => one.nodes.map((node) => one.id + ": " + node.html.slice(0, 160) + " " + node.failureSummary))))`,
    awaitPromise: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.text + " " + exceptionDetails.exception?.description);
  return JSON.parse(result.value);
}

/// Keeps what the page looks like beside what the build makes.
export async function keep(page, name) {
  const folder = process.env.LEAT_PAGE_SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, name + ".png") });
}
