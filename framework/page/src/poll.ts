// The job that is looked at, asked ten times a second.
import { effect } from "@preact/signals";
import { get, Refused } from "./api";
import { hasEnded } from "./states";
import { hear, refuse, watching } from "./watch";
import type { Job, Snapshot, Why } from "./types";

const kBetween = 100, kWhy = 1000; // ms

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function follow(id: number, left: () => boolean): Promise<void> {
  let why: Why | null = null;
  const look = async () => {
    while (!left()) {
      why = await get<Why>(`/api/v1/jobs/${id}/why?over=1`).catch(() => why);
      await pause(kWhy);
    }
  };
  void look();
  while (!left()) {
    try {
      const job = await get<Job>(`/api/v1/jobs/${id}`);
      const said = job.stage === "running" ? await get<{ snapshot: Snapshot }>(`/api/v1/jobs/${id}/snapshot`).catch(() => null) : null;
      if (left()) return;
      hear(id, { job, snapshot: said?.snapshot, why });
      await pause(hasEnded(job) ? 1000 : kBetween);
    } catch (wrong) {
      if ((wrong as Refused).status === 404) return refuse(id, (wrong as Error).message);
      await pause(1000);
    }
  }
}

export function beginPolls(): void {
  effect(() => {
    const id = watching.value;
    if (id === null) return;
    let left = false;
    void follow(id, () => left);
    return () => { left = true; };
  });
}
