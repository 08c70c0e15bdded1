// What the graph shows, of two snapshots of a job: boxes, each a cell with its chained stages, and wires between them.
// Pure. Without an earlier snapshot, or of another epoch, all is since the beginning.
import { ofActivity, type State } from "./states";
import type { Activity, Cell, Channel, Snapshot } from "./types";

export interface Shares {
  busy: number; // 0 to 1 of the window
  waiting: number;
  idle: number;
}

export interface Replica {
  replica: number;
  node: string;
  now: Activity;
  at: string | null; // the stage it is in
  seconds: number;   // since when it does that
  ended: boolean;
  shares: Shares;
  stages: number[];  // share of each stage
}

export interface Box {
  id: number;
  stages: string[];
  stageShares: number[]; // of its busiest replica
  count: number;         // of replicas
  replicas: Replica[];   // as far as they have said something
  state: State;          // of its busiest replica
  share: number;         // of the window, that it was in that state
  busy: number;
}

export interface Wire {
  from: number;
  to: number;
  rate: number | null;   // bytes a second
  chunks: number | null; // chunks a second
  used: number | null;   // of the credit, 0 to 1: of its fullest channel
  channels: number;
  remote: boolean;
  longest: number;       // ns that a chunk waited at most
  queued: number[];      // chunks by how long they waited: below 1 us, 2 us, 4 us ...
}

export interface Flow {
  boxes: Box[];
  wires: Wire[];
  nodes: number;
}

const keyOf = (cell: Cell) => `${cell.cell}/${cell.replica}`;
const per = (now: number, then: number | undefined) => (then === undefined || then > now ? now : now - then);

function sharesOf(cell: Cell, before: Cell | undefined): Shares {
  const spent = { busy: 0, waiting: 0, idle: 0 } as Record<State, number>;
  const grown = !before || before.moves <= cell.moves;
  let all = 0;
  for (const [name, time] of Object.entries(cell.times_ns) as [Activity, number][]) {
    const spentHere = per(time, grown ? before?.times_ns[name] ?? 0 : 0);
    spent[ofActivity[name] ?? "waiting"] += spentHere;
    all += spentHere;
  }
  const part = (time: number) => (all > 0 ? time / all : 0);
  return { busy: part(spent.busy), waiting: part(spent.waiting), idle: part(spent.idle) };
}

function replicaOf(snapshot: Snapshot, cell: Cell, before: Cell | undefined): Replica {
  const window = Object.entries(cell.times_ns).reduce((sum, [name, time]) => sum + per(time as number, before?.times_ns[name as Activity] ?? 0), 0);
  return {
    replica: cell.replica,
    node: snapshot.nodes[cell.node]?.name ?? "",
    now: cell.now,
    at: cell.at === undefined ? null : snapshot.stages[cell.at] ?? null,
    seconds: cell.for_ns / 1e9,
    ended: cell.ended,
    shares: sharesOf(cell, before),
    stages: cell.stage_ns.map((time, i) => (window > 0 ? Math.min(1, per(time, before?.stage_ns[i]) / window) : 0)),
  };
}

function stateOf(replicas: Replica[]): Pick<Box, "state" | "share" | "busy" | "stageShares"> {
  const alive = replicas.filter((one) => !one.ended);
  const busiest = (alive.length ? alive : replicas).reduce((most, one) => (one.shares.busy > most.shares.busy ? one : most));
  const { shares, stages } = busiest;
  if (!alive.length) return { state: "done", share: 1, busy: 0, stageShares: stages };
  // Who is a quarter of the time at work and else waits for work is no bottleneck, but is at work.
  const state: State = shares.busy >= shares.waiting && shares.busy >= 0.05 ? "busy" : shares.waiting >= shares.idle ? "waiting" : "idle";
  return { state, share: shares[state as keyof Shares], busy: shares.busy, stageShares: stages };
}

function usedOf({ window, sender, receiver }: Channel): number | null {
  if (!sender || !receiver) return null;
  const used = (what: "bytes" | "chunks") => (window[what] > 0 ? (sender.sent[what] - receiver.consumed[what]) / window[what] : 0);
  return Math.max(0, Math.min(1, Math.max(used("bytes"), used("chunks"))));
}

function sentOf(channel: Channel, what: "bytes" | "chunks"): number | null {
  return channel.sender?.sent[what] ?? channel.receiver?.received[what] ?? null;
}

function addTo(wire: Wire, channel: Channel, before: Channel | undefined, seconds: number): void {
  const grown = (what: "bytes" | "chunks") => {
    const sent = sentOf(channel, what);
    return sent === null || seconds <= 0 ? null : per(sent, before ? sentOf(before, what) ?? 0 : undefined) / seconds;
  };
  const add = (sum: number | null, more: number | null) => (more === null ? sum : (sum ?? 0) + more);
  wire.rate = add(wire.rate, grown("bytes"));
  wire.chunks = add(wire.chunks, grown("chunks"));
  const used = usedOf(channel);
  if (used !== null) wire.used = Math.max(wire.used ?? 0, used);
  wire.channels += 1;
  wire.remote ||= channel.remote;
  wire.longest = Math.max(wire.longest, channel.receiver?.longest_ns ?? 0);
  channel.receiver?.queued.forEach((chunks, i) => { wire.queued[i] = (wire.queued[i] ?? 0) + chunks; });
}

export function flowOf(snapshot: Snapshot, before: Snapshot | null): Flow {
  const earlier = before && before.seconds < snapshot.seconds && before.cells.length ? before : null;
  const cellsBefore = new Map(earlier?.cells.map((cell) => [keyOf(cell), cell]));
  const channelsBefore = new Map(earlier?.channels.map((channel) => [channel.id, channel]));
  const seconds = snapshot.seconds - (earlier?.seconds ?? 0);
  const replicas = new Map<number, Replica[]>();
  const stages = new Map<number, string[]>();
  for (const cell of snapshot.cells) {
    if (!replicas.has(cell.cell)) replicas.set(cell.cell, []);
    // Of one that has ended: all its time.
    replicas.get(cell.cell)!.push(replicaOf(snapshot, cell, cell.ended ? undefined : cellsBefore.get(keyOf(cell))));
    stages.set(cell.cell, cell.stages.map((stage) => snapshot.stages[stage] ?? "?"));
  }
  const boxes = [...replicas].map(([id, list]) => ({ id, stages: stages.get(id)!, count: list.length, replicas: list, ...stateOf(list) }));
  const wires = new Map<string, Wire>();
  for (const channel of snapshot.channels) {
    const from = channel.from.cell, to = channel.to.cell;
    if (!replicas.has(from) || !replicas.has(to)) continue;
    const key = `${from}>${to}`;
    if (!wires.has(key)) wires.set(key, { from, to, rate: null, chunks: null, used: null, channels: 0, remote: false, longest: 0, queued: [] });
    addTo(wires.get(key)!, channel, channelsBefore.get(channel.id), seconds);
  }
  return { boxes, wires: [...wires.values()], nodes: snapshot.nodes.length };
}

/// The time below which that part of the chunks waited, of chunks by powers of two of microseconds; seconds.
export function quantile(queued: number[], part: number): number | null {
  const all = queued.reduce((sum, chunks) => sum + chunks, 0);
  if (all === 0) return null;
  let seen = 0;
  for (let i = 0; i < queued.length; ++i) {
    seen += queued[i]!;
    if (seen >= all * part) return 2 ** i * 1e-6;
  }
  return null;
}
