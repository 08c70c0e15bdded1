// A table of a million rows of 50 columns, and a series of ten million points, as they are looked at.
import { emptyFrames, frames, go, kept, pageOf, quantile } from "./browser.mjs";

const kTable = "data:page-1m.tables", kSmall = "data:page-small.tables", kSeries = "data:page-10m.tables";
const kTime = 4000;  // ms of frames
const kWarm = 1500;  // ms before: what runs for the first time is compiled
const kTries = 40;
const place = (id) => "/data/" + encodeURIComponent(id);

async function open(page, service, id) {
  await page.goto(service.origin + "/#" + place(id));
  await page.locator('.grid:not([aria-busy="true"]) .grid-band').first().waitFor();
}

// Every row is another one in each frame: as much as there is to see.
const kSweep = "const grid = document.querySelector('.grid'); grid.scrollTop += grid.clientHeight; return 1;";

/// Frames, as a share of an empty page's right before.
export async function sweep(browser, service, name, options, table = kTable) {
  const page = await pageOf(browser, service, options);
  const empty = await emptyFrames(page, kTime);
  await open(page, service, table);
  await frames(page, kWarm, kSweep);
  const { rate, task } = await frames(page, kTime, kSweep);
  await page.context().close();
  return { [name]: { rate, share: rate / empty.rate, task } };
}

/// Milliseconds from a change of the place to its first rows, and from a jump to its rows, as they are painted.
export async function firsts(browser, service) {
  const page = await pageOf(browser, service);
  await open(page, service, kSmall);
  const first = [], jump = [];
  for (let time = 0; time < kTries; ++time) {
    first.push(await page.evaluate(([hash, name]) => new Promise((done) => {
      const begin = performance.now();
      location.hash = hash;
      const look = () => {
        const shown = document.querySelector(".data h1")?.textContent === name && document.querySelector(".grid-band .grid-lines")?.textContent;
        if (shown) requestAnimationFrame(() => done(performance.now() - begin));
        else requestAnimationFrame(look);
      };
      look();
    }), time % 2 ? ["#" + place(kSmall), kSmall] : ["#" + place(kTable), kTable]));
  }
  await open(page, service, kTable);
  for (let time = 0; time < kTries; ++time) {
    jump.push(await page.evaluate((share) => new Promise((done) => {
      const grid = document.querySelector(".grid"), begin = performance.now();
      grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
      let frame = 0;
      const look = () => {
        if (++frame > 2 && grid.getAttribute("aria-busy") !== "true") return done(performance.now() - begin);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }), (time * 0.6180339887) % 1));
  }
  await page.context().close();
  return { firstRows: quantile(first, 0.95), afterJump: quantile(jump, 0.95) };
}

/// Milliseconds from a zoom to what it shows, as it is painted.
export async function zooms(browser, service) {
  const page = await pageOf(browser, service);
  await open(page, service, kSeries);
  await page.locator("button", { hasText: /^Columns$/ }).click();
  await page.locator(".column select").selectOption("1");
  await page.locator('.series[aria-busy="false"] .u-over').waitFor();
  const took = [];
  for (let time = 0; time < kTries; ++time) {
    took.push(await page.evaluate((key) => new Promise((done) => {
      const room = document.querySelector(".series-room"), begin = performance.now();
      room.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      const look = () => {
        if (document.querySelector(".series").getAttribute("aria-busy") === "false") requestAnimationFrame(() => done(performance.now() - begin));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }), ["+", "ArrowRight", "+", "+", "ArrowLeft", "-", "Home", "+", "+", "+"][time % 10]));
  }
  await page.context().close();
  return { zoom: quantile(took, 0.95) };
}

/// What is kept after so many seconds of scrolling, beyond what was kept after the first of them.
export async function scrolled(browser, service, seconds) {
  const page = await pageOf(browser, service);
  await open(page, service, kTable);
  const some = async (milliseconds) => frames(page, milliseconds, "const grid = document.querySelector('.grid'); grid.scrollTop = at % 97 ? grid.scrollTop + 60 : Math.random() * grid.scrollHeight; grid.scrollLeft = (at * 3) % 3000; return 1;");
  await some(15_000);
  const before = await kept(page);
  for (let left = seconds; left > 0; left -= 10) await some(10_000);
  const after = await kept(page);
  await page.context().close();
  return { scrolled: { heap: after.heap - before.heap, nodes: after.nodes - before.nodes, listeners: after.listeners - before.listeners, seconds } };
}

export async function tables(browser, service, seconds) {
  return {
    ...await sweep(browser, service, "wide", {}),
    ...await sweep(browser, service, "phone", { width: 390 }),
    ...await sweep(browser, service, "slow", { width: 390, slower: 4 }),
    ...await sweep(browser, service, "slowWide", { slower: 4 }),
    ...await firsts(browser, service),
    ...await zooms(browser, service),
    ...seconds ? await scrolled(browser, service, seconds) : {},
  };
}
