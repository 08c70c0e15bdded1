#include <leat/gateway/panels.hpp>

#include <leat/chunk/one_line.hpp>
#include <leat/gateway/access.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

std::string listed(const std::vector<Panel>& panels) {
  Json all = Json::array();
  for (const Panel& one : panels) all.push_back({{"name", one.name}, {"module", "/panels/" + percent_encoded(one.name)}});
  return json_text(Json{{"panels", std::move(all)}});
}

}  // namespace

std::vector<Route> panel_routes(const std::vector<Panel>& panels) {
  Route list{.method = "GET", .pattern = "/api/v1/panels", .sentence = "The panels that this program adds to the page."};
  list.quick = true;
  list.gives = "Panels";
  list.answer = [text = listed(panels)](const RouteCall&) -> Result<HttpAnswer> { return json_answer(text); };
  Route module{.method = "GET", .pattern = "/panels/{name}", .role = Role::none, .sentence = "The module of a panel."};
  module.params = {{"name", OptionType::text, "the panel"}};
  module.quick = true;
  module.answer = [panels](const RouteCall& call) -> Result<HttpAnswer> {
    const std::string& name = call.params["name"].text;
    auto found = std::find_if(panels.begin(), panels.end(), [&](const Panel& one) { return one.name == name; });
    if (found == panels.end()) return refusal(404, "there is no panel " + one_line(name));
    return HttpAnswer{.type = "text/javascript; charset=utf-8", .body = found->module};
  };
  return {std::move(list), std::move(module)};
}

}  // namespace leat
