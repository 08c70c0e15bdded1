@0xa607168c09d2856f;
# Control: what a coordinator, its nodes and those who submit jobs say to each other.
#
# One message is one flat framed Cap'n Proto message, not packed, at most 16 MiB. Every message carries the protocol;
# two ends that differ in it part with one sentence. Here are its parts, their limits, and what a sentence calls them.
# structs.cpp makes C++ structs of it. A limit holds for who sends as for who reads: what is over one fails the job it
# is said of, before it is sent. docs/cluster.md draws who says what when.

using Cxx = import "/capnp/c++.capnp";
using Cpp = import "structs.capnp";
using ColumnType = import "table.capnp".ColumnType;
using Cuts = import "control_cuts.capnp";
using Questions = import "control_questions.capnp";
$Cxx.namespace("leat::schema");
$Cpp.space("leat::control");
$Cpp.headers(["leat/cluster/cluster.hpp", "leat/graph/elastic.hpp", "leat/graph/written_files.hpp", "leat/checkpoint/epoch_start.hpp"]);

struct Control $Cpp.custom {
  protocol @0 :UInt32;
  message @1 :Message;
}

struct Message $Cpp.variant $Cpp.what("a message") {
  union {
    join @0 :Join;                         # node: take me in
    welcome @1 :Welcome;                   # coordinator, to a node
    refused @2 :Refused;                   # coordinator, to anyone: and now go
    heartbeat @3 :Heartbeat;               # both ways
    submit @4 :Submit;                     # submitter: run this
    probe @5 :Probe;                       # coordinator: look at these sources, and models
    probed @6 :Probed $Cpp.ofJob;          # node
    deploy @7 :Deploy;                     # coordinator: build your share
    built @8 :Built $Cpp.ofJob;            # node: ready to start
    start @9 :Start;                       # coordinator, all nodes have built
    gateEnded @10 :GateEnded $Cpp.ofJob;   # node, and from the coordinator on to the other nodes
    underway @11 :Underway $Cpp.ofJob;     # node, and from the coordinator on to the submitter
    finished @12 :Finished $Cpp.ofJob;     # node: all cells have left, nothing is committed yet
    failed @13 :Failed $Cpp.ofJob;         # node: the job cannot go on here
    commit @14 :Commit;                    # coordinator: all have finished
    committed @15 :Committed $Cpp.ofJob;   # node
    cancel @16 :Cancel;                    # coordinator: drop the job, commit nothing
    interrupt @17 :Interrupt;              # submitter, or who has asked; and from the coordinator on to the nodes
    outcome @18 :Outcome;                  # coordinator, to the submitter: the last word
    askStatus @19 :AskStatus;              # anyone of the same program
    status @20 :Status;
    drain @21 :Drain;                      # anyone: of that node; a node: of itself; to a node: you are drained
    leave @22 :Leave;                      # coordinator: nothing of yours is needed any more
    resize @23 :Resize;                    # coordinator: a step of growing or shrinking a running job
    resized @24 :Resized $Cpp.ofJob;       # node: the step is done, or is too late
    leaving @25 :Leaving;                  # node: it goes now, and its jobs fail
    drainJob @26 :DrainJob;                # who has asked; and from the coordinator on to the nodes
    ask @27 :Questions.Ask;                          # who has asked; and from the coordinator on to the job's nodes
    told @28 :Questions.Told $Cpp.ofJob;             # node: its answer
    answers @29 :Questions.Answers;                  # coordinator, to who has asked: those of all the job's nodes
    takeCut @30 :Cuts.TakeCut;             # submitter, and from the coordinator on to the nodes
    cutTaken @31 :Cuts.CutTaken $Cpp.ofJob;  # node; and from the coordinator to the submitter: all nodes have
    cutOver @32 :Cuts.CutOver;             # submitter, and from the coordinator on to the nodes
    gone @33 :Gone $Cpp.ofJob;             # node: nothing of the job is left there
  }
}

struct Identity {
  # What two programs compare before they work together.
  build @0 :Text $Cpp.what("a build");
  lines @1 :List(Text) $Cpp.each("a line of a graph");  # names and parameters of its graphs
}

struct Endpoint $Cpp.type("Endpoint") {
  host @0 :Text $Cpp.name $Cpp.what("a host's name");
  port @1 :UInt16;
}

struct NodeSpec $Cpp.type("NodeSpec") {
  name @0 :Text $Cpp.name $Cpp.what("a node's name") $Cpp.least("1");
  labels @1 :List(Text) $Cpp.most("256") $Cpp.each("a label") $Cpp.eachMost("kMostName");
  cpus @2 :UInt32 $Cpp.least("1") $Cpp.most("kMostCpus");
  memory @3 :UInt64;              # bytes; 0: no limit
}

struct Incarnation $Cpp.equal {
  # 128 random bits: a node that comes back is another member.
  high @0 :UInt64;
  low @1 :UInt64;
}

struct Join $Cpp.checked $Cpp.who("this node's name or labels") $Cpp.advice("give others") {
  identity @0 :Identity;
  node @1 :NodeSpec;
  incarnation @2 :Incarnation;
  host @3 :Text $Cpp.name $Cpp.what("a host's name");  # the machine's
  data @4 :Endpoint;
  tls @5 :Bool;                   # of the data endpoint
  processBase @6 :UInt64;         # resident bytes before any job
}

struct Welcome {
  heartbeat @0 :UInt32 $Cpp.type("std::chrono::milliseconds");  # say something at least this often
  lostAfter @1 :UInt32 $Cpp.type("std::chrono::milliseconds");  # who is silent for longer is lost
}

enum FailureKind $Cpp.custom {
  invalid @0;
  corrupt @1;
  overloaded @2;
  disconnected @3;
  failed @4;
}

struct Failure $Cpp.type("Error") $Cpp.custom {
  kind @0 :FailureKind;
  sentence @1 :Text;
  thrown @2 :Bool;  # user code threw it
  subject @3 :Subject;  # what it is about; absent where nobody has said so
}

struct Subject $Cpp.type("leat::Subject") $Cpp.custom {
  # Each empty, or 0, where it is about no such thing.
  graph @0 :Text;
  stage @1 :Text;
  option @2 :Text;
  file @3 :Text;
  line @4 :UInt64;
  column @5 :UInt64;
}

struct Refused { why @0 :Failure; }

struct Heartbeat {}

struct NamedValue $Cpp.pair {
  name @0 :Text $Cpp.what("a name");
  value @1 :Text $Cpp.what("a value");
}

struct Work {
  # Which graph of the program, and from what: enough to build it.
  program @0 :Text $Cpp.name $Cpp.what("a graph's name");
  args @1 :List(NamedValue) $Cpp.type("std::map<std::string, std::string>") $Cpp.what("arguments") $Cpp.each("an argument");
  lines @2 :List(Text) $Cpp.each("a line of a graph");  # canonical, as the submitter built it
}

struct Submit $Cpp.who("the job") $Cpp.advice("give fewer and shorter arguments, or a smaller graph") {
  identity @0 :Identity;
  work @1 :Work;
  memory @2 :UInt64;              # bytes a job may need on any node; 0: no limit
  nodes @3 :UInt32 = 1 $Cpp.least("1");  # wait for this many
  nodesWithin @4 :UInt32 $Cpp.type("std::chrono::milliseconds");
  host @5 :Text $Cpp.name $Cpp.what("a host's name");
  start @6 :Cuts.EpochStart;      # of a job with checkpoints
  patience @7 :UInt32 $Cpp.type("std::chrono::milliseconds");  # for as many nodes as it is laid out for
}

struct Probe $Cpp.who("the job") $Cpp.advice("give fewer and shorter arguments, or a smaller graph") {
  job @0 :UInt64;
  work @1 :Work;
  sources @2 :List(UInt32) $Cpp.type("std::vector<StageId>");
}

struct Field $Cpp.type("Field") {
  name @0 :Text $Cpp.what("a column's name");
  type @1 :ColumnType $Cpp.what("a column");
  nullable @2 :Bool;
  dictionary @3 :Bool;
}

struct Description $Cpp.type("Description") {
  fields @0 :List(Field) $Cpp.what("columns");
  fieldsKnown @1 :Bool;
  bytes @2 :UInt64;
  rows @3 :UInt64;
  maxChunk @4 :UInt64;
  notes @5 :List(NamedValue) $Cpp.each("a note");
  state @6 :UInt64;
}

struct ProbedSource $Cpp.pair {
  stage @0 :UInt32;
  known @1 :Description;
}

struct Probed $Cpp.who("what its sources hold") $Cpp.advice("give fewer or shorter columns") {
  job @0 :UInt64;
  sources @1 :List(ProbedSource) $Cpp.type("Graph::Probes") $Cpp.each("one source");
}

struct Deploy $Cpp.checked $Cpp.who("the job and what its sources hold")
    $Cpp.advice("give a smaller graph, fewer or shorter columns, or fewer nodes") {
  job @0 :UInt64;
  epoch @1 :UInt32;
  token @2 :Data $Cpp.what("a job token") $Cpp.least("16") $Cpp.most("64");  # secret of the job's data connections
  work @3 :Work;
  sources @4 :List(ProbedSource) $Cpp.type("Graph::Probes") $Cpp.each("one source");
  # All of them, wherever they were probed.
  nodes @5 :List(NodeSpec);
  data @6 :List(Endpoint) $Cpp.what("addresses");  # by node
  me @7 :UInt32;
  processBase @8 :UInt64;         # what placing counts for each node's process, in bytes
  placement @9 :Text $Cpp.name $Cpp.what("a digest");  # what the node's own must be
  placed @10 :UInt32;             # so many of the nodes were there at first, and placed on; 0: all
  changes @11 :List(PoolChange);  # what was done since
  start @12 :Cuts.EpochStart;
}

struct PoolChange $Cpp.type("PoolChange") {
  what @0 :UInt8 $Cpp.what("a change") $Cpp.most("static_cast<std::size_t>(PoolChange::What::abandon)");
  cell @1 :UInt32;
  replica @2 :UInt32;
  node @3 :UInt32;                # of a replica that grows
}

enum ResizeStep {
  # A step of growing or shrinking a running job: Job's of the same name.
  prepare @0;
  receive @1;
  attach @2;
  abandon @3;
  shrink @4;
  settle @5;
  # To a node whose cells have all ended: say when its peers have received all.
  part @6;
  # To the others: the change's node goes.
}

struct Resize $Cpp.checked {
  job @0 :UInt64;
  step @1 :ResizeStep $Cpp.what("a step of a change");
  change @2 :PoolChange;
  nodes @3 :List(NodeSpec) $Cpp.most("1");  # with prepare: a node that comes with it, or none
  data @4 :List(Endpoint) $Cpp.what("addresses") $Cpp.most("1");
  placement @5 :Text $Cpp.name $Cpp.what("a digest");  # what the node's own must become
}

struct Resized {
  job @0 :UInt64;
  step @1 :ResizeStep $Cpp.what("a step of a change");
  tooLate @2 :Bool;
}

struct UsedFile $Cpp.type("UsedFile") {
  stage @0 :Text;    # that uses it, on that node
  path @1 :Text;
  place @2 :Text;    # absolute, without links
  device @3 :UInt64;
  inode @4 :UInt64;  # 0: it is not there yet
  writes @5 :Bool;
}

struct Built $Cpp.who("which files its stages use") $Cpp.advice("give the job fewer stages with files") {
  job @0 :UInt64;
  files @1 :List(UsedFile) $Cpp.each("a file");
}

struct Start { job @0 :UInt64; }

struct GateEnded {
  # One replica of the stage has ended.
  job @0 :UInt64;
  stage @1 :UInt32 $Cpp.type("StageId");
}

struct Count $Cpp.pair {
  name @0 :Text $Cpp.what("a count's name");
  count @1 :UInt64;
}

struct StageProgress $Cpp.type("StageProgress") $Cpp.custom {
  named @0 :NamedProgress;
  metrics @1 :List(UInt64);       # in the order of kStageMetrics, times in nanoseconds; those left out are 0
}

struct NamedProgress $Cpp.type("StageProgress") {
  name @0 :Text $Cpp.what("a stage's name");
  replicas @1 :UInt32;
  counts @2 :List(Count) $Cpp.each("a count");
}

struct Progress $Cpp.type("Progress") {
  seconds @0 :Float64;
  bytes @1 :UInt64;
  bytesTotal @2 :UInt64;
  rows @3 :UInt64;
  rowsTotal @4 :UInt64;
  stages @5 :List(StageProgress);
}

struct Underway $Cpp.who("what the job's stages report") $Cpp.advice("report and count less, under shorter names") {
  job @0 :UInt64;
  progress @1 :Progress;
  waits @2 :Text $Cpp.what("what a job waits for");  # from the coordinator, instead of progress
}

struct Finished $Cpp.who("what the job's stages report") $Cpp.advice("report and count less, under shorter names") {
  job @0 :UInt64;
  ending @1 :UInt8 $Cpp.type("Ending") $Cpp.what("an ending") $Cpp.most("1");
  progress @2 :Progress;
  results @3 :List(NamedValue) $Cpp.type("std::vector<std::pair<std::string, std::string>>") $Cpp.each("a result");
  peakMemory @4 :UInt64;          # of the process
  peakPool @5 :UInt64;            # of the job's pool there
  sealed @6 :List(Cuts.Sealed);   # of a job with checkpoints: all that may not be visible yet
}

struct Failed { job @0 :UInt64; why @1 :Failure; }

struct Gone { job @0 :UInt64; }

struct Commit { job @0 :UInt64; }

struct Committed { job @0 :UInt64; }

struct Cancel {
  job @0 :UInt64;
  why @1 :Text $Cpp.sentence;
}

struct Interrupt {
  job @0 :UInt64;  # 0: the sender's
}

struct BoundTerm $Cpp.type("BoundTerm") {
  what @0 :UInt8 $Cpp.what("a term") $Cpp.most("kBoundTerms - 1");
  where @1 :Text $Cpp.what("a term's place");
  bytes @2 :UInt64;
}

struct Bound $Cpp.type("Bound") {
  terms @0 :List(BoundTerm) $Cpp.what("the bound's terms");
}

struct NodeReport $Cpp.type("NodeReport") {
  node @0 :Text $Cpp.name $Cpp.what("a node's name");
  progress @1 :Progress;
  peakMemory @2 :UInt64;          # of the process
  bound @3 :UInt64;
  peakPool @4 :UInt64;            # of the job's pool there
}

struct Report $Cpp.type("Report") {
  ending @0 :UInt8 $Cpp.what("an ending") $Cpp.most("1");
  progress @1 :Progress;
  results @2 :List(NamedValue) $Cpp.each("a result");
  bound @3 :Bound;
  peakMemory @4 :UInt64;          # the largest of any process
  peakPool @5 :UInt64;            # the largest of any node
  nodes @6 :List(NodeReport);
  warnings @7 :List(Text) $Cpp.each("a warning");
}

struct LastWord $Cpp.variant $Cpp.what("an outcome") {
  union {
    report @0 :Report;
    why @1 :Failure;
  }
}

struct Outcome $Cpp.who("what the job's stages report") $Cpp.advice("report and count less, under shorter names") {
  content @0 :LastWord;
}

struct AskStatus { identity @0 :Identity; }

struct MemberStatus $Cpp.type("MemberStatus") {
  node @0 :NodeSpec;
  data @1 :Endpoint;
  draining @2 :Bool;
}

struct JobStatus $Cpp.type("JobStatus") {
  id @0 :UInt64;
  graph @1 :Text $Cpp.name $Cpp.what("a graph's name");
  phase @2 :Text $Cpp.name $Cpp.what("a phase");
  progress @3 :Progress;
  why @4 :Text $Cpp.what("what a job waits for");
}

struct Status $Cpp.type("ClusterStatus") $Cpp.who("what the cluster does") $Cpp.advice("give shorter labels") {
  members @0 :List(MemberStatus);
  jobs @1 :List(JobStatus);
}

struct Drain $Cpp.who("the node's name") $Cpp.advice("give that of a member") {
  node @0 :Text $Cpp.name $Cpp.what("a node's name");  # "": the one that says so
  identity @1 :Identity;
}

struct Leave {}

struct Leaving { why @0 :Text $Cpp.sentence; }

struct DrainJob { job @0 :UInt64; }
