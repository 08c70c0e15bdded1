// The nodes that a table shows its rows with: bands of a few rows, each with a text of as many lines for every column that
// is seen. They are made once for a size of the view and used again for other rows and columns as it is scrolled: a frame
// makes neither a node nor a text, and lays out nothing beyond the bands that have changed. (A node for each cell takes
// twice as long, as every text is shaped by itself.) For those who do not see it there is a row that says where the keys are.
import type { Columns } from "./columns";
import { type Tiles, kBand } from "./tiles";

interface Lines {
  element: HTMLElement;
  text: Text;
  said: string;
  column: number; // which one it shows; -1: none
}

interface Band {
  element: HTMLElement;
  numbers: Lines;
  columns: Lines[];
  band: number;     // which one it shows; -1: none
  place: number;    // in heights of a band, from the base
  missing: boolean; // something of it is not known yet
}

export interface Titles {
  numeric: (column: number) => boolean;
  title: (column: number) => string; // as much of its name as fits
  hint: (column: number) => string;
}

let made = 0;

export class Body {
  readonly element = div("grid-body");
  readonly head = div("grid-head");
  missing = false; // something that is seen is not known yet
  left = 0;        // the columns that have nodes: [left, right)
  right = 0;
  private readonly numbers = div("grid-numbers");
  private readonly cells = div("grid-cells");
  private readonly numbersShift = div("grid-shift");
  private readonly shift = div("grid-shift");
  private readonly headShift = div("grid-head-shift");
  private readonly cursor = div("grid-cursor");
  private readonly told = div("grid-told");
  private bands: Band[] = [];
  private heads: Lines[] = [];
  private slots = 0;     // columns that have nodes
  private base = 0;      // band b is in node (b - base) % nodes, at (b - base) heights
  private first = 0;
  private version = -1;
  private fresh = false; // all nodes are to be filled anew
  private readonly name = `grid${++made}`;

  constructor(private columns: Columns, private tiles: Tiles, private titles: Titles) {
    for (const one of [this.numbers, this.cells]) one.setAttribute("aria-hidden", "true");
    for (const one of [this.headShift, this.told]) one.setAttribute("role", "row");
    this.headShift.setAttribute("aria-rowindex", "1");
    this.cursor.hidden = this.told.hidden = true;
    this.numbers.append(this.numbersShift);
    this.cells.append(this.shift, this.cursor);
    this.element.append(this.numbers, this.cells, this.told);
    this.head.append(this.headShift, div("grid-corner"));
  }

  /// As many bands and columns at most, rows so high.
  make(bands: number, slots: number, rowHeight: number): void {
    this.slots = slots;
    this.bands = Array.from({ length: bands }, (_, at) => this.makeBand(at, rowHeight));
    this.shift.replaceChildren(...this.bands.map((one) => one.element));
    this.numbersShift.replaceChildren(...this.bands.map((one) => one.numbers.element));
    this.heads = Array.from({ length: slots }, () => lines("grid-lines"));
    for (const one of this.heads) one.element.setAttribute("role", "columnheader");
    this.headShift.replaceChildren(...this.heads.map((one) => one.element));
    this.base = this.first;
    this.fresh = true;
  }
  private makeBand(at: number, rowHeight: number): Band {
    const element = div("grid-band"), numbers = lines("grid-number");
    const columns = Array.from({ length: this.slots }, () => lines("grid-lines"));
    for (const one of [element, numbers.element]) {
      one.style.height = rowHeight * kBand + "px";
      one.style.lineHeight = rowHeight + "px";
      one.style.transform = `translateY(${at * rowHeight * kBand}px)`;
    }
    element.style.width = this.columns.width + "px";
    element.append(...columns.map((one) => one.element));
    return { element, numbers, columns, band: -1, place: at, missing: false };
  }
  change(columns: Columns, tiles: Tiles, titles: Titles): void {
    this.columns = columns;
    this.tiles = tiles;
    this.titles = titles;
    this.fresh = true;
  }

  /// Shows what there is at pixels (x, top), of rows [.., end) so high: the hot path.
  draw(end: number, top: number, rowHeight: number, x: number): void {
    const count = this.bands.length, high = rowHeight * kBand;
    const first = Math.max(0, Math.min(Math.floor(top / high), Math.ceil(end / kBand) - count));
    if (Math.abs(first - this.first) >= count || Math.abs(first - this.base) > 10_000) this.base = first;
    this.first = first;
    const left = Math.max(0, Math.min(this.columns.at(x), this.columns.count - this.slots));
    const all = this.fresh || left !== this.left, arrived = this.version !== this.tiles.version;
    this.left = left;
    this.right = Math.min(this.columns.count, left + this.slots);
    if (all) this.drawHead();
    this.missing = false;
    for (let band = first; band < first + count; ++band) {
      const place = band - this.base, node = this.bands[((place % count) + count) % count];
      if (node.place !== place || this.fresh) this.put(node, place, high);
      if (all || node.band !== band || (arrived && node.missing)) this.fill(node, band);
      if (node.missing && band * high < top + this.seen) this.missing = true;
    }
    this.version = this.tiles.version;
    this.fresh = false;
    const y = this.base * high - top;
    this.shift.style.transform = `translate(${-x}px, ${y}px)`;
    this.numbersShift.style.transform = `translateY(${y}px)`;
    this.headShift.style.transform = `translateX(${-x}px)`;
  }
  seen = 0; // pixels of rows that are seen

  private put(node: Band, place: number, high: number): void {
    node.place = place;
    node.element.style.transform = node.numbers.element.style.transform = `translateY(${place * high}px)`;
  }
  private fill(node: Band, band: number): void {
    if (node.band !== band) say(node.numbers, this.tiles.numbers(band));
    node.band = band;
    node.missing = false;
    for (let column = this.left; column < this.right; ++column) {
      const one = node.columns[column % this.slots], said = this.tiles.lines(band, column);
      if (one.column !== column || this.fresh) this.place(one, column);
      if (said === undefined) node.missing = true;
      say(one, said ?? "");
    }
  }
  private place(one: Lines, column: number): void {
    one.column = column;
    one.element.style.left = this.columns.begins[column] + "px";
    one.element.style.width = this.columns.widthOf(column) + "px";
    one.element.classList.toggle("right", this.titles.numeric(column));
  }
  private drawHead(): void {
    for (let column = this.left; column < this.right; ++column) {
      const one = this.heads[column % this.slots];
      this.place(one, column);
      say(one, this.titles.title(column));
      one.element.title = this.titles.hint(column);
      one.element.setAttribute("aria-colindex", String(column + 1));
    }
  }

  /// Says a row to those who do not see it. Returns the id of the column's cell, if it has one.
  tell(row: number, column: number): string {
    this.told.setAttribute("aria-rowindex", String(row + 2));
    const cells: HTMLElement[] = [];
    let found = "";
    for (let one = this.left; one < this.right; ++one) {
      const cell = div("grid-told-cell");
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", String(one + 1));
      cell.id = `${this.name}-${one}`;
      cell.textContent = this.tiles.text(row, one) ?? "";
      if (one === column) found = cell.id;
      cells.push(cell);
    }
    this.told.replaceChildren(...cells);
    this.told.hidden = false;
    return found;
  }
  /// Frames the cell at these pixels of the body.
  frame(x: number, y: number, width: number, height: number): void {
    this.cursor.hidden = false;
    this.cursor.style.transform = `translate(${x}px, ${y}px)`;
    this.cursor.style.width = width + "px";
    this.cursor.style.height = height + "px";
  }
}

function say(one: Lines, said: string): void {
  if (one.said !== said) one.text.nodeValue = one.said = said;
}

function div(name: string): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  return element;
}

function lines(name: string): Lines {
  const element = div(name), text = document.createTextNode("");
  element.append(text);
  return { element, text, said: "", column: -1 };
}
