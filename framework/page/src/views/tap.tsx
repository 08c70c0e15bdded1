// The first rows that a stage emits from now on. A tap has a name: who asks again with it is told the rest.
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api";

const kRows = 10, kBetween = 300; // ms

interface Answer {
  rows: string[];
  over: boolean;
}

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/// A row is {"columns": [...], "cells": [...]}, or what its job's code made of it.
export function cellsOf(row: string): [string, string][] {
  try {
    const { columns, cells } = JSON.parse(row) as { columns?: string[]; cells?: unknown[] };
    if (columns && cells) return columns.map((name, i) => [name, text(cells[i])]);
  } catch { /* it is a text */ }
  return [["", row]];
}

function Rows({ rows }: { rows: string[] }) {
  const cells = rows.map(cellsOf);
  const names = cells[0]?.map(([name]) => name) ?? [];
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Rows that pass">
      <table class="rows">
        {names.some(Boolean) && <thead><tr>{names.slice(0, 12).map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>}
        <tbody>{cells.map((row, i) => <tr key={i}>{row.slice(0, 12).map(([name, value]) => <td key={name} title={value}>{value}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

export function Tap({ job, stages }: { job: number; stages: string[] }) {
  const [place, setPlace] = useState(stages[stages.length - 1]!);
  const [rows, setRows] = useState<string[] | null>(null);
  const [wrong, setWrong] = useState("");
  const run = useRef(0);
  useEffect(() => () => { run.current = -1; }, []);
  const tap = async () => {
    const mine = ++run.current;
    const name = "page-" + Math.random().toString(36).slice(2);
    setWrong("");
    setRows([]);
    try {
      for (let over = false; !over && mine === run.current;) {
        const said = await get<Answer>(`/api/v1/jobs/${job}/tap?place=${encodeURIComponent(place)}&rows=${kRows}&tap=${name}`);
        if (mine !== run.current) return;
        setRows(said.rows);
        over = said.over || said.rows.length >= kRows;
        if (!over) await new Promise((resolve) => setTimeout(resolve, kBetween));
      }
    } catch (error) {
      if (mine === run.current) setWrong((error as Error).message);
    }
  };
  return (
    <div class="tap">
      <p class="line">
        <label>Tap <select value={place} onChange={(event) => setPlace(event.currentTarget.value)}>{stages.map((stage) => <option key={stage} value={stage}>{stage}</option>)}</select></label>
        <button type="button" onClick={tap}>Show rows</button>
      </p>
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
      {rows && (rows.length ? <Rows rows={rows} /> : !wrong && <p class="quiet" role="status">waits for its rows</p>)}
    </div>
  );
}
