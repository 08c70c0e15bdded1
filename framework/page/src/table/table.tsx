// A dataset's rows: its table, how dense it is, which row to go to, and a cell's text aside.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { get } from "../api";
import { exactly, zone } from "../format";
import { type Cell, isNumeric } from "./cells";
import { Grid, type Shown } from "./grid";
import { type Column, type Rows, Tiles, datasetPath } from "./tiles";
import { columnsFor, kPad, measuredBy } from "./widths";

export interface Dataset {
  id: string;
  bytes: number | string;
  rows: number | string;
  chunks: number | string;
  columns: Column[];
}

const kFont = "13px system-ui, sans-serif"; // as table.css has it
const kHeadFont = "600 13px system-ui, sans-serif";
export const densities = { compact: 20, normal: 26, roomy: 36 } as const;
type Density = keyof typeof densities;
const kDensity = "leat.density";

function keptDensity(): Density {
  try {
    const kept = localStorage.getItem(kDensity);
    return kept && kept in densities ? (kept as Density) : "normal";
  } catch {
    return "normal";
  }
}
function keepDensity(density: Density): void {
  try {
    localStorage.setItem(kDensity, density);
  } catch {
    // It is chosen again next time.
  }
}

interface Opened {
  row: number;
  column: number;
}

export function Table({ about, first, onColumn }: { about: Dataset; first: Rows; onColumn: (column: number) => void }) {
  const room = useRef<HTMLDivElement>(null), grid = useRef<Grid | null>(null), shown = useRef<Shown | null>(null);
  const [density, setDensity] = useState(keptDensity);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [wrong, setWrong] = useState("");
  const rows = Number(about.rows);
  // Not after the next frame, but in it.
  useLayoutEffect(() => {
    const measured = measuredBy(kFont), heads = measuredBy(kHeadFont);
    const columns = columnsFor(about.columns, first.rows, measured);
    const tiles = new Tiles(about.id, about.columns, rows, measured, (column) => columns.widthOf(column) - kPad, () => {
      setWrong(tiles.sentence);
      grid.current?.drawSoon();
    });
    tiles.put(first);
    shown.current = {
      columns, tiles, rows, rowHeight: densities[density],
      titles: {
        numeric: (column) => isNumeric(about.columns[column].type),
        title: (column) => heads.cut(about.columns[column].name, columns.widthOf(column) - kPad),
        hint: (column) => `${about.columns[column].name}: ${about.columns[column].type}${about.columns[column].type === "timestamp" ? ", shown as in " + zone : ""}`,
      },
      open: (row, column) => (row < 0 ? onColumn(column) : setOpened({ row, column })),
    };
    grid.current = new Grid(shown.current, `Rows of ${about.id}`);
    room.current!.append(grid.current.element);
    grid.current.begin();
    return () => {
      grid.current?.close();
      grid.current?.element.remove();
      grid.current = null;
      tiles.close();
    };
  }, [about, first]);
  useEffect(() => {
    if (!shown.current || shown.current.rowHeight === densities[density]) return;
    shown.current.rowHeight = densities[density];
    grid.current?.show(shown.current);
  }, [density]);
  const close = () => {
    setOpened(null);
    grid.current?.element.focus();
  };
  return (
    <div class="table">
      <form class="table-bar" onSubmit={(event) => {
        event.preventDefault();
        const row = Number(new FormData(event.currentTarget).get("row"));
        if (row >= 1) grid.current?.go(row - 1, grid.current.column);
        grid.current?.element.focus();
      }}>
        <label>Row <input name="row" type="number" min="1" max={rows} class="table-go" /></label>
        <label>Density{" "}
          <select value={density} onChange={(event) => {
            const chosen = event.currentTarget.value as Density;
            setDensity(chosen);
            keepDensity(chosen);
          }}>
            {Object.keys(densities).map((one) => <option value={one} key={one}>{one}</option>)}
          </select>
        </label>
        {wrong && <span class="sentence" role="alert">{wrong}</span>}
      </form>
      <div class="table-room" ref={room}>
        {opened && <Aside about={about} opened={opened} close={close} key={`${opened.row} ${opened.column}`} />}
      </div>
    </div>
  );
}

/// All of a cell.
function Aside({ about, opened, close }: { about: Dataset; opened: Opened; close: () => void }) {
  const { name, type } = about.columns[opened.column];
  const [cell, setCell] = useState<Cell | undefined>(undefined);
  const [wrong, setWrong] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const control = new AbortController();
    const one = name !== "" && name === name.trim() && !name.includes(",") ? "&columns=" + encodeURIComponent(name) : "";
    get<Rows>(`${datasetPath(about.id)}/rows?from=${opened.row}&to=${opened.row + 1}${one}`, control.signal).then(
      (said) => setCell(said.rows[0][one ? 0 : opened.column]),
      (error: Error) => {
        if (!control.signal.aborted) setWrong(error.message);
      },
    );
    return () => control.abort();
  }, []);
  // Before it is seen: who presses a key then means it.
  useLayoutEffect(() => button.current?.focus(), []);
  const time = type === "timestamp" && typeof cell === "string" ? new Date(cell) : null;
  return (
    <aside class="table-aside" aria-label={`Row ${opened.row + 1}, ${name}`} onKeyDown={(event) => {
      if (event.key === "Escape") close();
    }}>
      <button ref={button} type="button" class="table-close" aria-label="Close" onClick={close}>✕</button>
      <h2>{name || "(no name)"}</h2>
      <p class="quiet">{type}, row {opened.row + 1}</p>
      {wrong && <p class="sentence">{wrong}</p>}
      {cell === null ? <p class="quiet">null</p> : <pre tabIndex={0}>{cell === undefined ? "" : String(cell)}</pre>}
      {time && !Number.isNaN(time.getTime()) && <p>{exactly(time)}</p>}
    </aside>
  );
}
