#include <leat/chunk/one_line.hpp>
#include <leat/graph/elastic.hpp>
#include <leat/graph/feeders.hpp>
#include <leat/graph/render.hpp>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace leat {
namespace {

// "0 to 3, 7": runs of numbers that rise one by one.
std::string runs(const std::vector<std::size_t>& numbers) {
  std::string text;
  for (std::size_t from = 0, to = 0; from < numbers.size(); from = to) {
    for (to = from + 1; to < numbers.size() && numbers[to] == numbers[to - 1] + 1;) ++to;
    text += (text.empty() ? "" : ", ") + std::to_string(numbers[from]);
    if (to - from > 1) text += " to " + std::to_string(numbers[to - 1]);
  }
  return text;
}

std::string right(const std::string& text) {
  return std::string(10 - std::min<std::size_t>(text.size(), 10), ' ') + text;
}

class PlanText {
 public:
  PlanText(const Checked& checked, const Layout& layout, const Bound& bound, const Placement& placement)
      : checked_(checked), stages_(checked.graph.stages()), layout_(layout), bound_(bound), placement_(placement) {}

  std::string run() {
    std::size_t nodes = placement_.nodes.size();
    out_ << "graph " << one_line(checked_.graph.name()) << ": " << stages_.size() << " stages in " << layout_.cells.size()
         << " cells on ";
    if (nodes > 0) out_ << nodes << (nodes == 1 ? " node, " : " nodes, ");
    out_ << layout_.threads << " threads\n";
    if (nodes > 0) add_nodes();
    out_ << "\ncells\n";
    for (CellId id = 0; id < layout_.cells.size(); ++id) add_cell(id);
    add_columns();
    if (!layout_.links.empty()) out_ << "\nlinks\n";
    for (std::size_t i = 0; i < layout_.links.size(); ++i) add_link(i);
    if (nodes == 0) add_bound("memory bound", bound_);
    for (NodeId node = 0; node < nodes; ++node) {
      add_bound("memory bound of " + one_line(placement_.nodes[node].name), bound_of(node));
    }
    return out_.str();
  }

 private:
  Bound bound_of(NodeId node) const {
    return node_bound(checked_, layout_, placement_, node, bound_.of(BoundTerm::What::process_base));
  }

  void add_nodes() {
    out_ << "\nnodes\n";
    for (NodeId id = 0; id < placement_.nodes.size(); ++id) {
      const NodeSpec& node = placement_.nodes[id];
      out_ << "  " << one_line(node.name) << "  " << node.cpus << " threads, up to " << byte_text(bound_of(id).total());
      if (node.memory > 0) out_ << " of " << byte_text(node.memory);
      for (std::size_t i = 0; i < node.labels.size(); ++i) out_ << (i ? "+" : ", labels ") << node.labels[i];
      out_ << "\n";
    }
  }

  void add_cell(CellId id) {
    const CellPlan& cell = layout_.cells[id];
    bool source = begins_with_source(id);
    std::string chain;
    std::string notes;
    for (StageId stage : cell.stages) {
      chain += chain.empty() ? first_name(checked_, layout_, id) : " -> " + stages_[stage].name;
      const std::string& on = stages_[stage].on;
      bool of_source = source && stage == cell.stages.front() && cell.stages.size() > 1;
      std::string note = on.empty() ? "" : of_source ? ", " + stages_[stage].name + " on " + on : ", on " + on;
      if (notes.find(note) == std::string::npos) notes += note;
    }
    if (cell.keeps_order) notes += ", in order";
    for (const ElasticCell& pool : elastic_cells(checked_, layout_)) {
      if (pool.cell != id) continue;
      notes += ", elastic from " + std::to_string(pool.least) + " to " + std::to_string(pool.most);
    }
    if (cell.blocking) notes += ", a thread of its own";
    for (StageId gate : cell.gates) notes += ", after " + stages_[gate].name;
    out_ << "  " << cell.replicas << " x  " << one_line(chain + notes) << "\n";
    if (!placement_.nodes.empty()) add_places(id, source);
  }

  // Of stages that make no more than is read.
  void add_columns() {
    const char* title = "\ncolumns\n";
    for (StageId id = 0; id < stages_.size(); ++id) {
      if (!stages_[id].kind.narrow || checked_.wanted[id].are_all()) continue;
      out_ << std::exchange(title, "") << "  " << one_line(stages_[id].name + " makes those that are read: " +
                                                        listed(checked_.described[id].output.fields, 16)) << "\n";
    }
  }

  bool begins_with_source(CellId id) const {
    return static_cast<bool>(stages_[layout_.cells[id].stages.front()].kind.source);
  }

  void add_places(CellId id, bool source) {
    const std::string& first = stages_[layout_.cells[id].stages.front()].name;
    for (NodeId node = 0; node < placement_.nodes.size(); ++node) {
      std::vector<std::size_t> here;
      for (std::size_t replica = 0; replica < placement_.node_of[id].size(); ++replica) {
        if (placement_.node_of[id][replica] == node) here.push_back(replica);
      }
      bool reads = source && placement_.source_node[id] == node;
      if (here.empty()) continue;
      out_ << "       " << one_line(placement_.nodes[node].name) << (here.size() == 1 ? ": replica " : ": replicas ") << runs(here);
      if (source) out_ << one_line(reads ? ", reads " + first : ", fed by " + placement_.nodes[placement_.source_node[id]].name);
      out_ << "\n";
    }
  }

  void add_link(std::size_t index) {
    const LinkPlan& link = layout_.links[index];
    const Edge& edge = checked_.graph.edges()[link.edge];
    out_ << "  " << one_line(sender_name(checked_, layout_, link) + " => " + stages_[edge.to].name) << "  " << rule_name(link.rule);
    if (link.rule == Dispatch::Rule::key) out_ << " " << one_line(edge.dispatch.by);
    if (link.merges) out_ << ", merged in order";
    out_ << ", " << channels_of_link(layout_, placement_, index) << " x credit " << byte_text(link.window.bytes) << " or " << link.window.chunks << " chunks";
    add_crossing(crossing_of_link(placement_, index), edge);
    out_ << "\n";
  }

  void add_crossing(const Crossing& crossing, const Edge& edge) {
    if (placement_.nodes.empty() && edge.dispatch.compress) out_ << ", compressed between nodes";
    if (crossing.channels == 0) return;
    out_ << (edge.dispatch.compress ? ", compressed; " : "; ") << crossing.channels << " between nodes:";
    const char* before = " ";
    for (const auto& [from, to] : crossing.ways) {
      out_ << std::exchange(before, ", ") << one_line(placement_.nodes[from].name + " to " + placement_.nodes[to].name);
    }
  }

  void add_bound(const std::string& title, const Bound& bound) {
    out_ << "\n" << title << " " << byte_text(bound.total()) << "\n";
    for (const BoundTerm& term : bound.terms) {
      out_ << "  " << right(byte_text(term.bytes)) << "  " << term_name(term.what) << ": " << one_line(term.where) << "\n";
    }
  }

  const Checked& checked_;
  const std::vector<Stage>& stages_;
  const Layout& layout_;
  const Bound& bound_;
  const Placement& placement_;
  std::ostringstream out_;
};

}  // namespace

std::string plan_text(const Checked& checked, const Layout& layout, const Bound& bound,
                      const Placement& placement) {
  return PlanText(checked, layout, bound, placement).run();
}

}  // namespace leat
