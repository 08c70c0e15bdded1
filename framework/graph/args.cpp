#include <leat/graph/args.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace leat {
namespace {

constexpr std::array<const char*, 7> kTypes = {"text", "path", "integer", "real",
                                               "flag", "bytes", "choice"};

std::optional<double> parse_real(const std::string& text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::isnan(value)) return {};
  return value;
}

bool is_integer(const std::string& text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string plain(double value) {
  std::array<char, 32> text;
  auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

Error wrong(const Param& param, const std::string& value, const std::string& why) {
  return invalid("--" + param.name + " " + (value.empty() ? "\"\"" : value) + ": " + why);
}

Result<void> in_range(const Param& param, const std::string& value) {
  double number = *parse_real(value);
  if (param.least && number < *param.least) {
    return wrong(param, value, "must be at least " + plain(*param.least));
  }
  if (param.most && number > *param.most) {
    return wrong(param, value, "must be at most " + plain(*param.most));
  }
  return {};
}

Result<void> valid(const Param& param, const std::string& value) {
  if (value.size() > kMostValue) {
    return invalid("--" + param.name + " has " + std::to_string(value.size()) + " bytes, where " +
                   std::to_string(kMostValue) + " are the most");
  }
  switch (param.type) {
    case ParamType::text: return {};
    case ParamType::path:
      if (value.empty()) return wrong(param, value, "must name a file");
      return {};
    case ParamType::integer:
      if (!is_integer(value)) return wrong(param, value, "must be a whole number");
      return in_range(param, value);
    case ParamType::real:
      if (!parse_real(value)) return wrong(param, value, "must be a number");
      return in_range(param, value);
    case ParamType::flag:
      if (value != "true" && value != "false") return wrong(param, value, "must be true or false");
      return {};
    case ParamType::bytes:
      if (!parse_bytes(value)) return wrong(param, value, "must be a size such as 64MiB");
      return {};
    case ParamType::choice: break;
  }
  if (std::find(param.choices.begin(), param.choices.end(), value) != param.choices.end()) return {};
  std::string all;
  for (const auto& choice : param.choices) all += (all.empty() ? "" : ", ") + choice;
  return wrong(param, value, "must be one of " + all);
}

std::string meant(const std::vector<Param>& params, const std::string& name) {
  Fields names;
  for (const Param& param : params) names.push_back({param.name});
  std::string near = nearest_name(names, name);
  return near.empty() ? "see --help for those there are" : "did you mean --" + near + "?";
}

}  // namespace

std::string type_name(ParamType type) { return kTypes[static_cast<std::size_t>(type)]; }

std::optional<std::uint64_t> parse_bytes(const std::string& text) {
  std::size_t digits = text.find_first_not_of("0123456789.");
  auto number = parse_real(text.substr(0, digits));
  if (!number) return std::nullopt;
  std::string unit = digits == std::string::npos ? "" : text.substr(digits);
  unit.erase(0, unit.find_first_not_of(' '));
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  constexpr std::array<std::array<const char*, 3>, 5> units = {
      {{"", "b", "b"}, {"k", "kb", "kib"}, {"m", "mb", "mib"}, {"g", "gb", "gib"}, {"t", "tb", "tib"}}};
  for (std::size_t power = 0; power < units.size(); ++power) {
    for (const char* name : units[power]) {
      if (unit != name) continue;
      double bytes = *number * std::pow(1024.0, static_cast<double>(power));
      if (bytes > 9e18) return std::nullopt;
      return static_cast<std::uint64_t>(bytes);
    }
  }
  return std::nullopt;
}

Result<Args> Args::from(const std::vector<Param>& params,
                        const std::map<std::string, std::string>& given) {
  Args args;
  for (const auto& [name, value] : given) {
    bool known = std::any_of(params.begin(), params.end(),
                             [&name = name](const Param& p) { return p.name == name; });
    if (!known) return invalid("--" + name + " is not known: " + meant(params, name));
  }
  for (const Param& param : params) {
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

std::vector<Param> all_params(const Program& program, const std::map<std::string, std::string>& given) {
  std::vector<Param> params = program.params;
  if (!program.more) return params;
  std::map<std::string, std::string> values = given;
  for (const Param& param : program.params) {
    if (param.fallback) values.emplace(param.name, *param.fallback);
  }
  for (Param& param : program.more(values)) params.push_back(std::move(param));
  return params;
}

double Args::real(const std::string& name) const {
  auto value = parse_real(values_.at(name));
  if (!value) throw std::invalid_argument("--" + name + " is not a number");
  return *value;
}

std::vector<std::string> Args::list(const std::string& name) const {
  std::vector<std::string> parts;
  const std::string& text = values_.at(name);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t comma = std::min(text.find(',', at), text.size());
    if (comma > at) parts.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return parts;
}

}  // namespace leat
