#include <leat/graph/stage_settings.hpp>

#include <algorithm>

namespace leat {
namespace {

void put_on(Graph graph, StageId id, const std::string& label) {
  Stage& stage = graph.stage(id);
  for (StageId other = 0; other < graph.stages().size(); ++other) {
    Stage& combiner = graph.stage(other);
    if (combiner.combines == id && combiner.on == stage.on) combiner.on = label;
  }
  stage.on = label;
}

}  // namespace

void StageSettings::apply(Graph graph, StageId id) const {
  Stage& stage = graph.stage(id);
  for (StageId gate : after) {
    if (std::find(stage.after.begin(), stage.after.end(), gate) == stage.after.end()) stage.after.push_back(gate);
  }
  stage.blocking = stage.blocking || blocking;
  stage.isolated = stage.isolated || isolated || blocking;
  if (state) stage.state = state;
  if (dead_letters) stage.dead_letters = *dead_letters;
  if (max_output) stage.max_output = max_output;
  if (on) put_on(graph, id, *on);
}

}  // namespace leat
