#include <leat/graph/elastic.hpp>

#include <leat/graph/feeders.hpp>

#include <algorithm>
#include <optional>

namespace leat {
namespace {

// Whether a cell's stages and its place in the layout let replicas come and go.
class Judging {
 public:
  Judging(const Checked& checked, const Layout& layout)
      : stages_(checked.graph.stages()), edges_(checked.graph.edges()), layout_(layout) {}

  std::optional<ElasticCell> judge(CellId id) const {
    auto cell = room(id);
    if (!cell || !fed_as_one(id) || !feeds_any(id) || waits(id)) return std::nullopt;
    return cell;
  }

 private:
  bool begins_with_source(CellId id) const { return bool(stages_[layout_.cells[id].stages.front()].kind.source); }

  std::optional<ElasticCell> room(CellId id) const {
    const CellPlan& cell = layout_.cells[id];
    ElasticCell room{id, 1, 0};
    for (StageId stage_id : cell.stages) {
      const Stage& stage = stages_[stage_id];
      if (!stage.kind.output) return std::nullopt;
      if (stage.kind.source) continue;
      if (stage.kind.sharing != Sharing::stateless) return std::nullopt;
      if (stage.replicas.keeps_order && !cell.keeps_order) return std::nullopt;
      if (stage.replicas.least == 0) continue;
      std::size_t most = std::max(stage.replicas.least, stage.replicas.most);
      room.least = std::max(room.least, stage.replicas.least);
      room.most = room.most == 0 ? most : std::min(room.most, most);
    }
    if (room.least >= room.most || cell.blocking) return std::nullopt;
    return room;
  }

  bool fed_as_one(CellId id) const {
    std::size_t fed = 0;
    for (const LinkPlan& link : layout_.links) {
      if (link.to != id || is_feeder(layout_, link.from)) continue;
      const Edge& edge = edges_[link.edge];
      if (link.rule != Dispatch::Rule::balance || stages_[edge.to].kind.inputs[edge.port].whole_first) return false;
      ++fed;
    }
    return fed == (begins_with_source(id) ? 0 : 1);
  }

  // A link forward from one replica to one is as good as a balanced one.
  bool feeds_any(CellId id) const {
    bool feeds = false;
    for (const LinkPlan& link : layout_.links) {
      if (link.from != id) continue;
      feeds = true;
      if (link.rule == Dispatch::Rule::forward && layout_.cells[link.to].replicas != 1) return false;
      // What balances over a pool of replicas that keep order is one stream.
      if (layout_.cells[link.to].keeps_order) return false;
    }
    return feeds;
  }

  bool waits(CellId id) const {
    const CellPlan& cell = layout_.cells[id];
    if (!cell.gates.empty()) return true;
    return std::any_of(layout_.cells.begin(), layout_.cells.end(), [&](const CellPlan& other) {
      return std::any_of(other.gates.begin(), other.gates.end(),
                         [&](StageId gate) { return layout_.cell_of[gate] == id; });
    });
  }

  const std::vector<Stage>& stages_;
  const std::vector<Edge>& edges_;
  const Layout& layout_;
};

std::string name_of(const Checked& checked, const Layout& layout, CellId cell) {
  std::string name;
  for (StageId id : layout.cells[cell].stages) name += (name.empty() ? "" : ", ") + checked.graph.stages()[id].name;
  return "graph " + checked.graph.name() + ": " + name;
}

Result<ElasticCell> elastic(const Checked& checked, const Layout& layout, CellId cell) {
  if (cell >= layout.cells.size()) {
    return invalid("graph " + checked.graph.name() + " has no cell " + std::to_string(cell));
  }
  if (auto judged = Judging(checked, layout).judge(cell)) return *judged;
  return invalid(name_of(checked, layout, cell) + " cannot be grown or shrunk while it runs: its replicas depend "
                                                  "on each other, on their number, or on who feeds them");
}

// The channels of a replica that comes last, link by link: those that bring it chunks, then those it sends on.
class Adding {
 public:
  Adding(const Checked& checked, Growth& growth) : checked_(checked), growth_(growth) {}

  void run() {
    const Layout& layout = growth_.layout;
    ReplicaId own = growth_.replica;
    for (std::size_t index = 0; index < layout.links.size(); ++index) {
      const LinkPlan& link = layout.links[index];
      if (link.to == own.cell) {
        for (std::size_t from : live_replicas(growth_.placement, link.from)) {
          if (joins(layout, growth_.placement, link, from, own.replica)) add(index, {link.from, from}, own);
        }
      }
      if (link.from == own.cell) {
        for (std::size_t to : live_replicas(growth_.placement, link.to)) add(index, own, {link.to, to});
      }
    }
  }

 private:
  NodeId node_of(const ReplicaId& replica) const { return growth_.placement.node_of[replica.cell][replica.replica]; }

  void add(std::size_t index, ReplicaId from, ReplicaId to) {
    const LinkPlan& link = growth_.layout.links[index];
    ChannelPlan channel;
    channel.link = index;
    channel.edge = link.edge;
    channel.from = from;
    channel.to = to;
    channel.from_node = node_of(from);
    channel.to_node = node_of(to);
    channel.window = link.window;
    channel.id = static_cast<std::uint32_t>(growth_.placement.channels.size());
    channel.compress = channel.crosses() && checked_.graph.edges()[channel.edge].dispatch.compress;
    growth_.placement.channels.push_back(channel);
  }

  const Checked& checked_;
  Growth& growth_;
};

Result<void> may_run(const Checked& checked, const Layout& layout, const Placement& placement, CellId cell,
                     NodeId node) {
  const std::string name = name_of(checked, layout, cell);
  if (node >= placement.nodes.size()) return invalid(name + " has no node " + std::to_string(node));
  const NodeSpec& spec = placement.nodes[node];
  if (spec.cpus == 0) return invalid(name + " cannot grow onto node " + spec.name + ", which has no cpus");
  for (StageId id : layout.cells[cell].stages) {
    const Stage& stage = checked.graph.stages()[id];
    if (stage.kind.source || has_labels(spec, stage.on)) continue;
    return invalid(name + " cannot grow onto node " + spec.name + ", which has no label \"" + stage.on + "\"");
  }
  return {};
}

Result<void> fits_nodes(const Checked& checked, const Growth& growth, std::uint64_t process_base) {
  Compact left = compact(growth.layout, growth.placement);
  for (NodeId node = 0; node < left.placement.nodes.size(); ++node) {
    const NodeSpec& spec = left.placement.nodes[node];
    if (spec.memory == 0) continue;
    auto ok = fits(node_bound(checked, left.layout, left.placement, node, process_base), spec.memory);
    if (!ok) return ok.error().in("node " + spec.name);
  }
  return {};
}

}  // namespace

std::vector<ElasticCell> elastic_cells(const Checked& checked, const Layout& layout) {
  std::vector<ElasticCell> cells;
  for (CellId id = 0; id < layout.cells.size(); ++id) {
    if (auto cell = Judging(checked, layout).judge(id)) cells.push_back(*cell);
  }
  return cells;
}

bool is_live(const Placement& placement, const ReplicaId& replica) {
  return std::find(placement.retired.begin(), placement.retired.end(), replica) == placement.retired.end();
}

std::vector<std::size_t> live_replicas(const Placement& placement, CellId cell) {
  std::vector<std::size_t> live;
  for (std::size_t replica = 0; replica < placement.node_of[cell].size(); ++replica) {
    if (is_live(placement, {cell, replica})) live.push_back(replica);
  }
  return live;
}

Result<Growth> grow(const Checked& checked, const Layout& layout, const Placement& placement, CellId cell,
                    NodeId node, std::uint64_t process_base) {
  auto judged = elastic(checked, layout, cell);
  if (!judged) return std::move(judged).error();
  if (auto ok = may_run(checked, layout, placement, cell, node); !ok) return std::move(ok).error();
  if (live_replicas(placement, cell).size() >= judged->most) {
    return overloaded(name_of(checked, layout, cell) + " has " + std::to_string(judged->most) +
                      " replicas, as many as there may be");
  }
  ReplicaId own{cell, placement.node_of[cell].size()};
  Growth growth{layout, placement, own, {own}, placement.channels.size()};
  growth.placement.node_of[cell].push_back(node);
  growth.layout.cells[cell].replicas = growth.placement.node_of[cell].size();
  if (auto feeder = add_feeder(checked, growth.layout, growth.placement, cell)) growth.added.push_back(*feeder);
  Adding(checked, growth).run();
  if (auto ok = fits_nodes(checked, growth, process_base); !ok) return std::move(ok).error();
  return growth;
}

Result<Shrinking> shrink(const Checked& checked, const Layout& layout, const Placement& placement,
                         const ReplicaId& replica) {
  auto judged = elastic(checked, layout, replica.cell);
  if (!judged) return std::move(judged).error();
  std::string name = name_of(checked, layout, replica.cell);
  if (replica.replica >= placement.node_of[replica.cell].size() || !is_live(placement, replica)) {
    return invalid(name + " has no replica " + std::to_string(replica.replica) + " that could be told to end");
  }
  if (live_replicas(placement, replica.cell).size() <= judged->least) {
    return overloaded(name + " has " + std::to_string(judged->least) + " replicas, as few as there must be");
  }
  Shrinking shrinking{placement, replica, {}, {}};
  shrinking.ended = end_replica(layout, shrinking.placement, replica);
  for (const ChannelPlan& channel : placement.channels) {
    if (channel.to == replica && is_live(placement, channel.from)) shrinking.channels.push_back(channel.id);
  }
  return shrinking;
}

Result<void> redo(const Checked& checked, Layout& layout, Placement& placement, const std::vector<PoolChange>& changes) {
  for (const PoolChange& change : changes) {
    ReplicaId replica{change.cell, change.replica};
    if (change.what == PoolChange::What::grow) {
      Placement roomy = placement;
      for (NodeSpec& node : roomy.nodes) node.memory = 0;
      auto growth = grow(checked, layout, roomy, change.cell, change.node);
      if (!growth) return std::move(growth).error();
      if (!(growth->replica == replica)) return invalid("a replica that grows has another number than the next");
      growth->placement.nodes = placement.nodes;
      layout = std::move(growth->layout);
      placement = std::move(growth->placement);
    } else if (change.what == PoolChange::What::shrink) {
      auto shrinking = shrink(checked, layout, placement, replica);
      if (!shrinking) return std::move(shrinking).error();
      placement = std::move(shrinking->placement);
    } else {
      end_replica(layout, placement, replica);
    }
  }
  return {};
}

Compact compact(const Layout& layout, const Placement& placement) {
  Compact left{layout, placement};
  left.placement.retired.clear();
  left.placement.channels.clear();
  std::vector<std::vector<std::size_t>> number(layout.cells.size());
  for (CellId cell = 0; cell < layout.cells.size(); ++cell) {
    auto live = live_replicas(placement, cell);
    number[cell].resize(placement.node_of[cell].size());
    left.placement.node_of[cell].clear();
    for (std::size_t i = 0; i < live.size(); ++i) {
      number[cell][live[i]] = i;
      left.placement.node_of[cell].push_back(placement.node_of[cell][live[i]]);
    }
    left.layout.cells[cell].replicas = live.size();
  }
  for (ChannelPlan channel : placement.channels) {
    if (!is_live(placement, channel.from) || !is_live(placement, channel.to)) continue;
    channel.from.replica = number[channel.from.cell][channel.from.replica];
    channel.to.replica = number[channel.to.cell][channel.to.replica];
    channel.id = static_cast<std::uint32_t>(left.placement.channels.size());
    left.placement.channels.push_back(channel);
  }
  return left;
}

}  // namespace leat
