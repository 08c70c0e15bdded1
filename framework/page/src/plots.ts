// All that draws with uPlot: one chunk, which comes when something is first drawn.
export { plot } from "./plot";
export { seriesPlot } from "./series_plot";
