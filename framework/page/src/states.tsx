// The states there are, each with a colour (Okabe and Ito, 2008) and a glyph, so that nobody needs to tell colours apart.
import type { Activity, Job, Stage } from "./types";

export type State = "busy" | "waiting" | "idle" | "failed" | "done";

export const glyphs: Record<State, string> = { busy: "●", waiting: "◐", idle: "○", failed: "✕", done: "✓" };

const ofStage: Record<Stage, State> = {
  queued: "waiting", running: "busy", done: "done", failed: "failed", crashed: "failed", cancelled: "idle",
};

export const ofActivity: Record<Activity, State> = {
  visit: "busy", read: "busy", move: "busy", input: "idle",
  ready: "waiting", credit: "waiting", turn: "waiting", order: "waiting", build: "waiting", gate: "waiting", later: "waiting",
};

/// What a replica does, in words.
export const doing: Record<Activity, string> = {
  visit: "in a visit", read: "reads", move: "moves chunks", input: "waits for input", ready: "waits for a thread",
  credit: "waits for credit", turn: "waits for its turn", order: "waits for the next number", build: "reads its build side",
  gate: "waits at a gate", later: "waits for what it asked for",
};

export function stateOf(job: Job): State {
  return ofStage[job.stage] ?? "idle";
}

export function hasEnded(job: Job): boolean {
  return job.stage !== "queued" && job.stage !== "running";
}

export function wordOf(job: Job): string {
  if (hasEnded(job)) return job.stage;
  if (job.cancelling) return "cancelling";
  return job.drained ? "draining" : job.stage;
}

/// The glyph alone: the word stands beside it.
export function Mark({ state }: { state: State }) {
  return <span class={"mark " + state} aria-hidden="true">{glyphs[state]}</span>;
}
