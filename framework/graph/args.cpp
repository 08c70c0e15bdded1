#include <leat/graph/args.hpp>

#include <algorithm>
#include <stdexcept>

namespace leat {
namespace {

Result<void> valid(const Option& param, const std::string& value) {
  if (value.size() > kMostValue) {
    return invalid("--" + param.name + " has " + std::to_string(value.size()) + " bytes, where " +
                   std::to_string(kMostValue) + " are the most");
  }
  if (param.fallback == value) return {};
  auto read = option_value(param, value);
  if (read) return {};
  return read.error().in("--" + param.name + " " + (value.empty() ? "\"\"" : value));
}

std::string meant(const std::vector<Option>& params, const std::string& name) {
  Fields names;
  for (const Option& param : params) names.push_back({param.name});
  std::string near = nearest_name(names, name);
  return near.empty() ? "see --help for those there are" : "did you mean --" + near + "?";
}

}  // namespace

Result<Args> Args::from(const std::vector<Option>& params,
                        const std::map<std::string, std::string>& given) {
  Args args;
  for (const auto& [name, value] : given) {
    bool known = std::any_of(params.begin(), params.end(),
                             [&name = name](const Option& p) { return p.name == name; });
    if (!known) return invalid("--" + name + " is not known: " + meant(params, name));
  }
  for (const Option& param : params) {
    auto found = given.find(param.name);
    if (found == given.end() && !param.fallback) {
      return invalid("--" + param.name + " is missing: " + param.sentence);
    }
    std::string value = found == given.end() ? *param.fallback : found->second;
    if (found != given.end()) {
      if (auto ok = valid(param, value); !ok) return std::move(ok).error();
    }
    args.values_[param.name] = std::move(value);
  }
  return args;
}

std::vector<Option> all_params(const Program& program, const std::map<std::string, std::string>& given) {
  std::vector<Option> params = program.params;
  if (!program.more) return params;
  std::map<std::string, std::string> values = given;
  for (const Option& param : program.params) {
    if (param.fallback) values.emplace(param.name, *param.fallback);
  }
  for (Option& param : program.more(values)) params.push_back(std::move(param));
  return params;
}

double Args::real(const std::string& name) const {
  auto value = option_value({.name = name, .type = OptionType::real}, values_.at(name));
  if (!value) throw std::invalid_argument("--" + name + " is not a number");
  return value->real;
}

std::vector<std::string> Args::list(const std::string& name) const { return split_at_commas(values_.at(name)); }

std::map<std::string, std::string> Args::types(const std::string& name) const {
  std::map<std::string, std::string> types;
  for (const std::string& part : list(name)) {
    std::size_t equals = part.rfind('=');
    if (equals == part.npos) throw std::invalid_argument("--" + name + " is not a list of columns and their types");
    types[part.substr(0, equals)] = part.substr(equals + 1);
  }
  return types;
}

}  // namespace leat
