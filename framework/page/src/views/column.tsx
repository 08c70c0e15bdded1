// What is known of a column: what a job has written down of it, what its first rows are like, and its course.
import { useEffect, useState } from "preact/hooks";
import { get } from "../api";
import { count } from "../format";
import { type Statistics, statisticsOf, writtenBars } from "../statistics";
import { type Cell, cellText, isNumeric } from "../table/cells";
import type { Dataset } from "../table/table";
import { type Rows, datasetPath } from "../table/tiles";
import SeriesView from "./series";

const kLooked = 10_000; // rows, what one answer has

/// The rows of a result that sums columns up, a row each with its name in `column`.
async function writtenDown(id: string, name: string, signal: AbortSignal): Promise<Map<string, Cell> | null> {
  const [job] = id.split("/");
  if (!/^\d+$/.test(job!)) return null;
  const { results } = await get<{ results: { name: string }[] }>(`/api/v1/jobs/${job}/results`, signal);
  const found = results.find((one) => /(statistics|moments)[^/]*\.tables$/.test(one.name) && `${job}/${one.name}` !== id);
  if (!found) return null;
  const said = await get<Rows>(`${datasetPath(`${job}/${found.name}`)}/rows`, signal);
  const row = said.rows.find((one) => one[said.columns.indexOf("column")] === name);
  return row ? new Map(said.columns.map((column, at) => [column, row[at]!])) : null;
}

function useColumn(about: Dataset, column: number) {
  const { name, type } = about.columns[column];
  const [looked, setLooked] = useState<Statistics | null>(null);
  const [written, setWritten] = useState<Map<string, Cell> | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    const control = new AbortController();
    const alone = name !== "" && name === name.trim() && !name.includes(",");
    setLooked(null);
    setWritten(null);
    setWrong("");
    get<Rows>(`${datasetPath(about.id)}/rows?from=0&to=${alone ? kLooked : 500}${alone ? "&columns=" + encodeURIComponent(name) : ""}`, control.signal).then(
      (said) => setLooked(statisticsOf(said.rows.map((row) => row[alone ? 0 : column]), isNumeric(type))),
      (error: Error) => {
        if (!control.signal.aborted) setWrong(error.message);
      },
    );
    writtenDown(about.id, name, control.signal).then(setWritten, () => {});
    return () => control.abort();
  }, [about, column]);
  return { looked, written, wrong };
}

export function Histogram({ bars, least, greatest }: { bars: number[]; least: number; greatest: number }) {
  const most = Math.max(...bars, 1), wide = 240, high = 56, width = wide / bars.length;
  return (
    <figure class="histogram">
      <svg viewBox={`0 0 ${wide} ${high}`} role="img" aria-label={`Histogram of ${bars.length} bars from ${short(least)} to ${short(greatest)}, the highest has ${most}`}>
        {bars.map((bar, at) => {
          const height = bar ? Math.max(1, (bar / most) * high) : 0;
          return <rect key={at} x={at * width} y={high - height} width={Math.max(0.5, width - 0.5)} height={height} />;
        })}
      </svg>
      <figcaption><span>{short(least)}</span><span>{short(greatest)}</span></figcaption>
    </figure>
  );
}

const short = (value: number) => String(Number(value.toPrecision(5)));
const pairs = (entries: [string, string][]) => entries.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="figure">{value}</dd></div>);

const kDrawn = ["column", "type", "bins", "bins_from", "bin_width"];

function Written({ row }: { row: Map<string, Cell> }) {
  const drawn = writtenBars(row);
  return (
    <div class="column-written">
      <p class="quiet">Of all rows</p>
      {drawn && <Histogram bars={drawn.bars} least={drawn.from} greatest={drawn.to} />}
      <dl class="pairs">{pairs([...row].filter(([name, cell]) => cell !== null && !kDrawn.includes(name)).map(([name, cell]) => [name.replace("_", " "), cellText(cell, "f64")]))}</dl>
    </div>
  );
}

function Looked({ looked, rows }: { looked: Statistics; rows: number }) {
  const entries: [string, string][] = [["null", `${count(looked.nulls)} of ${count(looked.looked)}`]];
  if (looked.mean !== null) {
    entries.push(["least", short(looked.least!)], ["mean", short(looked.mean)], ["greatest", short(looked.greatest!)]);
    if (looked.deviation !== null) entries.push(["deviation", short(looked.deviation)]);
  }
  return (
    <div class="column-looked">
      <p class="quiet">{looked.looked < rows ? `Of the first ${looked.looked.toLocaleString("en")} rows` : "Of all rows"}</p>
      {looked.bars.length > 0 && <Histogram bars={looked.bars} least={looked.least!} greatest={looked.greatest!} />}
      <dl class="pairs">{pairs(entries)}</dl>
      {looked.distinct.length > 0 && <dl class="pairs distinct">{pairs(looked.distinct.map(([text, times]) => [text.slice(0, 80) || "(empty)", count(times)]))}</dl>}
    </div>
  );
}

export default function ColumnView({ about, column, choose, close }: { about: Dataset; column: number; choose: (column: number) => void; close: () => void }) {
  const { name, type } = about.columns[column], { looked, written, wrong } = useColumn(about, column);
  const drawn = (isNumeric(type) || type === "timestamp" || type === "bool") && Number(about.rows) > 1;
  return (
    <section class="column" aria-label={`Column ${name}`}>
      <div class="column-bar">
        <label>Column{" "}
          <select value={column} onChange={(event) => choose(Number(event.currentTarget.value))}>
            {about.columns.slice(0, 1000).map((one, at) => <option value={at} key={at}>{one.name}</option>)}
          </select>
        </label>
        <span class="quiet">{type}{about.columns[column].nullable ? ", may be null" : ""}</span>
        <button type="button" onClick={close}>Close</button>
      </div>
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
      <div class="column-parts">
        {written && <Written row={written} />}
        {looked && (!written || looked.distinct.length > 0) && <Looked looked={looked} rows={Number(about.rows)} />}
        {drawn && <SeriesView about={about} column={column} key={column} />}
      </div>
    </section>
  );
}
