// Who may read the page and how: by keyboard, by a reader, on a phone; what may not be in it; and what it costs a browser.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { go, keep, newPage, seriousFaults, signIn } from "./browser.mjs";
import { hearing } from "./pictures.mjs";
import { run, spinning, toml, withService } from "./runs.mjs";

const kPlaces = ["/jobs", "/jobs/1", "/jobs/1/charts", "/jobs/1/data", "/jobs/1/events", "/jobs/1/log", "/data", "/new"];

async function all_of_a_job_is_reached_by_keyboard() {
  await withService(spinning, async (service) => {
    const id = await service.submit("spin", { stage: "rest", replicas: "2" }, { threads: 2 });
    const page = await newPage();
    await signIn(page, service);
    await page.getByRole("link", { name: `spin ${id}` }).waitFor();
    const pressUntil = async (key, reached) => {
      for (let presses = 0; presses < 40; ++presses) {
        await page.keyboard.press(key);
        if (await page.evaluate(reached)) return;
      }
      assert.fail(`${key} does not lead to ${reached}`);
    };
    await pressUntil("Tab", `document.activeElement.textContent === "To the content"`);
    await page.keyboard.press("Enter");
    await pressUntil("Tab", `document.activeElement.getAttribute("href") === "#/jobs/${id}"`);
    await page.keyboard.press("Enter");
    await page.locator("#cell-0").waitFor();
    await pressUntil("Tab", `document.activeElement.id === "cell-0"`);
    await page.keyboard.press("Enter");
    await page.getByRole("complementary").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H2", "the drawer has the focus");
    await page.keyboard.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement.id), "cell-0", "and gives it back");
    await pressUntil("Shift+Tab", `document.activeElement.textContent === "List"`);
    await page.keyboard.press("Enter");
    await page.getByRole("row").filter({ hasText: "endless · turn" }).getByText("keep (").waitFor();
    await pressUntil("Shift+Tab", `document.activeElement.textContent === "Cancel"`);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.locator(".head .state").getByText("cancelled").waitFor();
  });
}

async function nothing_serious_is_found_by_axe() {
  await withService(spinning, async (service) => {
    await service.submit("spin", { stage: "rest", replicas: "2" }, { threads: 2 });
    await service.submit("spin", { stage: "rest" }, { threads: 4 });
    const page = await newPage();
    await signIn(page, service);
    // Dark, there are other colours, and nothing else.
    for (const [colorScheme, ...rules] of [["light"], ["dark", "color-contrast"]]) {
      await page.emulateMedia({ colorScheme });
      for (const place of rules.length ? ["/jobs", "/jobs/1/charts", "/new"] : kPlaces) {
        await go(page, place);
        await page.locator(place.startsWith("/jobs/") ? ".tabs [aria-current]" : "main h1, main h2").first().waitFor();
        assert.deepEqual(await seriousFaults(page, ...rules), [], `${place}, ${colorScheme}`);
      }
      await go(page, "/jobs/1");
      await page.locator("#cell-0").click();
      await page.getByRole("complementary").waitFor();
      assert.deepEqual(await seriousFaults(page, ...rules), [], `the drawer, ${colorScheme}`);
      await page.getByRole("button", { name: "List" }).click();
      assert.deepEqual(await seriousFaults(page, ...rules), [], `the list, ${colorScheme}`);
    }
    await keep(page, "list-dark");
  });
}

async function nothing_is_asked_of_others_and_nothing_inline_runs() {
  await withService(spinning, async (service) => {
    await service.submit("spin", { stage: "rest", replicas: "2" }, { threads: 2 });
    const page = await newPage();
    await signIn(page, service);
    for (const place of kPlaces) {
      await go(page, place);
      await page.locator(place.startsWith("/jobs/") ? ".tabs [aria-current]" : "main h1, main h2").first().waitFor();
    }
    await go(page, "/jobs/1/charts");
    await page.locator(".u-over").first().waitFor();
    assert.deepEqual(page.wrong, []);
    const host = new URL(service.origin).host;
    const elsewhere = page.asked.filter((address) => !address.startsWith("data:") && new URL(address).host !== host);
    assert.deepEqual(elsewhere, []);
    const held = await page.evaluate(async () => {
      const heard = [];
      addEventListener("securitypolicyviolation", (event) => heard.push(event.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      await fetch("http://127.0.0.2:9/").catch(() => {});
      const image = new Image();
      const over = new Promise((done) => { image.onerror = done; });
      image.src = "http://127.0.0.2:9/x.png";
      await over;
      await new Promise((done) => setTimeout(done));
      return { ran: window.ran ?? false, heard: heard.sort() };
    });
    assert.deepEqual(held, { ran: false, heard: ["connect-src", "img-src", "script-src-elem"] });
  });
}

async function foreign_names_are_text() {
  const folder = mkdtempSync(join(tmpdir(), "leat-graphs-"));
  const name = "<img src=x onerror=window.ran=1>";
  writeFileSync(join(folder, "odd.toml"), `name = "odd"\nsentence = ${JSON.stringify(name)}\n[params.data]\ntype = "path"\nsentence = ${JSON.stringify(name)}\n
[params.out]\ntype = "path"\nsentence = "CSV file to write"\noutput = true\ndefault = "late.csv"
[[stage]]\nname = ${JSON.stringify(name)}\nkind = "csv.blocks"\npath = "\${data}"\n[[stage]]\nname = "parse ${name}"\nkind = "csv.parse"\nfrom = ${JSON.stringify(name)}\n[[stage]]\nname = "write"\nkind = "csv.write"\nfrom = "parse ${name}"\npath = "\${out}"\n`);
  try {
    await withService(() => toml(folder), async (service) => {
      const id = await service.submit("odd", { data: "data:flights-200k.csv" });
      await service.ask("GET", `/api/v1/jobs/${id}/end?within=20`);
      const page = await newPage();
      // A job whose every text is markup, as nobody but a test would have it.
      await page.routeWebSocket(/\/api\/v1\/live\?job=7/, (socket) => socket.send(JSON.stringify({
        type: "job", number: 1, why: { cause: "visit", stage: name, share: 1, activity: "visit", lasts_s: 0, busy: 1, replicas: 1, stuck: false, node: name, waits: [{ who: name, activity: "credit", share: 1, whom: name }] },
        job: { id: 7, graph: name, args: { [name]: name }, tenant: name, memory: 1, threads: 1, stage: "running", submitted: name, started: null, ended: null, process: { program: name, state: name } },
        snapshot: { snapshot: { seconds: 1, took: 0, stages: [name, name], nodes: [{ name, threads: 1, heard: true }], channels: [],
                                cells: [{ cell: 0, replica: 0, node: 0, stages: [0, 1], stage_ns: [1, 1], now: name, for_ns: 1, times_ns: { [name]: 5 }, moves: 1, ended: false, detached: false, at: 0 }] } },
      })));
      await signIn(page, service);
      await go(page, `/jobs/${id}`);
      await page.getByText(`parse ${name}`).first().waitFor();
      await go(page, `/jobs/${id}/log`);
      await page.getByRole("region", { name: "Log" }).waitFor();
      await go(page, "/" + encodeURIComponent(name));
      await page.getByText("There is nothing at").waitFor();
      await go(page, "/jobs/7");
      await page.locator("#cell-0").click();
      await page.getByRole("complementary").getByRole("heading", { name }).waitFor();
      assert.equal(await page.locator("img").count(), 0);
      assert.equal(await page.evaluate(() => window.ran), undefined);
      assert.deepEqual(page.wrong, []);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function a_narrow_page_shows_all_and_its_drawer_is_a_sheet() {
  await withService(spinning, async (service) => {
    await service.submit("spin", { stage: "rest", replicas: "2" }, { threads: 2 });
    const page = await newPage({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await signIn(page, service);
    for (const place of kPlaces) {
      await go(page, place);
      await page.locator(place.startsWith("/jobs/") ? ".tabs [aria-current]" : "main h1, main h2").first().waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360, `${place} is wider than the phone`);
    }
    await go(page, "/jobs");
    await page.getByRole("link", { name: "spin 1" }).waitFor();
    await keep(page, "phone-jobs");
    await go(page, "/jobs/1");
    await page.locator("#cell-0").tap();
    const sheet = page.getByRole("complementary");
    await sheet.waitFor();
    const { x, y, width, height } = await sheet.boundingBox();
    assert.ok(x === 0 && width === 360 && Math.round(y + height) === 740, JSON.stringify({ x, y, width, height }));
    await keep(page, "phone-sheet");
    await sheet.getByRole("button", { name: "Close" }).tap();
    await sheet.waitFor({ state: "detached" });
    const times = page.locator("time");
    await go(page, "/jobs/1/events");
    assert.match(await times.first().getAttribute("title"), /UTC \(.* Europe\/Berlin, \+0[12]:00\)$/);
  });
}

// Counts, which are the same on every machine; how fast frames come, bench has.
async function counts(client) {
  const { metrics } = await client.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

async function a_large_graph_is_laid_out_once_and_updated_with_few_layouts() {
  await withService(spinning, async (service) => {
    const page = await newPage();
    await page.addInitScript(() => {
      window.layouts = 0;
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (...what) {
        ++window.layouts;
        return post.apply(this, what);
      };
    });
    const heard = await hearing(page, 100);
    await signIn(page, service);
    await go(page, "/jobs/1");
    const send = await heard();
    const shown = (n) => page.locator(".head").getByText(`${n} k rows`, { exact: true }).waitFor();
    send(1);
    await page.locator("#cell-99").waitFor();
    const client = await page.context().newCDPSession(page);
    await client.send("Performance.enable");
    const asked = page.asked.length, before = await counts(client);
    const kUpdates = 30;
    for (let n = 2; n <= 1 + kUpdates; ++n) {
      send(n);
      await shown(n >= 10 ? `${n}.0` : `${n}.00`);
    }
    const after = await counts(client);
    assert.equal(await page.evaluate(() => window.layouts), 1, "the shape is the same, and so is its layout");
    assert.equal(page.asked.length, asked, "updates ask for nothing");
    const perUpdate = (after.LayoutCount - before.LayoutCount) / kUpdates;
    assert.ok(perUpdate <= 4, `${perUpdate} layouts an update`);
    assert.ok(after.Nodes - before.Nodes < 100, `${after.Nodes - before.Nodes} nodes more`);
    assert.ok(after.JSEventListeners - before.JSEventListeners <= 5, "listeners");
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(elements <= 2000, `${elements} elements`);
    await keep(page, "graph-100");
    // What is out of sight is told of changes once it comes into sight.
    const last = page.locator("#cell-99"), said = await last.getAttribute("aria-label");
    await last.scrollIntoViewIfNeeded();
    await page.waitForFunction((was) => document.getElementById("cell-99").getAttribute("aria-label") !== was, said);
    await page.locator("#cell-50").click();
    await page.getByRole("complementary").waitFor();
    await keep(page, "graph-100-drawer");
  });
}

async function more_cells_than_can_be_drawn_are_a_list_and_neighbours() {
  await withService(spinning, async (service) => {
    const page = await newPage();
    const most = await hearing(page, 300, 1), more = await hearing(page, 1000, 2);
    await signIn(page, service);
    for (const [id, heard] of [[1, most], [2, more]]) {
      await go(page, `/jobs/${id}`);
      (await heard())(1);
      if (id === 1) {
        await page.locator("#cell-299").waitFor();
      } else {
        await page.getByText("too many to draw").waitFor();
        await page.getByRole("searchbox").fill("stage 777");
        await page.getByRole("button", { name: "stage 777" }).click();
        await page.locator("svg #cell-778").waitFor();
        assert.equal(await page.locator("svg .cell").count(), 3);
      }
      const elements = await page.evaluate(() => document.querySelectorAll("*").length);
      assert.ok(elements <= 2000, `${elements} elements for job ${id}`);
    }
  });
}

await run([all_of_a_job_is_reached_by_keyboard, nothing_serious_is_found_by_axe, nothing_is_asked_of_others_and_nothing_inline_runs, foreign_names_are_text,
           a_narrow_page_shows_all_and_its_drawer_is_a_sheet, a_large_graph_is_laid_out_once_and_updated_with_few_layouts, more_cells_than_can_be_drawn_are_a_list_and_neighbours]);
