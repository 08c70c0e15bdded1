// What a column's values are like: of numbers that were fetched, or of what a job has written down. Pure.
import type { Cell } from "./table/cells";

export const kBars = 32;

export interface Statistics {
  looked: number; // rows
  nulls: number;
  least: number | null;
  greatest: number | null;
  mean: number | null;
  deviation: number | null;
  bars: number[];       // counts between the least and the greatest
  distinct: [string, number][]; // of texts and truths: the most frequent first
}

const kDistinct = 8;

/// Of cells of a column. Numbers are told by their type, so that "inf" and integers beyond 2^53, which are texts, count.
export function statisticsOf(cells: readonly Cell[], numeric: boolean): Statistics {
  const given = cells.filter((one) => one !== null), numbers = numeric ? given.map(real).filter(Number.isFinite) : [];
  let least = Infinity, greatest = -Infinity, sum = 0;
  for (const one of numbers) {
    least = Math.min(least, one);
    greatest = Math.max(greatest, one);
    sum += one;
  }
  const mean = numbers.length ? sum / numbers.length : null;
  let squares = 0;
  for (const one of numbers) squares += (one - mean!) ** 2;
  return {
    looked: cells.length,
    nulls: cells.length - given.length,
    least: numbers.length ? least : null,
    greatest: numbers.length ? greatest : null,
    mean,
    deviation: numbers.length > 1 ? Math.sqrt(squares / (numbers.length - 1)) : null,
    bars: numbers.length ? barsOf(numbers, least, greatest) : [],
    distinct: numeric ? [] : frequent(given),
  };
}

function real(cell: Cell): number {
  return cell === "inf" ? Infinity : cell === "-inf" ? -Infinity : Number(cell);
}

function barsOf(numbers: readonly number[], least: number, greatest: number): number[] {
  const bars = new Array<number>(least === greatest ? 1 : kBars).fill(0);
  // Halved, as the way from the least to the greatest number is more than a number holds.
  const scale = bars.length / (greatest / 2 - least / 2) / 2;
  for (const one of numbers) bars[Math.min(bars.length - 1, Math.max(0, Math.floor(2 * (one / 2 - least / 2) * scale) || 0))]++;
  return bars;
}

function frequent(cells: readonly Cell[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const one of cells) counts.set(String(one), (counts.get(String(one)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, kDistinct);
}

export interface Bars {
  bars: number[];
  from: number; // where the first begins
  to: number;   // where the last ends
}

/// The bars that a job has written down of a column (leat::summary), if it has: counts with spaces between.
export function writtenBars(row: ReadonlyMap<string, Cell>): Bars | null {
  const bars = String(row.get("bins") ?? "").split(" ").filter(Boolean).map(Number), from = row.get("bins_from"), width = row.get("bin_width");
  if (!bars.length || !bars.every(Number.isFinite) || typeof from !== "number" || typeof width !== "number") return null;
  return { bars, from, to: from + width * bars.length };
}
