// A file as somebody brings it who opens the page, what a job makes of it, and how that is looked at.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { go, keep, newPage, seriousFaults, signIn, watchedPage } from "./browser.mjs";
import { run, toml, withService } from "./runs.mjs";

const graphs = new URL("graphs", import.meta.url).pathname;
const kRows = 400_000; // beyond what a browser lets an element be high
const kFoul = '<img src=x onerror="document.title=1">';

function csvOf(rows, row, names) {
  const lines = [names];
  for (let at = 0; at < rows; ++at) lines.push(row(at));
  return lines.join("\n") + "\n";
}

function fileAt(service, name, text) {
  mkdirSync(service.at, { recursive: true });
  const path = join(service.at, name);
  writeFileSync(path, text);
  return path;
}

const shownRows = (page) => page.evaluate(() => Array.from(document.querySelectorAll(".grid-number"), (one) => one.textContent.trim().split("\n")).flat().filter(Boolean).map(Number).sort((a, b) => a - b));
const atRest = (page) => page.locator('.grid:not([aria-busy="true"])').waitFor();

/// What the table shows of a column, by row.
const shownCells = (page, column) => page.evaluate((at) => {
  const bands = document.querySelectorAll(".grid-band"), numbers = document.querySelectorAll(".grid-number"), found = {};
  bands.forEach((band, i) => {
    const rows = numbers[i].textContent.trim().split("\n"), cells = band.children[at].textContent.split("\n");
    rows.forEach((row, j) => { found[row] = cells[j]; });
  });
  return found;
}, column);

async function bring(page, path) {
  await go(page, "/new");
  await page.getByLabel(/Drop a file here/).setInputFiles(path);
}

async function submitted(page) {
  await page.getByRole("button", { name: "Start" }).click();
  await page.waitForURL(/#\/jobs\/\d+$/);
  await page.locator(".head .state").getByText("done").waitFor();
  return Number(/\d+$/.exec(page.url())[0]);
}

async function a_file_is_brought_converted_and_looked_at_to_its_last_row() {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    await bring(page, fileAt(service, "walk.csv", csvOf(kRows, (at) => `${at},${(Math.sin(at / 9000) * 100).toFixed(3)},${at % 7 ? "text " + at : ""}`, "at,height,said")));
    await page.getByRole("cell", { name: "text 1", exact: true }).waitFor();
    assert.deepEqual(await page.locator(".sample th").allTextContents(), ["at i64", "height f64", "said text"]);
    await page.getByText(/MiB uploaded/).waitFor();
    await keep(page, "new");
    assert.deepEqual(await seriousFaults(page), []);
    await submitted(page);
    await page.getByRole("link", { name: "Data" }).last().click();
    await page.getByRole("link", { name: "look" }).click();
    await page.locator(".grid-band").first().waitFor();
    await atRest(page);
    assert.equal((await shownCells(page, 0))[1], "0");
    await keep(page, "data");
    assert.deepEqual(await seriousFaults(page), []);

    // By keys.
    const grid = page.getByRole("grid");
    await grid.focus();
    await page.keyboard.press("End");
    await page.waitForFunction((rows) => document.querySelector(".grid").getAttribute("aria-activedescendant") && document.querySelector(".grid-told").getAttribute("aria-rowindex") === String(rows + 1), kRows);
    await atRest(page);
    assert.equal((await shownRows(page)).pop(), kRows);
    assert.equal((await shownCells(page, 0))[kRows], String(kRows - 1));
    assert.equal(await page.locator("#" + await grid.getAttribute("aria-activedescendant")).textContent(), String(kRows - 1));
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    const aside = page.getByRole("complementary");
    await aside.getByText(/^i64, row \d+$/).waitFor();
    await page.keyboard.press("Escape");
    await aside.waitFor({ state: "detached" });
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.querySelector(".grid").scrollTop === 0);

    // By the thumb, which goes to the end of the element.
    await grid.evaluate((element) => { element.scrollTop = element.scrollHeight; });
    await page.waitForFunction((rows) => Array.from(document.querySelectorAll(".grid-number")).some((one) => one.textContent.trim().endsWith(String(rows))), kRows);
    await atRest(page);
    assert.equal((await shownRows(page)).pop(), kRows);
    assert.deepEqual(page.wrong, []);
  });
}

/// Rows that notches of the wheel move a table by, from its middle.
async function movedByWheel(page, id, rows) {
  await go(page, `/data/${encodeURIComponent(id)}`);
  await page.getByRole("heading", { name: id }).waitFor();
  await page.locator(".grid-band").first().waitFor();
  const row = page.getByLabel("Row", { exact: true });
  await row.fill(String(Math.floor(rows / 2)));
  await row.press("Enter");
  await atRest(page);
  const first = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const top = document.querySelector(".grid-body").getBoundingClientRect().top;
    const band = Array.from(document.querySelectorAll(".grid-number")).map((one) => [one.getBoundingClientRect(), one]).filter(([box]) => box.bottom > top).sort((a, b) => a[0].top - b[0].top)[0];
    const [box, element] = band, numbers = element.textContent.trim().split("\n");
    done(Number(numbers[0]) + (top - box.top) / (box.height / 8));
  }))));
  const before = await first();
  await page.getByRole("grid").hover();
  await page.mouse.wheel(0, 520);
  let after = await first();
  for (let still = 0; still < 3;) {
    const next = await first();
    still = next === after && next !== before ? still + 1 : 0;
    after = next;
  }
  return after - before;
}

async function a_notch_of_the_wheel_moves_as_many_rows_in_a_long_table_as_in_a_short_one() {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    const moved = [];
    for (const rows of [kRows, 1000]) {
      await bring(page, fileAt(service, `rows-${rows}.csv`, csvOf(rows, (at) => `${at}`, "at")));
      await page.getByText(/uploaded/).waitFor();
      const job = await submitted(page);
      moved.push(await movedByWheel(page, `${job}/out.tables`, rows));
      await go(page, "/new");
      await page.getByRole("button", { name: "Another file" }).click();
    }
    assert.ok(Math.abs(moved[0] - moved[1]) < 0.1 && Math.abs(moved[0] - 20) < 0.1, `${moved}`);
  });
}

async function a_series_is_looked_into() {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    await bring(page, fileAt(service, "spike.csv", csvOf(200_000, (at) => `${at},${at === 123_456 ? 1e6 : at % 10}`, "at,value")));
    await page.getByText(/uploaded/).waitFor();
    const job = await submitted(page);
    await go(page, `/data/${encodeURIComponent(`${job}/out.tables`)}`);
    await page.getByRole("columnheader", { name: "value" }).click();
    await page.getByRole("img", { name: /^Histogram of 32 bars/ }).waitFor();
    const room = page.locator(".series-room"), range = page.locator(".series [data-from]"), still = page.locator('.series[aria-busy="false"]');
    await still.waitFor();
    const asked = () => page.asked.filter((one) => one.includes("/series?")).length;
    assert.equal(asked(), 1);
    const over = await page.locator(".u-over").boundingBox();
    await page.mouse.move(over.x + over.width * 0.6, over.y + 20);
    await page.mouse.down();
    await page.mouse.move(over.x + over.width * 0.65, over.y + 40, { steps: 3 });
    await page.mouse.up();
    await page.waitForFunction(() => Number(document.querySelector(".series [data-from]").dataset.from) > 0);
    await still.waitFor();
    const [from, to] = [Number(await range.getAttribute("data-from")), Number(await range.getAttribute("data-to"))];
    assert.ok(from > 119_000 && from <= 120_000 + 500 && to > 129_000 && to < 131_000, `${from} ${to}`);
    await page.mouse.wheel(0, -100);
    await page.waitForFunction((before) => Number(document.querySelector(".series [data-from]").dataset.from) > before, from);
    await room.focus();
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.querySelector(".series [data-from]").dataset.from === "0");
    await still.waitFor();
    await keep(page, "series");
    assert.deepEqual(await seriousFaults(page), []);
    assert.deepEqual(page.wrong, []);
  });
}

async function an_upload_whose_service_is_killed_goes_on_where_it_ended() {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    const path = fileAt(service, "long.csv", csvOf(400_000, (at) => `${at},${at * 7},${"x".repeat(at % 40)}`, "at,more,text"));
    const parts = [];
    let killed = null;
    await page.route("**/api/v1/uploads/*", async (route) => {
      if (route.request().method() !== "PATCH") return route.continue();
      parts.push(Number(route.request().headers()["upload-offset"]));
      if (parts.length === 3) killed = service.kill();
      await killed;
      return route.continue();
    });
    await bring(page, path);
    await page.getByText("it goes on by itself").waitFor();
    await service.begin();
    await signIn(await watchedPage(page.context()), service);
    await page.getByRole("status").getByText(/^live/).waitFor();
    await page.getByText(/MiB uploaded/).waitFor();
    const [upload] = (await service.ask("GET", "/api/v1/uploads")).uploads;
    assert.ok(upload.complete && upload.name === "long.csv");
    assert.deepEqual([...parts].sort((a, b) => a - b), parts, "no byte is sent twice but those of the part that was cut");
    assert.equal(parts.filter((one) => one === 0).length, 1);
    await page.unroute("**/api/v1/uploads/*");
    await submitted(page);
  });
}

async function an_upload_goes_on_where_the_page_was_loaded_again() {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    const path = fileAt(service, "again.csv", csvOf(400_000, (at) => `${at},${at * 7},${"x".repeat(at % 40)}`, "at,more,text"));
    const parts = [];
    let cut = true;
    await page.route("**/api/v1/uploads/*", (route) => {
      if (route.request().method() !== "PATCH") return route.continue();
      if (cut && parts.length === 2) return route.abort();
      parts.push(Number(route.request().headers()["upload-offset"]));
      return route.continue();
    });
    await bring(page, path);
    await page.getByText("it goes on by itself").waitFor();
    await page.reload();
    cut = false;
    await bring(page, path);
    await page.getByText(/MiB uploaded/).waitFor();
    assert.equal((await service.ask("GET", "/api/v1/uploads")).uploads.length, 1);
    assert.ok(parts.length > 2 && parts.every((one, at) => !at || one > parts[at - 1]), `${parts}`);
  });
}

async function a_job_begins_while_its_file_is_coming() {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    const rows = 150_000, path = fileAt(service, "coming.csv", csvOf(rows, (at) => `${at},${"x".repeat(at % 40)}`, "at,text"));
    let go_on;
    const held = new Promise((done) => { go_on = done; });
    await page.route("**/api/v1/uploads/*", async (route) => {
      if (route.request().method() === "PATCH" && Number(route.request().headers()["upload-offset"]) > 0) await held;
      return route.continue();
    });
    await bring(page, path);
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL(/#\/jobs\/\d+$/);
    const job = Number(/\d+$/.exec(page.url())[0]);
    await page.locator(".head .state").getByText("running").waitFor();
    await page.getByRole("progressbar", { name: "Share that is uploaded" }).waitFor();
    for (let read = 0; !read;) read = (await service.ask("GET", `/api/v1/jobs/${job}`)).process?.progress?.stages?.[0]?.chunks_out ?? 0;
    assert.equal((await service.ask("GET", "/api/v1/uploads")).uploads[0].complete, false);
    go_on();
    await page.locator(".head .state").getByText("done").waitFor();
    const all = await service.ask("GET", `/api/v1/datasets/${encodeURIComponent(`${job}/out.tables`)}`);
    assert.equal(all.rows, rows);
  });
}

/// Cancels an upload while the service answers what it was asked last: a request of METHOD.
async function cancelledDuring(method) {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    let go_on, arrived;
    const held = new Promise((done) => { go_on = done; }), asked = new Promise((done) => { arrived = done; });
    await page.route(/\/api\/v1\/uploads(\/.*)?$/, async (route) => {
      if (route.request().method() !== method) return route.continue();
      const answer = method === "POST" ? await route.fetch() : null;
      arrived();
      await held;
      return (answer ? route.fulfill({ response: answer }) : route.continue()).catch(() => {});
    });
    const gone = page.waitForResponse((answer) => answer.request().method() === "DELETE");
    await bring(page, fileAt(service, "some.csv", "a,b\n1,2\n"));
    await asked;
    await page.getByRole("button", { name: "Cancel upload" }).click();
    go_on();
    await gone;
    await page.getByLabel(/Drop a file here/).waitFor();
    assert.deepEqual((await service.ask("GET", "/api/v1/uploads")).uploads, []);
  });
}

async function an_upload_is_cancelled_and_nothing_of_it_stays() {
  await cancelledDuring("PATCH");
}

async function an_upload_is_cancelled_as_it_begins_and_nothing_of_it_stays() {
  await cancelledDuring("POST");
}

async function foreign_text_stays_text() {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    const quoted = kFoul.replaceAll('"', '""');
    await bring(page, fileAt(service, "<i>foul.csv", csvOf(50, (at) => `"${quoted}","<script>alert(2)</script>\nb",${at}`, `"${quoted}","b, with a comma",at`)));
    await page.getByText(/uploaded/).waitFor();
    assert.equal(await page.locator(".sample th").first().textContent(), `${kFoul} text`);
    const job = await submitted(page);
    await go(page, `/data/${encodeURIComponent(`${job}/out.tables`)}`);
    await page.locator(".grid-band").first().waitFor();
    await atRest(page);
    const cells = await shownCells(page, 1);
    assert.deepEqual([cells[1], cells[9]], ["<script>alert(2)</script>⏎b", "<script>alert(2)</script>⏎b"]);
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assert.equal(await page.getByRole("complementary").locator("pre:not(:empty)").textContent(), "<script>alert(2)</script>\nb");
    await page.getByRole("columnheader").first().click();
    await page.locator(".column .distinct").waitFor();
    assert.deepEqual([await page.locator("main img, main script, main i").count(), await page.title()].map(String).map((one) => one.replace(/.*leat/, "leat")), ["0", "leat"]);
    assert.deepEqual(page.wrong, []);
  });
}

await run([a_file_is_brought_converted_and_looked_at_to_its_last_row, a_notch_of_the_wheel_moves_as_many_rows_in_a_long_table_as_in_a_short_one, a_series_is_looked_into,
           an_upload_whose_service_is_killed_goes_on_where_it_ended, an_upload_goes_on_where_the_page_was_loaded_again,
           a_job_begins_while_its_file_is_coming, an_upload_is_cancelled_and_nothing_of_it_stays, an_upload_is_cancelled_as_it_begins_and_nothing_of_it_stays, foreign_text_stays_text]);
