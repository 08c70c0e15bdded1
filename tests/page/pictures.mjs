// Jobs that nobody runs: pictures as a service would send them, for graphs larger than a test has time for.

const kMs = 1e6;

/// The nth picture of a job of so many stages, each with a cell of its own, in a chain; a tenth of a second each.
export function picture(stages, n, id = 1) {
  const seconds = 1 + n / 10, age = seconds * 1e3 * kMs;
  const cells = Array.from({ length: stages }, (_, i) => {
    const busy = age * (0.1 + 0.8 * Math.abs(Math.sin(i + n / 7)));
    return { cell: i, replica: 0, node: 0, stages: [i], stage_ns: [Math.round(busy)], now: "visit", for_ns: 1000, times_ns: { visit: Math.round(busy), input: Math.round(age - busy) },
             moves: n + 1, ended: false, detached: false, at: i };
  });
  const channels = Array.from({ length: stages - 1 }, (_, i) => {
    const amount = (bytes) => ({ bytes, chunks: Math.ceil(bytes / 1000) });
    const sent = Math.round(seconds * 1e6 * (1 + (i % 5))), held = Math.round(5e5 * Math.abs(Math.sin(i * 3 + n / 5)));
    return { id: i, edge: i, from: { stage: i, cell: i, replica: 0 }, to: { stage: i + 1, cell: i + 1, replica: 0 }, remote: false, keyed: false, window: amount(524288),
             sender: { sent: amount(sent), limit: amount(sent + 1e6), waited_ns: 0 }, receiver: { received: amount(sent), consumed: amount(sent - held), longest_ns: 1000, queued: [0, 3, 5] } };
  });
  const job = { id, graph: "large", args: {}, tenant: "admin", priority: 0, pinned: false, memory: 1e8, threads: 2, cpu_seconds: 1, bytes: 0, stage: "running",
                submitted: "2026-01-01T12:00:00.000Z", started: "2026-01-01T12:00:00.000Z", ended: null,
                process: { program: "leat", build: "", state: "running", memory: 5e7, progress: { seconds, bytes: 1, bytes_total: 9, rows: 1000 * n, rows_total: 0, rows_per_s: 3.9e6, done: 0.4, stages: [] } } };
  const names = Array.from({ length: stages }, (_, i) => `stage ${i}`);
  return { type: "job", number: n, job, snapshot: { type: "snapshot", version: 1, snapshot: { seconds, took: 0, stages: names, nodes: [{ name: "", threads: 2, heard: true }], cells, channels } },
           why: { type: "why", version: 1, cause: "visit", stage: "stage 1", share: 0.97, activity: "visit", lasts_s: 0, busy: 1, replicas: 1, stuck: false, node: "", waits: [] } };
}

/// Has a page, before it is opened, hear such a job. What is returned resolves once it listens, to a function that sends it
/// the nth picture.
export async function hearing(page, stages, id = 1) {
  let told;
  const asked = new Promise((done) => { told = done; });
  await page.routeWebSocket(new RegExp(`/api/v1/live\\?job=${id}$`), (socket) => told(socket));
  return async () => {
    const socket = await asked;
    return (n) => socket.send(JSON.stringify(picture(stages, n, id)));
  };
}
