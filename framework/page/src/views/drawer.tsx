// What there is to know of one cell: its replicas, what they do, how long chunks wait for them, and the rows that pass.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Box, Flow, Replica, Wire } from "../flow";
import { quantile } from "../flow";
import { bytes, count, duration, percent, unknown } from "../format";
import { doing, hasEnded, Mark, ofActivity } from "../states";
import type { Job } from "../types";
import { Tap } from "./tap";

const kReplicas = 24; // shown of a cell: the busiest

function Shares({ one }: { one: Replica }) {
  const { busy, waiting, idle } = one.shares;
  const part = (name: string, share: number, x: number) => <rect class={name} x={x * 100} y={0} width={share * 100} height={10} />;
  return (
    <svg class="shares" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={`busy ${percent(busy)}, waiting ${percent(waiting)}, idle ${percent(idle)}`}>
      {part("busy", busy, 0)}{part("waiting", waiting, busy)}{part("idle", idle, busy + waiting)}
    </svg>
  );
}

function Replicas({ box }: { box: Box }) {
  const shown = [...box.replicas].sort((one, other) => other.shares.busy - one.shares.busy).slice(0, kReplicas);
  return (
    <table class="replicas">
      <caption>Replicas{box.replicas.length > shown.length ? `: the ${shown.length} busiest of ${box.replicas.length}` : ""}</caption>
      <thead><tr><th scope="col">No.</th><th scope="col">Now</th><th scope="col">For</th><th scope="col">Busy</th><th scope="col">Shares</th></tr></thead>
      <tbody>
        {shown.map((one) => (
          <tr key={one.replica}>
            <td>{one.replica}{one.node ? ` on ${one.node}` : ""}</td>
            <td class="why"><Mark state={one.ended ? "done" : ofActivity[one.now] ?? "waiting"} /> {one.ended ? "has ended" : doing[one.now] ?? one.now}{one.at && !one.ended && box.stages.length > 1 ? ` (${one.at})` : ""}</td>
            <td>{one.ended ? unknown : duration(one.seconds)}</td>
            <td>{percent(one.shares.busy)}</td>
            <td><Shares one={one} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Wires({ title, wires, nameOf, choose }: { title: string; wires: [number, Wire][]; nameOf: (id: number) => string; choose: (id: number) => void }) {
  if (!wires.length) return null;
  const most = (wire: Wire, part: number) => {
    const time = quantile(wire.queued, part);
    return time === null ? unknown : "< " + duration(time);
  };
  return (
    <table class="wires">
      <caption>{title}</caption>
      <thead><tr>{["Cell", "Rate", "Chunks", "Credit", "Half wait", "99% wait", "Longest"].map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
      <tbody>
        {wires.slice(0, kReplicas).map(([other, wire]) => (
          <tr key={other}>
            <td><button type="button" class="plain" onClick={() => choose(other)}>{nameOf(other)}</button>{wire.remote ? " (another node)" : ""}</td>
            <td>{wire.rate === null ? unknown : bytes(wire.rate) + "/s"}</td>
            <td>{wire.chunks === null ? unknown : count(wire.chunks) + "/s"}</td>
            <td>{percent(wire.used)}</td>
            <td>{most(wire, 0.5)}</td>
            <td>{most(wire, 0.99)}</td>
            <td>{wire.longest ? duration(wire.longest / 1e9) : unknown}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Stages({ box }: { box: Box }) {
  if (box.stages.length < 2) return null;
  return (
    <table>
      <caption>Stages{box.replicas.length ? ", of its busiest replica" : ""}</caption>
      <tbody>{box.stages.map((stage, i) => <tr key={i}><th scope="row">{stage}</th><td>{percent(box.stageShares[i])}</td></tr>)}</tbody>
    </table>
  );
}

interface Props {
  job: Job;
  box: Box;
  flow: Flow;
  close: () => void;
  choose: (id: number) => void;
}

export function Drawer({ job, box, flow, close, choose }: Props) {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  const nameOf = (id: number) => flow.boxes.find((one) => one.id === id)?.stages.join(" · ") ?? unknown;
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
  };
  return (
    <aside class="drawer" aria-label={`Cell ${box.stages.join(", ")}`} onKeyDown={pressed}>
      <div class="line">
        <h2 ref={title} tabIndex={-1}>{box.stages.join(" · ")}</h2>
        <button type="button" onClick={close} aria-label="Close">✕</button>
      </div>
      <p><Mark state={box.state} /> {box.state}{box.state === "done" ? "" : ` ${percent(box.share)} of ${hasEnded(job) ? "its time" : "the last second"}`}</p>
      <Stages box={box} />
      {box.replicas.length > 0 && <Replicas box={box} />}
      <Wires title="Comes from" wires={flow.wires.filter((wire) => wire.to === box.id).map((wire) => [wire.from, wire])} nameOf={nameOf} choose={choose} />
      <Wires title="Goes to" wires={flow.wires.filter((wire) => wire.from === box.id).map((wire) => [wire.to, wire])} nameOf={nameOf} choose={choose} />
      {!hasEnded(job) && <Tap job={job.id} stages={box.stages} />}
    </aside>
  );
}
