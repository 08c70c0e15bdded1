// A line for each job: those that run, those that wait, and those that have ended, youngest first.
import { useEffect, useState } from "preact/hooks";
import { bytes, duration, percent, unknown } from "../format";
import { Bar, leftOf, rateOf, shareOf } from "../progress";
import { href } from "../router";
import { hasEnded, Mark, stateOf, wordOf } from "../states";
import { details, ended, more, now, picture } from "../store";
import { Time } from "../time";
import type { Job } from "../types";
import { moreEnded } from "../jobs_feed";
import { inOneLine } from "../why";

const kShown = 100; // lines: 2,000 nodes are a page's

function seconds(job: Job): number | null {
  if (!job.started) return null;
  return ((job.ended ? Date.parse(job.ended) : now.value) - Date.parse(job.started)) / 1000;
}

function reason(job: Job): string {
  if (job.sentence && job.stage !== "done") return job.sentence;
  return job.reason ?? (job.why && job.stage === "running" ? inOneLine(job.why) : "");
}

function memory(job: Job): string {
  const used = job.outcome?.peak_memory ?? job.process?.memory;
  if (hasEnded(job) && used === undefined) return bytes(job.memory);
  return `${used === undefined ? unknown : bytes(used)} of ${bytes(job.memory)}`;
}

// On narrow pages there is no room for what is not known.
function Figure({ text, name = "" }: { text: string; name?: string }) {
  return <td class={`${name} ${text === unknown ? "none" : ""}`.trim() || undefined}>{text}</td>;
}

function Line({ job }: { job: Job }) {
  const share = shareOf(job);
  const running = job.stage === "running";
  return (
    <tr>
      <td class="name"><a href={href("jobs", job.id)}>{job.graph} <span class="number">{job.id}</span></a></td>
      <td class="state"><Mark state={stateOf(job)} /> {wordOf(job)}{job.position ? ` ${job.position}.` : ""}</td>
      <Figure text={job.started ? duration(seconds(job)) : unknown} name="time" />
      <td class="share">{running && <Bar share={share} name="Share that is done" />}<span>{running ? percent(share) : ""}</span></td>
      <Figure text={hasEnded(job) ? "" : rateOf(job)} />
      <Figure text={running ? leftOf(job) : ""} />
      <td>{memory(job)}</td>
      <td class="when"><Time at={job.ended ?? job.started ?? job.submitted} /></td>
      <td class="why" title={reason(job)}>{reason(job)}</td>
    </tr>
  );
}

function Head() {
  const names = ["Job", "State", "Time", "Share", "Rate", "Left", "Memory of bound", "Since", "Why"];
  return <thead><tr>{names.map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>;
}

export default function Jobs() {
  const [wrong, setWrong] = useState("");
  useEffect(() => { document.title = "Jobs · leat"; }, []);
  const shown = picture.value;
  if (!shown) return <p class="quiet">…</p>;
  const known = details.value;
  const current = [...shown.running, ...shown.queued].map((job) => ({ ...job, ...known.get(job.id) }));
  const ids = new Set(current.map((job) => job.id));
  const over = ended.value.filter((job) => !ids.has(job.id));
  const lines = [...current, ...over].slice(0, kShown);
  const { running, queued, ended: gone } = shown.counts;
  return (
    <section>
      <h1>Jobs <small>{running} running, {queued} waiting, {gone} ended</small></h1>
      {lines.length === 0 ? <p class="quiet">No job yet. <a href="#/new">Start one</a>.</p> : (
        <div class="wide" tabIndex={0} role="region" aria-label="Jobs">
          <table class="jobs"><Head /><tbody>{lines.map((job) => <Line job={job} key={job.id} />)}</tbody></table>
        </div>
      )}
      {more.value && lines.length < kShown && <button type="button" onClick={() => moreEnded().catch((error: Error) => setWrong(error.message))}>Earlier ones</button>}
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
    </section>
  );
}
