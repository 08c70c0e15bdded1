#include <leat/graph/graph.hpp>

namespace leat {

struct Graph::Body {
  std::string name;
  std::vector<Stage> stages;
  std::vector<Edge> edges;
};

Graph::Graph(std::string name) : body_(std::make_shared<Body>()) { body_->name = std::move(name); }

const std::string& Graph::name() const { return body_->name; }
const std::vector<Stage>& Graph::stages() const { return body_->stages; }
const std::vector<Edge>& Graph::edges() const { return body_->edges; }

StageId Graph::add(Stage stage) {
  body_->stages.push_back(std::move(stage));
  return body_->stages.size() - 1;
}

void Graph::connect(Edge edge) { body_->edges.push_back(std::move(edge)); }

Stage& Graph::stage(StageId id) { return body_->stages.at(id); }

}  // namespace leat
