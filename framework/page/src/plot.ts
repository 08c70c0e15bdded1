// uPlot, and how leat's curves look in it: of this there is one chunk, which comes when a curve is first shown.
import uPlot from "uplot";

export interface PlotOptions {
  xTime: boolean;                     // x is seconds since the job began
  valueText: (value: number) => string;
  xText: (value: number) => string;
  height: number;
}

const colour = (element: Element, name: string) => getComputedStyle(element).getPropertyValue(name).trim();

export interface Plot {
  show: (points: [number, number][]) => void;
  end: () => void;
}

/// Draws a curve into the element, as wide as that is, and follows both.
export function plot(element: HTMLElement, name: string, options: PlotOptions): Plot {
  const line = colour(element, "--accent"), text = colour(element, "--quiet"), grid = colour(element, "--line");
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: "11px system-ui", size: 22 };
  const width = () => Math.max(200, element.clientWidth);
  const made = new uPlot(
    {
      width: width(),
      height: options.height,
      cursor: { y: false, points: { size: 6 } },
      legend: { show: true, live: true },
      scales: { x: { time: false } },
      axes: [
        { ...axis, values: (_, values) => values.map(options.xText) },
        { ...axis, size: 68, values: (_, values) => values.map(options.valueText) },
      ],
      series: [
        { label: options.xTime ? "after" : "step", value: (_, value) => (value === null ? "–" : options.xText(value)) },
        { label: name, stroke: line, width: 1.5, points: { show: false }, value: (_, value) => (value === null ? "–" : options.valueText(value)) },
      ],
    },
    [[], []],
    element,
  );
  const resized = new ResizeObserver(() => made.setSize({ width: width(), height: options.height }));
  resized.observe(element);
  return {
    show: (points) => made.setData([points.map(([x]) => x), points.map(([, y]) => y)]),
    end: () => {
      resized.disconnect();
      made.destroy();
    },
  };
}
