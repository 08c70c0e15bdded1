// Where the page is: the part of its address behind the #.
import { signal } from "@preact/signals";

export interface Place {
  view: string;      // "jobs", "data", "new", "panels"
  id: string | null; // of a job, a dataset or a panel; of a new job, what it is to read
  tab: string;       // of a job; "": the first
}

export function parse(hash: string): Place {
  const [view = "", id, tab = ""] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  return { view: view || "jobs", id: id || null, tab };
}

// What somebody has typed need not be an encoding of anything.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const place = signal<Place>(parse(location.hash));

addEventListener("hashchange", () => {
  place.value = parse(location.hash);
});

export function href(...parts: (string | number)[]): string {
  return "#/" + parts.map((part) => encodeURIComponent(String(part))).join("/");
}

export function go(...parts: (string | number)[]): void {
  location.hash = href(...parts);
}
