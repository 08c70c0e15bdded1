@0xc2a5e1f09b7d3486;
# Chunks that a stage could not work on, put aside. A file of them is a sequence of standard messages, and then
# 16 bytes: "letters1", and the XXH3-64 of all that stands before them, little-endian.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

struct DeadLetter {
  stage @0 :Text;
  replica @1 :UInt64;
  port @2 :UInt64;
  # The input of the stage that it came in on.
  position @3 :UInt64;
  # Of the step that failed, as the stage's actor left it: what came before it has been emitted.
  source @4 :Text;
  number @5 :UInt64;
  # The stage that gave it, or what it was made of, and which of that stage's chunks, from 0.
  reason @6 :Text;
  type @7 :UInt64;
  typeName @8 :Text;
  # Of the message's root.
  message @9 :Data;
  # One flat segment.
}
