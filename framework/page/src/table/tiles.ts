// The cells that a table shows, fetched in tiles as they are needed: so many rows of so many columns. What nobody looks
// at any more is not waited for, and a small number of tiles is kept.
import { Refused, get } from "../api";
import { type Cell, type Measured, cellText } from "./cells";

export interface Column {
  name: string;
  type: string;
  nullable: boolean;
}

export interface Rows {
  columns: string[];
  from: number | string;
  next: number | string | null;
  rows: Cell[][];
}

export const kBand = 8; // rows that are shown by one text
export const kTileRows = 32 * kBand;
export const kTileColumns = 16;
const kBandsOfTile = kTileRows / kBand;
const kMostTiles = 32;
const kMostAsked = 4;
const kAgain = 1000; // ms until what was refused is asked again

interface Tile {
  lines: string[];      // of a band of rows and a column each, band by band
  open: string[];       // cells of the last band, which has not all its rows yet
  rows: number;         // that have come
  whole: boolean;
  used: number;
}

export function datasetPath(id: string): string {
  return "/api/v1/datasets/" + encodeURIComponent(id);
}

/// Whether columns can be asked for by name: commas stand between names.
function named(columns: readonly Column[]): boolean {
  return columns.every(({ name }) => name !== "" && name === name.trim() && !name.includes(","));
}

export class Tiles {
  /// Counts arrivals.
  version = 0;
  sentence = ""; // why the last one was refused
  private readonly tiles = new Map<number, Tile>();
  private readonly asked = new Map<number, AbortController>();
  private readonly wide: number; // columns of a tile
  private readonly across: number;
  private wanted: number[] = [];
  private wantedBefore: number[] = [];
  private clock = 0;
  private paused = 0; // until when nothing is asked: a timer
  private closed = false;
  private stopped = false; // until something else is wanted

  /// `room`: pixels for the text of a column. `arrived` is called when there is something new.
  constructor(private readonly id: string, readonly columns: readonly Column[], readonly rows: number,
              private readonly measured: Measured, private readonly room: (column: number) => number,
              private readonly arrived: () => void) {
    this.wide = named(columns) ? kTileColumns : Math.max(1, columns.length);
    this.across = Math.max(1, Math.ceil(columns.length / this.wide));
  }

  /// What a band of rows says in a column, a line each; undefined where that is not known yet.
  lines(band: number, column: number): string | undefined {
    const high = Math.floor(band / kBandsOfTile), tile = this.tiles.get(high * this.across + Math.floor(column / this.wide));
    return tile?.lines[(band % kBandsOfTile) * this.widthOf(column) + (column % this.wide)];
  }
  text(row: number, column: number): string | undefined {
    return this.lines(Math.floor(row / kBand), column)?.split("\n")[row % kBand];
  }
  /// The numbers of a band's rows, from 1.
  numbers(band: number): string {
    let said = "";
    for (let row = band * kBand; row < Math.min(this.rows, (band + 1) * kBand); ++row) said += row + 1 + "\n";
    return said;
  }
  private widthOf(column: number): number {
    return Math.min(this.wide, this.columns.length - Math.floor(column / this.wide) * this.wide);
  }

  /// Rows [first, end) of columns [left, right) are seen, and more of them later in a direction (-1, 0, 1).
  want(first: number, end: number, left: number, right: number, direction: number): void {
    const spare = this.wantedBefore;
    this.wantedBefore = this.wanted;
    this.wanted = spare;
    spare.length = 0;
    this.clock++;
    if (end <= first || right <= left) return;
    const begin = Math.floor(first / kTileRows), last = Math.floor((end - 1) / kTileRows);
    for (let band = begin; band <= last; ++band) this.wantBand(band, left, right);
    if (direction > 0) for (let ahead = 1; ahead <= 2; ++ahead) this.wantBand(last + ahead, left, right);
    if (direction < 0) for (let ahead = 1; ahead <= 2; ++ahead) this.wantBand(begin - ahead, left, right);
    if (same(this.wanted, this.wantedBefore) && this.asked.size > 0) return;
    if (!same(this.wanted, this.wantedBefore)) this.stopped = false;
    for (const [key, one] of this.asked) {
      if (this.wanted.includes(key)) continue;
      one.abort();
      this.asked.delete(key);
    }
    this.askMore();
  }
  private wantBand(band: number, left: number, right: number): void {
    if (band < 0 || band * kTileRows >= this.rows) return;
    for (let at = Math.floor(left / this.wide); at <= Math.floor((right - 1) / this.wide); ++at) {
      const key = band * this.across + at, tile = this.tiles.get(key);
      if (tile) tile.used = this.clock;
      this.wanted.push(key);
    }
  }
  private askMore(): void {
    if (this.paused || this.closed || this.stopped) return;
    for (const key of this.wanted) {
      if (this.asked.size >= kMostAsked) return;
      if (!this.tiles.get(key)?.whole && !this.asked.has(key)) void this.ask(key);
    }
  }
  /// Nothing is asked for so many milliseconds: who drags through a million rows looks at none of them.
  pause(milliseconds: number): void {
    clearTimeout(this.paused);
    this.paused = window.setTimeout(() => {
      this.paused = 0;
      this.askMore();
    }, milliseconds);
  }

  private async ask(key: number): Promise<void> {
    const control = new AbortController();
    this.asked.set(key, control);
    const begin = Math.floor(key / this.across) * kTileRows, end = Math.min(begin + kTileRows, this.rows);
    const left = (key % this.across) * this.wide, columns = this.columns.slice(left, left + this.wide);
    const only = columns.length < this.columns.length ? "&columns=" + columns.map((one) => encodeURIComponent(one.name)).join(",") : "";
    const tile = this.tiles.get(key) ?? newTile(this.clock);
    try {
      // An answer may be cut where it is too long.
      for (let from = begin + tile.rows; !tile.whole; ) {
        const said = await get<Rows>(`${datasetPath(this.id)}/rows?from=${from}&to=${end}${only}`, control.signal);
        if (this.closed || this.asked.get(key) !== control) return;
        this.take(tile, said.rows, left, end - begin);
        from += said.rows.length;
        tile.whole = from >= end || said.rows.length === 0;
        this.keep(key, tile);
      }
      this.sentence = "";
    } catch (wrong) {
      if (control.signal.aborted || this.closed) return;
      this.sentence = (wrong as Error).message;
      // What is wrong with the question or the file stays wrong until somebody looks elsewhere.
      this.stopped = wrong instanceof Refused && wrong.status >= 400 && wrong.status < 500 && wrong.status !== 429;
      this.pause(kAgain);
      this.version++;
      this.arrived();
    } finally {
      if (this.asked.get(key) === control) this.asked.delete(key);
    }
    this.askMore();
  }
  /// Puts in what is known already: the first rows come with the description.
  put(said: Rows): void {
    if (said.columns.length !== this.columns.length || Number(said.from) !== 0) return;
    for (let left = 0; left < this.columns.length; left += this.wide) {
      const tile = newTile(this.clock);
      this.take(tile, said.rows.map((row) => row.slice(left, left + this.wide)), left, this.rows);
      tile.whole = tile.rows >= Math.min(kTileRows, this.rows);
      this.keep(left / this.wide, tile);
    }
  }
  /// Rows of a tile that ends at row `end` of it.
  private take(tile: Tile, rows: Cell[][], left: number, end: number): void {
    if (rows.length === 0) return;
    const wide = rows[0].length;
    const rooms = rows[0].map((_, at) => this.room(left + at)), types = rows[0].map((_, at) => this.columns[left + at].type);
    for (const row of rows) {
      for (let at = 0; at < wide; ++at) tile.open.push(this.measured.cut(cellText(row[at], types[at]), rooms[at]));
      if (++tile.rows % kBand === 0 || tile.rows === end) this.closeBand(tile, wide);
    }
  }
  private closeBand(tile: Tile, wide: number): void {
    for (let at = 0; at < wide; ++at) {
      let said = tile.open[at];
      for (let cell = at + wide; cell < tile.open.length; cell += wide) said += "\n" + tile.open[cell];
      tile.lines.push(said);
    }
    tile.open.length = 0;
  }
  private keep(key: number, tile: Tile): void {
    this.tiles.set(key, tile);
    while (this.tiles.size > kMostTiles) {
      let oldest = key, used = Infinity;
      for (const [one, { used: when }] of this.tiles) if (when < used && one !== key) [oldest, used] = [one, when];
      this.tiles.delete(oldest);
    }
    this.version++;
    this.arrived();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.paused);
    for (const one of this.asked.values()) one.abort();
    this.asked.clear();
    this.tiles.clear();
  }
}

function newTile(used: number): Tile {
  return { lines: [], open: [], rows: 0, whole: false, used };
}

function same(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}
