// Jobs as somebody sees them who opens the page: real services, real jobs.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { go, keep, newPage, signIn, watchedPage } from "./browser.mjs";
import { delays, run, spinning, toml, withService } from "./runs.mjs";

const graphs = new URL("graphs", import.meta.url).pathname;

async function a_job_is_seen_to_run_and_is_cancelled() {
  await withService(spinning, async (service) => {
    const page = await newPage();
    await page.goto(service.origin);
    await page.getByText("does not know this browser").waitFor();
    // Whoever opens the link in a browser makes all its pages known.
    await signIn(await watchedPage(page.context()), service);
    await page.getByText("No job yet").waitFor();
    const id = await service.submit("spin", { stage: "rest", replicas: "2" }, { threads: 2 });
    const line = page.getByRole("row").filter({ hasText: `spin ${id}` });
    await line.getByText("running").waitFor();
    await line.getByText(/turn is busy \d+%/).waitFor();
    await keep(page, "jobs");
    await line.getByRole("link").click();
    const cell = page.locator("#cell-0");
    await cell.waitFor();
    assert.match(await cell.getAttribute("aria-label"), /endless, turn: busy \d+%, 2 replicas/);
    await page.getByText(/Why: turn is busy \d+%/).waitFor();
    await cell.click();
    const drawer = page.getByRole("complementary");
    await drawer.getByText(/busy \d+% of the last second/).waitFor();
    assert.equal(await drawer.locator(".replicas tbody tr").count(), 2);
    await drawer.getByRole("button", { name: "Show rows" }).click();
    await drawer.getByRole("columnheader", { name: "number" }).waitFor();
    await drawer.locator(".rows tbody tr:nth-child(10)").waitFor();
    await keep(page, "drawer");
    await page.getByRole("link", { name: "Charts" }).click();
    await page.getByRole("img", { name: /^memory, \d+ points/ }).waitFor();
    await page.locator(".u-over").first().waitFor();
    await keep(page, "charts");
    await page.getByRole("link", { name: "Events" }).click();
    await page.getByRole("cell", { name: "job built" }).waitFor();
    await page.getByRole("link", { name: "Graph" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal((await service.job(id)).stage, "running", "one press is not enough");
    await page.getByRole("button", { name: "Cancel it for good" }).click();
    await page.locator(".head .state").getByText("cancelled").waitFor();
    assert.equal((await service.job(id)).stage, "cancelled");
    await cell.waitFor();
    assert.equal(await page.getByRole("button", { name: "Drain" }).count(), 0);
    assert.deepEqual(page.wrong, []);
  });
}

async function a_job_that_is_killed_is_shown_as_crashed_and_one_that_waits_says_why() {
  await withService(spinning, async (service) => {
    const page = await newPage();
    await signIn(page, service);
    const id = await service.submit("spin", { stage: "rest" }, { threads: 3 });
    const next = await service.submit("spin", { stage: "rest" }, { threads: 4 });
    await page.getByRole("row").filter({ hasText: `spin ${next}` }).getByText("waits for 4 threads").waitFor();
    await go(page, `/jobs/${id}`);
    await page.locator("#cell-0").waitFor();
    process.kill((await service.job(id)).pid, "SIGKILL");
    await page.locator(".head .state").getByText("crashed").waitFor();
    await page.getByRole("alert").waitFor();
    await go(page, "/jobs");
    await page.getByRole("row").filter({ hasText: `spin ${id}` }).getByText("crashed").waitFor();
    await page.getByRole("row").filter({ hasText: `spin ${next}` }).getByText("running").waitFor();
    await go(page, "/jobs/99");
    await page.getByRole("alert").getByText("there is no job 99").waitFor();
    assert.deepEqual(page.wrong, []);
  });
}

async function a_job_that_was_killed_is_restored() {
  await withService(() => toml(graphs), async (service) => {
    const page = await newPage();
    await signIn(page, service);
    // It runs until all of its file is there.
    const data = Buffer.from("at,text\n" + Array.from({ length: 100_000 }, (_, at) => `${at},${"x".repeat(at % 40)}\n`).join("")), half = data.length >> 1;
    const sent = (path, method, headers, body) => fetch(service.origin + path, { method, body, headers: { Authorization: `Bearer ${service.token}`, "Tus-Resumable": "1.0.0", ...headers } });
    const upload = (await sent("/api/v1/uploads", "POST", { "Upload-Length": String(data.length) })).headers.get("Location");
    const bring = (from, to) => sent(upload, "PATCH", { "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" }, data.subarray(from, to));
    await bring(0, half);
    const id = await service.submit("convert", { data: "upload:" + upload.split("/").pop() }, { checkpoints: 0.05 });
    await go(page, `/jobs/${id}`);
    await page.locator(".head .state").getByText("running").waitFor();
    while (!existsSync(join(service.at, `state/service/jobs/${id}/checkpoints/journal/0000000002`))) await service.job(id);
    process.kill((await service.job(id)).pid, "SIGKILL");
    await page.locator(".head .state").getByText("crashed").waitFor();
    await page.getByRole("button", { name: "Restore" }).click();
    await page.locator(".head .state").getByText("running").waitFor();
    await bring(half, data.length);
    await page.locator(".head .state").getByText("done").waitFor();
    assert.equal(await page.getByRole("button", { name: "Restore" }).count(), 0);
    assert.equal((await service.ask("GET", `/api/v1/datasets/${encodeURIComponent(`${id}/out.tables`)}`)).rows, 100_000);
    assert.deepEqual(page.wrong, []);
  });
}

async function a_job_that_is_done_keeps_its_stages_results_and_log() {
  await withService(delays, async (service) => {
    const page = await newPage();
    const id = await service.submit("delays", { data: "data:flights-200k.csv", out: "hours.csv" });
    await service.ask("GET", `/api/v1/jobs/${id}/end?within=20`);
    await signIn(page, service);
    await page.getByRole("row").filter({ hasText: `delays ${id}` }).getByText("done").waitFor();
    await go(page, `/jobs/${id}`);
    await page.getByRole("row").filter({ hasText: "parse" }).waitFor();
    // Nobody has watched it: its graph is as it was planned, with what its stages have done.
    const cell = page.locator("#cell-0");
    await cell.waitFor();
    assert.match(await cell.getAttribute("aria-label"), /parse.*: done ended/);
    await page.getByText("200 k rows").first().waitFor();
    await keep(page, "done");
    await go(page, `/jobs/${id}/data`);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "hours.csv" }).click()]);
    assert.equal(file.suggestedFilename(), "hours.csv");
    await page.getByText("data:flights-200k.csv").waitFor();
    await go(page, `/jobs/${id}/log`);
    await page.getByText("peak memory:").waitFor();
    assert.deepEqual(page.wrong, []);
  });
}

async function a_panel_of_the_program_is_loaded_when_it_is_opened() {
  await withService(delays, async (service) => {
    const page = await newPage();
    await signIn(page, service);
    const panel = page.getByRole("link", { name: "Longest" });
    await panel.waitFor();
    const modules = () => page.asked.filter((address) => address.endsWith("/panels/Longest")).length;
    assert.equal(modules(), 0);
    await panel.click();
    await page.getByText(/^871: 178 steps$/).waitFor();
    assert.equal(modules(), 1);
    await go(page, "/panels/none");
    await page.getByText("there is no panel none").waitFor();
    assert.deepEqual(page.wrong, []);
  });
}

await run([a_job_is_seen_to_run_and_is_cancelled, a_job_that_is_killed_is_shown_as_crashed_and_one_that_waits_says_why,
           a_job_that_was_killed_is_restored, a_job_that_is_done_keeps_its_stages_results_and_log,
           a_panel_of_the_program_is_loaded_when_it_is_opened]);
