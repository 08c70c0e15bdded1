@0xa607168c09d2856f;
# Control: what a coordinator, its nodes and those who submit jobs say to each other.
#
# One message is one flat framed Cap'n Proto message, not packed, at most 16 MiB. Every message carries
# the protocol; two ends that differ in it part with one sentence. Within a protocol fields are only
# added. docs/cluster.md draws who says what when; framework/cluster/control.hpp has the limits, which hold
# for who sends as for who reads: what is over one fails the job it is said of, before it is sent.

using Cxx = import "/capnp/c++.capnp";
using ColumnType = import "table.capnp".ColumnType;
$Cxx.namespace("leat::schema");

struct Control {
  protocol @0 :UInt32;
  union {
    join @1 :Join;                # node: take me in
    welcome @2 :Welcome;          # coordinator, to a node
    refused @3 :Failure;          # coordinator, to anyone: and now go
    heartbeat @4 :Void;           # both ways
    submit @5 :Submit;            # submitter: run this
    probe @6 :Probe;              # coordinator: look at these sources
    probed @7 :Probed;            # node
    deploy @8 :Deploy;            # coordinator: build your share
    built @9 :UInt64;             # node: ready to start; the number is the job
    start @10 :UInt64;            # coordinator, all nodes have built
    gate @11 :Gate;               # node, and from the coordinator on to the other nodes
    progress @12 :Underway;       # node, and from the coordinator on to the submitter
    finished @13 :Finished;       # node: all cells have left, nothing is committed yet
    failed @14 :Failed;           # node: the job cannot go on here
    commit @15 :UInt64;           # coordinator: all have finished
    committed @16 :UInt64;        # node
    cancel @17 :Cancel;           # coordinator: drop the job, commit nothing
    interrupt @18 :UInt64;        # submitter (0), and from the coordinator on to the nodes
    outcome @19 :Outcome;         # coordinator, to the submitter: the last word
    askStatus @20 :Identity;      # anyone of the same program
    status @21 :Status;
    drain @22 :Drain;             # anyone: of that node; a node: of itself; to a node: you are drained
    leave @23 :Void;              # coordinator: nothing of yours is needed any more
    resize @24 :Resize;           # coordinator: a step of growing or shrinking a running job
    resized @25 :Resized;         # node: the step is done, or is too late
  }
}

struct Identity {
  build @0 :Text;
  lines @1 :List(Text);           # names and parameters of the program's graphs
}

struct Endpoint {
  host @0 :Text;
  port @1 :UInt16;
}

struct NodeSpec {
  name @0 :Text;
  labels @1 :List(Text);
  cpus @2 :UInt32;
  memory @3 :UInt64;              # bytes; 0: no limit
}

struct Join {
  identity @0 :Identity;
  node @1 :NodeSpec;
  incarnationHigh @2 :UInt64;     # 128 random bits: a node that comes back is another member
  incarnationLow @3 :UInt64;
  host @4 :Text;                  # the machine's name
  data @5 :Endpoint;
  tls @6 :Bool;                   # of the data endpoint
  processBase @7 :UInt64;         # resident bytes before any job
}

struct Welcome {
  heartbeatMs @0 :UInt32;         # say something at least this often
  lostAfterMs @1 :UInt32;         # who is silent for longer is lost
}

enum FailureKind {
  invalid @0;
  corrupt @1;
  overloaded @2;
  disconnected @3;
  failed @4;
}

struct Failure {
  kind @0 :FailureKind;
  sentence @1 :Text;
  thrown @2 :Bool;  # user code threw it
  subject @3 :Subject;  # what it is about; absent where nobody has said so
}

struct Subject {
  # Each empty, or 0, where it is about no such thing.
  graph @0 :Text;
  stage @1 :Text;
  option @2 :Text;
  file @3 :Text;
  line @4 :UInt64;
  column @5 :UInt64;
}

struct Setting {
  name @0 :Text;
  value @1 :Text;
}

struct Work {
  # Which graph of the program, and from what: enough to build it.
  program @0 :Text;
  args @1 :List(Setting);
  lines @2 :List(Text);           # the graph as the submitter built it, canonical
}

struct Submit {
  identity @0 :Identity;
  work @1 :Work;
  memory @2 :UInt64;              # bytes a job may need on any node; 0: no limit
  nodes @3 :UInt32;               # wait for this many
  nodesWithinMs @4 :UInt32;
  host @5 :Text;
}

struct Probe {
  job @0 :UInt64;
  work @1 :Work;
  sources @2 :List(UInt32);       # stages
}

struct KnownColumn {
  name @0 :Text;
  type @1 :ColumnType;
  nullable @2 :Bool;
  dictionary @3 :Bool;
}

struct Description {
  stage @0 :UInt32;
  columns @1 :List(KnownColumn);
  columnsKnown @2 :Bool;
  bytes @3 :UInt64;
  rows @4 :UInt64;
  maxChunk @5 :UInt64;
  notes @6 :List(Setting);
}

struct Probed {
  job @0 :UInt64;
  sources @1 :List(Description);
}

struct Deploy {
  job @0 :UInt64;
  epoch @1 :UInt32;
  token @2 :Data;                 # secret of the job's data connections
  work @3 :Work;
  sources @4 :List(Description);  # of all sources, wherever they were probed
  nodes @5 :List(NodeSpec);
  data @6 :List(Endpoint);        # by node
  me @7 :UInt32;
  processBase @9 :UInt64;         # what placing counts for each node's process, in bytes
  placement @8 :Text;             # digest: what the node's own must be
  placed @10 :UInt32;             # so many of the nodes were there at first, and placed on; 0: all
  changes @11 :List(PoolChange);  # what was done since
}

struct PoolChange {
  what @0 :UInt8;                 # 0: grow, 1: shrink, 2: grown, but too late: it never ran
  cell @1 :UInt32;
  replica @2 :UInt32;
  node @3 :UInt32;                # of a replica that grows
}

struct Resize {
  job @0 :UInt64;
  step @1 :UInt8;                 # of growing: 0 prepare, 1 receive, 2 attach or 3 abandon; 4: shrink;
                                  # 5 settle: say when peers have all you sent; 6 part: that node goes
  change @2 :PoolChange;
  nodes @3 :List(NodeSpec);       # with prepare: a node that comes with it, or none
  data @4 :List(Endpoint);
  placement @5 :Text;             # digest: what the node's own must become
}

struct Resized {
  job @0 :UInt64;
  step @1 :UInt8;
  tooLate @2 :Bool;
}

struct Gate {
  job @0 :UInt64;
  stage @1 :UInt32;               # one replica of it has ended
}

struct Count {
  name @0 :Text;
  count @1 :UInt64;
}

struct StageProgress {
  name @0 :Text;
  replicas @1 :UInt32;
  counts @2 :List(Count);
  metrics @3 :List(UInt64);       # in the order of kStageMetrics, times in nanoseconds; those left out are 0
}

struct Progress {
  seconds @0 :Float64;
  bytes @1 :UInt64;
  bytesTotal @2 :UInt64;
  rows @3 :UInt64;
  rowsTotal @4 :UInt64;
  stages @5 :List(StageProgress);
}

struct Underway {
  job @0 :UInt64;
  progress @1 :Progress;
}

struct Finished {
  job @0 :UInt64;
  interrupted @1 :Bool;
  progress @2 :Progress;
  results @3 :List(Setting);
  peakMemory @4 :UInt64;          # of the process
  peakPool @5 :UInt64;            # of the job's pool there
}

struct Failed {
  job @0 :UInt64;
  why @1 :Failure;
}

struct Cancel {
  job @0 :UInt64;
  why @1 :Text;
}

struct BoundTerm {
  unused @0 :Text;
  where @1 :Text;
  bytes @2 :UInt64;
  what @3 :UInt8;                 # BoundTerm::What
}

struct NodeReport {
  node @0 :Text;
  progress @1 :Progress;
  peakMemory @2 :UInt64;          # of the process
  bound @3 :UInt64;
  peakPool @4 :UInt64;            # of the job's pool there
}

struct Report {
  interrupted @0 :Bool;
  progress @1 :Progress;
  results @2 :List(Setting);
  bound @3 :List(BoundTerm);
  peakMemory @4 :UInt64;          # the largest of any process
  nodes @5 :List(NodeReport);
  peakPool @6 :UInt64;            # the largest of any node
}

struct Outcome {
  union {
    report @0 :Report;
    why @1 :Failure;
  }
}

struct MemberStatus {
  node @0 :NodeSpec;
  data @1 :Endpoint;
  draining @2 :Bool;
}

struct JobStatus {
  id @0 :UInt64;
  graph @1 :Text;
  phase @2 :Text;
  progress @3 :Progress;
  why @4 :Text;                   # what a job that waits waits for
}

struct Status {
  members @0 :List(MemberStatus);
  jobs @1 :List(JobStatus);
}

struct Drain {
  node @0 :Text;                  # "": the one that says so
  identity @1 :Identity;
}
