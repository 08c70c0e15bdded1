// What the process of a job has said: the last 5,000 lines, of which those in sight are in the page.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api";
import { hasEnded } from "../states";
import { now } from "../store";
import type { Job } from "../types";

export const kMostLines = 5000;
const kFirstBytes = 512 << 10, kLine = 18, kSight = 30; // px a line; lines in sight

interface Tail {
  lines: string[];
  at: number;   // bytes of the log that have been read
  cut: boolean; // earlier lines are not here
}

/// What follows `from`, or without one the end of it.
async function read(id: number, from: number | null, signal: AbortSignal): Promise<{ text: string; at: number; cut: boolean }> {
  const answer = await ask(`/api/v1/jobs/${id}/log`, { signal, headers: { Range: from === null ? `bytes=-${kFirstBytes}` : `bytes=${from}-` } });
  if (answer.status === 416) return { text: "", at: from ?? 0, cut: false };
  const bytes = await answer.arrayBuffer();
  const [, first] = /^bytes (\d+)-/.exec(answer.headers.get("Content-Range") ?? "") ?? [];
  // A line's end is a byte of its own in UTF-8, and what follows the last is not a line yet.
  const begin = Number(first ?? 0);
  return { text: new TextDecoder().decode(bytes), at: begin + bytes.byteLength, cut: begin > 0 };
}

export function appended(known: string[], text: string): string[] {
  if (!text) return known;
  const lines = text.split("\n");
  const joined = known.length ? [...known.slice(0, -1), known[known.length - 1]! + lines[0], ...lines.slice(1)] : lines;
  return joined.slice(-kMostLines - 1);
}

function useTail(job: Job): Tail & { wrong: string } {
  const [tail, setTail] = useState<Tail>({ lines: [], at: 0, cut: false });
  const [wrong, setWrong] = useState("");
  const at = useRef<number | null>(null);
  const reading = useRef(false);
  useEffect(() => {
    if (reading.current) return;
    reading.current = true;
    const left = new AbortController();
    read(job.id, at.current, left.signal).then((said) => {
      const cut = at.current === null && said.cut;
      at.current = said.at;
      setWrong("");
      setTail((known) => ({ lines: appended(known.lines, said.text), at: said.at, cut: known.cut || cut }));
    }, (error: Error) => setWrong(error.message)).finally(() => { reading.current = false; });
  }, [job.id, job.stage, hasEnded(job) ? 0 : now.value]);
  return { ...tail, wrong };
}

export default function Log({ job }: { job: Job }) {
  const { lines, cut, wrong } = useTail(job);
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const follows = useRef(true);
  const shown = lines.length && lines[lines.length - 1] === "" ? lines.slice(0, -1) : lines;
  useEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [shown.length]);
  const scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    follows.current = scrollTop + clientHeight >= scrollHeight - kLine;
    setTop(Math.floor(scrollTop / kLine));
  };
  const first = Math.max(0, Math.min(top - 5, shown.length - kSight));
  const inSight = shown.slice(first, first + kSight + 40);
  return (
    <div>
      <p class="quiet line">
        <span>{shown.length} {shown.length === 1 ? "line" : "lines"}{cut || shown.length >= kMostLines ? ", and earlier ones" : ""}</span>
        <a href={`/api/v1/jobs/${job.id}/log`} download={`${job.graph}-${job.id}.log`}>Download</a>
      </p>
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
      <div class="log" ref={box} onScroll={scrolled} tabIndex={0} role="region" aria-label="Log">
        <svg width="1" height={shown.length * kLine} aria-hidden="true" />
        <pre ref={(element) => { if (element) element.style.top = first * kLine + "px"; }}>{inSight.join("\n")}</pre>
      </div>
    </div>
  );
}
