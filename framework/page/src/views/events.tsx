// What has happened to a job: its stages, and what its process has told of joins, restarts, checkpoints and dead letters.
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api";
import { progressOf } from "../progress";
import { stateOf, wordOf, type State } from "../states";
import { Mark } from "../states";
import { now } from "../store";
import { Time } from "../time";
import type { Job, LogLine } from "../types";

const kMostLines = 300;

interface Entry {
  time: string;
  state: State;
  what: string;
  more: string;
}

function fromJob(job: Job): Entry[] {
  const entries: Entry[] = [];
  if (job.submitted) entries.push({ time: job.submitted, state: "waiting", what: "submitted", more: `by ${job.tenant}` });
  if (job.started) entries.push({ time: job.started, state: "busy", what: "started", more: job.pid ? `process ${job.pid}` : "" });
  if (job.ended) entries.push({ time: job.ended, state: stateOf(job), what: wordOf(job), more: job.sentence ?? "" });
  return entries;
}

function fromLines(lines: LogLine[]): Entry[] {
  return lines.map((line) => ({
    time: line.time,
    state: line.level === "info" || line.level === "debug" ? "idle" : line.level === "error" ? "failed" : "waiting",
    what: line.phrase,
    more: Object.entries(line.fields).map(([name, value]) => `${name} ${value}`).join(", ") + (line.node ? ` (${line.node})` : ""),
  }));
}

/// The lines that its process keeps; what was heard stays when it has ended.
function useLines(job: Job): LogLine[] {
  const [lines, setLines] = useState<LogLine[]>([]);
  const next = useRef(0);
  useEffect(() => {
    if (job.stage !== "running") return;
    const left = new AbortController();
    get<{ lines: LogLine[] }>(`/api/v1/jobs/${job.id}/lines?from=${next.current}`, left.signal).then((said) => {
      if (!said.lines.length) return;
      next.current = said.lines[said.lines.length - 1]!.number + 1;
      setLines((known) => [...known, ...said.lines].slice(-kMostLines));
    }, () => {});
    return () => left.abort();
  }, [job.id, job.stage, now.value]);
  return lines;
}

function Losses({ job }: { job: Job }) {
  const stages = (progressOf(job)?.stages ?? []).filter((stage) => stage.restarts || stage.repeated || stage.dead_letters);
  if (!stages.length) return <p class="quiet">No restart, and no dead letter.</p>;
  return <p>{stages.map((stage) => `${stage.name}: ${stage.restarts} restarts, ${stage.repeated} repeated, ${stage.dead_letters} dead letters`).join("; ")}</p>;
}

export default function Events({ job }: { job: Job }) {
  const lines = useLines(job);
  const entries = [...fromJob(job), ...fromLines(lines)].sort((one, other) => Date.parse(other.time) - Date.parse(one.time));
  return (
    <div>
      <Losses job={job} />
      <div class="wide" tabIndex={0} role="region" aria-label="Events">
      <table class="events">
        <thead><tr><th scope="col">Time</th><th scope="col">Event</th><th scope="col">More</th></tr></thead>
        <tbody>
          {entries.map((one, i) => (
            <tr key={i}><td><Time at={one.time} /></td><td class="state"><Mark state={one.state} /> {one.what}</td><td class="why">{one.more}</td></tr>
          ))}
        </tbody>
      </table>
      </div>
    </div>
  );
}
