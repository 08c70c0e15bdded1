// The job that is looked at: what is heard of it goes to the store, with a snapshot of about a second ago beside the newest.
import { signal } from "@preact/signals";
import { watched } from "./store";
import type { Job, Snapshot, Why } from "./types";

const kWindow = 1; // seconds that shares and rates are of

let snapshots: Snapshot[] = [];
export const watching = signal<number | null>(null);

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

/// Takes a picture for what there is to know. Who has ended says nothing more: what it said last stays.
export function hear(job: Job | null, snapshot: Snapshot | null, why: Why | null): void {
  const known = watched.value;
  if (!known) return;
  if (!job) return refuse(known.id, `job ${known.id} was forgotten`);
  if (job.id !== known.id) return;
  const before = snapshot ? add(snapshot) : known.before;
  watched.value = { id: job.id, job, snapshot: snapshot ?? known.snapshot, before, why: why ?? known.why, refused: null };
}

export function refuse(id: number, sentence: string): void {
  const known = watched.value;
  if (known?.id === id) watched.value = { ...known, refused: sentence };
}
