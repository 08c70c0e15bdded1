#include <leat/graph/layout.hpp>

#include <leat/graph/graph_error.hpp>
#include <leat/graph/placement.hpp>

#include <algorithm>

namespace leat {
namespace {

class Laying {
 public:
  // `most`: threads for each stage.
  Laying(const Checked& checked, std::size_t threads, std::vector<std::size_t> most)
      : checked_(checked),
        stages_(checked.graph.stages()),
        edges_(checked.graph.edges()),
        most_(std::move(most)) {
    layout_.threads = std::max<std::size_t>(threads, 1);
    layout_.cell_of.resize(stages_.size());
    counts_.resize(stages_.size(), 1);
    ordered_.resize(stages_.size());
  }

  Result<Layout> run() {
    // Stages are added after what feeds them, except in graphs connected by hand: those are few and
    // small, so a stage is placed when all above it are.
    std::vector<bool> placed(stages_.size());
    for (std::size_t left = stages_.size(); left > 0;) {
      for (StageId id = 0; id < stages_.size(); ++id) {
        if (placed[id] || !ready(id, placed)) continue;
        place(id);
        placed[id] = true;
        --left;
      }
    }
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      if (auto ok = link(i); !ok) return std::move(ok).error();
    }
    if (auto ok = check_channels(); !ok) return std::move(ok).error();
    if (auto ok = check_orders(); !ok) return std::move(ok).error();
    if (auto ok = check_writers(); !ok) return std::move(ok).error();
    return std::move(layout_);
  }

 private:
  bool ready(StageId id, const std::vector<bool>& placed) const {
    return std::all_of(edges_.begin(), edges_.end(),
                       [&](const Edge& edge) { return edge.to != id || placed[edge.from]; });
  }

  bool whole_first(const Edge& edge) const {
    return stages_[edge.to].kind.inputs[edge.port].whole_first;
  }

  // The only edge that streams into a stage, when it leads forward.
  const Edge* stream_edge(StageId id) const {
    const Edge* sole = nullptr;
    for (const Edge& edge : edges_) {
      if (edge.to != id || whole_first(edge)) continue;
      if (sole) return nullptr;
      sole = &edge;
    }
    return sole && sole->dispatch.rule == Dispatch::Rule::forward ? sole : nullptr;
  }

  // True when the stage above feeds others too.
  bool teed(const Edge& edge) const {
    return std::count_if(edges_.begin(), edges_.end(), [&](const Edge& e) { return e.from == edge.from; }) > 1;
  }

  bool may_chain(const Edge* sole) const {
    if (!sole) return false;
    const Stage& above = stages_[sole->from];
    const Stage& below = stages_[sole->to];
    if (above.isolated || below.isolated) return false;
    return above.on == below.on || (above.kind.source && below.on.empty());
  }

  void place(StageId id) {
    const Stage& stage = stages_[id];
    const Edge* stream = stream_edge(id);
    const Edge* sole = stream && !teed(*stream) ? stream : nullptr;
    resolve(id, stream, sole);
    bool source_above = sole && stages_[sole->from].kind.source;
    bool chained = may_chain(sole) && (counts_[sole->from] == counts_[id] || source_above);
    if (!chained) {
      layout_.cell_of[id] = layout_.cells.size();
      layout_.cells.emplace_back();
    } else {
      layout_.cell_of[id] = layout_.cell_of[sole->from];
    }
    CellPlan& cell = layout_.cells[layout_.cell_of[id]];
    cell.stages.push_back(id);
    cell.replicas = counts_[id];
    cell.keeps_order = ordered_[id] && counts_[id] > 1;
    cell.blocking = cell.blocking || stage.blocking;
    cell.gates.insert(cell.gates.end(), stage.after.begin(), stage.after.end());
  }

  void resolve(StageId id, const Edge* stream, const Edge* sole) {
    const Stage& stage = stages_[id];
    ordered_[id] = stage.replicas.keeps_order;
    if (stage.replicas.least > 0) {
      std::size_t most = std::max(stage.replicas.least, stage.replicas.most);
      counts_[id] = std::clamp(most_[id], stage.replicas.least, most);
      bool chained = may_chain(sole) && counts_[sole->from] == counts_[id];
      ordered_[id] = ordered_[id] || (chained && ordered_[sole->from]);
      return;
    }
    if (!may_chain(stream) || stages_[stream->from].kind.source) return;
    bool above = ordered_[stream->from];
    // Behind a tee it has a cell of its own, fed replica by replica: what is numbered must be merged before.
    bool follows = stage.kind.sharing == Sharing::stateless ? sole || !(above || ordered_[id])
                                                            : stage.kind.sharing == Sharing::combinable && !above;
    if (!follows) return;
    counts_[id] = counts_[stream->from];
    ordered_[id] = ordered_[id] || above;
  }

  Result<void> link(std::size_t index) {
    const Edge& edge = edges_[index];
    CellId from = layout_.cell_of[edge.from];
    CellId to = layout_.cell_of[edge.to];
    if (edge.dispatch.window && (edge.dispatch.window->bytes == 0 || edge.dispatch.window->chunks == 0)) {
      return too_little_credit(edge, *edge.dispatch.window);
    }
    if (from == to) return {};
    LinkPlan plan{index, from, to, edge.dispatch.rule, window_of(checked_, edge), false};
    if (plan.rule == Dispatch::Rule::forward) {
      if (whole_first(edge)) {
        plan.rule = Dispatch::Rule::broadcast;
      } else if (layout_.cells[from].replicas != layout_.cells[to].replicas) {
        plan.rule = Dispatch::Rule::balance;
      }
    }
    std::uint64_t chunk = checked_.described[edge.from].output.max_chunk;
    if (plan.window.bytes < chunk) return too_little_credit(edge, plan.window);
    layout_.links.push_back(plan);
    return {};
  }

  Error too_little_credit(const Edge& edge, Amount window) const {
    std::string credit = std::to_string(window.bytes) + " bytes, less than one chunk of " +
                         std::to_string(checked_.described[edge.from].output.max_chunk);
    return edge_error(checked_.graph, edge,
                      "has credit for " + (window.chunks == 0 ? "0 chunks" : credit) + ": raise its credit");
  }

  // Every channel has memory of its own, and a number.
  Result<void> check_channels() const {
    std::uint64_t channels = 0;
    for (const LinkPlan& plan : layout_.links) channels = plus(channels, layout_.channels(plan));
    if (channels <= kMostChannels) return {};
    return graph_error(checked_.graph,
                       "its replicas need " + (channels == kBoundless ? "countless" : std::to_string(channels)) +
                           " channels between them, more than the " + std::to_string(kMostChannels) +
                           " there may be: lower replicas");
  }

  // Whatever gave it replicas: each would write the same file.
  Result<void> check_writers() const {
    for (StageId id = 0; id < stages_.size(); ++id) {
      if (stages_[id].kind.writes.empty() || layout_.cells[layout_.cell_of[id]].replicas == 1) continue;
      return stage_error(checked_.graph, id,
                         "writes " + stages_[id].kind.writes[0] + " and would have " +
                             std::to_string(layout_.cells[layout_.cell_of[id]].replicas) +
                             " replicas, which would overwrite each other: give it one");
    }
    return {};
  }

  Error unordered(StageId id, const std::string& why) const {
    return stage_error(checked_.graph, id, "cannot keep order: " + why);
  }

  Result<void> check_orders() {
    for (LinkPlan& plan : layout_.links) {
      const CellPlan& from = layout_.cells[plan.from];
      const CellPlan& to = layout_.cells[plan.to];
      const Edge& edge = edges_[plan.edge];
      if (from.keeps_order) {
        bool whole = to.replicas == 1 || plan.rule == Dispatch::Rule::broadcast;
        if (!whole) {
          return unordered(edge.from, "it feeds " + std::to_string(to.replicas) + " replicas of " +
                                          stages_[edge.to].name + ": give that stage one replica");
        }
        plan.merges = true;
      }
      if (!to.keeps_order || whole_first(edge)) continue;
      if (from.replicas > 1 || plan.rule != Dispatch::Rule::balance) {
        return unordered(edge.to, stages_[edge.from].name +
                                      " does not feed it as one balanced stream: feed it from one "
                                      "replica, without keys or broadcast");
      }
      if (inputs(plan.to) > 1) return unordered(edge.to, "it merges several streams: merge them before");
    }
    return {};
  }

  std::size_t inputs(CellId cell) const {
    return static_cast<std::size_t>(
        std::count_if(layout_.links.begin(), layout_.links.end(), [&](const LinkPlan& plan) {
          return plan.to == cell && !whole_first(edges_[plan.edge]);
        }));
  }

  const Checked& checked_;
  const std::vector<Stage>& stages_;
  const std::vector<Edge>& edges_;
  std::vector<std::size_t> most_;
  Layout layout_;
  std::vector<std::size_t> counts_;
  std::vector<bool> ordered_;
};

}  // namespace

Amount window_of(const Checked& checked, const Edge& edge) {
  if (edge.dispatch.window) return *edge.dispatch.window;
  std::uint64_t chunk = checked.described[edge.from].output.max_chunk;
  return {std::max(kDefaultWindow.bytes, chunk), kDefaultWindow.chunks};
}

Result<Layout> layout_of(const Checked& checked, std::size_t threads) {
  threads = std::max<std::size_t>(threads, 1);
  return Laying(checked, threads, std::vector<std::size_t>(checked.graph.stages().size(), threads)).run();
}

Result<Layout> layout_of(const Checked& checked, const std::vector<NodeSpec>& nodes) {
  std::vector<std::size_t> most;
  for (const Stage& stage : checked.graph.stages()) {
    std::size_t cpus = 0;
    for (const NodeSpec& node : nodes) cpus += has_labels(node, stage.on) ? node.cpus : 0;
    most.push_back(std::max<std::size_t>(cpus, 1));
  }
  std::size_t all = 0;
  for (const NodeSpec& node : nodes) all += node.cpus;
  return Laying(checked, all, std::move(most)).run();
}

}  // namespace leat
