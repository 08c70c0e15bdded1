// A column along its rows, to be looked into: a frame drawn over it, the wheel, or keys.
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused, get } from "../api";
import { localTime } from "../table/cells";
import type { Dataset } from "../table/table";
import { datasetPath } from "../table/tiles";
import { type Range, chosen, panned, places, zoomed } from "../series";
import type { SeriesPlot } from "../series_plot";

interface Series {
  from: number | string;
  to: number | string;
  pixels: number;
  min: (number | string | boolean | null)[];
  max: (number | string | boolean | null)[];
}

const kBusy = 503, kAgain = 100; // ms
const kHeight = 260;             // px

/// What is drawn of an extreme: times as seconds since 1970, what has no place in a drawing as nothing.
function number(value: number | string | boolean | null, isTime: boolean): number | null {
  if (value === null) return null;
  const drawn = isTime ? Date.parse(String(value)) / 1000 : Number(value);
  return Number.isFinite(drawn) ? drawn : null;
}

export default function SeriesView({ about, column }: { about: Dataset; column: number }) {
  const room = useRef<HTMLDivElement>(null), act = useRef<(range: Range) => void>(() => {});
  const rows = Number(about.rows), { name, type } = about.columns[column];
  const whole = { from: 0, to: rows };
  const [range, setRange] = useState<Range>(whole);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(true);
  const now = useRef(range);
  useEffect(() => {
    const isTime = type === "timestamp";
    const valueText = (value: number) => (isTime ? localTime(new Date(value * 1000).toISOString()) : String(Number(value.toPrecision(7))));
    let drawn: SeriesPlot | null = null, wanted: Range | null = null, asking = false, ended = false;
    const control = new AbortController();
    const ask = async () => {
      asking = true;
      setBusy(true);
      // One at a time, and always the last that was wanted: the service makes few at once.
      while (wanted && !ended && drawn) {
        const one: Range = wanted, pixels = Math.min(8192, drawn.pixels());
        wanted = null;
        try {
          const said = await get<Series>(`${datasetPath(about.id)}/series?column=${encodeURIComponent(name)}&from=${one.from}&to=${one.to}&pixels=${pixels}`, control.signal);
          if (ended) return;
          drawn.show(places(one, said.pixels), said.min.map((value) => number(value, isTime)), said.max.map((value) => number(value, isTime)), wanted ?? one);
          setWrong("");
        } catch (error) {
          if (ended) return;
          if (error instanceof Refused && error.status === kBusy) {
            wanted ??= one;
            await new Promise((resolve) => setTimeout(resolve, kAgain));
          } else {
            setWrong((error as Error).message);
          }
        }
      }
      asking = false;
      if (!ended) setBusy(false);
    };
    const look = (next: Range) => {
      now.current = wanted = next;
      setRange(next);
      drawn?.move(next);
      if (!asking) void ask();
    };
    act.current = look;
    const wheel = (event: WheelEvent) => {
      if (!event.deltaY || event.shiftKey) return;
      event.preventDefault();
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      look(zoomed(now.current, event.deltaY > 0 ? 1.5 : 1 / 1.5, Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)), rows));
    };
    const all = () => look({ from: 0, to: rows });
    import("../plots").then(({ seriesPlot }) => {
      if (ended) return;
      drawn = seriesPlot(room.current!, name, kHeight, valueText, (from, to) => look(chosen(from, to, rows)));
      drawn.element.addEventListener("wheel", wheel, { passive: false });
      drawn.element.addEventListener("dblclick", all);
      all();
    }, () => setWrong("this part of the page did not come: load the page again"));
    return () => {
      ended = true;
      control.abort();
      drawn?.end();
    };
  }, [about, column]);
  const pressed = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === "+" || key === "ArrowUp") act.current(zoomed(range, 0.5, 0.5, rows));
    else if (key === "-" || key === "ArrowDown") act.current(zoomed(range, 2, 0.5, rows));
    else if (key === "ArrowLeft") act.current(panned(range, -0.25, rows));
    else if (key === "ArrowRight") act.current(panned(range, 0.25, rows));
    else if (key === "Home") act.current(whole);
    else return;
    event.preventDefault();
  };
  const text = `Rows ${(range.from + 1).toLocaleString("en")} to ${range.to.toLocaleString("en")}`;
  return (
    <div class="series" aria-busy={busy}>
      <div class="series-bar">
        <span class="figure" data-from={range.from} data-to={range.to}>{text}</span>
        <button type="button" onClick={() => act.current(zoomed(range, 0.5, 0.5, rows))}>Closer</button>
        <button type="button" onClick={() => act.current(zoomed(range, 2, 0.5, rows))}>Wider</button>
        <button type="button" onClick={() => act.current(whole)} disabled={range.from === 0 && range.to === rows}>All</button>
      </div>
      {wrong && <p class="sentence" role="alert">{wrong}</p>}
      <div ref={room} class="series-room" tabIndex={0} role="img" aria-label={`${name} along its rows. ${text}. Plus and minus look closer and wider, arrows move.`} onKeyDown={pressed} />
    </div>
  );
}
