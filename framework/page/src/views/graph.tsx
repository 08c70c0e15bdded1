// The graph of a job: boxes and wires, or, for readers and for what is too large to draw, a list.
import { useEffect, useRef, useState } from "preact/hooks";
import { flowOf, type Flow } from "../flow";
import { type Plan, plannedFlow } from "../plan";
import { get } from "../api";
import { layoutOf, shapeOf } from "../layout";
import { hasEnded } from "../states";
import type { LayoutAnswer } from "../layout_worker";
import type { Watched } from "../store";
import type { Job } from "../types";
import { Drawer } from "./drawer";
import { Drawing } from "./drawing";
import { GraphList } from "./graph_list";
import { StageTable } from "./stage_table";

export const kMostDrawn = 300;

/// A cell, and those that it is wired to.
export function around(flow: Flow, id: number | null): Flow {
  const centre = id ?? flow.boxes[0]?.id;
  const wires = flow.wires.filter((wire) => wire.from === centre || wire.to === centre);
  const near = new Set([centre, ...wires.flatMap((wire) => [wire.from, wire.to])]);
  const boxes = flow.boxes.filter((box) => near.has(box.id)).slice(0, kMostDrawn / 3);
  const kept = new Set(boxes.map((box) => box.id));
  return { ...flow, boxes, wires: wires.filter((wire) => kept.has(wire.from) && kept.has(wire.to)) };
}

function useNarrow(): boolean {
  const query = useRef(matchMedia("(max-width: 40rem)")).current;
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const changed = () => setNarrow(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return narrow;
}

function useLayout(flow: Flow, down: boolean): LayoutAnswer | null {
  const shape = shapeOf(flow, down);
  const [layout, setLayout] = useState<LayoutAnswer | null>(null);
  useEffect(() => {
    let left = false;
    void layoutOf(flow, shape, down).then((answer) => { if (!left) setLayout(answer); });
    return () => { left = true; };
  }, [shape]);
  return layout?.shape === shape ? layout : null;
}

function Drawn({ flow, chosen, choose }: { flow: Flow; chosen: number | null; choose: (id: number) => void }) {
  const down = useNarrow();
  const layout = useLayout(flow, down);
  return layout ? <Drawing flow={flow} layout={layout} chosen={chosen} choose={choose} /> : <p class="quiet">…</p>;
}

function overall(flow: Flow, done: boolean): Flow {
  const boxes = done ? flow.boxes.map((box) => ({ ...box, state: "done" as const })) : flow.boxes;
  return { ...flow, boxes, wires: flow.wires.map((wire) => ({ ...wire, used: null })) };
}

const several = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

function usePlan(id: number, wanted: boolean): Plan | null {
  const [plan, setPlan] = useState<Plan | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const left = new AbortController();
    get<Plan>(`/api/v1/jobs/${id}/graph`, left.signal).then(setPlan, () => {});
    return () => left.abort();
  }, [id, wanted]);
  return plan;
}

// Of one that has ended, what it did in all its time; what was on its way then is no more.
function flowIn({ snapshot, before }: Watched, job: Job, plan: Plan | null): Flow | null {
  if (!snapshot?.cells.length) return plan && plannedFlow(plan, job);
  return hasEnded(job) ? overall(flowOf(snapshot, null), job.stage === "done") : flowOf(snapshot, before);
}

export default function Graph({ job, ...known }: Watched & { job: Job }) {
  const [list, setList] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const none = !known.snapshot?.cells.length;
  const plan = usePlan(job.id, none);
  const flow = flowIn({ job, ...known }, job, plan);
  if (!flow) return <StageTable job={job} />;
  const large = flow.boxes.length > kMostDrawn;
  const box = flow.boxes.find((one) => one.id === chosen);
  const close = () => {
    setChosen(null);
    document.getElementById(`cell-${chosen}`)?.focus();
  };
  return (
    <div class={box ? "graph open" : "graph"}>
      <p class="choice" role="group" aria-label="How the graph is shown">
        <button type="button" aria-pressed={!list} onClick={() => setList(false)}>{large ? "Neighbours" : "Drawing"}</button>
        <button type="button" aria-pressed={list} onClick={() => setList(true)}>List</button>
        <span class="quiet">{several(flow.boxes.length, "cell")}, {several(flow.boxes.reduce((sum, one) => sum + one.count, 0), "replica")}{large ? ": too many to draw, so one and its neighbours" : ""}</span>
      </p>
      <div class="beside">
        {list || (large && chosen === null) ? <GraphList flow={flow} chosen={chosen} choose={setChosen} />
          : <Drawn flow={large ? around(flow, chosen) : flow} chosen={chosen} choose={setChosen} />}
        {box && <Drawer job={job} box={box} flow={flow} close={close} choose={setChosen} key={box.id} />}
      </div>
      {hasEnded(job) && <StageTable job={job} />}
    </div>
  );
}
