#include <leat/cluster/job_graph.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/fingerprint.hpp>

#include <algorithm>
#include <set>

namespace leat {
namespace {

class BuiltJobGraph final : public JobGraph {
 public:
  explicit BuiltJobGraph(Graph graph) : graph_(std::move(graph)) {}

  Result<std::map<StageId, NodeId>> sites(const std::vector<NodeSpec>& nodes) const override {
    return source_nodes(graph_, nodes);
  }

  Result<PlacedJob> place(const Graph::Probes& probes, const std::vector<NodeSpec>& nodes,
                          std::uint64_t process_base, const Past& past) const override {
    auto plan = plan_job(graph_, probes, nodes, process_base, past);
    if (!plan) return std::move(plan).error();
    const Placement& placement = plan->placement;
    std::set<NodeId> used;
    Compact left = compact(plan->layout, placement);
    for (const auto& replicas : left.placement.node_of) used.insert(replicas.begin(), replicas.end());
    for (const ChannelPlan& channel : left.placement.channels) used.insert({channel.from_node, channel.to_node});
    PlacedJob placed{placement_digest(placement), {}, {}, replica_pools(plan->checked, plan->layout, placement),
                     pool_choices(plan->checked, plan->layout, placement, process_base)};
    for (NodeId node = 0; node < nodes.size(); ++node) {
      placed.takes_part.push_back(used.count(node) > 0);
      placed.bounds.push_back(node_bound(plan->checked, left.layout, left.placement, node, process_base));
      if (past.cuts) add_snapshots(plan->checked, left.layout, placed.bounds.back());
    }
    return placed;
  }

 private:
  Graph graph_;
};

}  // namespace

LayoutNode laid_out_node(const NodeSpec& node) { return {node.name, node.labels, node.cpus}; }

NodeSpec node_spec(const LayoutNode& node) { return {node.name, node.labels, static_cast<std::size_t>(node.cpus), 0}; }

Result<Graph> build_job(const ProgramIdentity& identity, const control::Work& work) {
  auto program = std::find_if(identity.programs.begin(), identity.programs.end(),
                              [&](const Program& each) { return each.name == work.program; });
  if (program == identity.programs.end()) return invalid("this program has no graph " + work.program);
  auto built = guarded([&]() -> Result<Graph> {
    auto args = Args::from(all_params(*program, work.args), work.args);
    if (!args) return std::move(args).error();
    auto graph = build_twice([&] { return program->build(*args); });
    if (!graph) return graph;
    std::string difference = first_difference(canonical_lines(*graph), work.lines, "the one built again", "the one submitted");
    if (difference.empty()) return graph;
    return invalid("graph " + work.program + " is not the one that was submitted (" + difference +
                   "): build it from its arguments only, and run the same program everywhere");
  });
  if (!built && built.error().thrown) return built.error().in("graph " + work.program + " cannot be built");
  return built;
}

JobGraphFactory job_graph_factory(ProgramIdentity identity) {
  return [identity = std::move(identity)](const control::Work& work) -> Result<std::unique_ptr<JobGraph>> {
    auto graph = build_job(identity, work);
    if (!graph) return std::move(graph).error();
    return std::unique_ptr<JobGraph>(std::make_unique<BuiltJobGraph>(std::move(*graph)));
  };
}

Result<Plan> plan_job(const Graph& graph, const Graph::Probes& probes, const std::vector<NodeSpec>& nodes,
                      std::uint64_t process_base, const Past& past) {
  std::vector<NodeSpec> first = nodes;
  if (past.placed > 0) first.resize(std::min(past.placed, nodes.size()));
  auto checked = graph.check(probes);
  if (!checked) return std::move(checked).error();
  auto layout = layout_of(*checked, past.laid_out.empty() ? first : past.laid_out);
  if (!layout) return std::move(layout).error();
  auto placement = place(*checked, *layout, first, process_base);
  if (!placement) return std::move(placement).error();
  placement->nodes = nodes;
  if (auto ok = redo(*checked, *layout, *placement, past.changes); !ok) return std::move(ok).error();
  return Plan{std::move(*checked), std::move(*layout), {}, std::move(*placement)};
}

std::set<StageId> stages_on(const Plan& plan, NodeId node) {
  const Placement& placement = plan.placement;
  std::set<StageId> stages;
  for (CellId cell = 0; cell < plan.layout.cells.size(); ++cell) {
    bool runs = std::count(placement.node_of[cell].begin(), placement.node_of[cell].end(), node) > 0;
    for (StageId stage : plan.layout.cells[cell].stages) {
      bool source = plan.checked.graph.stages()[stage].kind.inputs.empty();
      if (source ? placement.source_node[cell] == node : runs) stages.insert(stage);
    }
  }
  return stages;
}

std::string placement_digest(const Placement& placement) {
  std::vector<std::string> lines;
  for (const auto& replicas : placement.node_of) {
    std::string line = "cell";
    for (NodeId node : replicas) line += " " + std::to_string(node);
    lines.push_back(std::move(line));
  }
  for (NodeId node : placement.source_node) lines.push_back("source " + std::to_string(node));
  for (const ChannelPlan& channel : placement.channels) {
    std::string line = "channel";
    for (std::uint64_t number :
         {std::uint64_t{channel.id}, std::uint64_t{channel.link}, std::uint64_t{channel.edge},
          std::uint64_t{channel.from.cell}, std::uint64_t{channel.from.replica}, std::uint64_t{channel.to.cell},
          std::uint64_t{channel.to.replica}, std::uint64_t{channel.from_node}, std::uint64_t{channel.to_node},
          channel.window.bytes, channel.window.chunks}) {
      line += " " + std::to_string(number);
    }
    lines.push_back(std::move(line));
  }
  for (const ReplicaId& replica : placement.retired) {
    lines.push_back("retired " + std::to_string(replica.cell) + " " + std::to_string(replica.replica));
  }
  return fingerprint(lines);
}

}  // namespace leat
