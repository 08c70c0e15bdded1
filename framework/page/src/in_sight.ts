// Which part of a drawing is in sight: what is not need not be told of changes.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const kAround = 300, kStep = 200; // units of the drawing: what is nearly in sight; how far one scrolls before it counts

interface Part {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function partOf(drawing: SVGSVGElement, width: number): Part {
  const at = drawing.getBoundingClientRect();
  const scale = at.width > 0 ? at.width / width : 1;
  const from = (edge: number) => Math.floor((-edge / scale - kAround) / kStep) * kStep;
  const to = (end: number) => Math.ceil((end / scale + kAround) / kStep) * kStep;
  return { left: from(at.left), right: to(innerWidth - at.left), top: from(at.top), bottom: to(innerHeight - at.top) };
}

const same = (one: Part, other: Part) => one.left === other.left && one.right === other.right && one.top === other.top && one.bottom === other.bottom;

/// Whether a point of a drawing of that width is in sight, or nearly.
export function useSight(drawing: RefObject<SVGSVGElement>, width: number): (x: number, y: number) => boolean {
  const [part, setPart] = useState<Part | null>(null);
  useEffect(() => {
    const look = () => {
      if (!drawing.current) return;
      const next = partOf(drawing.current, width);
      setPart((known) => (known && same(known, next) ? known : next));
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(drawing.current!);
    addEventListener("scroll", look, { capture: true, passive: true });
    addEventListener("resize", look);
    return () => {
      resized.disconnect();
      removeEventListener("scroll", look, { capture: true });
      removeEventListener("resize", look);
    };
  }, [width]);
  return (x, y) => !part || (x >= part.left && x <= part.right && y >= part.top && y <= part.bottom);
}
