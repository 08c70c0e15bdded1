// Which rows of a series are seen, and how that changes. Pure.

export interface Range {
  from: number;
  to: number;
}

export const kFewest = 16; // rows that are seen

/// The range with its length times `by`, the row at `share` (0 to 1) of it staying where it is; within [0, rows).
export function zoomed(range: Range, by: number, share: number, rows: number): Range {
  const length = range.to - range.from, wanted = Math.max(Math.min(kFewest, rows), Math.min(rows, Math.round(length * by)));
  return within(Math.round(range.from + (length - wanted) * share), wanted, rows);
}

/// Moved by a share of what is seen.
export function panned(range: Range, by: number, rows: number): Range {
  const length = range.to - range.from;
  return within(range.from + Math.round(length * by), length, rows);
}

/// Rows that somebody has chosen, in either order.
export function chosen(one: number, other: number, rows: number): Range {
  const from = Math.floor(Math.min(one, other)), to = Math.ceil(Math.max(one, other));
  const length = Math.max(Math.min(kFewest, rows), to - from);
  return within(from, length, rows);
}

function within(from: number, length: number, rows: number): Range {
  const kept = Math.min(length, rows), begin = Math.max(0, Math.min(from, rows - kept));
  return { from: begin, to: begin + kept };
}

/// The middle row of each of so many pixels, as the service cuts a range into them.
export function places({ from, to }: Range, pixels: number): number[] {
  const all: number[] = [];
  for (let pixel = 0; pixel < pixels; ++pixel) all.push(from + ((pixel + 0.5) * (to - from)) / pixels);
  return all;
}
