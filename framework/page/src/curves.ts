// The curves of a job as far as they were heard here: throughput and memory, at most 4,096 points each. What is there of them
// at the service, and the curves of the program, are asked with /charts.
import { effect, signal } from "@preact/signals";
import { progressOf } from "./progress";
import { watched } from "./store";
import { thinned } from "./thinned";
import type { Curve } from "./types";

export const heardCurves = signal<Curve[]>([]);

let id: number | null = null;
let last = -1;

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
      heardCurves.value = [];
    }
    const job = known?.job;
    const progress = job && job.stage === "running" ? progressOf(job) : null;
    if (!job || !progress || progress.seconds <= last) return;
    last = progress.seconds;
    const curves = extended(heardCurves.peek(), "rows/s", progress.seconds, progress.rows > 0 ? progress.rows_per_s_now ?? progress.rows_per_s : undefined);
    heardCurves.value = extended(curves, "memory", progress.seconds, job.process?.memory);
  });
}
