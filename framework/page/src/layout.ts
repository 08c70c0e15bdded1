// Where the boxes of a shape lie: asked once a shape of the worker, and kept.
import type { Flow } from "./flow";
import type { LayoutAnswer, LayoutQuestion } from "./layout_worker";

const kKept = 8;
const kLine = 18, kCharacter = 6.6, kMostCharacters = 26;

const known = new Map<string, Promise<LayoutAnswer>>();
const waiting = new Map<string, (answer: LayoutAnswer) => void>();
let worker: Worker | null = null;
export let layoutsMade = 0; // for who counts

function ask(question: LayoutQuestion): Promise<LayoutAnswer> {
  if (!worker) {
    worker = new Worker("/assets/layout.js", { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
      waiting.get(data.shape)?.(data);
      waiting.delete(data.shape);
    };
  }
  ++layoutsMade;
  return new Promise((resolve) => {
    waiting.set(question.shape, resolve);
    worker!.postMessage(question);
  });
}

export function short(name: string): string {
  return name.length > kMostCharacters ? name.slice(0, kMostCharacters - 1) + "…" : name;
}

export function sizeOf(stages: string[]): { width: number; height: number } {
  const most = Math.max(8, ...stages.map((name) => short(name).length));
  return { width: Math.round(most * kCharacter + 62), height: (stages.length + 1) * kLine + 12 };
}

/// Names a shape: what is the same is laid out once.
export function shapeOf({ boxes, wires }: Flow, down: boolean): string {
  return JSON.stringify([down, boxes.map((box) => [box.id, box.stages]), wires.map((wire) => [wire.from, wire.to])]);
}

export function layoutOf(flow: Flow, shape: string, down: boolean): Promise<LayoutAnswer> {
  const found = known.get(shape);
  if (found) return found;
  const answer = ask({
    shape,
    boxes: flow.boxes.map((box) => ({ id: String(box.id), ...sizeOf(box.stages) })),
    edges: flow.wires.map((wire) => [String(wire.from), String(wire.to)]),
    down,
  });
  known.set(shape, answer);
  if (known.size > kKept) known.delete(known.keys().next().value!);
  return answer;
}
