// The datasets that can be looked at: results of jobs that are done, uploads, and files that are named.
import { useEffect, useState } from "preact/hooks";
import { get } from "../api";
import { bytes } from "../format";
import { href } from "../router";
import type { Job } from "../types";

const kJobs = 20; // whose results are listed at a time

interface Entry {
  id: string;
  name: string;
  bytes: number | string;
  from: string;
}

interface Upload {
  id: string;
  name: string;
  length: number | string;
  complete: boolean;
}

async function resultsOf(job: Job, signal: AbortSignal): Promise<Entry[]> {
  const { results } = await get<{ results: { name: string; bytes: number | string }[] }>(`/api/v1/jobs/${job.id}/results`, signal);
  return results.filter((one) => one.name.endsWith(".tables")).map((one) => ({ id: `${job.id}/${one.name}`, name: one.name, bytes: one.bytes, from: `job ${job.id}, ${job.graph}` }));
}

export default function Datasets({ open }: { open: (id: string) => void }) {
  const [entries, setEntries] = useState<Entry[] | null>(null);
  const [uploads, setUploads] = useState<Entry[]>([]);
  const [before, setBefore] = useState<string | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    const control = new AbortController();
    const list = async () => {
      const said = await get<{ jobs: Job[]; next: number | string | null }>(`/api/v1/jobs?stage=done&limit=${kJobs}${before ? "&before=" + before : ""}`, control.signal);
      const found = (await Promise.all(said.jobs.map((job) => resultsOf(job, control.signal).catch(() => [])))).flat();
      if (control.signal.aborted) return;
      setEntries((had) => [...(had ?? []), ...found]);
      setNext(said.next === null ? null : String(said.next));
    };
    list().catch((error: Error) => {
      if (!control.signal.aborted) setWrong(error.message);
    });
    return () => control.abort();
  }, [before]);
  useEffect(() => {
    document.title = "Data · leat";
    get<{ uploads: Upload[] }>("/api/v1/uploads").then(
      (said) => setUploads(said.uploads.filter((one) => one.complete && one.name.endsWith(".tables")).map((one) => ({ id: `upload:${one.id}`, name: one.name, bytes: one.length, from: "upload" }))),
      () => {}, // who may only read has none
    );
  }, []);
  const all = [...(entries ?? []), ...uploads];
  return (
    <section class="datasets">
      <h1>Data</h1>
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
      {entries && all.length === 0 && <p class="quiet">No job that is done has written a table file yet: give one a graph that ends in <code>tables.write</code>.</p>}
      {all.length > 0 && (
        <table class="list">
          <thead><tr><th>Dataset</th><th>From</th><th class="right">Size</th></tr></thead>
          <tbody>
            {all.map((one) => (
              <tr key={one.id}><td><a href={href("data", one.id)}>{one.name}</a></td><td>{one.from}</td><td class="right figure">{bytes(one.bytes)}</td></tr>
            ))}
          </tbody>
        </table>
      )}
      {next && <button type="button" onClick={() => setBefore(next)}>Older</button>}
      <form class="datasets-open" onSubmit={(event) => {
        event.preventDefault();
        const id = String(new FormData(event.currentTarget).get("id") ?? "").trim();
        if (id) open(id);
      }}>
        <label>A file beneath the data root <input name="id" placeholder="data:speed.tables" /></label> <button>Open</button>
      </form>
    </section>
  );
}
