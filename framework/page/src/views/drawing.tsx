// The drawing: SVG, of which only what has changed is touched.
import { useRef } from "preact/hooks";
import type { Flow, Wire } from "../flow";
import { bytes, percent } from "../format";
import { useSight } from "../in_sight";
import { short, sizeOf } from "../layout";
import type { LayoutAnswer } from "../layout_worker";
import { memo } from "../memo";
import { glyphs, type State } from "../states";

const kLine = 18;
const kLeastScale = 0.7; // as far as it is made smaller where it does not fit; then it scrolls
const kFewBoxes = 100; // of so many, each stage says its share

interface BoxProps {
  seen: boolean;
  id: number;
  stages: string;  // a line each
  shares: string;  // a line each, or ""
  replicas: number;
  state: State;
  share: string;
  x: number;
  y: number;
  chosen: boolean;
  choose: (id: number) => void;
}

const BoxMark = memo(({ id, stages, shares, replicas, state, share, x, y, chosen, choose }: BoxProps) => {
  const names = stages.split("\n"), parts = shares ? shares.split("\n") : [];
  const { width, height } = sizeOf(names);
  const what = `${names.join(", ")}: ${state} ${share}` + (replicas > 1 ? `, ${replicas} replicas` : "");
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(id);
  };
  return (
    <g id={`cell-${id}`} class={`cell ${state}${chosen ? " chosen" : ""}`} transform={`translate(${Math.round(x - width / 2)},${Math.round(y - height / 2)})`}
       tabindex={0} role="button" aria-label={what} onClick={() => choose(id)} onKeyDown={pressed}>
      <rect width={width} height={height} rx={5} />
      <text class="top" x={10} y={kLine}>{glyphs[state]} {share}{replicas > 1 ? `  ×${replicas}` : ""}</text>
      {names.map((name, i) => <text x={10} y={(i + 2) * kLine} key={i}>{short(name)}</text>)}
      {names.length > 1 && parts.map((part, i) => <text class="part" x={width - 10} y={(i + 2) * kLine} key={i}>{part}</text>)}
    </g>
  );
});

interface WireProps {
  seen: boolean;
  path: string;
  label: string;
  used: number; // tenths
  x: number;
  y: number;
}

const WireMark = memo(({ path, label, used, x, y }: WireProps) => (
  <>
    <path class={used >= 9 ? "wire full" : "wire"} d={path} stroke-width={1 + used / 4} />
    <text class="wire" x={x} y={y - 5}>{label}</text>
  </>
));

/// "12 MiB/s, 91%": what passes, and how much of the credit is used.
export function labelOf(wire: Wire): string {
  const rate = wire.rate === null ? "" : bytes(wire.rate) + "/s";
  return rate + (wire.used === null ? "" : (rate ? ", " : "") + percent(wire.used));
}

function pathOf(points: { x: number; y: number }[]): string {
  const [first, ...rest] = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
  return `M${first}L${rest.join("L")}`;
}

export function Drawing({ flow, layout, chosen, choose }: { flow: Flow; layout: LayoutAnswer; chosen: number | null; choose: (id: number) => void }) {
  const wires = new Map(flow.wires.map((wire) => [`${wire.from}>${wire.to}`, wire]));
  const { width, height } = layout;
  const drawn = useRef<SVGSVGElement>(null);
  const inSight = useSight(drawn, width);
  const few = flow.boxes.length <= kFewBoxes;
  return (
    <div class="drawing" tabIndex={-1}>
      <svg ref={drawn} width={Math.ceil(width)} height={Math.ceil(height)} style={{ minWidth: kLeastScale * width + "px" }} viewBox={`0 0 ${Math.ceil(width)} ${Math.ceil(height)}`} role="group" aria-label="The graph: cells and what passes between them">
        <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.5L8,4L0,7.5z" /></marker></defs>
        {layout.edges.map(({ from, to, points }) => {
          const wire = wires.get(`${from}>${to}`);
          const middle = points[Math.floor(points.length / 2)]!;
          return wire && <WireMark seen={inSight(middle.x, middle.y)} key={`${from}>${to}`} path={pathOf(points)} label={labelOf(wire)} used={Math.round((wire.used ?? 0) * 10)} x={middle.x} y={middle.y} />;
        })}
        {flow.boxes.map((box) => {
          const at = layout.boxes[box.id];
          return at && (
            <BoxMark seen={inSight(at.x, at.y)} key={box.id} id={box.id} stages={box.stages.join("\n")} shares={few && box.stages.length > 1 ? box.stageShares.map(percent).join("\n") : ""}
                     replicas={box.count} state={box.state} share={box.state === "done" ? "ended" : percent(box.share)} x={at.x} y={at.y} chosen={chosen === box.id} choose={choose} />
          );
        })}
      </svg>
    </div>
  );
}
