// Jobs that have ended, and what those that run say of themselves: asked where the picture of the jobs says that it is time.
import { effect } from "@preact/signals";
import { get } from "./api";
import { place } from "./router";
import { details, ended, more, now, picture } from "./store";
import type { Job } from "./types";

const kPage = 50, kMostAsked = 20, kMostKept = 100;

interface Answer {
  jobs: Job[];
  next: number | string | null;
}

const over = (job: Job) => job.stage !== "queued" && job.stage !== "running";

async function loadEnded(): Promise<void> {
  const { jobs, next } = await get<Answer>(`/api/v1/jobs?limit=${kPage}`);
  const young = jobs.filter(over);
  const least = Math.min(...jobs.map((job) => job.id));
  // Those that were asked for before stay.
  const old = jobs.length ? ended.value.filter((job) => job.id < least) : [];
  ended.value = [...young, ...old].slice(0, kMostKept);
  if (!old.length) more.value = next !== null;
}

export async function moreEnded(): Promise<void> {
  const before = Math.min(...ended.value.map((job) => job.id));
  const { jobs, next } = await get<Answer>(`/api/v1/jobs?limit=${kPage}` + (Number.isFinite(before) ? `&before=${before}` : ""));
  ended.value = [...ended.value, ...jobs.filter(over)].slice(0, kMostKept);
  more.value = next !== null && ended.value.length < kMostKept;
}

async function loadDetails(running: Job[]): Promise<void> {
  const asked = running.slice(0, kMostAsked);
  const said = await Promise.all(asked.map((job) => get<Job>(`/api/v1/jobs/${job.id}`).catch(() => null)));
  details.value = new Map(said.filter((job): job is Job => job !== null).map((job) => [job.id, job]));
}

export function beginFeed(): void {
  let seen = -1;
  effect(() => {
    const shown = picture.value;
    if (!shown || place.value.view !== "jobs" || shown.counts.ended === seen) return;
    seen = shown.counts.ended;
    loadEnded().catch(() => { seen = -1; });
  });
  let asking = false;
  effect(() => {
    void now.value;
    const running = picture.value?.running ?? [];
    if (asking || running.length === 0 || place.value.view !== "jobs" || place.value.id || document.hidden) return;
    asking = true;
    void loadDetails(running).finally(() => { asking = false; });
  });
}
