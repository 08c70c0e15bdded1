// examples/streaming_csv as somebody uses it who opens the page: a file is brought and read, a model is trained, watched, and predicts.
import assert from "node:assert/strict";
import { join } from "node:path";
import { go, keep, newPage, seriousFaults, signIn } from "./browser.mjs";
import { data, run, streaming, withService } from "./runs.mjs";

async function started(page) {
  await page.getByRole("button", { name: "Start" }).click();
  await page.waitForURL(/#\/jobs\/\d+$/);
  return Number(/\d+$/.exec(page.url())[0]);
}

async function done(page) {
  await page.locator(".head .state").getByText("done").waitFor();
}

async function a_file_becomes_a_model_that_predicts() {
  await withService(streaming, async (service) => {
    const page = await newPage();
    await signIn(page, service);
    await go(page, "/new");
    await page.getByLabel(/Drop a file here/).setInputFiles(join(data, "flights-200k.csv"));
    await page.getByRole("table", { name: "The first rows, as the service reads them" }).waitFor();
    await page.getByRole("columnheader", { name: "distance" }).waitFor();
    await page.getByLabel("graph", { exact: true }).selectOption("ingest");
    const read = await started(page);
    await done(page);

    // What it will need is said before, and what cannot be is said without losing what was filled in.
    const rows = `result:${read}/rows.tables`;
    await go(page, "/new/" + encodeURIComponent(rows));
    await page.getByLabel("graph", { exact: true }).selectOption("train");
    assert.equal(await page.getByLabel("data", { exact: true }).inputValue(), rows);
    await page.getByLabel("target", { exact: true }).fill("none");
    await page.getByLabel("passes", { exact: true }).fill("5");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("alert").getByText("which is not there").waitFor();
    assert.equal(await page.getByLabel("passes", { exact: true }).inputValue(), "5");
    await page.getByLabel("target", { exact: true }).fill("delay");
    const needed = page.getByRole("group", { name: "Memory that it will need" });
    await needed.getByText(/200 k rows/).waitFor();
    const [wide, half, quarter] = await needed.locator("meter").evaluateAll((meters) => meters.map((meter) => meter.value));
    // Besides what the process has anyway.
    assert.ok(half > quarter && quarter > 0 && Math.abs((wide - half) / (half - quarter) - 2) < 0.1, `${[wide, half, quarter]}`);
    await keep(page, "train");
    assert.deepEqual(await seriousFaults(page), []);
    const trained = await started(page);
    await done(page);
    await go(page, `/jobs/${trained}/charts`);
    await page.getByText("loss of a pass").first().waitFor();
    const { charts } = await service.ask("GET", `/api/v1/jobs/${trained}/charts`);
    assert.equal(charts.find((one) => one.name === "loss of a pass").points.length, 6);

    await go(page, "/new/" + encodeURIComponent(rows));
    await page.getByLabel("graph", { exact: true }).selectOption("predict");
    await page.getByLabel("model", { exact: true }).fill(`result:${trained}/model.bin`);
    const predicted = await started(page);
    await done(page);
    await go(page, `/data/${encodeURIComponent(`${predicted}/predictions.tables`)}`);
    await page.getByRole("columnheader", { name: "prediction" }).waitFor();
    assert.equal((await service.ask("GET", `/api/v1/datasets/${encodeURIComponent(`${predicted}/predictions.tables`)}`)).rows, 200_000);
    assert.deepEqual(page.wrong, []);
  });
}

await run([a_file_becomes_a_model_that_predicts]);
