@0xa4e0c85d16f7b392;
# Text of a CSV file on its way to a parser.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

struct CsvBlock {
  # Whole records of one file, in the file's order: cut at record boundaries, never inside one.
  firstRow @0 :UInt64;
  # Number of the first record, counted from 0, header not counted.
  rows @1 :UInt32;
  # Records in `text`; blank lines are not records.
  offset @2 :UInt64;
  # Where `text` starts in the file, in bytes.
  firstLine @3 :UInt64;
  # Line of the file on which `text` starts, counted from 1.
  text @4 :Data;
}
