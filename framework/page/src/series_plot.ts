// A long column drawn: the band between the least and the greatest of what each pixel shows.
import uPlot from "uplot";
import type { Range } from "./series";

export interface SeriesPlot {
  element: HTMLElement;
  /// Draws what came of a range.
  show: (x: number[], least: (number | null)[], greatest: (number | null)[], range: Range) => void;
  /// Draws what there is, at another range.
  move: (range: Range) => void;
  /// Pixels that it has for rows.
  pixels: () => number;
  end: () => void;
}

const colour = (element: Element, name: string) => getComputedStyle(element).getPropertyValue(name).trim() || "#808080";

/// `chosen`: somebody has drawn a frame over these rows. `valueText`: of a number of the column.
export function seriesPlot(room: HTMLElement, name: string, height: number, valueText: (value: number) => string,
                           chosen: (from: number, to: number) => void): SeriesPlot {
  const line = colour(room, "--accent"), text = colour(room, "--quiet"), grid = colour(room, "--line");
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: "11px system-ui" };
  const width = () => Math.max(200, room.clientWidth);
  const said = (_: uPlot, value: number | null) => (value === null || value === undefined ? "–" : valueText(value));
  const rowText = (_: uPlot, value: number | null) => (value === null || value === undefined ? "–" : (Math.floor(value) + 1).toLocaleString("en"));
  const curve = { stroke: line, width: 1, points: { show: false } };
  const made = new uPlot(
    {
      width: width(),
      height,
      cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 5 } },
      legend: { show: true, live: true },
      scales: { x: { time: false } },
      axes: [
        { ...axis, size: 22, values: (_, values) => values.map((one) => (Number.isInteger(one) ? (one + 1).toLocaleString("en") : "")) },
        { ...axis, size: 76, values: (_, values) => values.map(valueText) },
      ],
      series: [{ label: "row", value: rowText }, { label: `least ${name}`, ...curve, value: said }, { label: "greatest", ...curve, value: said }],
      bands: [{ series: [2, 1], fill: line + "40" }],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width: wide } = plot.select;
            if (wide < 3) return;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            chosen(plot.posToVal(left, "x"), plot.posToVal(left + wide, "x"));
          },
        ],
      },
    },
    [[], [], []],
    room,
  );
  const move = ({ from, to }: Range) => made.setScale("x", { min: from, max: Math.max(from + 1, to) });
  const resized = new ResizeObserver(() => {
    if (made.width !== width()) made.setSize({ width: width(), height });
  });
  resized.observe(room);
  return {
    element: made.over,
    show: (x, least, greatest, range) => made.batch(() => {
      made.setData([x, least, greatest], false);
      move(range);
    }),
    move,
    pixels: () => Math.round(Math.max(100, made.over.clientWidth, width() - 96) * Math.min(2, devicePixelRatio)),
    end: () => {
      resized.disconnect();
      made.destroy();
    },
  };
}
