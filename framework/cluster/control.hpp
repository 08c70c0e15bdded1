/// Control messages: what coordinator, nodes and submitters say to each other, as plain values, and
/// their bytes. Pure. schemas/control.capnp is the specification, docs/cluster.md says who says what
/// when.
#pragma once

#include <leat/cluster/cluster.hpp>
#include <leat/cluster/control_plane.hpp>
#include <leat/graph/args.hpp>
#include <leat/graph/elastic.hpp>

#include <map>
#include <variant>

namespace leat::control {

/// Two ends that differ in this do not talk.
inline constexpr std::uint32_t kProtocol = 2;

/// Limits of what decode() takes, and so of what encode() makes: bytes of a message, entries of a list, bytes
/// of a text, of an error's sentence, and of a name. A graph's line may quote the largest argument, with four
/// bytes for each of its own.
inline constexpr std::size_t kMostBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMostEntries = std::size_t{1} << 16;
inline constexpr std::size_t kMostText = 4 * kMostValue + (std::size_t{1} << 16);
inline constexpr std::size_t kMostSentence = std::size_t{1} << 16;
inline constexpr std::size_t kMostName = 256;
static_assert(kMostText < kMostBytes);

using JobId = std::uint64_t;

/// 128 random bits: a node that comes back is another member.
struct Incarnation {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const Incarnation&, const Incarnation&) = default;
};

/// What two programs compare before they work together.
struct Identity {
  std::string build;
  std::vector<std::string> lines;  ///< names and parameters of its graphs
};

/// Which graph of the program, and from what: enough to build it.
struct Work {
  std::string program;
  std::map<std::string, std::string> args;
  std::vector<std::string> lines;  ///< canonical, as the submitter built it
};

struct Join {
  Identity identity;
  NodeSpec node;
  Incarnation incarnation;
  std::string host;  ///< the machine's name
  Endpoint data;
  bool tls = false;
  std::uint64_t process_base = 0;  ///< resident bytes before any job
};
struct Welcome {
  std::chrono::milliseconds heartbeat{0};
  std::chrono::milliseconds lost_after{0};
};
struct Refused {
  Error why;
};
struct Heartbeat {};
struct Submit {
  Identity identity;
  Work work;
  std::uint64_t memory = 0;
  std::uint32_t nodes = 1;
  std::chrono::milliseconds nodes_within{0};
  std::string host;
};
struct Probe {
  JobId job = 0;
  Work work;
  std::vector<StageId> sources;
};
struct Probed {
  JobId job = 0;
  Graph::Probes sources;
};
struct Deploy {
  JobId job = 0;
  std::uint32_t epoch = 0;
  std::string token;
  Work work;
  Graph::Probes sources;
  std::vector<NodeSpec> nodes;
  std::vector<Endpoint> data;
  NodeId me = 0;
  std::uint64_t process_base = 0;  ///< what placing counts for each node's process
  std::string placement;  ///< digest: what the node's own must be
  std::uint32_t placed = 0;  ///< so many of the nodes were there at first, and placed on; 0: all
  std::vector<PoolChange> changes = {};  ///< what was done since
};
/// A step of growing or shrinking a running job: Job's of the same name.
struct Resize {
  enum class Step {
    prepare,
    receive,
    attach,
    abandon,
    shrink,
    settle,  ///< to a node whose cells have all ended: say when its peers have received all
    part,    ///< to the others: the change's node goes
  };
  JobId job = 0;
  Step step = Step::prepare;
  PoolChange change;
  std::vector<NodeSpec> nodes;  ///< with prepare: a node that comes with it, or none
  std::vector<Endpoint> data;
  std::string placement;  ///< digest: what the node's own must become
};
struct Resized {
  JobId job = 0;
  Resize::Step step = Resize::Step::prepare;
  bool too_late = false;
};
struct Built {
  JobId job = 0;
};
struct Start {
  JobId job = 0;
};
struct GateEnded {
  JobId job = 0;
  StageId stage = 0;
};
struct Underway {
  JobId job = 0;
  Progress progress;
};
struct Finished {
  JobId job = 0;
  Ending ending = Ending::complete;
  Progress progress;
  std::vector<std::pair<std::string, std::string>> results;
  std::uint64_t peak_memory = 0;  ///< of the process
  std::uint64_t peak_pool = 0;    ///< of the job's pool there
};
struct Failed {
  JobId job = 0;
  Error why;
};
struct Commit {
  JobId job = 0;
};
struct Committed {
  JobId job = 0;
};
struct Cancel {
  JobId job = 0;
  std::string why;
};
struct Interrupt {
  JobId job = 0;  ///< 0: the sender's
};
struct Outcome {
  std::variant<Report, Error> content;
};
struct AskStatus {
  Identity identity;
};
struct Drain {
  std::string node;  ///< "": the one that says so
  Identity identity;
};
struct Leave {};

using Message = std::variant<Join, Welcome, Refused, Heartbeat, Submit, Probe, Probed, Deploy, Built, Start,
                             GateEnded, Underway, Finished, Failed, Commit, Committed, Cancel, Interrupt,
                             Outcome, AskStatus, ClusterStatus, Drain, Leave, Resize, Resized>;

/// The bytes of a message: exactly those from which decode() makes the same one. An error's sentence travels as
/// sentence_that_fits() makes it, so that one can always be told; whatever else decode() would refuse is refused
/// here, before it is sent, and who wanted to send it fails by it: a job, never a connection.
/// Errors: invalid, what it is that others cannot be told, and what to shorten. Threads: any.
Result<ControlBytes> encode(const Message& message);

/// The sentence, or where it is longer than kMostSentence bytes its beginning and its end with " ... " between
/// them, cut between characters of UTF-8: who fails is named at the beginning, and where at the end.
std::string sentence_that_fits(const std::string& sentence);

/// Errors: corrupt (not a message, or over a limit), invalid (another protocol). Threads: any.
Result<Message> decode(const ControlBytes& bytes);

/// What `identity` shows to others.
Identity identity_of(const ProgramIdentity& identity);

/// Refuses with the first difference: the build, or a graph's name or parameters.
Result<void> same_program(const Identity& ours, const Identity& theirs);

}  // namespace leat::control
