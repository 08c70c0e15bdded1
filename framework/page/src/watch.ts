// The job that is looked at: what is heard of it goes to the store, with a snapshot of about a second ago beside the newest.
import { signal } from "@preact/signals";
import { watched } from "./store";
import type { Job, Snapshot, Why } from "./types";

const kWindow = 1; // seconds that shares and rates are of

let snapshots: Snapshot[] = [];
export const watching = signal<number | null>(null);

export interface Heard {
  job: Job;
  snapshot?: Snapshot | null;
  why?: Why | null;
}

export function watch(id: number): () => void {
  snapshots = [];
  watched.value = { id, job: null, snapshot: null, before: null, why: null, refused: null };
  watching.value = id;
  return () => {
    if (watching.value === id) watching.value = null;
  };
}

/// Of an earlier epoch nothing is kept: its counts began elsewhere.
function add(snapshot: Snapshot): Snapshot | null {
  if (snapshots.length && snapshots[snapshots.length - 1]!.seconds > snapshot.seconds) snapshots = [];
  snapshots.push(snapshot);
  while (snapshots.length > 2 && snapshots[1]!.seconds <= snapshot.seconds - kWindow) snapshots.shift();
  return snapshots.length > 1 ? snapshots[0]! : null;
}

export function hear(id: number, heard: Heard): void {
  const known = watched.value;
  if (!known || known.id !== id) return;
  // Who has ended says nothing more: what it said last stays.
  const snapshot = heard.snapshot ?? known.snapshot;
  const before = heard.snapshot ? add(heard.snapshot) : known.before;
  watched.value = { id, job: heard.job, snapshot, before, why: heard.why ?? known.why, refused: null };
}

export function refuse(id: number, sentence: string): void {
  const known = watched.value;
  if (known?.id === id) watched.value = { ...known, refused: sentence };
}
