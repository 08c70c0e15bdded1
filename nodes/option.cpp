#include "nodes/option.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>

#include <leat/chunk/fields.hpp>

namespace leat::nodes {
namespace {

template <class T> std::optional<T> parsed(const std::string& text) {
  T value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string plain(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

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
    if (option_.type == OptionType::texts && written.type == Value::Type::list)
      return list(written);
    if (option_.type == OptionType::types && written.type == Value::Type::table)
      return types(written);
    if (written.type == Value::Type::text && option_.type != OptionType::types)
      return filled(written);
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

  std::optional<OptionValue> literal(const Value& written) {
    OptionValue value;
    bool whole = written.type == Value::Type::integer;
    switch (option_.type) {
      case OptionType::integer:
        if (!whole) return unexpected(written);
        value.integer = written.integer;
        return in_range(written, static_cast<double>(written.integer), value);
      case OptionType::real:
        if (!whole && written.type != Value::Type::real) return unexpected(written);
        value.real = whole ? static_cast<double>(written.integer) : written.real;
        return in_range(written, value.real, value);
      case OptionType::bytes:
        if (!whole) return unexpected(written);
        if (written.integer < 0) return wrong(written, "must not be negative");
        value.bytes = static_cast<std::uint64_t>(written.integer);
        return in_range(written, static_cast<double>(value.bytes), value);
      case OptionType::flag:
        if (written.type != Value::Type::flag) return unexpected(written);
        value.flag = written.flag;
        return value;
      default:
        return unexpected(written);
    }
  }

  // A text, which may hold ${parameters}; only then may it stand for what is no text.
  std::optional<OptionValue> filled(const Value& written) {
    auto text = fill(written, parameters_, where_, complaints_);
    if (!text) return std::nullopt;
    bool numeric = option_.type == OptionType::integer || option_.type == OptionType::real ||
                   option_.type == OptionType::flag;
    if (numeric && !text->replaced) return unexpected(written);
    if (!text->known) {
      OptionValue value = stand_in(option_);
      if (option_.type == OptionType::path) value.text = text->text;
      return value;
    }
    return from_text(written, text->text);
  }

  std::optional<OptionValue> from_text(const Value& written, const std::string& text) {
    OptionValue value;
    value.text = text;
    std::string quoted = "\"" + shown(text) + "\"";
    switch (option_.type) {
      case OptionType::text:
        return value;
      case OptionType::path:
        if (text.empty()) return wrong(written, "must name a file");
        value.text = resolved(text);
        return value;
      case OptionType::character:
        if (text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80) return value;
        return wrong(written, quoted + " is not one ASCII character");
      case OptionType::choice:
        if (std::count(option_.choices.begin(), option_.choices.end(), text)) return value;
        return wrong(written, quoted + " is not one of " + listed_names(option_.choices) +
                                  did_you_mean(option_.choices, text));
      case OptionType::texts:
        value.texts = split(text);
        return value;
      default:
        return number(written, text, quoted);
    }
  }

  std::optional<OptionValue> number(const Value& written, const std::string& text,
                                    const std::string& quoted) {
    OptionValue value;
    if (option_.type == OptionType::flag) {
      if (text != "true" && text != "false")
        return wrong(written, quoted + " is neither true nor false");
      value.flag = text == "true";
      return value;
    }
    if (option_.type == OptionType::bytes) {
      auto bytes = parse_bytes(text);
      if (!bytes) return wrong(written, quoted + " is no size such as 64MiB");
      value.bytes = *bytes;
      return in_range(written, static_cast<double>(*bytes), value);
    }
    if (option_.type == OptionType::integer) {
      auto whole = parsed<std::int64_t>(text);
      if (!whole) return wrong(written, quoted + " is no integer");
      value.integer = *whole;
      return in_range(written, static_cast<double>(*whole), value);
    }
    auto real = parsed<double>(text);
    if (!real) return wrong(written, quoted + " is no number");
    value.real = *real;
    return in_range(written, *real, value);
  }

  std::optional<OptionValue> in_range(const Value& written, double number, OptionValue value) {
    if (!std::isfinite(number)) return wrong(written, "must be a finite number");
    if (option_.least && number < *option_.least) {
      return wrong(written, plain(number) + " is too small: at least " + plain(*option_.least));
    }
    if (option_.most && number > *option_.most) {
      return wrong(written, plain(number) + " is too large: at most " + plain(*option_.most));
    }
    return value;
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
      // A parameter may bring several; a name that is written out may hold a comma.
      auto parts = text->replaced ? split(text->text) : std::vector<std::string>{text->text};
      value.texts.insert(value.texts.end(), parts.begin(), parts.end());
    }
    if (!sound) return std::nullopt;
    return value;
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
      const auto& all = option_.choices;
      bool is_type = text && (!text->known || std::count(all.begin(), all.end(), text->text) > 0);
      if (text && !is_type) {
        wrong(member.value, "column " + shown(member.key) + ": \"" + shown(text->text) +
                                "\" is not one of " + listed_names(option_.choices) +
                                did_you_mean(option_.choices, text->text));
      }
      sound = sound && is_type;
      if (is_type) value.types[member.key] = text->known ? text->text : option_.choices.front();
    }
    if (!sound) return std::nullopt;
    return value;
  }

  std::string resolved(const std::string& path) const {
    if (parameters_.folder == "." || path.front() == '/') return path;
    return (std::filesystem::path(parameters_.folder) / path).lexically_normal();
  }

  static std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t comma = std::min(text.find(',', at), text.size());
      if (comma > at) parts.push_back(text.substr(at, comma - at));
      at = comma + 1;
    }
    return parts;
  }

  const Option& option_;
  const Parameters& parameters_;
  std::string where_;
  Complaints& complaints_;
};

}  // namespace

std::string expected(OptionType type) {
  constexpr std::array<const char*, 10> kWords = {"a string",
                                                  "a string of one character",
                                                  "a string",
                                                  "an integer",
                                                  "a number",
                                                  "a boolean",
                                                  "an integer or a size such as \"64MiB\"",
                                                  "a string",
                                                  "an array of strings",
                                                  "a table of columns and their types"};
  return kWords[static_cast<std::size_t>(type)];
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
    for (const Param& param : parameters.declared)
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

std::optional<OptionValue> read_option(const Option& option, const Value& written,
                                       const Parameters& parameters, const std::string& where,
                                       Complaints& complaints) {
  return Reading(option, parameters, where, complaints).read(written);
}

OptionValue stand_in(const Option& option) {
  OptionValue value;
  double number = std::clamp(1.0, option.least.value_or(1),
                             std::max(option.least.value_or(1), option.most.value_or(1)));
  value.text = option.type == OptionType::choice      ? option.choices.front()
               : option.type == OptionType::character ? ","
                                                      : "unknown";
  value.integer = static_cast<std::int64_t>(number);
  value.real = number;
  value.bytes = static_cast<std::uint64_t>(number);
  return value;
}

std::string did_you_mean(const std::vector<std::string>& names, const std::string& word) {
  std::string near = nearest_name(as_fields(names), word);
  return near.empty() ? "" : ", did you mean " + near + "?";
}

std::string listed_names(const std::vector<std::string>& names) {
  return listed(as_fields(names), 16);
}

}  // namespace leat::nodes
