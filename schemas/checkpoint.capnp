@0xd3b1c07a52e94f68;
# A store of checkpoints: a folder with a journal and the cuts that its records name.
#
# A record of the journal is one file, journal/NUMBER, made by link() of a file that is on the disk: whoever finds its
# number taken is not the one who goes on. A file is a standard message, and then 16 bytes: "journal1", and the XXH3-64
# of all that stands before them, little-endian. What a node keeps of a cut (in one process: all) is cuts/EPOCH-N-NODE:
# a standard message of a Cut, then the chunks of its states, each at a multiple of 64 from the file's beginning, then 16 bytes "leatcut1" and XXH3-64 as above.
# Fields may be added; those that are there keep their meaning.

using Cxx = import "/capnp/c++.capnp";
using Cpp = import "structs.capnp";
$Cxx.namespace("leat::schema");

struct JournalRecord {
  union {
    began @0 :Began;
    published @1 :Manifest;
    committed @2 :UInt64;
    # All that manifests up to this n name as sealed is visible, but what is seen only with the last.
    ended @3 :Void;
    # The job is over: nothing is to be restored.
  }
}

struct Began {
  job @0 :Text;
  # As in OutputName.
  epoch @1 :UInt32;
  graph @2 :Text;
  lines @3 :List(Text);
  # The graph's canonical lines.
  threads @4 :UInt64;
  # It is laid out for: what is restored has as many replicas, whatever the machine has. 0: on a cluster.
}

struct Sealed $Cpp.type("Sealed") $Cpp.custom {
  stage @0 :Text;
  replica @1 :UInt64;
  epoch @2 :UInt32;
  n @3 :UInt64;
  last @4 :Bool;
}

struct CutPart $Cpp.type("CutPart") {
  node @0 :UInt32;
  bytes @1 :UInt64;
  checksum @2 :UInt64;
  # XXH3-64 of its file.
}

struct LayoutNode $Cpp.type("LayoutNode") {
  # Of the nodes that counts of replicas follow, then and ever after.
  name @0 :Text;
  labels @1 :List(Text);
  cpus @2 :UInt64;
}

struct Manifest $Cpp.type("Manifest") {
  epoch @0 :UInt32;
  n @1 :UInt64;
  last @2 :Bool;
  # All of the job has ended: nothing is to be done but to commit.
  sealed @3 :List(Sealed);
  # Of all epochs what may not be visible yet.
  parts @4 :List(CutPart);
  # Of the last manifest none.
  laidOut @5 :List(LayoutNode);
  # On a cluster.
}

struct NamedCount { name @0 :Text; count @1 :UInt64; }
struct Line { name @0 :Text; value @1 :Text; }

struct StatePart {
  at @0 :UInt64;
  # Where in the file the chunk begins.
  bytes @1 :UInt64;
  type @2 :UInt64;
  group @3 :Int32;
  # Of keys; -1: none.
}

struct StageCut {
  stage @0 :Text;
  kind @1 :Text;
  version @2 :Text;
  replica @3 :UInt64;
  replicas @4 :UInt64;
  ended @5 :Bool;
  parts @6 :List(StatePart);
  counts @7 :List(NamedCount);
  lines @8 :List(Line);
}

struct SourceCut {
  stage @0 :Text;
  identity @1 :Text;
  at @2 :Data;
  next @3 :UInt64;
  # The number of the chunk that it gives next.
  ended @4 :Bool;
  counts @5 :List(NamedCount);
  lines @6 :List(Line);
}

struct EdgeCut {
  from @0 :Text;
  to @1 :Text;
  port @2 :UInt64;
  next @3 :UInt64;
}

struct Cut {
  epoch @0 :UInt32;
  n @1 :UInt64;
  stages @2 :List(StageCut);
  sources @3 :List(SourceCut);
  edges @4 :List(EdgeCut);
}
