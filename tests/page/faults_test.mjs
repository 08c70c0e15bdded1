// A service that is silent, dead or back again, as its page shows it.
import assert from "node:assert/strict";
import { go, keep, newPage, signIn } from "./browser.mjs";
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
    // What the page waits before an attempt has a random part, and so a fraction; nothing else that it waits for has.
    await page.addInitScript(() => {
      window.waits = [];
      const begin = window.setTimeout;
      window.setTimeout = (what, ms, ...more) => {
        if (ms % 1 > 0) window.waits.push(ms);
        return begin(what, ms, ...more);
      };
    });
    let refuses = false, current = null;
    await page.routeWebSocket(/\/api\/v1\/live/, async (socket) => {
      current = socket;
      if (refuses) return socket.close();
      socket.connectToServer();
    });
    const waits = async (count) => {
      while ((await page.evaluate(() => window.waits.length)) < count) await page.clock.runFor(250);
      return page.evaluate(() => window.waits);
    };
    const live = () => page.getByRole("status").getByText(/^live/).waitFor();
    await signIn(page, service);
    await live();
    await page.clock.runFor(6000);
    refuses = true;
    await current.close();
    const later = await waits(8);
    // Each is from half to all of twice as much as the one before, up to 15 s.
    later.forEach((ms, i) => assert.ok(ms >= Math.min(125 * 2 ** i, 7500) && ms <= Math.min(250 * 2 ** i, 15_000), `${i}: ${later}`));
    refuses = false;
    while (!(await page.getByRole("status").getByText(/^live/).isVisible())) await page.clock.runFor(1000);
    await page.clock.runFor(6000);
    refuses = true;
    await current.close();
    const again = await waits(later.length + 1);
    assert.ok(again[later.length] <= 250, `after a stable connection ${again}`);
  });
}

await run([a_service_that_is_killed_in_mid_job_is_heard_again, a_service_that_stops_is_said_to_be_silent_and_then_is_not,
           attempts_come_later_and_later_and_soon_again_after_a_stable_connection]);
