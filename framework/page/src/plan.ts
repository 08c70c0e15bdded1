// The graph of a job that does not run: as it was planned, and, once it has ended, with what its stages have done.
import type { Box, Flow } from "./flow";
import { progressOf } from "./progress";
import type { Job } from "./types";

export interface Plan {
  stages: { name: string; cell: number; replicas: number }[];
  links: { from: string; to: string; channels: number }[];
}

export function plannedFlow(plan: Plan, job: Job): Flow {
  const said = progressOf(job);
  const done = new Map(said?.stages.map((stage) => [stage.name, stage]));
  const boxes = new Map<number, Box>();
  const cellOf = new Map<string, number>();
  for (const { name, cell, replicas } of plan.stages) {
    cellOf.set(name, cell);
    const share = said && said.seconds > 0 ? Math.min(1, (done.get(name)?.busy_s ?? 0) / (said.seconds * Math.max(1, replicas))) : 0;
    const box = boxes.get(cell) ?? { id: cell, stages: [], stageShares: [], count: 1, replicas: [], state: job.stage === "done" ? "done" : "idle", share: 0, busy: 0 };
    box.stages.push(name);
    box.stageShares.push(share);
    box.count = Math.max(box.count, replicas);
    box.share = box.busy = Math.min(1, box.busy + share);
    boxes.set(cell, box);
  }
  const wires = new Map<string, Flow["wires"][number]>();
  for (const { from, to, channels } of plan.links) {
    const ends = [cellOf.get(from), cellOf.get(to)] as const;
    if (ends[0] === undefined || ends[1] === undefined || ends[0] === ends[1]) continue;
    const bytes = done.get(from)?.bytes_out;
    const rate = said && said.seconds > 0 && bytes !== undefined ? bytes / said.seconds : null;
    wires.set(ends.join(">"), { from: ends[0], to: ends[1], rate, chunks: null, used: null, channels, remote: false, longest: 0, queued: [] });
  }
  return { boxes: [...boxes.values()], wires: [...wires.values()], nodes: 1 };
}
