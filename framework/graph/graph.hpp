/// Graphs: stages and edges, a pure description. Write them through Stream; this is what lies below.
#pragma once

#include <leat/actor/credit.hpp>
#include <leat/graph/kind.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leat {

using StageId = std::size_t;

/// How many replicas a stage may have. `replicas(1, 8).ordered()`: one to eight, and what comes out is in
/// the order of what went in. Not fewer than one, the least first: check() refuses anything else. It starts with as many as there are threads; where its replicas are elastic
/// (graph/elastic.hpp) it then follows its load.
struct Replicas {
  std::size_t least = 0;  ///< 0: not said; the stage above or the kind decides
  std::size_t most = 0;
  bool keeps_order = false;
  bool said = false;  ///< by replicas(): then 0 is a mistake

  Replicas ordered() const { return {least, most, true, said}; }
};
inline Replicas replicas(std::size_t least, std::size_t most) { return {least, most, false, true}; }
inline Replicas replicas(std::size_t count) { return {count, count, false, true}; }

/// The most replicas a stage may be told to have, and the most channels a graph may need.
constexpr std::size_t kMostReplicas = std::size_t{1} << 16;
constexpr std::size_t kMostChannels = std::size_t{1} << 20;

/// Splits a chunk among `replicas`: appends (replica, chunk) pairs.
using Splitter = Callable<Result<void>(Pool&, const Chunk&, std::size_t replicas,
                                       std::vector<std::pair<std::size_t, Chunk>>&)>;

/// Which replica of the receiving stage a chunk goes to.
struct Dispatch {
  enum class Rule {
    forward,    ///< to the replica below, chained where possible; balance where counts differ
    balance,    ///< to the replica with the least outstanding bytes
    key,        ///< by a key: equal keys to one replica
    broadcast,  ///< to all
  };
  Rule rule = Rule::forward;
  std::string by;      ///< key: what it is called in plans; the column's name with by_column
  bool by_column = false;
  Splitter splitter;   ///< key
  std::optional<Amount> window;  ///< credit of each channel; default: see Layout
  bool compress = false;         ///< lz4 where the edge crosses nodes
};

/// "forward", "balance", "key" or "broadcast".
const char* rule_name(Dispatch::Rule rule);

struct Stage {
  std::string name;
  StageKind kind;
  Replicas replicas;
  bool isolated = false;       ///< a cell of its own
  bool blocking = false;       ///< and a thread of its own
  std::vector<StageId> after;  ///< takes no input before these have ended
  /// Only on nodes with this label, or with all of several joined by '+'; "": on any. Of a source: on
  /// the first such node.
  std::string on;
  std::optional<std::uint64_t> state;       ///< overrides Needs::state
  std::optional<std::uint64_t> max_output;  ///< overrides Needs::max_output
  /// How many chunks it may put aside, in each process, when it throws at them again and again.
  std::uint64_t dead_letters = 0;
  std::optional<StageId> combines = {};     ///< the stage whose combiner this is
};

/// What the combiner of a stage is called: "train combine".
std::string combiner_name(const std::string& stage);

struct Edge {
  StageId from;
  StageId to;
  std::size_t port = 0;  ///< input of `to`
  Dispatch dispatch;
};

/// A graph that passed check(): its sources are probed, every stream is described.
struct Checked;

template <class P>
class Stream;

/// Value-like handle: copies share the description. Threads: build on one.
class Graph {
 public:
  explicit Graph(std::string name);

  const std::string& name() const;
  const std::vector<Stage>& stages() const;
  const std::vector<Edge>& edges() const;

  /// Adds a source: a Kind<P>, or a function `bool (Out<P>&)` that emits and says whether there is
  /// more. Defined in stream.hpp.
  template <class F>
  auto source(std::string name, F what);

  /// The untyped way in, for graphs that are read and not written. Wrong ports are found by check().
  StageId add(Stage stage);
  /// Adds the combiner of a stage whose kind has one: a stage of one replica, with the stage's label. Returns
  /// the stage whose chunks others take: it, or the stage itself. The edge between them is the caller's to add.
  StageId add_combiner(StageId stage);
  void connect(Edge edge);
  Stage& stage(StageId id);

  /// How long a small chunk may wait to be sent on with others, from its source on: 10 ms unless it is set. A
  /// cell that has nothing else to do sends at once. 0: every chunk by itself.
  void latency(std::chrono::milliseconds most);
  std::chrono::milliseconds latency() const;

  /// True for this graph and its copies.
  bool same(const Graph& other) const { return body_ == other.body_; }
  /// What was done wrong while it was built and cannot be said there: check() says the first.
  void refuse(std::string why);

  /// What probes said of sources and of what other stages will read (StageKind::probe), by stage.
  using Probes = std::map<StageId, Description>;

  /// Finds what the compiler could not: dangling ports, duplicate names, wrong payloads, cycles,
  /// gates and joins that would deadlock, unknown columns, two stages that write one file. Probes the
  /// sources, and looks up files that stages write where there are several: the only I/O.
  Result<Checked> check() const;

  /// The same with the sources probed before, here or on other nodes: no I/O but that look at files, and of
  /// stages that are `on` different labels place() knows whether they write one. Gives what check() gives
  /// where the probes are equal, but for Checked::sources: it has those that probe() of this Graph or of
  /// a copy has made, each as it was left (a source that has been run is used up: probe it again); null
  /// for all others. A source that `probes` lacks has an unknown description.
  Result<Checked> check(const Probes& probes) const;

  /// Probes these stages, here, and keeps the sources it made with the Graph, for check(probes); what
  /// it kept of them before is let go. Nothing is kept when one fails. Errors: those of Source::probe;
  /// invalid for a stage that is neither a source nor has a probe.
  Result<Probes> probe(const std::vector<StageId>& sources) const;
  /// Keeps those sources no longer: who has them from check(probes) is the last that does.
  void forget_probed() const;

 private:
  friend class Checking;
  const std::string& refusal() const;
  std::shared_ptr<Source> probed(StageId id) const;

  struct Body;
  std::shared_ptr<Body> body_;
};

/// What a stage that is no source says of what it will read, here. Errors: its own; what it throws.
Result<Description> probed_stage(const Graph& graph, StageId id);
/// Makes a stage's source and probes it, here. Errors: those of Source::probe; what either throws.
Result<std::pair<std::shared_ptr<Source>, Description>> probed_source(const Graph& graph, StageId id);

struct Checked {
  Graph graph;
  std::vector<Described> described;              ///< by stage
  /// By stage, probed; null where it is no source, or was probed elsewhere.
  std::vector<std::shared_ptr<Source>> sources;
  std::vector<ColumnNames> wanted;  ///< by stage: the columns of what it gives that some stage below reads
};

}  // namespace leat
