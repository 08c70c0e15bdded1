// The curves of a job: those that its program samples, such as a loss, throughput, and memory.
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api";
import { heardCurves } from "../curves";
import { bytes, count, duration } from "../format";
import type { Plot } from "../plot";
import { hasEnded } from "../states";
import { now } from "../store";
import { thinned } from "../thinned";
import type { Curve, Job } from "../types";

const kMostCharts = 24, kHeight = 160;

function textOf(name: string): (value: number) => string {
  if (/memory|bytes/.test(name)) return (value) => bytes(value);
  return (value) => (Math.abs(value) >= 1000 || Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(4))));
}

/// The service tells when; shown is how long after the start.
function sinceStart(curve: Curve, job: Job): Curve {
  const start = Date.parse(job.started ?? job.submitted ?? "") / 1000;
  return curve.x === "step" ? curve : { ...curve, points: curve.points.map(([x, y]) => [x - start, y]) };
}

const keyOf = ({ name, stage }: Curve) => (stage ? `${name} of ${stage}` : name);

function Chart({ curve }: { curve: Curve }) {
  const room = useRef<HTMLDivElement>(null);
  const drawn = useRef<Plot | null>(null);
  const newest = useRef(curve);
  newest.current = curve;
  useEffect(() => {
    let left = false;
    void import("../plots").then(({ plot }) => {
      if (left || !room.current) return;
      const xText = curve.x === "time" ? (value: number) => (value === 0 ? "0" : duration(value)) : count;
      drawn.current = plot(room.current, curve.name, { xTime: curve.x === "time", valueText: textOf(curve.name), xText, height: kHeight });
      drawn.current.show(newest.current.points);
    });
    return () => {
      left = true;
      drawn.current?.end();
      drawn.current = null;
    };
  }, []);
  useEffect(() => { drawn.current?.show(curve.points); }, [curve.points]);
  const last = curve.points[curve.points.length - 1];
  const text = textOf(curve.name);
  return (
    <figure>
      <figcaption>{keyOf(curve)} <b>{last ? text(last[1]) : ""}</b></figcaption>
      <div ref={room} class="plot" role="img" aria-label={`${curve.name}, ${curve.points.length} points${last ? `, the last is ${text(last[1])}` : ""}`} />
    </figure>
  );
}

export function Charts({ job }: { job: Job }) {
  const [kept, setKept] = useState<Curve[]>([]);
  const running = !hasEnded(job);
  useEffect(() => {
    const left = new AbortController();
    get<{ charts: Curve[] }>(`/api/v1/jobs/${job.id}/charts`, left.signal).then(({ charts }) => setKept(charts.map((one) => sinceStart(one, job))), () => {});
    return () => left.abort();
  }, [job.id, job.stage, running ? now.value : 0]);
  const names = new Set(kept.map(keyOf));
  const curves = [...kept, ...heardCurves.value.filter((one) => !names.has(keyOf(one)))].slice(0, kMostCharts);
  if (!curves.length) return <p class="quiet">{running ? "It has told no curve yet." : "It has left no curve."}</p>;
  return <div class="charts">{curves.map((curve) => <Chart key={keyOf(curve)} curve={{ ...curve, points: thinned(curve.points) }} />)}</div>;
}
