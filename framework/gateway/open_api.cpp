#include <leat/gateway/open_api.hpp>

#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

Json reference(const std::string& name) { return {{"$ref", "#/components/schemas/" + name}}; }

Json schema_of(const Option& param) {
  Json schema = Json::object();
  switch (param.type) {
    case OptionType::integer: case OptionType::bytes: schema["type"] = "integer"; break;
    case OptionType::real: schema["type"] = "number"; break;
    case OptionType::flag: schema["type"] = "boolean"; break;
    default: schema["type"] = "string";
  }
  if (!param.choices.empty()) schema["enum"] = param.choices;
  if (param.least) schema["minimum"] = *param.least;
  if (param.most) schema["maximum"] = *param.most;
  if (param.fallback) schema["default"] = *param.fallback;
  return schema;
}

Json operation_of(const Route& route) {
  Json operation = {{"summary", route.sentence}, {"parameters", Json::array()}, {"responses", Json::object()}};
  for (const Option& param : route.params) {
    bool in_path = route.pattern.find("{" + param.name + "}") != route.pattern.npos;
    operation["parameters"].push_back({{"name", param.name}, {"in", in_path ? "path" : "query"}, {"description", param.sentence},
                                       {"required", in_path || (!param.fallback && std::find(route.optional.begin(), route.optional.end(), param.name) == route.optional.end())}, {"schema", schema_of(param)}});
  }
  if (!route.takes.empty()) {
    operation["requestBody"] = {{"required", true}, {"content", {{"application/json", {{"schema", reference(route.takes)}}}}}};
  }
  Json good = {{"description", "Done."}};
  if (!route.gives.empty()) good["content"] = {{"application/json", {{"schema", reference(route.gives)}}}};
  operation["responses"][std::to_string(route.status)] = std::move(good);
  operation["responses"]["default"] = {{"description", "Not done; a sentence says why."},
                                       {"content", {{"application/json", {{"schema", reference("Error")}}}}}};
  if (route.role == Role::none) operation["security"] = Json::array();
  operation["x-role"] = std::string(role_name(route.role));
  return operation;
}

Json object(Json properties, Json required) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

Json schemas() {
  Json text = {{"type", "string"}}, whole = {{"type", "integer"}}, yes = {{"type", "boolean"}};
  Json number = {{"type", {"integer", "string"}}, {"description", "A text where it is beyond 2^53."}};
  Json time = {{"type", {"string", "null"}}, {"format", "date-time"}};
  Json values = {{"type", "object"}, {"additionalProperties", text}};
  Json given = {{"type", "object"}, {"additionalProperties", {{"type", {"string", "number", "boolean"}}}}};
  Json stage = {{"type", "string"}, {"enum", {"queued", "running", "done", "failed", "cancelled", "crashed"}}};
  Json all = Json::object();
  all["Error"] = object({{"error", object({{"status", whole}, {"sentence", text}}, {"status", "sentence"})}}, {"error"});
  all["Job"] = object({{"id", number}, {"graph", text}, {"args", values}, {"tenant", text}, {"priority", whole}, {"pinned", yes},
                       {"memory", number}, {"threads", whole}, {"cpu_seconds", {{"type", "number"}}}, {"bytes", number}, {"stage", stage}, {"submitted", time}, {"started", time}, {"ended", time},
                       {"position", whole}, {"reason", text}, {"cancelling", yes}, {"drained", yes}, {"cluster", yes}, {"checkpoints", {{"type", "number"}}}, {"restored", whole}, {"pid", whole}, {"sentence", text},
                       {"process", {{"type", "object"}}}, {"why", {{"type", "object"}}}, {"outcome", {{"type", "object"}}}},
                      {"id", "graph", "args", "tenant", "priority", "pinned", "memory", "threads", "cpu_seconds", "bytes", "stage", "submitted", "started", "ended"});
  all["Jobs"] = object({{"jobs", {{"type", "array"}, {"items", reference("Job")}}}, {"next", {{"type", {"integer", "string", "null"}}}}}, {"jobs", "next"});
  all["JobRequest"] = object({{"graph", text}, {"args", given}, {"priority", whole}, {"threads", whole}, {"cluster", yes}, {"checkpoints", {{"type", "number"}}}}, {"graph"});
  all["JobChange"] = object({{"priority", whole}, {"pinned", yes}}, Json::array());
  Json panel = object({{"name", text}, {"module", text}}, {"name", "module"});
  all["Panels"] = object({{"panels", {{"type", "array"}, {"items", panel}}}}, {"panels"});
  Json standing = object({{"name", text}, {"bound", number}, {"waiting", whole}, {"working", whole}, {"answered", number}, {"failed", number},
                          {"late", number}, {"left", number}}, {"name", "bound", "waiting", "working", "answered", "failed", "late", "left"});
  all["StandingGraphs"] = object({{"standing", {{"type", "array"}, {"items", standing}}}}, {"standing"});
  all["LinkRequest"] = object({{"hours", whole}}, {"hours"});
  all["Link"] = object({{"link", text}, {"expires", {{"type", "string"}, {"format", "date-time"}}}}, {"link", "expires"});
  Json array = {{"type", "array"}}, names = {{"type", "array"}, {"items", text}};
  Json column = object({{"name", text}, {"type", text}, {"nullable", yes}}, {"name", "type", "nullable"});
  all["Dataset"] = object({{"id", text}, {"bytes", number}, {"rows", number}, {"chunks", number}, {"columns", {{"type", "array"}, {"items", column}}}},
                          {"id", "bytes", "rows", "chunks", "columns"});
  all["Rows"] = object({{"columns", names}, {"from", number}, {"next", {{"type", {"integer", "string", "null"}}}}, {"rows", {{"type", "array"}, {"items", array}}}},
                       {"columns", "from", "next", "rows"});
  all["Series"] = object({{"column", text}, {"type", text}, {"from", number}, {"to", number}, {"pixels", whole}, {"min", array}, {"max", array}},
                         {"column", "type", "from", "to", "pixels", "min", "max"});
  Json chart = object({{"name", text}, {"stage", text}, {"x", {{"type", "string"}, {"enum", {"step", "time"}}}}, {"points", {{"type", "array"}, {"items", array}}}},
                      {"name", "x", "points"});
  all["Charts"] = object({{"charts", {{"type", "array"}, {"items", chart}}}}, {"charts"});
  all["Graph"] = object({{"graph", text}, {"stages", {{"type", "array"}, {"items", {{"type", "object"}}}}}, {"links", {{"type", "array"}, {"items", {{"type", "object"}}}}}},
                        {"graph", "stages", "links"});
  all["Graphs"] = object({{"cluster", yes}, {"graphs", {{"type", "array"}, {"items", {{"type", "object"}}}}}}, {"cluster", "graphs"});
  return all;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string open_api(const std::string& title, const std::vector<Route>& routes) {
  Json api = {{"openapi", "3.1.0"}, {"info", {{"title", title}, {"version", "1"}}}, {"paths", Json::object()},
              {"components", {{"schemas", schemas()}, {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}},
              {"security", {{{"token", Json::array()}}}}};
  for (const Route& route : routes) api["paths"][route.pattern][lower(route.method)] = operation_of(route);
  return json_text(api);
}

}  // namespace leat
