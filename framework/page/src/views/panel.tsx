// A panel of the program: its module is loaded when it is opened, and draws into an element of its own.
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api";

export interface PanelEntry {
  name: string;
  module: string;
}

/// What a panel's module exports by default: it draws into the element, asks the service by `fetch`, and may return what to
/// call when it is left.
type Draw = (element: HTMLElement, fetch: typeof window.fetch) => unknown;

export default function Panel({ name }: { name: string }) {
  const room = useRef<HTMLDivElement>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    let left = false;
    let leave: unknown;
    const open = async () => {
      const { panels } = await get<{ panels: PanelEntry[] }>("/api/v1/panels");
      const found = panels.find((one) => one.name === name);
      if (!found) throw new Error(`there is no panel ${name}`);
      const module: { default?: Draw } = await import(found.module);
      if (left || !room.current) return;
      if (typeof module.default === "function") leave = module.default(room.current, window.fetch.bind(window));
    };
    open().catch((error: Error) => setWrong(error.message));
    return () => {
      left = true;
      if (typeof leave === "function") leave();
    };
  }, [name]);
  return (
    <section>
      <h1>{name}</h1>
      {wrong && <p class="sentence">{wrong}</p>}
      <div ref={room} class="panel" />
    </section>
  );
}
