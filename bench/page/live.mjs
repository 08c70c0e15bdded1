// The page while jobs run: a graph of a hundred stages, how late a change is painted, what is kept of all that was heard, and
// what the main thread does while a file is brought and worked on.
import { emptyFrames, frames, go, kept, metrics, pageOf, quantile } from "./browser.mjs";

const kTime = 5000; // ms of frames
const kTries = 20;

// In the page: in place of the service's socket, one that says what is put into `say`.
const spoken = () => {
  window.WebSocket = class {
    constructor() {
      window.say = (text) => this.onmessage?.({ data: text });
      setTimeout(() => this.onopen?.(), 0);
    }
    close() {}
  };
};
// A snapshot of the job, so many tenths of a second later.
const later = `(base, tick) => {
  const said = structuredClone(base), { snapshot } = said.snapshot;
  snapshot.seconds += tick / 10;
  snapshot.cells.forEach((cell, at) => {
    cell.moves += tick * 7;
    const busy = (at + tick) % 13 / 13;
    cell.times_ns.visit = (cell.times_ns.visit ?? 0) + tick * 1e8 * busy;
    cell.times_ns.input = (cell.times_ns.input ?? 0) + tick * 1e8 * (1 - busy);
  });
  snapshot.channels.forEach((channel, at) => { if (channel.sender) channel.sender.sent.bytes += tick * 1000 * (at + tick % 5); });
  return { ...said, number: tick };
}`;

/// What the page would hear of a job with so many stages, now.
async function heardOf(service, graph, args) {
  const id = await service.submit(graph, args, { threads: 1 });
  for (;;) {
    const job = await service.job(id);
    if (job.stage !== "queued" && job.stage !== "running") throw new Error(`job ${id} of ${graph} is ${job.stage}: ${job.sentence}`);
    const snapshot = job.process?.state === "running" ? await service.ask("GET", `/api/v1/jobs/${id}/snapshot`).catch(() => null) : null;
    if (!snapshot) continue;
    await service.ask("POST", `/api/v1/jobs/${id}/cancel`);
    await service.ask("GET", `/api/v1/jobs/${id}/end?within=20`);
    return { id, message: { type: "job", number: 1, job, snapshot, why: null } };
  }
}

export async function watched(browser, service, graph) {
  const { id, message } = await heardOf(service, graph, { data: "data:page-1m.csv" });
  const page = await pageOf(browser, service);
  const empty = await emptyFrames(page, kTime);
  await page.addInitScript(spoken);
  await page.goto(`${service.origin}/#/jobs/${id}`);
  await page.waitForFunction(() => window.say);
  await page.evaluate(([base, later]) => {
    const made = new Function("return " + later)();
    window.later = (tick) => JSON.stringify(made(base, tick));
    window.say(window.later(0));
  }, [message, later]);
  return { page, empty };
}

/// Frames while a hundred stages are drawn anew ten times a second.
export async function hundred(browser, service) {
  const { page, empty } = await watched(browser, service, "hundred");
  await page.locator("#cell-0").waitFor();
  await page.evaluate(() => {
    // Made before: that is no work of the page's.
    const all = Array.from({ length: 100 }, (_, at) => window.later(at + 1));
    let tick = 0;
    setInterval(() => window.say(all[tick++ % all.length]), 100);
  });
  await frames(page, 2000);
  const { rate, task } = await frames(page, kTime);
  const nodes = await page.evaluate(() => document.getElementsByTagName("*").length);
  await page.context().close();
  return { hundred: { rate, share: rate / empty.rate, task, nodes } };
}

/// What is kept of 100,000 snapshots and events, beyond what was kept of the first of them.
export async function replayed(browser, service, messages) {
  const { page } = await watched(browser, service, "convert");
  const hear = (from, to) => page.evaluate(([from, to]) => new Promise((done) => {
    let tick = from;
    const frame = () => {
      for (let one = 0; one < 25 && tick < to; ++one, ++tick) {
        if (tick % 2) window.say(window.later(tick));
        else window.say(JSON.stringify({ type: "running", number: tick, time: new Date().toISOString(), job: 1 + tick, stage: "running" }));
      }
      if (tick >= to) done();
      else requestAnimationFrame(frame);
    };
    frame();
  }), [from, to]);
  await hear(1, 5000);
  const before = await kept(page);
  await hear(5000, 5000 + messages);
  const after = await kept(page);
  await page.context().close();
  return { replayed: { heap: after.heap - before.heap, nodes: after.nodes - before.nodes, listeners: after.listeners - before.listeners, messages } };
}

/// Milliseconds from when the service has a job to where its line is painted.
export async function painted(browser, service) {
  const page = await pageOf(browser, service);
  await page.goto(service.origin + "/#/jobs");
  await page.getByRole("heading", { name: "Jobs" }).waitFor();
  const took = [];
  for (let time = 0; time < kTries; ++time) {
    const last = (await service.ask("GET", "/api/v1/jobs?limit=1")).jobs[0]?.id ?? 0;
    const shown = page.evaluate((id) => new Promise((done) => {
      const look = () => {
        if (document.querySelector(`a[href$="/jobs/${id}"]`)) requestAnimationFrame(() => done(Date.now()));
        else requestAnimationFrame(look);
      };
      look();
    }), last + 1);
    await page.evaluate(() => new Promise(requestAnimationFrame)); // it looks
    const id = await service.submit("convert", { data: "data:page-small.csv" });
    took.push((await shown) - Date.parse((await service.job(id)).submitted));
    await service.ask("GET", `/api/v1/jobs/${id}/end?within=20`);
  }
  await page.context().close();
  return { changeToPaint: quantile(took, 0.95) };
}

/// Seconds until the page can be used, of somebody who has never been there.
export async function usable(browser, service) {
  const took = [];
  for (let time = 0; time < 5; ++time) {
    const page = await pageOf(browser, service);
    const begin = performance.now();
    await page.goto(service.origin);
    await page.getByRole("heading", { name: "Jobs" }).waitFor();
    took.push((performance.now() - begin) / 1000);
    await page.context().close();
  }
  return { usable: quantile(took, 1) };
}

/// The longest task of the main thread while a file is brought, made a table of, and trained on, in milliseconds.
export async function worked(browser, service, file) {
  const page = await pageOf(browser, service);
  await page.addInitScript(() => {
    window.longest = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) window.longest = Math.max(window.longest, one.duration); }).observe({ type: "longtask" });
  });
  await page.goto(service.origin + "/#/new");
  const submit = async (graph) => {
    await page.getByLabel("graph", { exact: true }).selectOption(graph);
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL(/#\/jobs\/\d+$/);
    await page.locator(".head .state").getByText("done").waitFor();
  };
  const input = page.getByLabel(/Drop a file here/);
  await input.waitFor();
  await page.evaluate(() => { window.longest = 0; });
  await input.setInputFiles(file);
  await page.locator('.upload[data-state="done"]').waitFor();
  await submit("convert");
  await go(page, "/new");
  await submit("train");
  const longest = await page.evaluate(() => window.longest);
  const { TaskDuration, Timestamp } = await metrics(page);
  await page.context().close();
  return { worked: { longest, TaskDuration, Timestamp } };
}

export async function live(browser, service, file, messages) {
  return {
    ...await usable(browser, service),
    ...await painted(browser, service),
    ...await hundred(browser, service),
    ...await worked(browser, service, file),
    ...messages ? await replayed(browser, service, messages) : {},
  };
}
