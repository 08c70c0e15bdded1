// What the page knows: signals, set by connection.ts and read by the views. A full picture replaces what was known.
import { computed, signal } from "@preact/signals";
import type { Job, JobsPicture, Snapshot, Why } from "./types";

/// How the service is heard. "unknown": it does not know this browser, which has not opened a link, or did so in another life
/// of the service.
export type Link = "connecting" | "live" | "away" | "unknown";

export const link = signal<Link>("connecting");
export const heardAt = signal(0);    // performance.now() of the last message
export const now = signal(Date.now()); // ticks once a second
export const lag = signal<number | null>(null); // seconds from an event to here, as far as clocks agree

export const kSilent = 3000; // ms

/// True where nothing has been heard for so long that figures are old.
export const silent = computed(() => {
  void now.value;
  return link.value !== "live" || performance.now() - heardAt.value > kSilent;
});

export const picture = signal<JobsPicture | null>(null);
export const ended = signal<Job[]>([]);
export const more = signal(false); // there are more that have ended
export const details = signal<ReadonlyMap<number, Job>>(new Map()); // of running jobs: with what their processes say

/// What is known of the job that is looked at.
export interface Watched {
  id: number;
  job: Job | null;
  snapshot: Snapshot | null;
  before: Snapshot | null; // about a second earlier
  why: Why | null;
  refused: string | null;  // there is none, or it may not be seen
}

export const watched = signal<Watched | null>(null);
