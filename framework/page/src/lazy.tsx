// A view whose code comes when it is first opened.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export function lazy<P extends object>(load: () => Promise<{ default: ComponentType<P> }>) {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [View, setView] = useState<ComponentType<P> | null>(() => loaded);
    const [wrong, setWrong] = useState("");
    useEffect(() => {
      if (View) return;
      load().then(
        (module) => {
          loaded = module.default;
          setView(() => module.default);
        },
        () => setWrong("this part of the page did not come: load the page again"),
      );
    }, []);
    if (wrong) return <p class="sentence">{wrong}</p>;
    return View ? <View {...props} /> : <p class="quiet">…</p>;
  };
}
