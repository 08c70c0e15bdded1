#include <leat/graph/outlets.hpp>

#include <stdexcept>

namespace leat::streams {

Outlets::Outlets(Graph graph, std::vector<StageId> from)
    : graph_(std::move(graph)), from_(std::move(from)), next_(from_.size()) {
  for (StageId id : from_) meant_.push_back(graph_.stages().at(id).combines.value_or(id));
}

Outlets Outlets::merged(const Outlets& other) const {
  Outlets both = *this;
  if (!one_graph(other, "is merged with")) return both;
  auto append = [](auto& to, const auto& what) { to.insert(to.end(), what.begin(), what.end()); };
  append(both.from_, other.from_);
  append(both.next_, other.next_);
  append(both.meant_, other.meant_);
  append(both.said_, other.said_);
  return both;
}

Outlets Outlets::with(const StageSettings& settings) const {
  if (meant_.empty()) throw std::logic_error("a stream of graph " + graph_.name() + " comes from no stage");
  Outlets changed = *this;
  for (StageId id : meant_) changed.said_.emplace_back(id, settings);
  return changed;
}

Outlets Outlets::after(const Outlets& other) const {
  if (!one_graph(other, "comes after")) return *this;
  other.settle();
  return with({.after = other.from_});
}

Outlets Outlets::to_next(const std::function<void(Dispatch&)>& change) const {
  Outlets changed = *this;
  for (Dispatch& next : changed.next_) change(next);
  return changed;
}

Outlets Outlets::combiners() const {
  Outlets changed = *this;
  for (StageId id : from_) {
    const Stage& stage = graph_.stages()[id];
    if (stage.combines) continue;
    changed.graph_.refuse("stage " + stage.name + " has no combiner: leave .combiner() out");
  }
  changed.meant_ = from_;
  return changed;
}

void Outlets::settle() const {
  for (const auto& [id, settings] : said_) settings.apply(graph_, id);
}

void Outlets::connect(StageId to, std::size_t port) const {
  settle();
  Graph graph = graph_;
  for (std::size_t i = 0; i < from_.size(); ++i) graph.connect({from_[i], to, port, next_[i]});
}

bool Outlets::one_graph(const Outlets& other, const std::string& how) const {
  if (graph_.same(other.graph_)) return true;
  auto named = [](const Outlets& outlets) {
    return outlets.from_.empty() ? "no stage" : "stage " + outlets.graph_.stages()[outlets.from_.back()].name;
  };
  bool namesakes = graph_.name() == other.graph_.name();
  auto of = [&](const Graph& graph) { return namesakes ? "another graph of that name" : "graph " + graph.name(); };
  Graph(graph_).refuse(named(*this) + " " + how + " " + named(other) + " of " + of(other.graph_) +
                       ": build both on one graph");
  Graph(other.graph_).refuse(named(other) + " is used with " + named(*this) + " of " + of(graph_) +
                             ": build both on one graph");
  return false;
}

}  // namespace leat::streams
