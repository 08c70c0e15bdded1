#include <leat/graph/feeders.hpp>
#include <leat/graph/render.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

Json bound_json(const Bound& bound) {
  Json json;
  for (const BoundTerm& term : bound.terms) {
    json["terms"].push_back({{"what", term_name(term.what)}, {"where", term.where}, {"bytes", term.bytes}});
  }
  json["bytes"] = bound.total();
  return json;
}

Json stage_json(const Checked& checked, const Layout& layout, StageId id) {
  const Stage& stage = checked.graph.stages()[id];
  const Described& described = checked.described[id];
  Json json = {{"name", stage.name},
               {"kind", stage.kind.name},
               {"options", stage.kind.options},
               {"cell", layout.cell_of[id]},
               {"replicas", layout.cells[layout.cell_of[id]].replicas},
               {"state", described.needs.state},
               {"max_output", described.needs.max_output}};
  if (!stage.on.empty()) json["on"] = stage.on;
  if (stage.kind.visible_early) json["visible_early"] = true;
  if (stage.kind.output) json["gives"] = stage.kind.output->name;
  if (described.output.fields_known && !described.output.fields.empty()) {
    for (const Field& field : described.output.fields) {
      json["columns"].push_back({{"name", field.name}, {"type", type_name(field.type)}});
    }
  }
  for (StageId gate : stage.after) json["after"].push_back(checked.graph.stages()[gate].name);
  return json;
}

Json crossing_json(const Placement& placement, const Crossing& crossing) {
  Json json = {{"channels", crossing.channels}, {"ways", Json::array()}};
  for (const auto& [from, to] : crossing.ways) {
    json["ways"].push_back({{"from", placement.nodes[from].name}, {"to", placement.nodes[to].name}});
  }
  return json;
}

Json link_json(const Checked& checked, const Layout& layout, const Placement& placement, std::size_t index) {
  const LinkPlan& link = layout.links[index];
  const Edge& edge = checked.graph.edges()[link.edge];
  Json json = {{"from", checked.graph.stages()[edge.from].name},
               {"to", checked.graph.stages()[edge.to].name},
               {"port", edge.port},
               {"dispatch", rule_name(link.rule)},
               {"channels", channels_of_link(layout, placement, index)},
               {"credit_bytes", link.window.bytes},
               {"credit_chunks", link.window.chunks},
               {"merges", link.merges},
               {"compressed", edge.dispatch.compress}};
  if (is_feeder(layout, link.from)) json["feeder"] = true;
  if (!placement.nodes.empty()) json["between_nodes"] = crossing_json(placement, crossing_of_link(placement, index));
  return json;
}

Json cell_json(const Checked& checked, const Layout& layout, const Placement& placement, CellId id) {
  const auto& stages = checked.graph.stages();
  Json json = {{"stages", Json::array()}, {"nodes", Json::array()}};
  for (StageId stage : layout.cells[id].stages) json["stages"].push_back(stages[stage].name);
  for (NodeId node : placement.node_of[id]) json["nodes"].push_back(placement.nodes[node].name);
  if (!stages[layout.cells[id].stages.front()].kind.source) return json;
  json["source_node"] = placement.nodes[placement.source_node[id]].name;
  if (is_feeder(layout, id)) json["feeder"] = true;
  return json;
}

void add_placement(Json& json, const Checked& checked, const Layout& layout, const Bound& bound,
                   const Placement& placement) {
  std::uint64_t base = bound.of(BoundTerm::What::process_base);
  for (NodeId id = 0; id < placement.nodes.size(); ++id) {
    const NodeSpec& node = placement.nodes[id];
    json["nodes"].push_back({{"name", node.name},
                             {"labels", node.labels},
                             {"cpus", node.cpus},
                             {"memory", node.memory},
                             {"bound", bound_json(node_bound(checked, layout, placement, id, base))}});
  }
  for (CellId id = 0; id < layout.cells.size(); ++id) {
    json["cells"].push_back(cell_json(checked, layout, placement, id));
  }
}

}  // namespace

std::string plan_json(const Checked& checked, const Layout& layout, const Bound& bound,
                      const Placement& placement) {
  Json json = {{"graph", checked.graph.name()}, {"threads", layout.threads}};
  for (StageId id = 0; id < checked.graph.stages().size(); ++id) {
    json["stages"].push_back(stage_json(checked, layout, id));
  }
  json["links"] = Json::array();
  for (std::size_t i = 0; i < layout.links.size(); ++i) {
    json["links"].push_back(link_json(checked, layout, placement, i));
  }
  if (placement.nodes.empty()) {
    json["bound"] = bound_json(bound);
  } else {
    add_placement(json, checked, layout, bound, placement);
  }
  // File names may be any bytes; JSON is UTF-8.
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace leat
