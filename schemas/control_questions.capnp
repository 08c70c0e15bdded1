@0xd1c8a4b7e60f3952;
# What control.capnp says of questions: what somebody wants to know of a job's nodes.

using Cxx = import "/capnp/c++.capnp";
using Cpp = import "structs.capnp";
$Cxx.namespace("leat::schema");

struct Ask {
  # What somebody wants to know of a job's nodes: question and answer are those of framework/inspect.
  job @0 :UInt64;
  number @1 :UInt64;              # given by the coordinator
  question @2 :Text $Cpp.what("a question") $Cpp.most("kMostSentence");
}

struct Told $Cpp.who("what a node answers") $Cpp.advice("ask the node itself, on its machine") {
  job @0 :UInt64;
  number @1 :UInt64;
  answer @2 :Text $Cpp.what("an answer");  # "": it is too long to be told
}

struct NodeAnswer $Cpp.type("NodeAnswer") {
  node @0 :Text $Cpp.name $Cpp.what("a node's name");
  heard @1 :Bool;                 # false: it has not answered in time
  answer @2 :Text $Cpp.what("an answer");
}

struct Answers $Cpp.who("what the job's nodes answer") $Cpp.advice("ask a node itself, on its machine") {
  answers @0 :List(NodeAnswer);
}
