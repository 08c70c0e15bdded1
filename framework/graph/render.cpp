#include <leat/graph/render.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace leat {
namespace {

std::string rule_name(Dispatch::Rule rule) {
  switch (rule) {
    case Dispatch::Rule::forward: return "forward";
    case Dispatch::Rule::balance: return "balance";
    case Dispatch::Rule::key: return "key";
    case Dispatch::Rule::broadcast: return "broadcast";
  }
  return "";
}

std::string cell_line(const Checked& checked, const CellPlan& cell) {
  const auto& stages = checked.graph.stages();
  std::string line;
  for (StageId id : cell.stages) line += (line.empty() ? "" : " -> ") + stages[id].name;
  if (cell.keeps_order) line += ", in order";
  if (cell.blocking) line += ", a thread of its own";
  for (StageId gate : cell.gates) line += ", after " + stages[gate].name;
  return line;
}

std::string link_line(const Checked& checked, const Layout& layout, const LinkPlan& link) {
  const Edge& edge = checked.graph.edges()[link.edge];
  const auto& stages = checked.graph.stages();
  std::string rule = rule_name(link.rule);
  if (link.rule == Dispatch::Rule::key) rule += " " + edge.dispatch.by;
  if (link.merges) rule += ", merged in order";
  return stages[edge.from].name + " => " + stages[edge.to].name + "  " + rule + ", " +
         std::to_string(layout.channels(link)) + " x credit " + byte_text(link.window.bytes) + " or " +
         std::to_string(link.window.chunks) + " chunks";
}

// File names may be any bytes; JSON is UTF-8.
template <class Json>
std::string written(const Json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string quoted(const std::string& text) { return written(nlohmann::json(text), -1); }

nlohmann::ordered_json stage_json(const Checked& checked, const Layout& layout, StageId id) {
  const Stage& stage = checked.graph.stages()[id];
  const Described& described = checked.described[id];
  nlohmann::ordered_json json = {{"name", stage.name},
                                 {"kind", stage.kind.name},
                                 {"options", stage.kind.options},
                                 {"cell", layout.cell_of[id]},
                                 {"replicas", layout.cells[layout.cell_of[id]].replicas},
                                 {"state", described.needs.state},
                                 {"max_output", described.needs.max_output}};
  if (stage.kind.output) json["gives"] = stage.kind.output->name;
  if (described.output.fields_known && !described.output.fields.empty()) {
    for (const Field& field : described.output.fields) {
      json["columns"].push_back({{"name", field.name}, {"type", type_name(field.type)}});
    }
  }
  for (StageId gate : stage.after) json["after"].push_back(checked.graph.stages()[gate].name);
  return json;
}

}  // namespace

std::string plan_text(const Checked& checked, const Layout& layout, const Bound& bound) {
  std::ostringstream out;
  out << "graph " << checked.graph.name() << ": " << checked.graph.stages().size() << " stages in "
      << layout.cells.size() << " cells on " << layout.threads << " threads\n\ncells\n";
  for (const CellPlan& cell : layout.cells) {
    out << "  " << cell.replicas << " x  " << cell_line(checked, cell) << "\n";
  }
  if (!layout.links.empty()) out << "\nlinks\n";
  for (const LinkPlan& link : layout.links) out << "  " << link_line(checked, layout, link) << "\n";
  out << "\nmemory bound " << byte_text(bound.total()) << "\n";
  for (const BoundTerm& term : bound.terms) {
    std::string bytes = byte_text(term.bytes);
    out << "  " << std::string(10 - std::min<std::size_t>(bytes.size(), 10), ' ') << bytes << "  "
        << term.what << ": " << term.where << "\n";
  }
  return out.str();
}

std::string plan_dot(const Checked& checked, const Layout& layout) {
  std::ostringstream out;
  const auto& stages = checked.graph.stages();
  out << "digraph " << quoted(checked.graph.name()) << " {\n  node [shape=box];\n";
  for (CellId cell = 0; cell < layout.cells.size(); ++cell) {
    out << "  subgraph cluster_" << cell << " {\n    label=\"" << layout.cells[cell].replicas << " x\";\n";
    for (StageId id : layout.cells[cell].stages) {
      out << "    s" << id << " [label=" << quoted(stages[id].name) << "];\n";
    }
    out << "  }\n";
  }
  for (const Edge& edge : checked.graph.edges()) {
    out << "  s" << edge.from << " -> s" << edge.to << ";\n";
  }
  for (StageId id = 0; id < stages.size(); ++id) {
    for (StageId gate : stages[id].after) {
      out << "  s" << gate << " -> s" << id << " [style=dashed, label=\"after\"];\n";
    }
  }
  out << "}\n";
  return out.str();
}

std::string plan_json(const Checked& checked, const Layout& layout, const Bound& bound) {
  nlohmann::ordered_json json = {{"graph", checked.graph.name()}, {"threads", layout.threads}};
  for (StageId id = 0; id < checked.graph.stages().size(); ++id) {
    json["stages"].push_back(stage_json(checked, layout, id));
  }
  json["links"] = nlohmann::ordered_json::array();
  for (const LinkPlan& link : layout.links) {
    const Edge& edge = checked.graph.edges()[link.edge];
    json["links"].push_back({{"from", checked.graph.stages()[edge.from].name},
                             {"to", checked.graph.stages()[edge.to].name},
                             {"port", edge.port},
                             {"dispatch", rule_name(link.rule)},
                             {"channels", layout.channels(link)},
                             {"credit_bytes", link.window.bytes},
                             {"credit_chunks", link.window.chunks},
                             {"merges", link.merges}});
  }
  for (const BoundTerm& term : bound.terms) {
    json["bound"]["terms"].push_back({{"what", term.what}, {"where", term.where}, {"bytes", term.bytes}});
  }
  json["bound"]["bytes"] = bound.total();
  return written(json, 2) + "\n";
}

}  // namespace leat
