// The nodes that a table shows its rows with. They are made once for a size of the view and used again for other rows and
// columns as it is scrolled: a frame makes no node, no text that is not there yet, and no layout beyond its rows.
import type { Columns } from "./columns";
import type { Tiles } from "./tiles";

interface CellNode {
  element: HTMLElement;
  text: Text;
  said: string;
  column: number;  // which one it shows; -1: none
  isNull: boolean;
}

interface RowNode {
  element: HTMLElement;
  number: Text;
  numberElement: HTMLElement;
  cells: CellNode[];
  row: number;     // which one it shows; -1: none
  place: number;   // in heights of a row, from the base
  missing: boolean; // some of its cells are not known yet
}

let made = 0;

export class Body {
  readonly element = div("grid-body");
  readonly head = div("grid-head");
  /// Cells of these are not known yet.
  missing = false;
  left = 0; // the columns that have nodes: [left, right)
  right = 0;
  private readonly numbers = div("grid-numbers");
  private readonly cells = div("grid-cells");
  private readonly numbersShift = div("grid-shift");
  private readonly shift = div("grid-shift");
  private readonly headShift = div("grid-head-shift");
  private readonly corner = div("grid-corner");
  private readonly cursor = div("grid-cursor");
  private rows: RowNode[] = [];
  private heads: CellNode[] = [];
  private slots = 0;  // columns that have nodes
  private base = 0;   // row r is in node (r - base) % nodes, at (r - base) heights
  private first = 0;
  private version = -1;
  private moved = false; // all nodes are to be filled anew
  private readonly name = `grid${++made}`;

  constructor(private columns: Columns, private tiles: Tiles) {
    this.numbers.setAttribute("aria-hidden", "true");
    this.shift.setAttribute("role", "rowgroup");
    this.headShift.setAttribute("role", "row");
    this.headShift.setAttribute("aria-rowindex", "1");
    this.cursor.hidden = true;
    this.cursor.setAttribute("role", "presentation");
    this.numbers.append(this.numbersShift);
    this.cells.append(this.shift, this.cursor);
    this.element.append(this.numbers, this.cells);
    this.head.append(this.headShift, this.corner);
  }

  /// As many rows and columns at most, rows so high.
  make(rows: number, slots: number, rowHeight: number): void {
    this.slots = slots;
    this.rows = Array.from({ length: rows }, (_, at) => this.makeRow(at, rowHeight));
    this.shift.replaceChildren(...this.rows.map((one) => one.element));
    this.numbersShift.replaceChildren(...this.rows.map((one) => one.numberElement));
    this.heads = Array.from({ length: slots }, () => cellNode("grid-cell", "columnheader"));
    this.headShift.replaceChildren(...this.heads.map((one) => one.element));
    this.base = this.first;
    this.moved = true;
  }
  private makeRow(at: number, rowHeight: number): RowNode {
    const element = div("grid-row"), numberElement = div("grid-number"), number = document.createTextNode("");
    element.setAttribute("role", "row");
    for (const one of [element, numberElement]) {
      one.style.height = one.style.lineHeight = rowHeight + "px";
      one.style.transform = `translateY(${at * rowHeight}px)`;
    }
    element.style.width = this.columns.width + "px";
    numberElement.append(number);
    const cells = Array.from({ length: this.slots }, (_, slot) => {
      const cell = cellNode("grid-cell", "gridcell");
      cell.element.id = `${this.name}-${at}-${slot}`;
      return cell;
    });
    element.append(...cells.map((one) => one.element));
    return { element, number, numberElement, cells, row: -1, place: at, missing: false };
  }

  /// Other columns, or tiles.
  change(columns: Columns, tiles: Tiles): void {
    this.columns = columns;
    this.tiles = tiles;
    this.moved = true;
  }

  /// Shows what is to be seen at pixels (x, top) of rows so high: the hot path.
  draw(first: number, end: number, top: number, rowHeight: number, x: number): void {
    const count = this.rows.length, jumped = Math.abs(first - this.first) >= count;
    if (jumped || Math.abs(first - this.base) > 100_000) this.base = first;
    this.first = first;
    const left = Math.max(0, Math.min(this.columns.at(x), this.columns.count - this.slots));
    const all = this.moved || left !== this.left;
    this.left = left;
    this.right = Math.min(this.columns.count, left + this.slots);
    if (all) this.drawHead();
    this.missing = false;
    const arrived = this.version !== this.tiles.version;
    for (let row = first; row < end; ++row) {
      const place = row - this.base, node = this.rows[((place % count) + count) % count];
      if (node.place !== place || this.moved) this.put(node, place, rowHeight);
      if (all || node.row !== row || (arrived && node.missing)) this.fill(node, row);
      if (node.missing) this.missing = true;
    }
    this.version = this.tiles.version;
    this.moved = false;
    const y = Math.round((this.base * rowHeight - top) * 16) / 16;
    this.shift.style.transform = `translate(${-x}px, ${y}px)`;
    this.numbersShift.style.transform = `translateY(${y}px)`;
    this.headShift.style.transform = `translateX(${-x}px)`;
  }
  private put(node: RowNode, place: number, rowHeight: number): void {
    node.place = place;
    node.element.style.transform = node.numberElement.style.transform = `translateY(${place * rowHeight}px)`;
  }
  private fill(node: RowNode, row: number): void {
    if (node.row !== row) node.number.nodeValue = String(row + 1);
    node.row = row;
    node.missing = false;
    for (let column = this.left; column < this.right; ++column) {
      const cell = node.cells[column % this.slots], text = this.tiles.text(row, column);
      if (cell.column !== column || this.moved) this.place(cell, column);
      if (text === undefined) node.missing = true;
      const isNull = text === null, said = text ?? (isNull ? "null" : "");
      if (cell.said !== said) cell.text.nodeValue = cell.said = said;
      if (cell.isNull !== isNull) cell.element.classList.toggle("null", (cell.isNull = isNull));
    }
  }
  private place(cell: CellNode, column: number): void {
    cell.column = column;
    cell.element.style.left = this.columns.begins[column] + "px";
    cell.element.style.width = this.columns.widthOf(column) + "px";
    cell.element.classList.toggle("number", this.numeric(column));
  }
  /// Set by who makes it.
  numeric: (column: number) => boolean = () => false;
  title: (column: number) => string = () => "";
  hint: (column: number) => string = () => "";

  private drawHead(): void {
    for (let column = this.left; column < this.right; ++column) {
      const cell = this.heads[column % this.slots];
      this.place(cell, column);
      cell.text.nodeValue = cell.said = this.title(column);
      cell.element.title = this.hint(column);
      cell.element.setAttribute("aria-colindex", String(column + 1));
    }
  }

  /// Says where rows and cells are, for those who do not see it: once it is at rest. Returns the id of the cell, if it has one.
  tell(row: number, column: number): string {
    let found = "";
    for (const node of this.rows) {
      if (node.row < 0) continue;
      node.element.setAttribute("aria-rowindex", String(node.row + 2));
      for (const cell of node.cells) cell.element.setAttribute("aria-colindex", String(cell.column + 1));
      const cell = node.cells[column % this.slots];
      if (node.row === row && cell.column === column && this.isShown(row)) found = cell.element.id;
    }
    return found;
  }
  private isShown(row: number): boolean {
    return row >= this.first && row < this.first + this.rows.length;
  }
  /// Frames the cell at these pixels of the body.
  frame(x: number, y: number, width: number, height: number): void {
    this.cursor.hidden = false;
    this.cursor.style.transform = `translate(${x}px, ${y}px)`;
    this.cursor.style.width = width + "px";
    this.cursor.style.height = height + "px";
  }
}

function div(name: string): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  return element;
}

function cellNode(name: string, role: string): CellNode {
  const element = div(name), text = document.createTextNode("");
  element.setAttribute("role", role);
  element.append(text);
  return { element, text, said: "", column: -1, isNull: false };
}
