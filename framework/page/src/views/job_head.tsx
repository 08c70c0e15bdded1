// What there is to know of a job at a glance: state, progress, memory against its bound, and why.
import { useState } from "preact/hooks";
import { post } from "../api";
import { bytes, duration, unknown } from "../format";
import { amountOf, Bar, leftOf, progressOf, rateOf, shareOf } from "../progress";
import { hasEnded, Mark, stateOf, wordOf } from "../states";
import { now } from "../store";
import type { Job, Why } from "../types";
import { because, inOneLine, waiting } from "../why";

const peaks = new Map<number, number>(); // as seen here, of jobs that have not said theirs

function peakOf(job: Job): number | undefined {
  const said = job.outcome?.peak_memory;
  if (said !== undefined) return said;
  const seen = Math.max(peaks.get(job.id) ?? 0, job.process?.memory ?? 0);
  if (seen > 0) peaks.set(job.id, seen);
  return seen || undefined;
}

function secondsOf(job: Job): number | null {
  if (!job.started) return null;
  return Math.max(0, ((job.ended ? Date.parse(job.ended) : now.value) - Date.parse(job.started)) / 1000);
}

// What cannot be taken back is pressed twice.
function Buttons({ job, say }: { job: Job; say: (sentence: string) => void }) {
  const [sure, setSure] = useState(false);
  const ask = (what: string) => {
    setSure(false);
    post(`/api/v1/jobs/${job.id}/${what}`).then(() => say(""), (error: Error) => say(error.message));
  };
  if (hasEnded(job)) return job.checkpoints && job.stage !== "done" ? <button type="button" title="It goes on from its latest checkpoint" onClick={() => ask("restore")}>Restore</button> : null;
  return (
    <span class="buttons">
      {job.stage === "running" && <button type="button" disabled={job.drained || job.cancelling} title="Sources end early, the rest finishes" onClick={() => ask("drain")}>Drain</button>}
      <button type="button" class={sure ? "grave" : undefined} disabled={job.cancelling} title="Ends it; nothing of it stays"
              onBlur={() => setSure(false)} onClick={() => (sure ? ask("cancel") : setSure(true))}>
        {sure ? "Cancel it for good" : "Cancel"}
      </button>
    </span>
  );
}

function Memory({ job, nodes }: { job: Job; nodes?: number }) {
  const used = hasEnded(job) ? undefined : job.process?.memory, peak = peakOf(job), bound = Number(job.outcome?.bound ?? job.memory);
  return (
    <p class="memory">
      <span>memory {!hasEnded(job) && <><b>{used === undefined ? unknown : bytes(used)}</b> now </>}{peak === undefined ? unknown : bytes(peak)} peak {bytes(bound)} bound</span>
      <Bar share={(used ?? peak ?? 0) / bound} name="Memory, of its bound" />
      <span>{job.threads} {job.threads === 1 ? "thread" : "threads"}{nodes && nodes > 1 ? `, ${nodes} nodes` : ""}</span>
    </p>
  );
}

function Checkpoint({ job }: { job: Job }) {
  const taken = hasEnded(job) ? undefined : job.process?.checkpoints;
  if (!taken) return null;
  return <p class="quiet">{taken.latest ? `checkpoint ${taken.latest}, ${duration(taken.age_s!)} ago` : "no checkpoint yet"}{taken.restarts ? `; begun anew ${taken.restarts}×` : ""}</p>;
}

function Reasons({ job, why }: { job: Job; why: Why | null }) {
  if (job.sentence && job.stage !== "cancelled") {
    return (
      <div class="because" role={hasEnded(job) ? "alert" : undefined}>
        {job.sentence}
        {why && <div class="quiet">Before: {inOneLine(why)}</div>}
      </div>
    );
  }
  if (job.stage === "queued") return <p class="because">Waits{job.position ? ` as number ${job.position}` : ""}: {job.reason ?? unknown}</p>;
  if (hasEnded(job)) return job.outcome?.warnings?.length ? <p class="because">{job.outcome.warnings.join(" ")}</p> : null;
  if (!why) return <p class="because">Why: {unknown}</p>;
  const first = why.waits[0];
  return (
    <details class="because">
      <summary>Why: {why.stuck ? "nothing moves: " : ""}{because(why)}{first ? `; ${waiting(first)}` : ""}</summary>
      <ul>{why.waits.map((wait, i) => <li key={i}>{waiting(wait)}</li>)}{why.waits.length === 0 && <li>nobody waits for it</li>}</ul>
    </details>
  );
}

export function Head({ job, why, nodes }: { job: Job; why: Why | null; nodes?: number }) {
  const [wrong, setWrong] = useState("");
  const progress = progressOf(job);
  return (
    <header class="head">
      <div class="line">
        <h1>{job.graph} <span class="number">{job.id}</span></h1>
        <span class="state" aria-live="polite"><Mark state={stateOf(job)} /> {wordOf(job)}</span>
        <span title="since it started">{duration(secondsOf(job))}</span>
        {!hasEnded(job) && progress?.done !== undefined && <Bar share={shareOf(job)} name="Share that is done" />}
        {progress && <span>{amountOf(job)}</span>}
        {progress && progress.rows > 0 && <span>{rateOf(job)}</span>}
        {job.stage === "running" && progress?.eta_most_s !== undefined && <span>{leftOf(job)} left</span>}
        <Buttons job={job} say={setWrong} />
      </div>
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
      <Memory job={job} nodes={nodes} />
      <Checkpoint job={job} />
      <Reasons job={job} why={why} />
    </header>
  );
}
