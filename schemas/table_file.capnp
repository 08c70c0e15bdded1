@0x9d3f6a0b71c84e25;
# Tables in a file. Little-endian; what is not said is zero.
#
#   head     64 bytes: "leat.tab", UInt32 version
#   chunk    any number of them, one after another, each at a multiple of 64:
#     record   64 bytes: "leat.chk", UInt64 number, from 0; UInt64 bytes of the message, UInt64 number of the first row,
#              UInt32 rows, UInt32 bytes at the message's beginning that say where its columns lie, UInt64 checksum of
#              what follows, sums and ranges, UInt32 columns that have ranges (all; in version 1 none), UInt32 0, UInt64
#              checksum of the 56 bytes before it
#     sums     a UInt64 for each 16 KiB of the message, and for what is left: its checksum
#     ranges   where columns have them: a UInt64, the least of the rows' numbers; then for each column two, the least
#              and the greatest of its cells that are not null, as integers that compare as they do: of integers, times
#              and flags the Int64 with its first bit inverted; of floats the Float64 with its first bit inverted where
#              it is positive, else all of them, -0 as 0, NaN as the positive one and greater than all. Of texts and
#              bytes 0 and 2^64 - 1; where all are null 2^64 - 1 and 0. Sums and ranges are filled up to a multiple of 64
#     message  a Table of table.capnp, one flat segment; filled up to a multiple of 64
#   index    a TableFile, one flat segment
#   tail     32 bytes: UInt64 where the index begins, UInt64 its checksum, UInt32 version, UInt32 0, "leat.end"
#
# Checksums are XXH3-64. As records, sums and messages are at multiples of 64, a message is read where it lies in a
# file that is mapped; as pieces have their own checksums, some columns of a message are read without the others; as
# ranges are beside the record, a message that has nothing of use is not read at all. Versions 1 and 2 are read, 2 is
# written.

using Cxx = import "/capnp/c++.capnp";
using Tables = import "table.capnp";
$Cxx.namespace("leat::schema");

struct TableFile {
  fields @0 :List(FileField);
  rows @1 :UInt64;
  chunks @2 :UInt64;
  mostBytes @3 :UInt64;
  # Of any of the messages.
}

struct FileField {
  # Of all chunks: names and types are those of each.
  name @0 :Text;
  type @1 :Tables.ColumnType;
  nullable @2 :Bool;
  dictionary @3 :Bool;
}

struct CacheState {
  # Of a cache, between two steps: what it has given of what it holds. After it come the index of its scratch file, where
  # there is one, and the chunks that it holds in memory.
  again @0 :UInt64;
  # How many times it has given all of it after the first.
  next @1 :UInt64;
  # The number of the chunk that comes next, of those in memory and then of those in the file.
  offset @2 :UInt64;
  # Where that chunk's record is in the file.
  rowsBefore @3 :UInt64;
  # In the file, before that chunk.
  scratch @4 :Text;
  # The file; empty: there is none.
  bytes @5 :UInt64;
  # Of the file, that belong to this state.
  ended @6 :Bool;
  # It has its index and tail.
}
