@0xa4e0c85d16f7b392;
# Text of a CSV file on its way to a parser.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

struct CsvBlock {
  # Whole records of one file, in the file's order: cut at record boundaries, never inside one.
  firstRow @0 :UInt64;
  # Number of the first record, counted from 0, headers not counted, on from file to file.
  rows @1 :UInt32;
  # Records in `text`; blank lines are not records.
  offset @2 :UInt64;
  # Where `text` starts in the file, in bytes; of a packed file, in what is inside.
  firstLine @3 :UInt64;
  # Line of the file on which `text` starts, counted from 1.
  text @4 :Data;
  path @5 :Text;
  # Of the file, as complaints have it.
  lines @6 :UInt32;
  # Line ends in `text`, those inside quotes too, and one more where the last record has none. As many as rows:
  # each record is on a line of its own.
}

struct CsvWritten {
  # What a sink has written into one file, for whoever goes on with it.
  bytes @0 :UInt64;
  # Of the file that was sealed last, under this name.
  job @1 :Text;
  epoch @2 :UInt32;
  n @3 :UInt64;
  replica @4 :UInt64;
  names @5 :List(Text);
  # Of the columns, and their types as Column.type has them; json.write names none.
  types @6 :List(UInt16);
}
