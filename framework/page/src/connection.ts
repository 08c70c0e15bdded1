// The WebSocket of the service: what it says goes to the store, and where it is lost it is opened again.
import { ask, get, Refused } from "./api";
import { beginCurves } from "./curves";
import { beginFeed } from "./jobs_feed";
import { beginPolls } from "./poll";
import { events, heardAt, kEvents, lag, link, now, picture } from "./store";
import type { JobEvent, JobsPicture } from "./types";

const kFirst = 250, kMost = 15_000, kStable = 5000, kQuiet = 1500; // ms

let socket: WebSocket | null = null;
let wait = kFirst;
let again = 0; // the timer of the next attempt
let last = 0; // number of the last event that was heard

function heard(text: string): void {
  heardAt.value = performance.now();
  const message = JSON.parse(text) as JobsPicture | JobEvent;
  if (message.type === "jobs") {
    picture.value = message as JobsPicture;
  } else if (message.type === "gap") {
    last = 0;
  } else if (message.type !== "hello") {
    last = (message as JobEvent).number;
    lag.value = (Date.now() - Date.parse((message as JobEvent).time)) / 1000;
    events.value = [...events.value.slice(1 - kEvents), message as JobEvent];
  }
}

// A browser is not told why a WebSocket was refused: a request is.
async function refused(): Promise<boolean> {
  try {
    await get("/api/v1/standing");
    return false;
  } catch (wrong) {
    return (wrong as Refused).status === 401;
  }
}

// Whoever opens a link makes the browser known, and so the pages that it has open.
const others = new BroadcastChannel("leat");
others.onmessage = () => {
  if (link.value !== "unknown") return;
  clearTimeout(again);
  open();
};

function open(): void {
  const url = new URL("/api/v1/live" + (last ? `?after=${last}` : ""), location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const opened = new WebSocket(url);
  socket = opened;
  let stable = 0;
  opened.onopen = () => {
    if (link.value === "connecting") others.postMessage("known");
    link.value = "live";
    heardAt.value = performance.now();
    stable = window.setTimeout(() => { wait = kFirst; }, kStable);
  };
  opened.onmessage = ({ data }) => heard(data);
  opened.onclose = async () => {
    clearTimeout(stable);
    if (socket !== opened) return;
    const unknown = await refused();
    if (socket !== opened) return;
    if (unknown) link.value = "unknown";
    else if (link.value !== "connecting") link.value = "away";
    // Of many pages that lost the same service, not all at once.
    again = window.setTimeout(open, wait * (0.5 + Math.random() / 2));
    wait = Math.min(wait * 2, kMost);
  };
}

// Where nothing happens nothing is said: whether the service is there is asked then.
function beat(): void {
  if (link.value !== "live" || performance.now() - heardAt.value < kQuiet) return;
  ask("/livez").then(() => { heardAt.value = performance.now(); }, () => {});
}

export function begin(): void {
  open();
  beginFeed();
  beginPolls();
  beginCurves();
  setInterval(() => { now.value = Date.now(); beat(); }, 1000);
}
