#include <leat/graph/feeders.hpp>
#include <leat/graph/written_files.hpp>

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <sstream>

namespace leat {
namespace {

std::vector<std::string> labels_in(const std::string& on) {
  std::vector<std::string> labels;
  std::istringstream text(on);
  for (std::string label; std::getline(text, label, '+');) {
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
  }
  return labels;
}

bool has_all(const NodeSpec& node, const std::vector<std::string>& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const std::string& label) {
    return std::find(node.labels.begin(), node.labels.end(), label) != node.labels.end();
  });
}

// "a, b and c", each in quotes.
std::string quoted(const std::vector<std::string>& labels) {
  std::string text;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text += i == 0 ? "" : i + 1 == labels.size() ? " and " : ", ";
    text += "\"" + labels[i] + "\"";
  }
  return text;
}

// "a (gpu, disk), b (no labels)"
std::string listed(const std::vector<NodeSpec>& nodes) {
  std::string text;
  for (const NodeSpec& node : nodes) {
    std::string labels;
    for (const std::string& label : node.labels) labels += (labels.empty() ? "" : ", ") + label;
    if (labels.empty()) labels = "no labels";
    text += (text.empty() ? "" : ", ") + node.name + " (" + labels + (node.cpus ? ")" : ", no cpus)");
  }
  return text;
}

// `who`: "stage fit", "the chain parse, fit".
Error nowhere(const Graph& graph, const std::string& who, const std::vector<std::string>& labels,
              const std::vector<NodeSpec>& nodes) {
  std::string start = "graph " + graph.name() + ": " + who;
  if (nodes.empty()) return invalid(start + " has no node to run on: start a node");
  if (labels.empty()) return invalid(start + " has no node to run on: there are " + listed(nodes));
  std::string none = labels.size() == 1   ? "has that label"
                     : labels.size() == 2 ? "has both"
                                          : "has all of them";
  return invalid(start + " is on " + quoted(labels) + ", and no node " + none + ": there are " + listed(nodes));
}

std::vector<NodeId> allowed(const std::vector<NodeSpec>& nodes, const std::vector<std::string>& labels) {
  std::vector<NodeId> able;
  for (NodeId id = 0; id < nodes.size(); ++id) {
    if (nodes[id].cpus > 0 && has_all(nodes[id], labels)) able.push_back(id);
  }
  return able;
}

class Placing {
 public:
  Placing(const Checked& checked, const Layout& layout, std::vector<NodeSpec> nodes,
          std::uint64_t process_base)
      : checked_(checked), stages_(checked.graph.stages()), layout_(layout), base_(process_base) {
    placed_.nodes = std::move(nodes);
    placed_.source_node.resize(layout.cells.size());
    placed_.node_of.resize(layout.cells.size());
    may_.resize(layout.cells.size());
  }

  // Leaves in `layout` what it was made for, feeders and all.
  Result<Placement> run(Layout& layout) {
    auto sources = source_nodes(checked_.graph, placed_.nodes);
    if (!sources) return std::move(sources).error();
    for (CellId id = 0; id < layout_.cells.size(); ++id) {
      if (begins_with_source(id)) placed_.source_node[id] = sources->at(layout_.cells[id].stages.front());
      if (auto ok = look(id); !ok) return std::move(ok).error();
      assign(id);
    }
    if (auto ok = write_apart(checked_.graph, [&](auto a, auto b) { return node(a) == node(b); }); !ok) {
      return std::move(ok).error();
    }
    add_feeders(checked_, layout_, placed_);
    placed_.channels = channels_of(checked_, layout_, placed_);
    if (auto ok = windows(); !ok) return std::move(ok).error();
    for (NodeId node = 0; node < placed_.nodes.size(); ++node) {
      if (auto ok = fit(node); !ok) return std::move(ok).error();
    }
    layout = std::move(layout_);
    return std::move(placed_);
  }

 private:
  bool begins_with_source(CellId id) const {
    return static_cast<bool>(stages_[layout_.cells[id].stages.front()].kind.source);
  }

  // Finds the nodes that a cell may run on.
  Result<void> look(CellId id) {
    const auto& members = layout_.cells[id].stages;
    std::vector<std::string> labels;
    std::string labelled;
    for (StageId stage : members) {
      bool only_the_source = stage == members.front() && begins_with_source(id) && members.size() > 1;
      if (stages_[stage].on.empty() || only_the_source) continue;
      for (std::string& label : labels_in(stages_[stage].on)) {
        if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(std::move(label));
      }
      labelled += (labelled.empty() ? "" : ", ") + stages_[stage].name;
    }
    may_[id] = allowed(placed_.nodes, labels);
    if (!may_[id].empty()) return {};
    bool several = labelled.find(", ") != std::string::npos;
    return nowhere(checked_.graph, (several ? "the chain " : "stage ") + labelled, labels, placed_.nodes);
  }

  void assign(CellId id) {
    std::size_t replicas = layout_.cells[id].replicas;
    std::optional<NodeId> source;
    if (begins_with_source(id)) source = placed_.source_node[id];
    const auto& may = may_[id];
    if (source && std::find(may.begin(), may.end(), *source) == may.end()) source.reset();
    // Nobody can feed a source that is a cell of its own.
    if (replicas == 1 || (source && layout_.cells[id].stages.size() == 1)) {
      placed_.node_of[id].assign(replicas, source.value_or(may.front()));
      return;
    }
    for (const LinkPlan& link : layout_.links) {
      // Links between streams lead to later cells, so what is above has been placed.
      if (link.to != id || link.rule != Dispatch::Rule::forward || may_[link.from] != may) continue;
      placed_.node_of[id] = placed_.node_of[link.from];
      return;
    }
    auto shares = share_out(may, replicas);
    even(shares, may, replicas, source);
    for (std::size_t i = 0; i < may.size(); ++i) {
      placed_.node_of[id].insert(placed_.node_of[id].end(), shares[i], may[i]);
    }
  }

  std::vector<std::size_t> share_out(const std::vector<NodeId>& may, std::size_t replicas) const {
    std::size_t cpus = 0;
    for (NodeId node : may) cpus += placed_.nodes[node].cpus;
    std::vector<std::size_t> shares;
    std::vector<std::size_t> rest;
    std::size_t left = replicas;
    for (NodeId node : may) {
      std::size_t due = replicas * placed_.nodes[node].cpus;
      shares.push_back(due / cpus);
      rest.push_back(due % cpus);
      left -= shares.back();
    }
    std::vector<std::size_t> order(may.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return rest[a] > rest[b]; });
    for (std::size_t i = 0; i < left; ++i) ++shares[order[i]];
    return shares;
  }

  // Takes from those with most, the last of equals, for those with none; the source's node comes first.
  static void even(std::vector<std::size_t>& shares, const std::vector<NodeId>& may, std::size_t replicas,
                   std::optional<NodeId> source) {
    bool enough = replicas >= may.size();
    for (bool first : {true, false}) {
      for (std::size_t i = 0; i < may.size(); ++i) {
        if (shares[i] > 0 || first != (source == may[i]) || !(first || enough)) continue;
        auto most = std::max_element(shares.rbegin(), shares.rend());
        --*most;
        ++shares[i];
      }
    }
  }

  // layout_of has looked at links, but for those of feeders.
  Result<void> windows() const {
    for (const ChannelPlan& channel : placed_.channels) {
      const Edge& edge = checked_.graph.edges()[channel.edge];
      std::uint64_t chunk = checked_.described[edge.from].output.max_chunk;
      if (channel.window.bytes >= chunk && channel.window.chunks > 0) continue;
      return invalid("graph " + checked_.graph.name() + ": the edge from " + stages_[edge.from].name +
                     " to " + stages_[edge.to].name + " crosses nodes and has credit for " +
                     std::to_string(channel.window.bytes) + " bytes, less than one chunk of " +
                     std::to_string(chunk) + ": raise its credit");
    }
    return {};
  }

  NodeId node(StageId stage) const { return placed_.node_of[layout_.cell_of[stage]].front(); }

  std::uint64_t needs(const Placement& placement, NodeId node) const {
    return node_bound(checked_, layout_, placement, node, base_).total();
  }
  bool over(const Placement& placement, NodeId node) const {
    std::uint64_t memory = placement.nodes[node].memory;
    return memory > 0 && exceeds(node_bound(checked_, layout_, placement, node, base_), memory);
  }

  Result<void> fit(NodeId node) {
    while (over(placed_, node)) {
      auto relieved = relieve(node);
      if (!relieved) return full(node);
      placed_ = std::move(*relieved);
    }
    return {};
  }

  // Moves one cell off a node: the first that makes the node fit, or the one that frees the most. No
  // other node may cease to fit.
  std::optional<Placement> relieve(NodeId node) const {
    std::optional<Placement> best;
    std::uint64_t least = needs(placed_, node);
    for (CellId id = 0; id < layout_.cells.size(); ++id) {
      if (layout_.cells[id].replicas > 1 || begins_with_source(id) || placed_.node_of[id][0] != node) continue;
      for (NodeId target : may_[id]) {
        Placement moved = placed_;
        moved.node_of[id][0] = target;
        moved.channels = channels_of(checked_, layout_, moved);
        std::uint64_t now = needs(moved, node);
        if (now >= least || overfills(moved, node)) continue;
        least = now;
        best = std::move(moved);
        if (!over(*best, node)) return best;
      }
    }
    return best;
  }

  bool overfills(const Placement& moved, NodeId but) const {
    for (NodeId node = 0; node < moved.nodes.size(); ++node) {
      if (node != but && over(moved, node) && !over(placed_, node)) return true;
    }
    return false;
  }

  Error full(NodeId node) const {
    Bound bound = node_bound(checked_, layout_, placed_, node, base_);
    return overloaded("graph " + checked_.graph.name() + ": node " + placed_.nodes[node].name +
                      " needs up to " + byte_text(bound.total()) + " of memory and has " +
                      byte_text(placed_.nodes[node].memory) + ": the largest terms are " +
                      largest_terms(bound) + "; give it more memory, or lower cpus, replicas or credit");
  }

  const Checked& checked_;
  const std::vector<Stage>& stages_;
  Layout layout_;
  std::uint64_t base_;
  Placement placed_;
  std::vector<std::vector<NodeId>> may_;  // by cell: where it may run
};

}  // namespace

bool label_character(char c) {
  bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_label(const std::string& on) {
  for (std::size_t i = 0; i < on.size(); ++i) {
    bool between = on[i] == '+' && i > 0 && i + 1 < on.size() && on[i - 1] != '+';
    if (!between && !label_character(on[i])) return false;
  }
  return true;
}

bool has_labels(const NodeSpec& node, const std::string& on) { return has_all(node, labels_in(on)); }

Result<std::map<StageId, NodeId>> source_nodes(const Graph& graph, const std::vector<NodeSpec>& nodes) {
  std::map<StageId, NodeId> found;
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    const Stage& stage = graph.stages()[id];
    if (!stage.kind.source && !stage.kind.probe) continue;
    auto labels = labels_in(stage.on);
    auto able = allowed(nodes, labels);
    if (able.empty()) return nowhere(graph, "stage " + stage.name, labels, nodes);
    found[id] = able.front();
  }
  return found;
}

Result<Placement> place(const Checked& checked, Layout& layout, std::vector<NodeSpec> nodes,
                        std::uint64_t process_base) {
  return Placing(checked, layout, std::move(nodes), process_base).run(layout);
}

}  // namespace leat
