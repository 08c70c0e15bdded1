#include <leat/gateway/route_files.hpp>

#include <algorithm>
#include <utility>

namespace leat {
namespace {

bool is_file(const Option& param) { return param.type == OptionType::path || param.type == OptionType::paths; }

Result<void> find_files(OptionValue& value, const Option& param, const NamedFile& file_of, const Identity& who) {
  bool several = param.type == OptionType::paths;
  std::vector<std::string> said = several ? value.texts : std::vector<std::string>{value.text};
  if (param.fallback && (several ? joined_with_commas(said) : value.text) == *param.fallback) return {};
  for (std::string& one : said) {
    auto file = file_of(param.name, one, who);
    if (!file) return std::move(file).error();
    one = file->string();
  }
  if (several) value.texts = std::move(said);
  else value.text = std::move(said.front());
  return {};
}

}  // namespace

Route with_files(Route route, NamedFile file_of) {
  if (!route.answer || std::none_of(route.params.begin(), route.params.end(), is_file)) return route;
  route.answer = [answer = std::move(route.answer), params = route.params, file_of = std::move(file_of)](const RouteCall& call) -> Result<HttpAnswer> {
    OptionValues values = call.params;
    for (const Option& param : params) {
      if (!is_file(param) || !values.has(param.name)) continue;
      OptionValue value = values[param.name];
      if (auto found = find_files(value, param, file_of, call.who); !found) return std::move(found).error();
      values.set(param.name, std::move(value));
    }
    return answer({call.request, call.who, values, call.body, call.deadline});
  };
  return route;
}

}  // namespace leat
