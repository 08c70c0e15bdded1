#include <leat/graph/graph.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/graph_error.hpp>
#include <leat/graph/read_files.hpp>

namespace leat {

struct Graph::Body {
  std::string name;
  std::vector<Stage> stages;
  std::vector<Edge> edges;
  std::map<StageId, std::shared_ptr<Source>> probed;
  std::string refusal;
  std::chrono::milliseconds latency{10};
};

const char* rule_name(Dispatch::Rule rule) {
  switch (rule) {
    case Dispatch::Rule::forward: return "forward";
    case Dispatch::Rule::balance: return "balance";
    case Dispatch::Rule::key: return "key";
    case Dispatch::Rule::broadcast: return "broadcast";
  }
  return "";
}

std::string combiner_name(const std::string& stage) { return stage + " combine"; }

Result<std::pair<std::shared_ptr<Source>, Description>> probed_source(const Graph& graph, StageId id) {
  const Stage& stage = graph.stages()[id];
  auto probed = guarded([&]() -> Result<std::pair<std::shared_ptr<Source>, Description>> {
    std::shared_ptr<Source> source = shared_guarded(stage.kind.source());
    if (!source) return stage_error(graph, id, "makes no source: return one");
    auto description = source->probe();
    if (!description) return std::move(description).error();
    return std::pair(std::move(source), std::move(description).value());
  });
  if (probed) return probed;
  if (probed.error().thrown) return stage_error(graph, id, probed.error());
  // What a source says names its file.
  return probed.error().about({.graph = graph.name(), .stage = stage.name});
}

Result<Description> probed_stage(const Graph& graph, StageId id) {
  auto probed = guarded([&] { return graph.stages()[id].kind.probe(); });
  if (probed) return probed;
  return stage_error(graph, id, probed.error());
}

Graph::Graph(std::string name) : body_(std::make_shared<Body>()) { body_->name = std::move(name); }

const std::string& Graph::name() const { return body_->name; }
const std::vector<Stage>& Graph::stages() const { return body_->stages; }
const std::vector<Edge>& Graph::edges() const { return body_->edges; }

StageId Graph::add(Stage stage) {
  body_->stages.push_back(std::move(stage));
  return body_->stages.size() - 1;
}

void Graph::latency(std::chrono::milliseconds most) {
  if (most.count() < 0) refuse("may keep chunks waiting for " + std::to_string(most.count()) + " ms: write 0 or more");
  body_->latency = most;
}

std::chrono::milliseconds Graph::latency() const { return body_->latency; }

StageId Graph::add_combiner(StageId stage) {
  const Stage& combined = body_->stages.at(stage);
  if (!combined.kind.combine) return stage;
  Stage combiner;
  combiner.name = combiner_name(combined.name);
  combiner.kind = *combined.kind.combine;
  combiner.replicas = replicas(1);
  combiner.on = combined.on;
  combiner.combines = stage;
  return add(std::move(combiner));
}

void Graph::connect(Edge edge) { body_->edges.push_back(std::move(edge)); }

void Graph::refuse(std::string why) {
  if (body_->refusal.empty()) body_->refusal = std::move(why);
}

const std::string& Graph::refusal() const { return body_->refusal; }

Stage& Graph::stage(StageId id) { return body_->stages.at(id); }

Result<Graph::Probes> Graph::probe(const std::vector<StageId>& sources) const {
  if (auto ok = reads_no_standard_input(*this); !ok) return ok.error();
  Probes probes;
  std::map<StageId, std::shared_ptr<Source>> made;
  for (StageId id : sources) {
    bool known = id < body_->stages.size();
    if (known && body_->stages[id].kind.probe) {
      auto said = probed_stage(*this, id);
      if (!said) return std::move(said).error();
      probes[id] = std::move(said).value();
      continue;
    }
    if (!known || !body_->stages[id].kind.source) {
      return graph_error(*this, (id < body_->stages.size() ? "stage " + body_->stages[id].name
                                                           : "stage " + std::to_string(id)) +
                                    " is no source and cannot be probed");
    }
    auto source = probed_source(*this, id);
    if (!source) return std::move(source).error();
    made[id] = std::move(source->first);
    probes[id] = std::move(source->second);
  }
  for (auto& [id, source] : made) body_->probed[id] = std::move(source);
  return probes;
}

void Graph::forget_probed() const { body_->probed.clear(); }

std::shared_ptr<Source> Graph::probed(StageId id) const {
  auto found = body_->probed.find(id);
  return found == body_->probed.end() ? nullptr : found->second;
}

}  // namespace leat
