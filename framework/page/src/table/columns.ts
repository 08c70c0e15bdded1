// Where the columns of a table are, and which of them are seen. Pure.

export class Columns {
  /// Of column i: [begins[i], begins[i + 1]) pixels.
  begins: number[] = [0];

  constructor(widths: readonly number[] = []) {
    for (const width of widths) this.begins.push(this.begins[this.begins.length - 1] + width);
  }
  get count(): number {
    return this.begins.length - 1;
  }
  get width(): number {
    return this.begins[this.count];
  }
  widthOf(column: number): number {
    return this.begins[column + 1] - this.begins[column];
  }
  /// The column that has this pixel; the last one beyond the end.
  at(pixel: number): number {
    let low = 0, high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.begins[middle] <= pixel) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
  /// The most that are seen at once in a view so wide.
  mostSeen(view: number): number {
    let most = 0;
    for (let first = 0, end = 0; first < this.count; ++first) {
      while (end < this.count && this.begins[end] < this.begins[first + 1] + view) ++end;
      most = Math.max(most, end - first);
    }
    return most;
  }
}
