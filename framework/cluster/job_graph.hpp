/// Job graphs: a job's graph as this process builds it, and where a cluster's nodes run it. Pure: every
/// process of a job works out the same.
#pragma once

#include <leat/cluster/control.hpp>
#include <leat/graph/replica_pools.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace leat {

/// A job on nodes, as far as its coordinator cares.
struct PlacedJob {
  std::string digest;            ///< equal exactly where placements are
  std::vector<bool> takes_part;  ///< by node: whether anything runs there
  std::vector<Bound> bounds;     ///< by node
  std::vector<ReplicaPool> pools = {};
  PoolChoices possible = {};     ///< what may be changed next
};

/// Of which nodes a job was placed on at first, and what was done since.
struct Past {
  std::size_t placed = 0;  ///< so many of the nodes; 0: all
  std::vector<PoolChange> changes = {};
  /// That counts of replicas follow, of a job that goes on: those it began on. Empty: the nodes it is placed on.
  std::vector<NodeSpec> laid_out = {};
  bool cuts = false;  ///< it has checkpoints, which take memory
};

/// As a checkpoint keeps a node, and back.
LayoutNode laid_out_node(const NodeSpec& node);
NodeSpec node_spec(const LayoutNode& node);

/// Threads: one at a time. It holds, and place() calls, what the user wrote: that may take its time, and is
/// placed and destroyed where it holds up nobody else.
class JobGraph {
 public:
  virtual ~JobGraph() = default;

  /// Which node looks at which source, and has it.
  virtual Result<std::map<StageId, NodeId>> sites(const std::vector<NodeSpec>& nodes) const = 0;

  /// `process_base`: the most that a node's process has resident before the job, in bytes. Errors: those
  /// of check, layout_of, place and redo. A job graph that knows of no changes refuses nodes and changes that
  /// came later.
  virtual Result<PlacedJob> place(const Graph::Probes& probes, const std::vector<NodeSpec>& nodes,
                                  std::uint64_t process_base, const Past& past) const = 0;
};

/// Makes the job graph of a job, its lines compared with those it came with. Injected, so that a
/// coordinator can be tested without graphs. Threads: any, several at once.
using JobGraphFactory = std::function<Result<std::unique_ptr<JobGraph>>(const control::Work&)>;

/// That of a program's graphs: builds twice. Errors: invalid (no such graph, bad args, another graph
/// than the submitter's, one that differs from itself); what the user's functions throw.
JobGraphFactory job_graph_factory(ProgramIdentity identity);

/// The same, for those who run it. Errors: as job_graph_factory()'s.
Result<Graph> build_job(const ProgramIdentity& identity, const control::Work& work);

/// Checks, lays out and places a job's graph; the bound is left empty. Sources that `graph` has probed
/// here are in it.
Result<Plan> plan_job(const Graph& graph, const Graph::Probes& probes, const std::vector<NodeSpec>& nodes,
                      std::uint64_t process_base, const Past& past = {});

/// The stages of which something runs on that node, and the sources that are there.
std::set<StageId> stages_on(const Plan& plan, NodeId node);

/// Equal exactly where placements are: 32 hexadecimal digits.
std::string placement_digest(const Placement& placement);

}  // namespace leat
