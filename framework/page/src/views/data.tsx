// Datasets: which there are, and the rows and columns of one.
import { useLayoutEffect, useState } from "preact/hooks";
import { get } from "../api";
import { bytes, count } from "../format";
import { go, href } from "../router";
import { type Dataset, Table } from "../table/table";
import { type Rows, datasetPath } from "../table/tiles";
import ColumnView from "./column";
import Datasets from "./datasets";

const kFirst = 64; // rows that come with the description

function One({ id }: { id: string }) {
  const [about, setAbout] = useState<Dataset | null>(null);
  const [first, setFirst] = useState<Rows | null>(null);
  const [column, setColumn] = useState<number | null>(null);
  const [wrong, setWrong] = useState("");
  useLayoutEffect(() => {
    document.title = `${id} · leat`;
    const control = new AbortController(), path = datasetPath(id);
    // Both at once: the rows need nothing of what it is.
    Promise.all([get<Dataset>(path, control.signal), get<Rows>(`${path}/rows?from=0&to=${kFirst}`, control.signal)]).then(
      ([said, rows]) => {
        setAbout(said);
        setFirst(rows);
      },
      (error: Error) => {
        if (!control.signal.aborted) setWrong(error.message);
      },
    );
    return () => control.abort();
  }, [id]);
  const file = /^(\d+)\/(.+)$/.exec(id);
  return (
    <section class="data">
      <div class="data-head">
        <h1>{id}</h1>
        {about && <span class="quiet figure">{count(about.rows)} rows, {about.columns.length} columns, {bytes(about.bytes)}</span>}
        {about && about.columns.length > 0 && column === null && <button type="button" onClick={() => setColumn(0)}>Columns</button>}
        {about && <a href={href("new", id.includes(":") ? id : "result:" + id)}>New job</a>}
        {file && <a href={`/api/v1/jobs/${file[1]}/results/${encodeURIComponent(file[2])}`} download={file[2]}>Download</a>}
        {file && <a href={href("jobs", file[1])}>Job {file[1]}</a>}
      </div>
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
      {about && column !== null && <ColumnView about={about} column={column} choose={setColumn} close={() => setColumn(null)} />}
      {about && first && (about.columns.length ? <Table about={about} first={first} onColumn={setColumn} /> : <p class="quiet">It has no columns.</p>)}
      {about && Number(about.rows) === 0 && <p class="quiet">It has no rows.</p>}
    </section>
  );
}

/// The table of a dataset, or the datasets there are where no id is given: "41/speed.tables", "data:FILE", "upload:ID".
export default function Data({ id }: { id: string | null }) {
  return id ? <One id={id} key={id} /> : <Datasets open={(chosen) => go("data", chosen)} />;
}
