// Where a tall list is scrolled to. Pure.
//
// Browsers cap the height of an element, and what is taller is scaled: the element that scrolls is shorter than the list.
// At both ends a pixel of it is a pixel of the list, so that these are reached exactly; between them it is more, but a
// small movement (a wheel's notch, a finger, a click beside the thumb) still moves the list by as many pixels as it has,
// however long the list is. What the element has moved too far by that is put right when it has come to rest.

/// Pixels that an element may have in all browsers, also enlarged threefold.
export const kMostHeight = 5_000_000;
/// At each end of a scaled list: where a pixel is a pixel.
export const kPlain = 100_000;

export class Scroll {
  /// Pixels of the list above what is seen.
  top = 0;
  /// Pixels of the element above what is seen: its scrollTop.
  at = 0;

  /// `view`: pixels that are seen.
  constructor(public rows = 0, public rowHeight = 24, public view = 0) {}

  get content(): number {
    return this.rows * this.rowHeight;
  }
  get scaled(): boolean {
    return this.content > kMostHeight;
  }
  /// Of the element that scrolls.
  get height(): number {
    return Math.min(this.content, kMostHeight);
  }
  get mostTop(): number {
    return Math.max(0, this.content - this.view);
  }
  get mostAt(): number {
    return Math.max(0, this.height - this.view);
  }
  /// The first row of which something is seen.
  get first(): number {
    return Math.min(Math.floor(this.top / this.rowHeight), Math.max(0, this.rows - 1));
  }
  /// How many rows may be seen at once, in part or wholly.
  get seen(): number {
    return Math.min(this.rows, Math.ceil(this.view / this.rowHeight) + 1);
  }

  topOf(at: number): number {
    if (!this.scaled) return clamp(at, this.mostTop);
    if (at <= kPlain) return Math.max(0, at);
    if (at >= this.mostAt - kPlain) return Math.min(this.mostTop, this.mostTop - (this.mostAt - at));
    return kPlain + ((at - kPlain) * (this.mostTop - 2 * kPlain)) / (this.mostAt - 2 * kPlain);
  }
  atOf(top: number): number {
    if (!this.scaled) return clamp(top, this.mostAt);
    if (top <= kPlain) return Math.max(0, top);
    if (top >= this.mostTop - kPlain) return Math.min(this.mostAt, this.mostAt - (this.mostTop - top));
    return kPlain + ((top - kPlain) * (this.mostAt - 2 * kPlain)) / (this.mostTop - 2 * kPlain);
  }

  /// The element says that it is at `at`. Returns whether it is to be put to atOf(top) at once: it has come to an end to
  /// which the list has not.
  scrolled(at: number): boolean {
    const by = at - this.at;
    this.at = at;
    if (!this.scaled) {
      this.top = this.topOf(at);
      return false;
    }
    // A pixel of the thumb's way is far more than what counts as small.
    const small = this.mostAt / Math.max(this.view, 1) / 2;
    this.top = Math.abs(by) <= small ? clamp(this.top + by, this.mostTop) : this.topOf(at);
    const near = 2 * this.view;
    return (at <= near || at >= this.mostAt - near) && !this.settled;
  }
  /// Whether the element is where it should be.
  get settled(): boolean {
    return Math.abs(this.atOf(this.top) - this.at) <= 1;
  }

  /// Puts the list to `top`; returns where the element is to be put.
  to(top: number): number {
    this.top = clamp(top, this.mostTop);
    this.at = this.atOf(this.top);
    return this.at;
  }
  /// Moves as little as is needed to have all of a row seen; returns where the element is to be put.
  reach(row: number): number {
    const begin = row * this.rowHeight, end = begin + this.rowHeight;
    if (begin < this.top) return this.to(begin);
    return end > this.top + this.view ? this.to(end - this.view) : this.at;
  }
  /// Other rows, heights or view; the first row that is seen stays. Returns where the element is to be put.
  resize(rows: number, rowHeight: number, view: number): number {
    const first = this.top / this.rowHeight;
    this.rows = rows;
    this.rowHeight = rowHeight;
    this.view = view;
    return this.to(first * rowHeight);
  }
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : value > most ? most : value;
}
