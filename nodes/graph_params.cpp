#include <algorithm>
#include <array>
#include <charconv>

#include "nodes/graph_file.hpp"

namespace leat::nodes {
namespace {

// What `run`, `plan` and `validate` say themselves; tests hold this against the help.
const std::vector<std::string> kTaken = {
    "help",   "threads", "memory", "scheduling", "json",        "quiet",     "format", "cluster",
    "listen", "nodes",   "key",    "probe",      "certificate", "authority", "graph",  "folder"};

const std::vector<std::string> kTypes = {"text", "path",  "integer", "real",
                                         "flag", "bytes", "choice"};

std::vector<Option> declared() {
  return {{.name = "type",
           .type = OptionType::choice,
           .sentence = "type of its values",
           .choices = kTypes},
          {"sentence", OptionType::text, "what it is for"},
          {"unit", OptionType::text, "unit of its values", ""},
          {"least", OptionType::real, "least value of an integer or real", "none"},
          {"most", OptionType::real, "greatest value of an integer or real", "none"},
          {"choices", OptionType::texts, "what a choice may be", "none"}};
}

std::string plain(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
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

  std::optional<Param> read() {
    std::size_t before = complaints_.size();
    name();
    if (member_.value.type != Value::Type::table) {
      complain(member_.value.at,
               "expected a table, found " + std::string(type_name(member_.value.type)));
      return std::nullopt;
    }
    keys();
    Param param = declared_param();
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

  Param declared_param() {
    Options given;
    for (const Option& option : declared()) {
      const Member* member = member_.value.find(option.name);
      if (!member && !option.fallback)
        complain(member_.value.at, "has no " + option.name + ": " + option.sentence);
      if (!member) continue;
      if (auto value = read_option(option, member->value, {}, where_, complaints_)) {
        given.set(option.name, std::move(*value));
      }
    }
    Param param;
    param.name = member_.key;
    auto text = [&](const char* key) { return given.has(key) ? given[key].text : ""; };
    auto type = std::find(kTypes.begin(), kTypes.end(), text("type"));
    if (type != kTypes.end()) param.type = static_cast<ParamType>(type - kTypes.begin());
    param.sentence = text("sentence");
    param.unit = text("unit");
    if (given.has("least")) param.least = given["least"].real;
    if (given.has("most")) param.most = given["most"].real;
    if (given.has("choices")) param.choices = given["choices"].texts;
    return param;
  }

  void limits(const Param& param) {
    bool number = param.type == ParamType::integer || param.type == ParamType::real;
    for (const char* key : {"least", "most"}) {
      const Member* member = member_.value.find(key);
      if (member && !number) complain(member->at, std::string(key) + " is for integers and reals");
    }
    const Member* choices = member_.value.find("choices");
    if (param.type == ParamType::choice && param.choices.empty()) {
      complain(member_.value.at, "a choice needs choices = [\"one\", \"other\"]");
    }
    if (choices && param.type != ParamType::choice) {
      complain(choices->at, "choices are for type = \"choice\"");
    }
  }

  // The default as text, checked as if it had been given on the command line.
  void fallback(Param& param) {
    const Member* member = member_.value.find("default");
    if (!member) return;
    auto text = default_text(param, member->value);
    if (!text) return;
    auto args = Args::from({param}, {{param.name, *text}});
    if (args) {
      param.fallback = *text;
      return;
    }
    std::string spoken = "--" + param.name + " " + (text->empty() ? "\"\"" : *text) + ": ";
    complain(member->value.at, "default: " + args.error().sentence.substr(spoken.size()));
  }

  std::optional<std::string> default_text(const Param& param, const Value& value) {
    bool whole = value.type == Value::Type::integer;
    switch (param.type) {
      case ParamType::integer:
        if (whole) return std::to_string(value.integer);
        return unexpected(value, "an integer");
      case ParamType::real:
        if (whole) return std::to_string(value.integer);
        if (value.type == Value::Type::real) return plain(value.real);
        return unexpected(value, "a number");
      case ParamType::flag:
        if (value.type == Value::Type::flag) return value.flag ? "true" : "false";
        return unexpected(value, "a boolean");
      case ParamType::bytes:
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

std::vector<Param> read_params(const Member& member, Complaints& complaints) {
  std::vector<Param> params;
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
