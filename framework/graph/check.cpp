#include <leat/graph/graph.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/described.hpp>
#include <leat/graph/graph_error.hpp>
#include <leat/graph/placement.hpp>
#include <leat/graph/read_files.hpp>
#include <leat/graph/row_order.hpp>
#include <leat/graph/wanted_columns.hpp>

#include <algorithm>
#include <set>

namespace leat {

// The most inputs that a kind may have.
constexpr std::size_t kMostInputs = 255;

// Everything check() derives from the bare graph, in one place.
class Checking {
 public:
  // Without `probes` the sources are probed here.
  Checking(const Graph& graph, const Graph::Probes* probes)
      : graph_(graph), stages_(graph.stages()), probes_(probes) {}

  Result<Checked> run() {
    for (auto step : {&Checking::built, &Checking::names, &Checking::options, &Checking::counts, &Checking::holdings,
                      &Checking::ports, &Checking::dangling, &Checking::order, &Checking::waits, &Checking::files,
                      &Checking::describe, &Checking::narrow}) {
      if (auto ok = (this->*step)(); !ok) return std::move(ok).error();
    }
    return Checked{graph_, std::move(described_), std::move(sources_), std::move(wanted_)};
  }

 private:
  Error bad(StageId stage, const std::string& what) const { return stage_error(graph_, stage, what); }

  Result<void> built() {
    if (graph_.refusal().empty()) return {};
    return graph_error(graph_, graph_.refusal());
  }

  Result<void> options() {
    for (StageId id = 0; id < stages_.size(); ++id) {
      if (stages_[id].kind.wrong_options) return stage_error(graph_, id, *stages_[id].kind.wrong_options);
    }
    return {};
  }

  Result<void> counts() {
    for (StageId id = 0; id < stages_.size(); ++id) {
      const Replicas& wanted = stages_[id].replicas;
      std::string range = std::to_string(wanted.least) + " to " + std::to_string(wanted.most) + " replicas";
      if (wanted.least == 0 && (wanted.said || wanted.most > 0)) {
        return bad(id, "may have " + range + ": a stage has at least one");
      }
      if (wanted.least > wanted.most) return bad(id, "may have " + range + ": write the least first");
      if (wanted.least > kMostReplicas) {
        return bad(id, "has at least " + std::to_string(wanted.least) + " replicas, more than the " +
                           std::to_string(kMostReplicas) + " there may be: write fewer");
      }
    }
    return {};
  }

  // All of a graph that runs here are in one place; elsewhere the same label is the same node.
  Result<void> files() {
    return files_apart(graph_, [&](StageId a, StageId b) { return !probes_ || stages_[a].on == stages_[b].on; });
  }

  Result<void> names() {
    if (stages_.empty()) {
      return invalid("graph " + graph_.name() + " has no stages: add a source").about({.graph = graph_.name()});
    }
    std::set<std::string> seen;
    for (StageId id = 0; id < stages_.size(); ++id) {
      if (stages_[id].name.empty()) {
        return graph_error(graph_, "a stage has no name: give each its own");
      }
      if (!seen.insert(stages_[id].name).second) {
        return bad(id, "is there twice: give each stage a name of its own");
      }
      if (!is_label(stages_[id].on)) {
        return bad(id, "is on \"" + stages_[id].on + "\", which is no label: write letters, digits, '.', "
                       "'-' and '_', and '+' between several");
      }
    }
    return {};
  }

  // What a stage says of what it holds.
  Result<void> holdings() {
    for (StageId id = 0; id < stages_.size(); ++id) {
      const StageKind& kind = stages_[id].kind;
      if (kind.inputs.size() > kMostInputs) {
        return bad(id, "has " + std::to_string(kind.inputs.size()) + " inputs, more than the " +
                           std::to_string(kMostInputs) + " there may be: merge streams first");
      }
      if (kind.pure && kind.holds != Holds::nothing) {
        return bad(id, "is pure and does not say that it holds nothing: set holds");
      }
      if (kind.holds == Holds::state && kind.state_version.empty()) {
        return bad(id, "holds state of a form without a name: set state_version");
      }
      if (stages_[id].dead_letters > 0 && kind.holds != Holds::nothing) {
        return bad(id, "may put chunks aside, which only a stage can that holds nothing from one to the next: take "
                       "dead_letters away");
      }
    }
    return {};
  }

  Result<void> ports() {
    for (const Edge& edge : graph_.edges()) {
      if (edge.from >= stages_.size() || edge.to >= stages_.size()) {
        return graph_error(graph_, "an edge leads to a stage that is not there");
      }
      const Stage& from = stages_[edge.from];
      const Stage& to = stages_[edge.to];
      if (!from.kind.output) return bad(edge.from, "is a sink and cannot feed " + to.name);
      if (edge.port >= to.kind.inputs.size()) {
        return bad(edge.to, "has no input " + std::to_string(edge.port) + " for " + from.name);
      }
      if (edge.dispatch.rule == Dispatch::Rule::key && !edge.dispatch.splitter) {
        return bad(edge.to, "is keyed by " + edge.dispatch.by + " and nothing says how: give the edge a splitter");
      }
      if (edge.dispatch.rule == Dispatch::Rule::key && to.replicas.least > kKeyGroups) {
        return bad(edge.to, "is keyed and has at least " + std::to_string(to.replicas.least) + " replicas, more than the " +
                                std::to_string(kKeyGroups) + " groups that keys are in: write fewer");
      }
      const PayloadType& wanted = to.kind.inputs[edge.port].type;
      if (!(wanted == *from.kind.output)) {
        return bad(edge.to, "takes " + wanted.name + " but " + from.name + " gives " +
                                from.kind.output->name + ": put a stage between that converts");
      }
    }
    for (StageId id = 0; id < stages_.size(); ++id) {
      for (StageId gate : stages_[id].after) {
        if (gate >= stages_.size()) return bad(id, "comes after a stage that is not there");
      }
    }
    join();
    return {};
  }

  // Whom each stage's edges and gates lead to and come from: asked for each of thousands.
  void join() {
    into_.resize(stages_.size());
    out_of_.resize(stages_.size());
    gated_by_.resize(stages_.size());
    for (const Edge& edge : graph_.edges()) {
      into_[edge.to].push_back(&edge);
      out_of_[edge.from].push_back(&edge);
    }
    for (StageId id = 0; id < stages_.size(); ++id) {
      for (StageId gate : stages_[id].after) gated_by_[gate].push_back(id);
    }
  }

  Result<void> dangling() {
    for (StageId id = 0; id < stages_.size(); ++id) {
      const StageKind& kind = stages_[id].kind;
      if (kind.inputs.empty() && !kind.source) return bad(id, "has neither inputs nor a source");
      for (std::size_t port = 0; port < kind.inputs.size(); ++port) {
        if (into(id, port).empty()) {
          return bad(id, "has nothing on input " + std::to_string(port) + ": connect a stream to it");
        }
      }
      if (kind.output && out_of_[id].empty()) {
        return bad(id, "gives " + kind.output->name + " that nothing takes: end it in a sink");
      }
    }
    return {};
  }

  // Kahn's algorithm (1962), gates counted as edges: a stage behind a gate starts after it.
  Result<void> order() {
    std::vector<std::size_t> missing(stages_.size());
    for (const Edge& edge : graph_.edges()) ++missing[edge.to];
    for (StageId id = 0; id < stages_.size(); ++id) missing[id] += stages_[id].after.size();
    for (StageId id = 0; id < stages_.size(); ++id) {
      if (missing[id] == 0) order_.push_back(id);
    }
    for (std::size_t at = 0; at < order_.size(); ++at) {
      for (const Edge* edge : out_of_[order_[at]]) {
        if (--missing[edge->to] == 0) order_.push_back(edge->to);
      }
      for (StageId id : gated_by_[order_[at]]) {
        if (--missing[id] == 0) order_.push_back(id);
      }
    }
    if (order_.size() == stages_.size()) return {};
    auto stuck = std::find_if(missing.begin(), missing.end(), [](auto n) { return n > 0; });
    return bad(static_cast<StageId>(stuck - missing.begin()),
               "waits for itself: the edges and gates form a cycle");
  }

  // A stage that takes one input only when another has ended blocks a source the two share, and with
  // it the other input: neither ever ends.
  Result<void> waits() {
    for (StageId id = 0; id < stages_.size(); ++id) {
      std::vector<StageId> awaited = stages_[id].after;
      std::vector<StageId> fed_by;
      for (const Edge* edge : into_[id]) {
        (stages_[id].kind.inputs[edge->port].whole_first ? awaited : fed_by).push_back(edge->from);
      }
      if (awaited.empty()) continue;
      std::set<StageId> fed = before(std::move(fed_by), false);
      for (StageId stage : awaited) {
        if (auto ok = apart(id, fed, stage); !ok) return ok;
      }
    }
    return rows_in_order(graph_);
  }

  Result<void> apart(StageId id, const std::set<StageId>& fed, StageId awaited) {
    for (StageId shared : before({awaited}, true)) {
      if (fed.count(shared)) {
        return bad(id, "waits for " + stages_[awaited].name + " to end, while both are fed by " +
                           stages_[shared].name + ", which would wait for " + stages_[id].name +
                           ": read the data a second time with a source of its own");
      }
    }
    return {};
  }

  // These stages and all that feeds them; with `gates`, all that must have run before they can end: what their gates
  // wait for, too.
  std::set<StageId> before(std::vector<StageId> left, bool gates) const {
    std::set<StageId> seen;
    while (!left.empty()) {
      StageId id = left.back();
      left.pop_back();
      if (!seen.insert(id).second) continue;
      for (const Edge* edge : into_[id]) left.push_back(edge->from);
      if (gates) left.insert(left.end(), stages_[id].after.begin(), stages_[id].after.end());
    }
    return seen;
  }

  Result<void> describe() {
    described_.resize(stages_.size());
    inputs_.resize(stages_.size());
    sources_.resize(stages_.size());
    for (StageId id : order_) {
      auto described = stages_[id].kind.inputs.empty() ? probe(id) : derive(id);
      if (!described) return std::move(described).error();
      described_[id] = with_settings(stages_[id], std::move(described).value());
    }
    return {};
  }

  // What is wrong with columns has been found by now, with all of them there.
  Result<void> narrow() {
    auto wanted = wanted_columns(graph_, order_, inputs_);
    if (!wanted) return std::move(wanted).error();
    wanted_ = std::move(wanted->wanted);
    bool same = std::none_of(order_.begin(), order_.end(), [&](StageId id) {
      return stages_[id].kind.narrow && !wanted_[id].are_all();
    });
    if (same) return {};
    for (StageId id : order_) {
      if (stages_[id].kind.inputs.empty() && !narrows(id)) continue;
      auto described = derive(id);
      if (!described) return std::move(described).error();
      described_[id] = with_settings(stages_[id], std::move(described).value());
      // Others below a tee may have kept it beside the values.
      drop_raw(wanted->changed[id], inputs_[id], described_[id].output.fields);
    }
    return {};
  }

  bool narrows(StageId id) const { return stages_[id].kind.narrow && !wanted_.empty() && !wanted_[id].are_all(); }

  Result<Described> probe(StageId id) {
    if (probes_) return described_as(known(id));
    auto source = probed_source(graph_, id);
    if (!source) return std::move(source).error();
    sources_[id] = std::move(source->first);
    return described_as(std::move(source->second));
  }

  Description known(StageId id) const {
    auto found = probes_->find(id);
    if (found != probes_->end()) return found->second;
    Description unknown;
    unknown.fields_known = false;
    return unknown;
  }

  // Once: what is described again is described with the same.
  Result<Description> looked(StageId id) {
    if (probes_) return known(id);
    if (auto found = looked_.find(id); found != looked_.end()) return found->second;
    auto said = probed_stage(graph_, id);
    if (said) looked_[id] = *said;
    return said;
  }

  Result<Described> derive(StageId id) {
    const StageKind& kind = stages_[id].kind;
    std::vector<Description> inputs;
    if (kind.source) inputs.push_back(described_[id].output);
    for (std::size_t port = 0; port < kind.inputs.size(); ++port) {
      auto merged = input(id, port);
      if (!merged) return std::move(merged).error();
      inputs.push_back(std::move(merged).value());
    }
    if (kind.probe) {
      auto said = looked(id);
      if (!said) return std::move(said).error();
      inputs.push_back(std::move(said).value());
    }
    inputs_[id] = inputs;
    bool narrow = narrows(id);
    if (kind.describe || narrow) {
      auto described = guarded([&] { return narrow ? kind.narrow(inputs, wanted_[id]) : kind.describe(inputs); });
      if (!described) return stage_error(graph_, id, described.error());
      if (narrow) note_unread(described_[id].output.fields, described->output);
      return described;
    }
    Described described{inputs[0], {}};
    if (kind.opaque) {
      described.output.fields.clear();
      described.output.fields_known = false;
      described.output.max_chunk = std::max(inputs[0].max_chunk, Description{}.max_chunk);
    }
    if (kind.output) described.needs.max_output = described.output.max_chunk;
    return described;
  }

  Result<Description> input(StageId id, std::size_t port) {
    Description merged;
    bool first = true;
    for (const Edge* edge : into(id, port)) {
      const Description& one = described_[edge->from].output;
      if (auto ok = keyed(*edge, one); !ok) return std::move(ok).error();
      if (std::exchange(first, false)) {
        merged = one;
        continue;
      }
      if (merged.fields_known && one.fields_known && !take_in(merged.fields, one.fields)) {
        return bad(id, "merges streams with other columns (" + listed(merged.fields) + " against " +
                           listed(one.fields) + "): make them alike");
      }
      take_in(merged, one);
    }
    return merged;
  }

  Result<void> keyed(const Edge& edge, const Description& carried) {
    bool by_column = edge.dispatch.rule == Dispatch::Rule::key && edge.dispatch.by_column;
    if (!by_column || !carried.fields_known || find_field(carried.fields, edge.dispatch.by)) return {};
    std::string near = nearest_name(carried.fields, edge.dispatch.by);
    return bad(edge.to, "is keyed by column " + edge.dispatch.by + ", which " +
                            stages_[edge.from].name + " does not give" +
                            (near.empty() ? "" : " (did you mean " + near + "?)") + ": it gives " +
                            listed(carried.fields));
  }

  std::vector<const Edge*> into(StageId id, std::size_t port) const {
    std::vector<const Edge*> edges;
    for (const Edge* edge : into_[id]) {
      if (edge->port == port) edges.push_back(edge);
    }
    return edges;
  }

  Graph graph_;
  const std::vector<Stage>& stages_;
  const Graph::Probes* probes_;
  Graph::Probes looked_;  // of stages that are no sources
  std::vector<std::vector<const Edge*>> into_;    // by stage
  std::vector<std::vector<const Edge*>> out_of_;
  std::vector<std::vector<StageId>> gated_by_;
  std::vector<StageId> order_;
  std::vector<Described> described_;
  std::vector<std::vector<Description>> inputs_;  // by stage and port
  std::vector<ColumnNames> wanted_;
  std::vector<std::shared_ptr<Source>> sources_;
};

Result<Checked> Graph::check() const {
  auto checked = Checking(*this, nullptr).run();
  if (checked) narrow_sources(*checked);
  return checked;
}

Result<Checked> Graph::check(const Probes& probes) const {
  auto checked = Checking(*this, &probes).run();
  if (!checked) return checked;
  for (const auto& [id, description] : probes) {
    if (id < checked->sources.size()) checked->sources[id] = probed(id);
  }
  narrow_sources(*checked);
  return checked;
}

}  // namespace leat
