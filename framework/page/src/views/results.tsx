// What a job was given, and what it has written.
import { useEffect, useState } from "preact/hooks";
import { get } from "../api";
import { bytes } from "../format";
import { href } from "../router";
import type { Job } from "../types";

interface Result {
  name: string;
  bytes: number;
}

export default function Results({ job }: { job: Job }) {
  const [results, setResults] = useState<Result[] | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    get<{ results: Result[] }>(`/api/v1/jobs/${job.id}/results`).then((said) => setResults(said.results), (error: Error) => setWrong(error.message));
  }, [job.id, job.stage]);
  const said = Object.entries(job.outcome?.results ?? {});
  return (
    <div>
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
      <h2>Results</h2>
      {results?.length ? (
        <ul class="results">
          {results.map((one) => (
            <li key={one.name}>
              <a href={`/api/v1/jobs/${job.id}/results/${encodeURIComponent(one.name)}`} download={one.name}>{one.name}</a> <span class="quiet">{bytes(one.bytes)}</span>
              {one.name.endsWith(".tables") && <> <a href={href("data", `${job.id}/${one.name}`)}>look</a></>}
            </li>
          ))}
        </ul>
      ) : <p class="quiet">{job.stage === "done" ? "It has written nothing." : "They are there when it is done."}</p>}
      {said.length > 0 && <dl class="pairs">{said.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>}
      <h2>Given</h2>
      {Object.keys(job.args ?? {}).length ? <dl class="pairs">{Object.entries(job.args!).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl> : <p class="quiet">Nothing.</p>}
    </div>
  );
}
