// How wide columns are: as their first rows and their names want, within bounds by type.
import { Columns } from "./columns";
import { Measured, cellText, isNumeric } from "./cells";
import type { Cell } from "./cells";
import type { Column } from "./tiles";

export const kPad = 16; // px, both sides of a cell
const kLooked = 64;     // rows

/// Least and most pixels of a column's text.
function bounds(type: string): [number, number] {
  if (type === "bool") return [36, 120];
  if (type === "timestamp") return [136, 220];
  if (type === "i64" || type === "i32") return [56, 220];
  if (isNumeric(type)) return [76, 160];
  return [56, 280];
}

/// Characters of the element's font, digits all as wide as the widest.
export function measuredBy(font: string): Measured {
  const drawn = document.createElement("canvas").getContext("2d")!;
  drawn.font = font;
  const digit = Math.max(...Array.from("0123456789", (one) => drawn.measureText(one).width));
  return new Measured((text) => (text >= "0" && text <= "9" ? digit : drawn.measureText(text).width));
}

export function columnsFor(columns: readonly Column[], first: readonly Cell[][], measured: Measured): Columns {
  return new Columns(columns.map(({ name, type }, at) => {
    const [least, most] = bounds(type);
    let width = Math.min(measured.of(name) * 1.1, most);
    for (const row of first.slice(0, kLooked)) width = Math.max(width, measured.of(cellText(row[at], type)));
    return Math.ceil(Math.min(Math.max(width + 2, least), most)) + kPad;
  }));
}
