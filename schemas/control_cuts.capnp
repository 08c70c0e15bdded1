@0xbb0e6a7c5f1d2e94;
# What control.capnp says of checkpoints: an epoch's beginning, and the cuts through a job that runs on several nodes. Who
# submits a job has its store; nodes write their parts of a cut into its folder, and tell what they are.

using Cxx = import "/capnp/c++.capnp";
using Cpp = import "structs.capnp";
using Store = import "checkpoint.capnp";
using Sealed = Store.Sealed;
$Cxx.namespace("leat::schema");

struct CutId $Cpp.pair {
  epoch @0 :UInt32;
  n @1 :UInt64;
}

struct EpochStart $Cpp.type("EpochStart") {
  # As leat::EpochStart.
  folder @0 :Text $Cpp.what("a folder");  # "": the job has no checkpoints
  job @1 :Text $Cpp.name $Cpp.what("a job's name");
  epoch @2 :UInt32;
  work @3 :UInt8 $Cpp.type("EpochWork") $Cpp.what("an epoch's work") $Cpp.most("2");
  next @4 :UInt64;
  from @5 :Store.Manifest;
  pending @6 :List(Sealed) $Cpp.each("sealed output");
  rounds @7 :List(CutId);
  stale @8 :List(CutId);
}

struct TakeCut {
  job @0 :UInt64;  # 0: the sender's
  n @1 :UInt64;
}

struct CutTaken $Cpp.who("what the job's sinks have sealed") $Cpp.advice("give the job fewer sinks") {
  job @0 :UInt64;
  n @1 :UInt64;
  last @2 :Bool;   # to the submitter: all has ended
  parts @3 :List(Store.CutPart);
  sealed @4 :List(Sealed) $Cpp.each("sealed output");  # all that may not be visible yet
  laidOut @5 :List(Store.LayoutNode);  # to the submitter
  refused @6 :Text $Cpp.sentence;  # why it could not be taken; "": it is
}

struct CutOver {
  job @0 :UInt64;  # 0: the sender's
  n @1 :UInt64;
  refused @2 :Text $Cpp.sentence;  # why it is not published; "": it is
}
