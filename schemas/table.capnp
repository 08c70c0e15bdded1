@0xd3c1b7e25a904f63;
# Tables: typed columns x rows, laid out so that numeric columns are read where they lie.
#
# All cells lie in `body`; columns say where. Offsets count bytes from the first byte of `body` and
# are chosen so that each column starts at an address that is a multiple of 64 when the segment does.
# Consecutive columns of one type lie at a constant distance, so a run of them is one matrix with a
# column-major layout. Every column has `capacity` cells; those from `rows` on are zero.
#
# Integers and floats are little-endian, IEEE 754. Order of columns is meaningful; names are unique,
# UTF-8, and not empty.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

enum ColumnType {
  f64 @0;
  f32 @1;
  f16 @2;        # IEEE 754 binary16
  i64 @3;
  i32 @4;
  bool @5;       # one byte a cell: 0 or 1
  text @6;       # UTF-8; one Span a cell
  bytes @7;      # one Span a cell
  timestamp @8;  # i64: nanoseconds since 1970-01-01T00:00:00 UTC, leap seconds not counted
  raw @9;        # a cell of a CSV file as it lies there, quotes and all, that nobody reads; one Span a cell
}

# A Span is two little-endian UInt32: the offset of the first byte from the start of the heap, and
# the length in bytes.

struct Column {
  name @0 :Text;
  type @1 :ColumnType;
  cells @2 :UInt64;
  # Offset of the first cell. Text and bytes: Spans, or, where `dictionary` is not 0, Int32 codes.
  validity @3 :UInt64;
  # 0: no cell is null. Else the offset of a bitmap, one bit a row, least significant bit first,
  # 1 for a cell that holds a value. The cell of a null is zero. (Offset 0 is never a bitmap.)
  dictionary @4 :UInt64;
  # 0: plain. Else the offset of `dictionarySize` Spans; a code is an index into them. Dictionaries
  # belong to one chunk: codes of different chunks are not comparable.
  dictionarySize @5 :UInt32;
  nullable @7 :Bool;
  # Cells of this column may be null, here or in other tables of the stream.
  raw @6 :UInt64;
  # 0: none. Else the offset of one Span a cell: the cell as it lies in the CSV file it was read from,
  # quotes and all, for who writes it back. Of a null that its file has a cell for, too.
}

struct Table {
  rows @0 :UInt32;
  capacity @1 :UInt32;
  # Cells each column has room for; at least `rows`.
  firstRow @2 :UInt64;
  # Number of the first row in its source, counted from 0, header not counted.
  rowNumbers @3 :UInt64;
  # 0: row i is number firstRow + i. Else the offset of one UInt64 a row: their numbers, rising; rows that were made
  # of one have its number.
  heap @4 :UInt64;
  # Offset of the bytes that Spans point into.
  heapSize @5 :UInt64;
  columns @6 :List(Column);
  body @7 :Data;
  firstLine @8 :UInt64;
  # Line of its file, counted from 1, on which row number firstRow begins; 0: not known.
  lines @9 :UInt64;
  # 0: every row before it began one line earlier. Else the offset of one UInt32 a row: how many lines after
  # firstLine it begins.
}
