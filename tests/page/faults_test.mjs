// A service that is silent, dead or back again, as its page shows it.
import assert from "node:assert/strict";
import { go, keep, newPage, signIn, watchedPage } from "./browser.mjs";
import { run, spinning, withService } from "./runs.mjs";

async function a_service_that_is_killed_in_mid_job_is_heard_again() {
  await withService(spinning, async (service) => {
    const page = await newPage();
    await signIn(page, service);
    const id = await service.submit("spin", { stage: "rest" }, { threads: 2 });
    await go(page, `/jobs/${id}`);
    await page.locator("#cell-0").waitFor();
    await service.kill();
    await page.getByRole("status").getByText(/last heard \d+ s ago/).waitFor();
    assert.equal(await page.locator(".silent").count(), 1);
    assert.equal(await page.locator("#cell-0").count(), 1, "what was known stays, greyed");
    await keep(page, "silent");
    await service.begin();
    // Sessions end with the service: whoever opens the new link in this browser makes its other pages known.
    await page.getByText("does not know this browser").waitFor();
    await signIn(await watchedPage(page.context()), service);
    await page.getByRole("status").getByText(/^live/).waitFor();
    await page.locator(".silent").waitFor({ state: "detached" });
    await page.locator(".head .state").getByText("running").waitFor();
    await service.ask("POST", `/api/v1/jobs/${id}/cancel`);
    await page.locator(".head .state").getByText("cancelled").waitFor();
    assert.deepEqual(page.wrong, []);
  });
}

async function a_service_that_stops_is_said_to_be_silent_and_then_is_not() {
  await withService(spinning, async (service) => {
    const page = await newPage();
    await signIn(page, service);
    service.process.kill("SIGSTOP");
    await page.getByRole("status").getByText(/last heard \d+ s ago/).waitFor();
    service.process.kill("SIGCONT");
    await page.getByRole("status").getByText(/^live/).waitFor();
    assert.equal(await page.locator(".silent").count(), 0);
  });
}

async function attempts_come_later_and_later_and_soon_again_after_a_stable_connection() {
  await withService(spinning, async (service) => {
    const page = await newPage();
    await page.clock.install();
    const at = [];
    let refuses = false, current = null;
    await page.routeWebSocket(/\/api\/v1\/live/, async (socket) => {
      at.push(await page.evaluate(() => Date.now()));
      current = socket;
      if (refuses) return socket.close();
      socket.connectToServer();
    });
    await page.goto(service.link);
    const attempts = async (count) => {
      while (at.length < count) await page.clock.runFor(50);
    };
    await page.getByRole("heading", { name: "Jobs" }).waitFor();
    await page.clock.runFor(6000);
    refuses = true;
    await current.close();
    await attempts(8);
    const gaps = at.slice(2).map((time, i) => time - at[i + 1]);
    // Each waits from half to all of twice as much as the one before, up to 15 s; looked at every 50 ms.
    gaps.forEach((gap, i) => assert.ok(gap >= 125 * 2 ** (i + 1) - 100 && gap <= 250 * 2 ** (i + 1) + 1000, `${i}: ${gap} ms of ${gaps}`));
    refuses = false;
    await attempts(9);
    await page.clock.runFor(6000);
    refuses = true;
    await current.close();
    await attempts(11);
    assert.ok(at[10] - at[9] <= 1500, `after a stable connection ${at[10] - at[9]} ms`);
  });
}

await run([a_service_that_is_killed_in_mid_job_is_heard_again, a_service_that_stops_is_said_to_be_silent_and_then_is_not,
           attempts_come_later_and_later_and_soon_again_after_a_stable_connection]);
