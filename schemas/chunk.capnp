@0xb8d1f0a6c3e24711;
# Chunks: the unit of data leat moves.
#
# A chunk is one Cap'n Proto message in ONE flat segment: the root pointer in word 0, every object in
# the same segment, no far pointers, no packing. The segment starts at an address that is a multiple
# of 64, wherever it is held, so offsets that are multiples of 64 from its start are aligned vectors.
# Bytes no object uses are zero: equal chunks are equal bytes, and have equal hashes.
#
# Versioning: fields are only added, never renumbered or given another meaning; what a reader does
# not know it ignores. A change that old readers would misread is a new struct with a new id.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

struct Bytes {
  # A chunk of bytes leat does not look into.
  data @0 :Data;
}

struct Number {
  # The smallest useful chunk: one value.
  value @0 :UInt64;
}
