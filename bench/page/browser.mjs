// What the measurements of the page share: Debian's headless browser, a page that its service knows, and what a page says of
// itself. Software rendering, as that is what any machine has.
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.LEAT_PAGE_MODULES, "package.json"));
const { chromium } = require("playwright-core");

export const launch = () => chromium.launch({ executablePath: process.env.LEAT_BROWSER ?? "/usr/bin/chromium-headless-shell", args: ["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc", "--enable-precise-memory-info"] });

/// A page that the service knows, and its debugger, whose times are those that the threads have worked.
export async function pageOf(browser, service, { width = 1280, height = 800, slower = 1 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, extraHTTPHeaders: { Authorization: `Bearer ${service.token}` } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage(), client = await context.newCDPSession(page);
  await client.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
  await client.send("Performance.enable");
  if (slower > 1) await client.send("Emulation.setCPUThrottlingRate", { rate: slower });
  page.client = client;
  return page;
}

export async function metrics(page) {
  const { metrics: all } = await page.client.send("Performance.getMetrics");
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

/// Frames a second for so many milliseconds, and what the main thread does in each; `each` is called with the frame's number.
export async function frames(page, milliseconds, each) {
  const before = await metrics(page);
  const { count, seconds } = await page.evaluate(([milliseconds, source]) => new Promise((done) => {
    const each = source ? new Function("at", source) : null, begin = performance.now();
    let count = 0;
    const frame = () => {
      const now = performance.now();
      if (now - begin >= milliseconds) return done({ count, seconds: (now - begin) / 1000 });
      each?.(count++) ?? (each || count++);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }), [milliseconds, each]);
  const after = await metrics(page);
  return { rate: count / seconds, task: ((after.TaskDuration - before.TaskDuration) / count) * 1000 };
}

export async function emptyFrames(page, milliseconds) {
  await page.goto("about:blank");
  return frames(page, milliseconds);
}

/// Bytes of the heap, nodes and listeners, once what is not needed is gone.
export async function kept(page) {
  for (let time = 0; time < 3; ++time) await page.client.send("HeapProfiler.collectGarbage");
  const { JSHeapUsedSize, Nodes, JSEventListeners } = await metrics(page);
  return { heap: JSHeapUsedSize, nodes: Nodes, listeners: JSEventListeners };
}

export const go = (page, place) => page.evaluate((hash) => { location.hash = hash; }, "#" + place);

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
