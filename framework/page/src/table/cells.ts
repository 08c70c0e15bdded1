// Cells as texts: numbers as short as a table has room for, times in the reader's zone. Pure, but for that zone.

/// A cell as the service has it.
export type Cell = string | number | boolean | null;

export const kMostText = 200; // characters of a text in a cell; all of it is shown aside

export function isNumeric(type: string): boolean {
  return type === "f64" || type === "f32" || type === "f16" || type === "i64" || type === "i32";
}

export const kNull = "–";

/// What a cell says, in one line.
export function cellText(cell: Cell, type: string): string {
  if (cell === null || cell === undefined) return kNull;
  if (typeof cell === "number") return Number.isInteger(cell) ? String(cell) : realText(cell);
  if (typeof cell === "boolean") return cell ? "true" : "false";
  if (type === "timestamp") return localTime(cell);
  return oneLine(cell);
}

/// Seven digits, as many as a f32 has: 0.1234568, 1.234568e-9.
function realText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-4) return value.toPrecision(7).replace(/\.?0+(e|$)/, "$1");
  return String(Number(value.toPrecision(7)));
}

// Whatever ends a line somewhere, and what is seen nowhere.
const kBreaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, kControls = /[\0-\x1f\x7f]/g, kEither = /[\0-\x1f\x7f\u0085\u2028\u2029]/;

function oneLine(text: string): string {
  const short = text.length > kMostText ? text.slice(0, kMostText) + "…" : text;
  return kEither.test(short) ? short.replace(kBreaks, "⏎").replace(kControls, " ") : short;
}

const two = (number: number) => (number < 10 ? "0" + number : String(number));

/// "2024-03-01 14:03:22.25" of "2024-03-01T13:03:22.25Z": what is beyond a millisecond stays as it was said.
export function localTime(utc: string): string {
  const time = new Date(utc);
  if (Number.isNaN(time.getTime())) return utc;
  const part = /\.\d+/.exec(utc)?.[0] ?? "";
  const year = String(time.getFullYear()).padStart(4, "0");
  const day = `${year}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}${part}`;
}

const kPlain = /^[0-9.e+-]*$/;

/// How wide texts are, by their characters: no browser is asked for each. `measure` says how wide a text is.
export class Measured {
  private readonly widths = new Map<string, number>();

  private readonly widest: number; // of what numbers are written with

  constructor(private readonly measure: (text: string) => number) {
    this.widest = Math.max(...Array.from("0123456789.-+e", measure));
  }

  of(text: string): number {
    let width = 0;
    for (const one of text) width += this.ofOne(one);
    return width;
  }
  /// The text, or as much of it as fits, with an ellipsis.
  cut(text: string, room: number): string {
    if (text.length * this.widest <= room && kPlain.test(text)) return text;
    let width = 0, kept = 0;
    const dots = this.ofOne("…");
    let fits = 0; // characters that fit beside the ellipsis
    for (const one of text) {
      width += this.ofOne(one);
      if (width > room) return text.slice(0, fits) + "…";
      kept += one.length;
      if (width + dots <= room) fits = kept;
    }
    return text;
  }
  private ofOne(one: string): number {
    let width = this.widths.get(one);
    if (width === undefined) {
      width = this.measure(one);
      // There are a million characters; nobody reads so many.
      if (this.widths.size < 5000) this.widths.set(one, width);
    }
    return width;
  }
}
