#include <leat/graph/feeders.hpp>

#include <leat/graph/elastic.hpp>

#include <algorithm>

namespace leat {
namespace {

// Credit of a channel that feeds: what the edge says, or room for four chunks, so that the replica has work
// while its credit travels; 2 MiB at most, but two chunks. Usual chunks are smaller than the largest there may
// be, and what waits in a queue is in no cache any more. Half of that where the cell keeps order: what waits
// there holds up all that come after it.
Amount feeding_window(const Checked& checked, const Edge& edge, const CellPlan& cell) {
  if (edge.dispatch.window) return *edge.dispatch.window;
  constexpr std::uint64_t kQueue = std::uint64_t{2} << 20;
  std::uint64_t chunk = checked.described[edge.from].output.max_chunk;
  std::uint64_t bytes = std::max(times(2, chunk), std::min(times(4, chunk), kQueue));
  if (cell.keeps_order) bytes /= 2;
  return {std::max(kDefaultWindow.bytes, bytes), kDefaultWindow.chunks};
}

std::optional<CellId> feeder_of(const Layout& layout, CellId cell) {
  for (const LinkPlan& link : layout.links) {
    if (link.to == cell && is_feeder(layout, link.from)) return link.from;
  }
  return std::nullopt;
}

bool any_fed(const Placement& placement, CellId cell) {
  auto live = live_replicas(placement, cell);
  return std::any_of(live.begin(), live.end(), [&](std::size_t replica) {
    return placement.node_of[cell][replica] != placement.source_node[cell];
  });
}

// The source is chained, so one edge leaves it. Replicas elsewhere must not wait for the feeder while it waits
// for a turn beside busy cells: it has a thread of its own.
CellId new_feeder(const Checked& checked, Layout& layout, Placement& placement, CellId cell) {
  StageId source = layout.cells[cell].stages.front();
  const auto& edges = checked.graph.edges();
  auto edge = std::find_if(edges.begin(), edges.end(), [&](const Edge& each) { return each.from == source; });
  CellPlan feeder;
  feeder.stages = {source};
  feeder.replicas = 0;
  feeder.blocking = true;
  feeder.gates = layout.cells[cell].gates;
  LinkPlan link;
  link.edge = static_cast<std::size_t>(edge - edges.begin());
  link.from = layout.cells.size();
  link.to = cell;
  link.rule = Dispatch::Rule::balance;
  link.window = feeding_window(checked, *edge, layout.cells[cell]);
  layout.cells.push_back(std::move(feeder));
  layout.links.push_back(link);
  placement.node_of.emplace_back();
  placement.source_node.push_back(placement.source_node[cell]);
  return link.from;
}

}  // namespace

bool is_feeder(const Layout& layout, CellId cell) {
  return layout.cell_of[layout.cells[cell].stages.front()] != cell;
}

std::string first_name(const Checked& checked, const Layout& layout, CellId cell) {
  const std::string& name = checked.graph.stages()[layout.cells[cell].stages.front()].name;
  return is_feeder(layout, cell) ? "feeder of " + name : name;
}

std::string sender_name(const Checked& checked, const Layout& layout, const LinkPlan& link) {
  if (is_feeder(layout, link.from)) return first_name(checked, layout, link.from);
  return checked.graph.stages()[checked.graph.edges()[link.edge].from].name;
}

bool joins(const Layout& layout, const Placement& placement, const LinkPlan& link, std::size_t from, std::size_t to) {
  if (link.rule == Dispatch::Rule::forward) return from == to;
  return !is_feeder(layout, link.from) || placement.node_of[link.from][from] != placement.node_of[link.to][to];
}

void add_feeders(const Checked& checked, Layout& layout, Placement& placement) {
  for (CellId cell = 0, cells = layout.cells.size(); cell < cells; ++cell) {
    add_feeder(checked, layout, placement, cell);
  }
}

std::optional<ReplicaId> add_feeder(const Checked& checked, Layout& layout, Placement& placement, CellId cell) {
  bool begins = bool(checked.graph.stages()[layout.cells[cell].stages.front()].kind.source);
  if (!begins || is_feeder(layout, cell) || !any_fed(placement, cell)) return std::nullopt;
  auto known = feeder_of(layout, cell);
  if (known && !live_replicas(placement, *known).empty()) return std::nullopt;
  CellId feeder = known ? *known : new_feeder(checked, layout, placement, cell);
  placement.node_of[feeder].push_back(placement.source_node[cell]);
  layout.cells[feeder].replicas = placement.node_of[feeder].size();
  return ReplicaId{feeder, layout.cells[feeder].replicas - 1};
}

std::vector<ReplicaId> end_replica(const Layout& layout, Placement& placement, const ReplicaId& replica) {
  std::vector<ReplicaId> ended = {replica};
  placement.retired.push_back(replica);
  auto feeder = feeder_of(layout, replica.cell);
  if (feeder && !any_fed(placement, replica.cell)) {
    for (std::size_t last : live_replicas(placement, *feeder)) ended.push_back({*feeder, last});
    placement.retired.insert(placement.retired.end(), ended.begin() + 1, ended.end());
  }
  return ended;
}

}  // namespace leat
