// The WebSocket of the service: what it says goes to the store, and where it is lost it is opened again. There is one: for the
// jobs, or for the job that is looked at.
import { effect } from "@preact/signals";
import { ask, get, Refused } from "./api";
import { heardAt, lag, link, now, picture } from "./store";
import type { JobEvent, JobPicture, JobsPicture } from "./types";
import { hear, refuse, watching } from "./watch";

const kFirst = 250, kMost = 15_000, kStable = 5000, kQuiet = 1500; // ms

let socket: WebSocket | null = null;
let wait = kFirst;
let again = 0; // the timer of the next attempt

function heard(text: string): void {
  heardAt.value = performance.now();
  const message = JSON.parse(text) as JobsPicture | JobPicture | JobEvent;
  if (message.type === "jobs") {
    picture.value = message as JobsPicture;
  } else if ("snapshot" in message) {
    hear(message.job, message.snapshot?.snapshot ?? null, message.why);
  } else if ("time" in message) {
    lag.value = (Date.now() - Date.parse(message.time)) / 1000;
  }
}

/// Why a WebSocket was refused: a browser is not told, a request is.
async function refusal(job: number | null): Promise<number> {
  try {
    await get(job === null ? "/api/v1/standing" : `/api/v1/jobs/${job}`);
    return 200;
  } catch (wrong) {
    const { status, message } = wrong as Refused;
    if (status === 404 && job !== null) refuse(job, message);
    return status;
  }
}

// Whoever opens a link makes the browser known, and so the pages that it has open.
const others = new BroadcastChannel("leat");
others.onmessage = () => {
  if (link.value === "unknown") open(watching.value);
};

function opened(): () => void {
  if (link.value === "connecting") others.postMessage("known");
  link.value = "live";
  heardAt.value = performance.now();
  const stable = window.setTimeout(() => { wait = kFirst; }, kStable);
  return () => clearTimeout(stable);
}

async function lost(of: WebSocket, job: number | null): Promise<void> {
  if (socket !== of) return;
  const status = await refusal(job);
  if (socket !== of) return;
  // What is not there is not asked for again.
  if (status === 404) return;
  if (status === 401) link.value = "unknown";
  else if (link.value !== "connecting") link.value = "away";
  // Of many pages that lost the same service, not all at once.
  again = window.setTimeout(() => open(job), wait * (0.5 + Math.random() / 2));
  wait = Math.min(wait * 2, kMost);
}

function open(job: number | null): void {
  clearTimeout(again);
  const url = new URL("/api/v1/live" + (job === null ? "" : `?job=${job}`), location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const before = socket;
  const mine = (socket = new WebSocket(url));
  before?.close();
  let unstable = () => {};
  mine.onopen = () => { if (socket === mine) unstable = opened(); };
  mine.onmessage = ({ data }) => { if (socket === mine) heard(data); };
  mine.onclose = () => {
    unstable();
    void lost(mine, job);
  };
}

// Where nothing happens nothing is said: whether the service is there is asked then.
function beat(): void {
  if (link.value !== "live" || performance.now() - heardAt.value < kQuiet) return;
  ask("/livez").then(() => { heardAt.value = performance.now(); }, () => {});
}

export function begin(): void {
  effect(() => open(watching.value));
  setInterval(() => {
    now.value = Date.now();
    beat();
  }, 1000);
}
