#include <leat/graph/option.hpp>

#include <leat/chunk/fields.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace leat {
namespace {

constexpr std::array<const char*, 11> kTypes = {"text",   "path",      "integer", "real",  "flag", "bytes",
                                                "choice", "character", "texts",   "paths", "types"};

template <class T>
std::optional<T> parsed(const std::string& text) {
  T value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Fields as_fields(const std::vector<std::string>& names) {
  Fields fields;
  for (const std::string& name : names) fields.push_back({name});
  return fields;
}

Result<OptionValue> bounded(const Option& option, double number, OptionValue value) {
  if (auto ok = within_bounds(option, number); !ok) return std::move(ok).error();
  return value;
}

Result<OptionValue> read_number(const Option& option, const std::string& text) {
  OptionValue value;
  if (option.type == OptionType::integer) {
    auto whole = parsed<std::int64_t>(text);
    if (!whole) return invalid("must be a whole number");
    value.integer = *whole;
    return bounded(option, static_cast<double>(*whole), value);
  }
  if (option.type == OptionType::bytes) {
    auto bytes = parse_bytes(text);
    if (!bytes) return invalid("must be a size such as 64MiB");
    value.bytes = *bytes;
    return bounded(option, static_cast<double>(*bytes), value);
  }
  auto real = parsed<double>(text);
  if (!real) return invalid("must be a number");
  value.real = *real;
  return bounded(option, *real, value);
}

bool stands_alone(char c) {
  bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  return letter || (c >= '0' && c <= '9') || std::string_view("._-/+").find(c) != std::string_view::npos;
}

Result<OptionValue> read_types(const Option& option, const std::string& text) {
  OptionValue value;
  for (const std::string& part : split_at_commas(text)) {
    std::size_t equals = part.rfind('=');
    if (equals == part.npos || equals == 0) {
      return invalid("must be columns and their types, as in \"id=text,price=f64\"");
    }
    std::string type = part.substr(equals + 1);
    if (auto ok = among_choices(option, type); !ok) return ok.error().in("the type of " + part.substr(0, equals));
    value.types[part.substr(0, equals)] = type;
  }
  return value;
}

}  // namespace

std::string type_name(OptionType type) { return kTypes[static_cast<std::size_t>(type)]; }

std::optional<std::uint64_t> parse_bytes(const std::string& text) {
  std::size_t digits = text.find_first_not_of("0123456789.");
  auto number = parsed<double>(text.substr(0, digits));
  if (!number || std::isnan(*number)) return std::nullopt;
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

Result<OptionValue> option_value(const Option& option, const std::string& text) {
  OptionValue value;
  value.text = text;
  switch (option.type) {
    case OptionType::text: return value;
    case OptionType::path:
      if (text.empty()) return invalid("must name a file");
      return value;
    case OptionType::flag:
      if (text != "true" && text != "false") return invalid("must be true or false");
      value.flag = text == "true";
      return value;
    case OptionType::choice:
      if (auto ok = among_choices(option, text); !ok) return std::move(ok).error();
      return value;
    case OptionType::character:
      if (text == "tab") value.text = "\t";
      if (value.text.size() == 1 && static_cast<unsigned char>(value.text[0]) < 0x80) return value;
      return invalid("must be one ASCII character, or tab");
    case OptionType::texts:
      value.texts = split_at_commas(text, option.empty_parts);
      return value;
    case OptionType::paths:
      value.texts = split_at_commas(text);
      if (value.texts.empty() || std::count(value.texts.begin(), value.texts.end(), "")) {
        return invalid("must name files");
      }
      return value;
    case OptionType::types: return read_types(option, text);
    default: return read_number(option, text);
  }
}

Result<void> within_bounds(const Option& option, double number) {
  if (!std::isfinite(number)) return invalid("must be a finite number");
  if (option.least && number < *option.least) return invalid("must be at least " + shortest_text(*option.least));
  if (option.most && number > *option.most) return invalid("must be at most " + shortest_text(*option.most));
  return {};
}

Result<void> among_choices(const Option& option, const std::string& word) {
  if (std::count(option.choices.begin(), option.choices.end(), word)) return {};
  Fields choices = as_fields(option.choices);
  std::string near = nearest_name(choices, word);
  return invalid("must be one of " + listed(choices, 16) + (near.empty() ? "" : ", did you mean " + near + "?"));
}

OptionValue stand_in(const Option& option) {
  OptionValue value;
  double number = std::clamp(1.0, option.least.value_or(1),
                             std::max(option.least.value_or(1), option.most.value_or(1)));
  value.text = option.type == OptionType::choice      ? option.choices.front()
               : option.type == OptionType::character ? ","
                                                      : "unknown";
  value.texts = {value.text};
  value.integer = static_cast<std::int64_t>(number);
  value.real = number;
  value.bytes = static_cast<std::uint64_t>(number);
  return value;
}

std::string shortest_text(double number) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

std::vector<std::string> split_at_commas(const std::string& text, bool empty_parts) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  std::string part;
  bool quoted = false;
  bool was_quoted = false;
  auto end = [&] {
    if (!part.empty() || was_quoted || empty_parts) parts.push_back(part);
    part.clear();
    was_quoted = false;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"' && (quoted || part.empty())) {
      bool doubled = quoted && at + 1 < text.size() && text[at + 1] == '"';
      if (doubled) part += text[++at];
      if (!doubled) quoted = !quoted;
      was_quoted = true;
    } else if (text[at] == ',' && !quoted) {
      end();
    } else {
      part += text[at];
    }
  }
  end();
  return parts;
}

std::string joined_with_commas(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) text += ',';
    if (!part.empty() && part.find(',') == part.npos && part[0] != '"') {
      text += part;
      continue;
    }
    text += '"';
    for (char c : part) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    text += '"';
  }
  return text;
}

std::string option_text(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), stands_alone)) return std::string(text);
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string option_texts(const std::vector<std::string>& texts, std::string_view between) {
  std::string all;
  for (const std::string& text : texts) {
    if (&text != &texts.front()) all += between;
    all += option_text(text);
  }
  return all;
}

}  // namespace leat
