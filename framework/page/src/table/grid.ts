// A table that scrolls: its element, what the wheel, the thumb, a finger and the keys do, and when it is drawn.
import { Body, type Titles } from "./body";
import { Columns } from "./columns";
import { Scroll } from "./scroll";
import { type Tiles, kBand } from "./tiles";

export const kHead = 28; // px
const kRest = 150;       // ms without movement: it is at rest
const kJumpPause = 20;   // ms
const kMostNodes = 1200; // fewer columns are seen beyond

export interface Shown {
  columns: Columns;
  tiles: Tiles;
  rows: number;
  rowHeight: number;
  titles: Titles;
  /// A cell is to be shown wholly, aside; row -1: the column's head.
  open: (row: number, column: number) => void;
}

export class Grid {
  readonly element = document.createElement("div");
  readonly scroll = new Scroll();
  row = 0;    // where the keys are
  column = 0;
  private readonly space = document.createElement("div");
  private readonly pane = document.createElement("div");
  private readonly body: Body;
  private readonly watch = new ResizeObserver(() => this.resize());
  private width = 0;
  private numbers = 0; // px
  private x = 0;
  private frame = 0;
  private rest = 0;
  private movedAt = 0;
  private firstBefore = 0;
  private busy = false;
  private used = false; // by keys or a click: then a cell has a frame

  constructor(private shown: Shown, label: string) {
    this.body = new Body(shown.columns, shown.tiles, shown.titles);
    const { element, space, pane } = this;
    element.className = "grid";
    element.tabIndex = 0;
    element.setAttribute("role", "grid");
    element.setAttribute("aria-label", label);
    element.setAttribute("aria-readonly", "true");
    space.className = "grid-space";
    pane.className = "grid-pane";
    pane.append(this.body.head, this.body.element);
    space.append(pane);
    element.append(space);
    element.addEventListener("scroll", this.scrolled, { passive: true });
    element.addEventListener("keydown", this.pressed);
    element.addEventListener("click", this.clicked);
    this.watch.observe(element);
    this.show(shown);
  }

  /// Shows something else, as other columns or heights. Where it is scrolled to stays.
  show(shown: Shown): void {
    this.shown = shown;
    this.body.change(shown.columns, shown.tiles, shown.titles);
    this.element.setAttribute("aria-rowcount", String(shown.rows + 1));
    this.element.setAttribute("aria-colcount", String(shown.columns.count));
    this.numbers = 20 + 8 * Math.max(3, String(shown.rows).length);
    this.element.style.setProperty("--numbers", this.numbers + "px");
    this.width = 0;
    this.resize();
  }
  private resize(): void {
    const { shown, scroll } = this, wide = this.element.clientWidth, high = this.element.clientHeight;
    if (!wide || !high) return;
    const view = Math.max(0, high - kHead);
    if (wide === this.width && view === scroll.view && shown.rowHeight === scroll.rowHeight && shown.rows === scroll.rows) return;
    this.width = wide;
    scroll.resize(shown.rows, shown.rowHeight, view);
    const room = wide - this.numbers;
    // One more, as the first that is seen begins within a band.
    const bands = Math.min(Math.ceil(shown.rows / kBand), Math.ceil(view / (kBand * shown.rowHeight)) + 1);
    const slots = Math.min(shown.columns.mostSeen(room) + 1, shown.columns.count, Math.max(8, Math.floor(kMostNodes / Math.max(1, bands))));
    this.space.style.height = scroll.height + kHead + "px";
    this.space.style.width = this.numbers + shown.columns.width + "px";
    this.pane.style.width = wide + "px";
    this.pane.style.height = high + "px";
    this.body.seen = view;
    this.body.make(bands, slots, shown.rowHeight);
    this.put();
    this.drawSoon();
  }
  /// Once its element is in the page: shows it in this frame.
  begin(): void {
    this.resize();
    cancelAnimationFrame(this.frame);
    this.draw();
  }
  private put(): void {
    const { scroll } = this;
    if (Math.abs(this.element.scrollTop - scroll.at) >= 1) this.element.scrollTop = scroll.at;
    scroll.at = this.element.scrollTop; // whole pixels of the screen
  }

  drawSoon = (): void => {
    if (!this.frame) this.frame = requestAnimationFrame(this.draw);
    if (!this.rest) this.rest = window.setTimeout(this.rested, kRest);
    this.movedAt = performance.now();
  };
  private draw = (): void => {
    this.frame = 0;
    const { scroll, body, shown } = this, first = scroll.first, end = Math.min(shown.rows, first + scroll.seen);
    body.draw(shown.rows, scroll.top, shown.rowHeight, this.x);
    const by = first - this.firstBefore, jumped = Math.abs(by) > 4 * scroll.seen;
    this.firstBefore = first;
    if (jumped) shown.tiles.pause(kJumpPause);
    shown.tiles.want(first, end, body.left, body.right, jumped ? 0 : Math.sign(by));
    if (body.missing !== this.busy) this.element.setAttribute("aria-busy", String((this.busy = body.missing)));
    if (this.used) this.drawCursor();
  };
  private drawCursor(): void {
    const { columns, rowHeight } = this.shown;
    this.body.frame(columns.begins[this.column] - this.x, this.row * rowHeight - this.scroll.top, columns.widthOf(this.column), rowHeight);
  }
  private rested = (): void => {
    this.rest = 0;
    const left = kRest - (performance.now() - this.movedAt);
    if (left > 1) {
      this.rest = window.setTimeout(this.rested, left);
      return;
    }
    if (!this.scroll.settled) {
      this.scroll.to(this.scroll.top);
      this.put();
    }
    if (!this.shown.rows) return;
    const id = this.body.tell(this.row, this.column);
    if (id) this.element.setAttribute("aria-activedescendant", id);
    else this.element.removeAttribute("aria-activedescendant");
  };

  private scrolled = (): void => {
    this.x = Math.max(0, this.element.scrollLeft);
    if (this.scroll.scrolled(this.element.scrollTop)) {
      this.scroll.to(this.scroll.top);
      this.put();
    }
    this.drawSoon();
  };

  /// Has a row and a column seen, and the keys there.
  go(row: number, column: number): void {
    const { shown, scroll } = this, { columns } = shown;
    if (!shown.rows || !columns.count) return;
    this.used = true;
    this.row = Math.max(0, Math.min(row, shown.rows - 1));
    this.column = Math.max(0, Math.min(column, columns.count - 1));
    scroll.reach(this.row);
    this.put();
    const begin = columns.begins[this.column], end = columns.begins[this.column + 1], room = this.width - this.numbers;
    if (begin < this.x || end - begin > room) this.element.scrollLeft = begin;
    else if (end > this.x + room) this.element.scrollLeft = end - room;
    this.x = Math.max(0, this.element.scrollLeft);
    this.drawSoon();
  }

  private pressed = (event: KeyboardEvent): void => {
    const { row, column, shown } = this, all = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(this.scroll.view / shown.rowHeight) - 1);
    const last = shown.rows - 1, right = shown.columns.count - 1;
    if (event.altKey) return;
    if (event.key === "ArrowDown") this.go(row + 1, column);
    else if (event.key === "ArrowUp") this.go(row - 1, column);
    else if (event.key === "ArrowRight") this.go(row, all ? right : column + 1);
    else if (event.key === "ArrowLeft") this.go(row, all ? 0 : column - 1);
    else if (event.key === "PageDown") this.go(row + page, column);
    else if (event.key === "PageUp") this.go(row - page, column);
    else if (event.key === "Home") this.go(0, all ? 0 : column);
    else if (event.key === "End") this.go(last, all ? right : column);
    else if (event.key === "Enter") shown.open(row, column);
    else return;
    event.preventDefault();
  };
  private clicked = (event: MouseEvent): void => {
    const box = this.element.getBoundingClientRect(), { shown, scroll } = this;
    const x = event.clientX - box.left - this.element.clientLeft, y = event.clientY - box.top - this.element.clientTop;
    if (x < this.numbers || x >= this.width || y >= this.element.clientHeight) return;
    if (x - this.numbers + this.x >= shown.columns.width) return;
    const column = shown.columns.at(x - this.numbers + this.x);
    if (y < kHead) return shown.open(-1, column);
    const row = Math.floor((y - kHead + scroll.top) / shown.rowHeight);
    if (row >= shown.rows) return;
    this.go(row, column);
    shown.open(row, column);
  };

  close(): void {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
  }
}
