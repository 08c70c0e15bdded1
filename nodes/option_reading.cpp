#include "nodes/option_reading.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <leat/chunk/fields.hpp>
#include <leat/graph/input_paths.hpp>

namespace leat::nodes {
namespace {

Fields as_fields(const std::vector<std::string>& names) {
  Fields fields;
  for (const std::string& name : names)
    fields.push_back({name});
  return fields;
}

// Reads one option of one stage.
class Reading {
 public:
  Reading(const Option& option, const Parameters& parameters, std::string where,
          Complaints& complaints)
      : option_(option),
        parameters_(parameters),
        where_(std::move(where) + ": " + option.name),
        complaints_(complaints) {}

  std::optional<OptionValue> read(const Value& written) {
    bool several = option_.type == OptionType::texts || option_.type == OptionType::paths;
    if (several && written.type == Value::Type::list)
      return list(written);
    if (option_.type == OptionType::types && written.type == Value::Type::table)
      return types(written);
    if (written.type == Value::Type::text) return filled(written);
    return literal(written);
  }

 private:
  std::nullopt_t wrong(const Value& written, const std::string& what) {
    complaints_.push_back({written.at, where_ + ": " + what});
    return std::nullopt;
  }
  std::nullopt_t unexpected(const Value& written, const std::string& wanted) {
    return wrong(written, "expected " + wanted + ", found " + std::string(type_name(written.type)));
  }
  std::nullopt_t unexpected(const Value& written) {
    return unexpected(written, expected(option_.type));
  }

  // What is wrong with a value follows it: "2 must be at most 1".
  std::optional<OptionValue> kept(const Value& written, const std::string& value,
                                  Result<OptionValue> read) {
    if (!read) return wrong(written, value + " " + read.error().sentence);
    return std::move(read).value();
  }

  std::optional<OptionValue> literal(const Value& written) {
    bool whole = written.type == Value::Type::integer;
    switch (option_.type) {
      case OptionType::integer:
      case OptionType::bytes:
        if (!whole) return unexpected(written);
        return number(written, static_cast<double>(written.integer), std::to_string(written.integer));
      case OptionType::real:
        if (!whole && written.type != Value::Type::real) return unexpected(written);
        return whole ? number(written, static_cast<double>(written.integer), std::to_string(written.integer))
                     : number(written, written.real, shortest_text(written.real));
      case OptionType::flag: {
        if (written.type != Value::Type::flag) return unexpected(written);
        OptionValue value;
        value.flag = written.flag;
        return value;
      }
      default:
        return unexpected(written);
    }
  }

  std::optional<OptionValue> number(const Value& written, double real, const std::string& text) {
    if (option_.type == OptionType::bytes && real < 0) return wrong(written, text + " must not be negative");
    if (auto ok = within_bounds(option_, real); !ok) return kept(written, text, std::move(ok).error());
    OptionValue value;
    value.real = real;
    value.integer = written.integer;
    value.bytes = static_cast<std::uint64_t>(written.integer);
    return value;
  }

  // A text, which may hold ${parameters}; only then may it stand for what is no text.
  std::optional<OptionValue> filled(const Value& written) {
    auto text = fill(written, parameters_, where_, complaints_);
    if (!text) return std::nullopt;
    bool other = option_.type == OptionType::integer || option_.type == OptionType::real ||
                   option_.type == OptionType::flag || option_.type == OptionType::types;
    if (other && !text->replaced) return unexpected(written);
    if (!text->known) {
      OptionValue value = stand_in(option_);
      if (option_.type == OptionType::path) value.text = text->text;
      return value;
    }
    // A path that is written out may hold a comma.
    bool one_path = option_.type == OptionType::paths && !text->replaced;
    if (one_path) return from_text(written, joined_with_commas({text->text}));
    return from_text(written, text->text);
  }

  std::optional<OptionValue> from_text(const Value& written, const std::string& text) {
    auto read = kept(written, "\"" + shown(text) + "\"", option_value(option_, text));
    if (read && option_.type == OptionType::path) read->text = resolved(text);
    if (read && option_.type == OptionType::paths) {
      for (std::string& path : read->texts) path = resolved(path);
    }
    return read;
  }

  std::optional<OptionValue> list(const Value& written) {
    OptionValue value;
    bool sound = true;
    for (const Value& element : written.list) {
      if (element.type != Value::Type::text) {
        unexpected(element, "a string");
        sound = false;
        continue;
      }
      auto text = fill(element, parameters_, where_, complaints_);
      sound = sound && text;
      if (!text) continue;
      // A parameter that stands alone may bring several; what is written out may hold a comma.
      bool alone = text->replaced && element.text.starts_with("${") && element.text.find('}') + 1 == element.text.size();
      auto parts = alone ? split_at_commas(text->text, option_.empty_parts) : std::vector<std::string>{text->text};
      value.texts.insert(value.texts.end(), parts.begin(), parts.end());
    }
    if (!sound) return std::nullopt;
    if (option_.type != OptionType::paths) return value;
    return from_text(written, joined_with_commas(value.texts));
  }

  std::optional<OptionValue> types(const Value& written) {
    OptionValue value;
    bool sound = true;
    for (const Member& member : written.table) {
      if (member.value.type != Value::Type::text) {
        unexpected(member.value, "a string");
        sound = false;
        continue;
      }
      auto text = fill(member.value, parameters_, where_, complaints_);
      if (!text) {
        sound = false;
        continue;
      }
      auto is_type = text->known ? among_choices(option_, text->text) : Result<void>();
      if (!is_type) {
        wrong(member.value, "column " + shown(member.key) + ": \"" + shown(text->text) + "\" " +
                                is_type.error().sentence);
      }
      sound = sound && is_type;
      if (is_type) value.types[member.key] = text->known ? text->text : option_.choices.front();
    }
    if (!sound) return std::nullopt;
    return value;
  }

  std::string resolved(const std::string& path) const {
    if (parameters_.folder == "." || path.front() == '/' || is_standard_input(path)) return path;
    return (std::filesystem::path(parameters_.folder) / path).lexically_normal();
  }

  const Option& option_;
  const Parameters& parameters_;
  std::string where_;
  Complaints& complaints_;
};

}  // namespace

std::string expected(OptionType type) {
  switch (type) {
    case OptionType::integer:
      return "an integer";
    case OptionType::real:
      return "a number";
    case OptionType::flag:
      return "a boolean";
    case OptionType::bytes:
      return "an integer or a size such as \"64MiB\"";
    case OptionType::character:
      return "a string of one character";
    case OptionType::texts:
      return "an array of strings";
    case OptionType::paths:
      return "a string or an array of strings";
    case OptionType::types:
      return "a table of columns and their types";
    default:
      return "a string";
  }
}

std::optional<Filled> fill(const Value& written, const Parameters& parameters,
                           const std::string& where, Complaints& complaints) {
  Filled filled;
  const std::string& text = written.text;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 3, "$${") == 0) {
      filled.text += "${";
      at += 3;
      continue;
    }
    if (text.compare(at, 2, "${") != 0) {
      filled.text += text[at++];
      continue;
    }
    std::size_t end = text.find('}', at);
    if (end == text.npos) {
      complaints.push_back(
          {written.at, where + ": ${ has no }; write $${ for the characters themselves"});
      return std::nullopt;
    }
    std::string name = text.substr(at + 2, end - at - 2);
    std::vector<std::string> names;
    for (const Option& param : parameters.declared)
      names.push_back(param.name);
    if (!std::count(names.begin(), names.end(), name)) {
      complaints.push_back({written.at, where + ": there is no parameter " + shown(name) +
                                            did_you_mean(names, name)});
      return std::nullopt;
    }
    auto value = parameters.values.find(name);
    filled.replaced = true;
    filled.known = filled.known && value != parameters.values.end();
    filled.text += value == parameters.values.end() ? text.substr(at, end + 1 - at) : value->second;
    at = end + 1;
  }
  return filled;
}

bool is_left_out(const Option& option, const Value& written, const Parameters& parameters) {
  bool textual = option.type == OptionType::text || option.type == OptionType::path || option.type == OptionType::texts;
  if (textual || !option.fallback || written.type != Value::Type::text) return false;
  const std::string& text = written.text;
  if (!text.starts_with("${") || text.find('}') + 1 != text.size()) return false;
  auto value = parameters.values.find(text.substr(2, text.size() - 3));
  return value != parameters.values.end() && value->second.empty();
}

std::optional<OptionValue> read_option(const Option& option, const Value& written,
                                       const Parameters& parameters, const std::string& where,
                                       Complaints& complaints) {
  return Reading(option, parameters, where, complaints).read(written);
}

std::string did_you_mean(const std::vector<std::string>& names, const std::string& word) {
  std::string near = nearest_name(as_fields(names), word);
  return near.empty() ? "" : ", did you mean " + near + "?";
}

}  // namespace leat::nodes
