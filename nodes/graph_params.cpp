#include <algorithm>
#include <array>

#include "nodes/graph_file.hpp"

namespace leat::nodes {
namespace {

// What `run`, `plan` and `validate` say themselves; tests hold this against the help.
const std::vector<std::string> kTaken = {
    "help",   "threads", "memory", "scheduling", "json",        "quiet",     "format", "cluster",
    "listen", "nodes",   "key",    "probe",      "certificate", "authority", "graph",  "folder",
    "dead-letters", "from", "number", "otlp", "outcome", "checkpoints", "every", "restore", "fresh", "accept-changes",
    "restarts"};

// Those that a text alone can say.
constexpr std::array kTypes = {OptionType::text, OptionType::path,  OptionType::paths, OptionType::integer,
                               OptionType::real, OptionType::flag, OptionType::bytes, OptionType::choice};

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (OptionType type : kTypes)
    names.push_back(leat::type_name(type));
  return names;
}

std::vector<Option> declared() {
  return {{.name = "type",
           .type = OptionType::choice,
           .sentence = "type of its values",
           .choices = type_names()},
          {"sentence", OptionType::text, "what it is for"},
          {"unit", OptionType::text, "unit of its values", ""},
          {"least", OptionType::real, "least value of an integer or real", "none"},
          {"most", OptionType::real, "greatest value of an integer or real", "none"},
          {"choices", OptionType::texts, "what a choice may be", "none"},
          {"output", OptionType::flag, "whether a path is written to", "false"}};
}

bool is_name(const std::string& name) {
  bool sound = !name.empty() && name[0] >= 'a' && name[0] <= 'z' && name.size() <= 40;
  return sound && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

class ReadingParam {
 public:
  ReadingParam(const Member& member, Complaints& complaints)
      : member_(member), where_("parameter " + shown(member.key)), complaints_(complaints) {}

  std::optional<Option> read() {
    std::size_t before = complaints_.size();
    name();
    if (member_.value.type != Value::Type::table) {
      complain(member_.value.at,
               "expected a table, found " + std::string(type_name(member_.value.type)));
      return std::nullopt;
    }
    keys();
    Option param = declared_param();
    if (complaints_.size() == before) limits(param);
    if (complaints_.size() == before) fallback(param);
    // Where only its name or default is wrong, ${name} is not wrong too.
    return param;
  }

 private:
  void complain(Position at, const std::string& what) {
    complaints_.push_back({at, where_ + ": " + what});
  }

  void name() {
    if (!is_name(member_.key)) {
      complain(member_.at, "a name is lower case letters, digits and dashes, a letter first");
    } else if (std::count(kTaken.begin(), kTaken.end(), member_.key)) {
      complain(member_.at, "--" + member_.key + " is the command line's own: choose another name");
    }
  }

  void keys() {
    std::vector<std::string> names = {"default"};
    for (const Option& option : declared())
      names.push_back(option.name);
    for (const Member& member : member_.value.table) {
      if (std::count(names.begin(), names.end(), member.key)) continue;
      complain(member.at, "there is no key " + shown(member.key) + did_you_mean(names, member.key));
    }
  }

  Option declared_param() {
    OptionValues given;
    for (const Option& option : declared()) {
      const Member* member = member_.value.find(option.name);
      if (!member && !option.fallback)
        complain(member_.value.at, "has no " + option.name + ": " + option.sentence);
      if (!member) continue;
      if (auto value = read_option(option, member->value, {}, where_, complaints_)) {
        given.set(option.name, std::move(*value));
      }
    }
    Option param;
    param.name = member_.key;
    auto text = [&](const char* key) { return given.has(key) ? given[key].text : ""; };
    for (OptionType type : kTypes) {
      if (type_name(type) == text("type")) param.type = type;
    }
    param.sentence = text("sentence");
    param.unit = text("unit");
    if (given.has("least")) param.least = given["least"].real;
    if (given.has("most")) param.most = given["most"].real;
    if (given.has("choices")) param.choices = given["choices"].texts;
    if (given.has("output")) param.output = given["output"].flag;
    return param;
  }

  void limits(const Option& param) {
    bool number = param.type == OptionType::integer || param.type == OptionType::real;
    for (const char* key : {"least", "most"}) {
      const Member* member = member_.value.find(key);
      if (member && !number) complain(member->at, std::string(key) + " is for integers and reals");
    }
    const Member* choices = member_.value.find("choices");
    if (param.type == OptionType::choice && param.choices.empty()) {
      complain(member_.value.at, "a choice needs choices = [\"one\", \"other\"]");
    }
    if (choices && param.type != OptionType::choice) {
      complain(choices->at, "choices are for type = \"choice\"");
    }
    if (param.output && param.type != OptionType::path) {
      complain(member_.value.find("output")->at, "output is for type = \"path\"");
    }
  }

  // The default as text, checked as if it had been given on the command line.
  void fallback(Option& param) {
    const Member* member = member_.value.find("default");
    if (!member) return;
    auto text = default_text(param, member->value);
    if (!text) return;
    auto read = option_value(param, *text);
    if (read) {
      param.fallback = *text;
    } else {
      complain(member->value.at, "default: " + read.error().sentence);
    }
  }

  std::optional<std::string> default_text(const Option& param, const Value& value) {
    bool whole = value.type == Value::Type::integer;
    switch (param.type) {
      case OptionType::integer:
        if (whole) return std::to_string(value.integer);
        return unexpected(value, "an integer");
      case OptionType::real:
        if (whole) return std::to_string(value.integer);
        if (value.type == Value::Type::real) return shortest_text(value.real);
        return unexpected(value, "a number");
      case OptionType::flag:
        if (value.type == Value::Type::flag) return value.flag ? "true" : "false";
        return unexpected(value, "a boolean");
      case OptionType::bytes:
        if (whole && value.integer >= 0) return std::to_string(value.integer);
        if (value.type == Value::Type::text) return value.text;
        return unexpected(value, expected(OptionType::bytes));
      default:
        if (value.type == Value::Type::text) return value.text;
        return unexpected(value, "a string");
    }
  }

  std::nullopt_t unexpected(const Value& value, const std::string& wanted) {
    complain(value.at,
             "default: expected " + wanted + ", found " + std::string(type_name(value.type)));
    return std::nullopt;
  }

  const Member& member_;
  std::string where_;
  Complaints& complaints_;
};

}  // namespace

std::vector<Option> read_params(const Member& member, Complaints& complaints) {
  std::vector<Option> params;
  if (member.value.type != Value::Type::table) {
    complaints.push_back({member.value.at, "params: expected a table, found " +
                                               std::string(type_name(member.value.type)) +
                                               ": write a [params.NAME] for each"});
    return params;
  }
  for (const Member& each : member.value.table) {
    if (auto param = ReadingParam(each, complaints).read()) params.push_back(std::move(*param));
  }
  return params;
}

}  // namespace leat::nodes
