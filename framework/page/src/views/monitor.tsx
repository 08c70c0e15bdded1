// How the page itself does: frames, what keeps them waiting, memory, and how late it hears of what happens.
import { useEffect, useState } from "preact/hooks";
import { bytes, count, duration, unknown } from "../format";
import { heardAt, lag } from "../store";

interface Figures {
  frames: number; // a second
  longest: number; // s, of a frame
  tasks: number;  // over 50 ms, since it was opened
  task: number;   // s, the longest of them
  heap?: number;
}

const kEvery = 500; // ms

function useFigures(): Figures | null {
  const [figures, setFigures] = useState<Figures | null>(null);
  useEffect(() => {
    let frame = 0, frames = 0, longest = 0, before = 0, from = performance.now(), tasks = 0, task = 0;
    const looks = new PerformanceObserver((list) => {
      for (const one of list.getEntries()) {
        tasks++;
        task = Math.max(task, one.duration / 1000);
      }
    });
    if (PerformanceObserver.supportedEntryTypes?.includes("longtask")) looks.observe({ type: "longtask" });
    const count = (time: number) => {
      frame = requestAnimationFrame(count);
      frames++;
      if (before) longest = Math.max(longest, (time - before) / 1000);
      before = time;
      const now = performance.now();
      if (now - from < kEvery) return;
      const { memory } = performance as { memory?: { usedJSHeapSize: number } };
      setFigures({ frames: (frames * 1000) / (now - from), longest, tasks, task, heap: memory?.usedJSHeapSize });
      frames = longest = 0;
      from = now;
    };
    frame = requestAnimationFrame(count);
    return () => {
      cancelAnimationFrame(frame);
      looks.disconnect();
    };
  }, []);
  return figures;
}

export default function Monitor() {
  const figures = useFigures();
  if (!figures) return null;
  const heard = heardAt.value ? (performance.now() - heardAt.value) / 1000 : null;
  const pairs: [string, string][] = [
    ["frames", `${Math.round(figures.frames)}/s`],
    ["longest frame", duration(figures.longest)],
    ["tasks over 50 ms", count(figures.tasks) + (figures.tasks ? `, longest ${duration(figures.task)}` : "")],
    ["heap", figures.heap ? bytes(figures.heap) : unknown],
    ["nodes", count(document.getElementsByTagName("*").length)],
    ["lag", lag.value === null ? unknown : duration(Math.max(0, lag.value))],
    ["last heard", heard === null ? unknown : duration(heard) + " ago"],
  ];
  return (
    <aside class="monitor" aria-label="Monitor">
      <dl>{pairs.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="figure">{value}</dd></div>)}</dl>
    </aside>
  );
}
