// How the service is heard, in the corner of every view.
import { duration } from "./format";
import { heardAt, lag, link, now, silent } from "./store";

export function Heard() {
  void now.value;
  const ago = heardAt.value ? (performance.now() - heardAt.value) / 1000 : null;
  const old = silent.value;
  let text = "connecting";
  if (link.value === "unknown") text = "not known here";
  else if (old && ago !== null) text = `last heard ${Math.round(ago)} s ago`;
  else if (!old) text = "live" + (lag.value === null ? "" : " " + duration(Math.max(lag.value, 0)));
  return <span class={old ? "heard old" : "heard"} role="status">{text}</span>;
}
