// A new job: a file to bring, what its beginning looks like, and the graph's parameters.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../api";
import { bytes, duration, percent } from "../format";
import { go } from "../router";
import { Bar } from "../progress";
import { type Sample, kSampled, sampleOf } from "../sample";
import type { GraphEntry, Job, Param } from "../types";
import { Uploading } from "../upload";
import Estimate from "./estimate";

// Of the page, not of the view: who looks at something else, or is not known for a while, finds it where it has come to.
/// What is being brought, or was.
export const current = signal<Uploading | null>(null);
const beginning = signal<Sample | null>(null);

async function take(file: File | undefined): Promise<void> {
  if (!file) return;
  current.value?.cancel();
  const one = (current.value = new Uploading(file));
  beginning.value = null;
  void one.ended.then(() => {
    if (one.progress.value.state === "cancelled") drop(one);
  });
  const said = sampleOf(await file.slice(0, kSampled).text().catch(() => "\0"), file.size <= kSampled);
  if (current.value !== one) return;
  beginning.value = said;
  await one.begun;
  await preview(one);
}

function drop(one: Uploading): void {
  if (current.value !== one) return;
  current.value = beginning.value = null;
}

const kJobs = 10; // whose results are offered
const isRead = (param: Param) => (param.type === "path" || param.type === "paths") && !param.output;

interface Preview {
  columns: { name: string; type: string }[];
  rows: string[][];
}

// Once its beginning is there, a program that can says how it reads it; the others have no such route.
async function preview(one: Uploading): Promise<void> {
  const said = await get<Preview>(`/preview/${encodeURIComponent("upload:" + one.id)}?rows=8`).catch(() => null);
  if (current.value === one && said) beginning.value = { names: said.columns.map(({ name }) => name), types: said.columns.map(({ type }) => type), rows: said.rows, read: true };
}

/// How far the file has come that is being brought.
export function UploadLine({ upload }: { upload: Uploading }) {
  const { state, offset, rate, sentence } = upload.progress.value, size = upload.file.size;
  const left = rate ? ` ${bytes(rate)}/s, ${duration((size - offset) / rate)} left` : "";
  return (
    <div class="line upload" data-state={state}>
      <b>{upload.file.name}</b>
      <Bar share={size ? offset / size : 1} name="Share that is uploaded" />
      <span class="figure" role="status">
        {state === "done" ? `${bytes(size)} uploaded` : `${percent(size ? offset / size : 1)} of ${bytes(size)}${left}${state === "waiting" ? " waits" : ""}`}
      </span>
      {state !== "done" && state !== "failed" && <button type="button" onClick={() => upload.cancel()}>Cancel upload</button>}
      {state === "failed" || state === "done" ? <button type="button" onClick={() => drop(upload)}>Another file</button> : null}
      {sentence && <span class="sentence">{sentence}{state === "waiting" ? ": it goes on by itself" : ""}</span>}
    </div>
  );
}

function SampleTable({ sample }: { sample: Sample }) {
  return (
    <div class="wide sample" tabIndex={0} role="region" aria-label="The first rows">
      <table>
        <caption>{sample.read ? "The first rows, as the service reads them" : "The first rows, before the service has read any"}</caption>
        <thead><tr>{sample.names.slice(0, 50).map((name, at) => <th scope="col" key={at} class={sample.types[at] === "text" ? undefined : "right"}>{name.slice(0, 60)} <span class="quiet">{sample.types[at]}</span></th>)}</tr></thead>
        <tbody>{sample.rows.map((row, key) => <tr key={key}>{row.slice(0, 50).map((cell, at) => <td key={at} class={sample.types[at] === "text" ? undefined : "right"}>{cell.slice(0, 60)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

function Field({ param, value, change }: { param: Param; value: string; change: (value: string) => void }) {
  const id = "param-" + param.name;
  const shared = { id, name: param.name, value, "aria-describedby": id + "-says" };
  const changed = (event: { currentTarget: { value: string } }) => change(event.currentTarget.value);
  const choices = param.type === "flag" ? ["true", "false"] : param.type === "choice" ? param.choices : undefined;
  const number = param.type === "integer" || param.type === "real";
  return (
    <div class="field">
      <label for={id}>{param.name}{param.unit ? ` [${param.unit}]` : ""}</label>
      {choices ? (
        <select {...shared} onChange={changed}>{choices.map((one) => <option key={one} value={one}>{one}</option>)}</select>
      ) : (
        <input {...shared} list={isRead(param) ? "sources" : undefined} onInput={changed} required={param.fallback === undefined} placeholder={isRead(param) ? "data:FILE or result:JOB/NAME" : param.fallback}
          inputMode={number ? "decimal" : undefined} />
      )}
      <span class="quiet" id={id + "-says"}>{param.sentence}{param.least !== undefined || param.most !== undefined ? ` (${param.least ?? "…"} to ${param.most ?? "…"})` : ""}</span>
    </div>
  );
}

/// What is sent: nothing that is as it would be without.
function argsOf(graph: GraphEntry, values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(graph.params.map(({ name }) => [name, values[name] ?? ""]).filter(([name, value]) => {
    const { fallback } = graph.params.find((one) => one.name === name)!;
    return value !== (fallback ?? "") && !(value === "" && isRead(graph.params.find((one) => one.name === name)!));
  }));
}

const fallbacks = (graph: GraphEntry) => Object.fromEntries(graph.params.map((one) => [one.name, isRead(one) ? "" : one.fallback ?? (one.type === "flag" ? "false" : one.choices?.[0] ?? "")]));

/// Where jobs can read from: what others have written, and what was brought.
async function sources(): Promise<string[]> {
  const [done, brought] = await Promise.all([
    get<{ jobs: Job[] }>(`/api/v1/jobs?stage=done&limit=${kJobs}`),
    get<{ uploads: { id: string; complete: boolean }[] }>("/api/v1/uploads").catch(() => ({ uploads: [] })),
  ]);
  const results = await Promise.all(done.jobs.map(async ({ id }) => (await get<{ results: { name: string }[] }>(`/api/v1/jobs/${id}/results`)).results.map(({ name }) => `result:${id}/${name}`)));
  return [...results.flat(), ...brought.uploads.filter((one) => one.complete).map(({ id }) => "upload:" + id)];
}

/// `data`: what the graph is to read, where that is known: "result:41/rows.tables".
export default function New({ data }: { data: string | null }) {
  const [graphs, setGraphs] = useState<GraphEntry[]>([]);
  const [hasCluster, setHasCluster] = useState(false);
  const [cluster, setCluster] = useState(false);
  const [graph, setGraph] = useState<GraphEntry | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const upload = current.value, sample = beginning.value;
  const [wrong, setWrong] = useState("");
  const [sent, setSent] = useState(false);
  const [over, setOver] = useState(false);
  const [offered, setOffered] = useState<string[]>([]);
  const choose = (chosen: GraphEntry | undefined) => {
    setGraph(chosen ?? null);
    const reading = chosen?.params.find(isRead);
    setValues(chosen ? { ...fallbacks(chosen), ...data && reading ? { [reading.name]: data } : {} } : {});
  };
  useEffect(() => {
    document.title = "New · leat";
    get<{ graphs: GraphEntry[]; cluster: boolean }>("/api/v1/graphs").then((said) => {
      setGraphs(said.graphs);
      setHasCluster(said.cluster);
      choose(said.graphs[0]);
    }, (error: Error) => setWrong(error.message));
    sources().then(setOffered, () => {});
  }, []);
  const state = upload?.progress.value.state;
  const reads = graph?.params.find(isRead);
  const submit = async () => {
    if (!graph) return;
    setSent(true);
    setWrong("");
    try {
      const one = current.value;
      // Its rows are read as they come.
      await one?.begun;
      if (one && (one !== current.value || one.progress.value.state === "failed")) throw new Error("the file was not brought: choose it again");
      const args = argsOf(graph, values);
      if (one && reads && !values[reads.name]) args[reads.name] = "upload:" + one.id;
      const start = () => post<Job>("/api/v1/jobs", { graph: graph.name, args, ...cluster && { cluster } });
      const job = await start().catch(async (error) => {
        // Some files are only read whole.
        if (!one || one !== current.value || !["going", "waiting"].includes(one.progress.value.state)) throw error;
        setWrong((error as Error).message);
        await one.ended;
        setWrong("");
        return start();
      });
      go("jobs", job.id);
    } catch (error) {
      setWrong((error as Error).message);
      setSent(false);
    }
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer?.files[0]);
  };
  return (
    <section class="new">
      <h1>New</h1>
      {upload ? <UploadLine upload={upload} /> : (
        <label class={over ? "drop over" : "drop"} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={dropped}>
          Drop a file here, or choose one: <input type="file" onChange={(event) => void take(event.currentTarget.files?.[0])} />
        </label>
      )}
      {upload && sample && <SampleTable sample={sample} />}
      <form onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        <div class="field">
          <label for="graph">graph</label>
          <select id="graph" value={graph?.name} onChange={(event) => choose(graphs.find((one) => one.name === event.currentTarget.value))}>
            {graphs.map((one) => <option key={one.name} value={one.name}>{one.name}</option>)}
          </select>
          <span class="quiet">{graph?.sentence}</span>
        </div>
        {graph?.params.map((param) => upload && param === reads && !values[param.name] ? (
          <div class="field" key={param.name}><span class="label">{param.name}</span> <b>{upload.file.name}</b></div>
        ) : (
          <Field key={graph.name + " " + param.name} param={param} value={values[param.name] ?? ""} change={(value) => setValues((had) => ({ ...had, [param.name]: value }))} />
        ))}
        {hasCluster && (
          <div class="field">
            <label for="where">runs on</label>
            <select id="where" value={String(cluster)} onChange={(event) => setCluster(event.currentTarget.value === "true")}>
              <option value="false">this machine</option>
              <option value="true">the cluster</option>
            </select>
          </div>
        )}
        {graph && <Estimate data={(reads && values[reads.name]) || (state === "done" ? "upload:" + upload!.id : "")} args={argsOf(graph, values)} />}
        <datalist id="sources">{offered.map((one) => <option key={one} value={one} />)}</datalist>
        {wrong && <p class="sentence" role="alert">{wrong}</p>}
        <button disabled={!graph || sent}>{sent && state === "going" ? "Starts when the file begins to come" : "Start"}</button>
      </form>
    </section>
  );
}
