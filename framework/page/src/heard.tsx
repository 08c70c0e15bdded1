// How the service is heard, in the corner of every view.
import { heardAt, link, now, silent } from "./store";

export function Heard() {
  void now.value;
  // Looked at once a second, however often something is heard.
  const ago = heardAt.peek() ? (performance.now() - heardAt.peek()) / 1000 : null;
  const old = silent.value;
  let text = "connecting";
  if (link.value === "unknown") text = "not known here";
  else if (old && ago !== null) text = `last heard ${Math.round(ago)} s ago`;
  else if (!old) text = ago !== null && ago < 1 ? `live ${Math.max(ago, 0.1).toFixed(1)} s` : "live";
  return <span class={old ? "heard old" : "heard"} role="status">{text}</span>;
}
