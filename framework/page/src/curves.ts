// The curves of a job as far as they were heard here: throughput and memory, at most 4,096 points each, until the service has
// been asked for those that it keeps.
import { effect, signal } from "@preact/signals";
import { progressOf } from "./progress";
import { watched } from "./store";
import { thinned } from "./thinned";
import type { Curve, Progress } from "./types";

export const heardCurves = signal<Curve[]>([]);

const kWindow = 1; // seconds that a throughput is of

let id: number | null = null;
let last = -1;
let seen: { seconds: number; rows: number }[] = [];

function throughput({ seconds, rows }: Progress): number | undefined {
  if (rows <= 0) return undefined;
  seen.push({ seconds, rows });
  while (seen.length > 2 && seen[1]!.seconds <= seconds - kWindow) seen.shift();
  const first = seen[0]!;
  return seconds > first.seconds ? Math.max(0, (rows - first.rows) / (seconds - first.seconds)) : undefined;
}

function extended(curves: Curve[], name: string, x: number, y: number | undefined): Curve[] {
  if (y === undefined) return curves;
  const found = curves.find((one) => one.name === name);
  const points = thinned([...(found?.points ?? []), [x, y]]);
  return [...curves.filter((one) => one !== found), { name, x: "time", points }];
}

export function beginCurves(): void {
  effect(() => {
    const known = watched.value;
    if (known?.id !== id) {
      id = known?.id ?? null;
      last = -1;
      seen = [];
      heardCurves.value = [];
    }
    const job = known?.job;
    const progress = job && job.stage === "running" ? progressOf(job) : null;
    if (!job || !progress || progress.seconds <= last) return;
    last = progress.seconds;
    const curves = extended(heardCurves.peek(), "rows/s", progress.seconds, throughput(progress));
    heardCurves.value = extended(curves, "memory", progress.seconds, job.process?.memory);
  });
}
