#include "nodes/graph_file.hpp"

#include <algorithm>

namespace leat::nodes {
namespace {

const std::vector<std::string> kTop = {"name", "sentence", "latency_ms", "params", "stage"};
const std::vector<std::string> kStructure = {"name",     "kind",     "from",   "after",
                                             "replicas", "dispatch", "combine"};

std::string found(const Value& value) {
  return ", found " + std::string(type_name(value.type));
}

class ReadingStage {
 public:
  ReadingStage(const Value& table, const std::vector<DeclaredKind>& kinds, Complaints& complaints)
      : table_(table), kinds_(kinds), complaints_(complaints) {}

  StageEntry read() {
    entry_.at = entry_.name_at = table_.at;
    name();
    kind();
    if (const Member* from = table_.find("from")) inputs(from->value);
    if (const Member* after = table_.find("after"))
      entry_.after = references(after->value, "after");
    if (const Member* replicas = table_.find("replicas")) read_replicas(replicas->value);
    if (const Member* dispatch = table_.find("dispatch")) read_dispatch(dispatch->value);
    if (const Member* combine = table_.find("combine")) read_combine(combine->value);
    rest();
    return std::move(entry_);
  }

 private:
  void complain(Position at, const std::string& what) {
    complaints_.push_back({at, where_ + ": " + what});
  }

  // A text that must be there and not be empty.
  std::string required(const std::string& key, const std::string& why) {
    const Member* member = table_.find(key);
    if (!member) {
      complain(table_.at, "has no " + key + ": " + why);
    } else if (member->value.type != Value::Type::text) {
      complain(member->value.at, key + ": expected a string" + found(member->value));
    } else if (member->value.text.empty()) {
      complain(member->value.at, key + " is empty: " + why);
    } else {
      return member->value.text;
    }
    return "";
  }

  void name() {
    entry_.name = required("name", "give each stage its own");
    if (entry_.name.empty()) return;
    entry_.name_at = table_.find("name")->value.at;
    where_ = "stage " + shown(entry_.name);
  }

  void kind() {
    std::string name = required("kind", "see leat kinds");
    if (name.empty()) return;
    entry_.kind = find_kind(kinds_, name);
    if (entry_.kind) return;
    std::vector<std::string> names;
    for (const DeclaredKind& each : kinds_)
      names.push_back(each.name);
    std::string near = did_you_mean(names, name);
    complain(table_.find("kind")->value.at,
             "there is no kind " + shown(name) + (near.empty() ? ": see leat kinds" : near));
  }

  // One stage's name, or an array of them.
  std::vector<Reference> references(const Value& value, const std::string& key) {
    if (value.type == Value::Type::text) return {{value.text, value.at}};
    std::vector<Reference> all;
    if (value.type != Value::Type::list) {
      complain(value.at, key + ": expected a stage's name or an array of them" + found(value));
      return all;
    }
    for (const Value& element : value.list) {
      if (element.type == Value::Type::text) {
        all.push_back({element.text, element.at});
      } else {
        complain(element.at, key + ": expected a stage's name" + found(element));
      }
    }
    return all;
  }

  // With one input, an array names streams to merge; with several, one element each.
  void inputs(const Value& value) {
    entry_.reads = true;
    std::size_t ports = entry_.kind ? entry_.kind->shape.inputs.size() : 1;
    if (value.type == Value::Type::list && value.list.empty()) {
      complain(value.at, "from is empty: name the stage to read from");
    } else if (ports == 0) {
      complain(value.at,
               entry_.kind->name + " is a source and reads from no stage: leave from out");
    } else if (ports == 1) {
      entry_.from.push_back(references(value, "from"));
    } else if (value.type == Value::Type::list && value.list.size() == ports) {
      for (const Value& element : value.list) {
        entry_.from.push_back(references(element, "from"));
        bool none = element.type == Value::Type::list && element.list.empty();
        if (none) complain(element.at, "from is empty: name the stage to read from");
      }
    } else {
      std::string all;
      for (const InputSpec& input : entry_.kind->shape.inputs) {
        all += (all.empty() ? "" : " and ") + input.type.name;
      }
      complain(value.at, "from: " + entry_.kind->name + " reads from " + std::to_string(ports) +
                             " stages, in this order: " + all);
    }
  }

  void read_replicas(const Value& value) {
    auto count = [](const Value& v) {
      return v.type == Value::Type::integer && v.integer >= 1 && v.integer <= 1024;
    };
    if (count(value)) {
      entry_.replicas = replicas(static_cast<std::size_t>(value.integer));
    } else if (value.type == Value::Type::list && value.list.size() == 2 && count(value.list[0]) &&
               count(value.list[1]) && value.list[0].integer <= value.list[1].integer) {
      entry_.replicas = replicas(static_cast<std::size_t>(value.list[0].integer),
                                 static_cast<std::size_t>(value.list[1].integer));
    } else {
      complain(value.at,
               "replicas: expected a number from 1 to 1024, or a least and a greatest: [1, 8]");
    }
  }

  void read_dispatch(const Value& value) {
    entry_.dispatch_at = value.at;
    const std::vector<std::string> rules = {"forward", "balance", "broadcast"};
    if (value.type == Value::Type::text) {
      auto rule = std::find(rules.begin(), rules.end(), value.text);
      if (rule == rules.end()) {
        complain(value.at,
                 "dispatch: \"" + shown(value.text) +
                     "\" is not one of forward, balance, broadcast, or { key = \"COLUMN\" }" +
                     did_you_mean(rules, value.text));
        return;
      }
      entry_.dispatch.rule = *rule == "forward"   ? Dispatch::Rule::forward
                             : *rule == "balance" ? Dispatch::Rule::balance
                                                  : Dispatch::Rule::broadcast;
      return;
    }
    const Member* key = value.find("key");
    if (value.type != Value::Type::table || value.table.size() != 1 || !key) {
      complain(
          value.at,
          "dispatch: expected \"forward\", \"balance\", \"broadcast\" or { key = \"COLUMN\" }");
    } else if (key->value.type != Value::Type::text) {
      complain(key->value.at, "dispatch: key: expected a column's name" + found(key->value));
    } else {
      entry_.dispatch.rule = Dispatch::Rule::key;
      entry_.dispatch.by = key->value.text;
      entry_.dispatch.by_column = true;
    }
  }

  void read_combine(const Value& value) {
    if (entry_.kind && !entry_.kind->shape.combine) {
      complain(value.at, "combine: " + entry_.kind->name + " has no combiner: leave combine out");
    } else if (value.type != Value::Type::table) {
      complain(value.at, "combine: expected the combiner's settings, { on = \"LABEL\" }" + found(value));
    } else {
      for (const Member& member : value.table)
        read_of_combiner(member);
    }
  }

  void read_of_combiner(const Member& member) {
    std::vector<std::string> names = {"after"};
    for (const Option& setting : combiner_settings())
      names.push_back(setting.name);
    if (member.key == "after") {
      entry_.combine.after = references(member.value, "combine: after");
    } else if (std::count(names.begin(), names.end(), member.key)) {
      entry_.combine.given.push_back(member);
    } else {
      std::string near = did_you_mean(names, shown(member.key));
      Fields all;
      for (const std::string& name : names) all.push_back({name});
      complain(member.at, "combine: there is no setting " + shown(member.key) +
                              (near.empty() ? " of a combiner: there are " + listed(all, all.size()) : near));
    }
  }

  void rest() {
    std::vector<std::string> names = kStructure;
    for (const Option& setting : stage_settings())
      names.push_back(setting.name);
    if (entry_.kind) {
      for (const Option& option : entry_.kind->options)
        names.push_back(option.name);
    }
    for (const Member& member : table_.table) {
      if (std::count(kStructure.begin(), kStructure.end(), member.key)) continue;
      bool known = std::count(names.begin(), names.end(), member.key) > 0;
      if (known) entry_.given.push_back(member);
      // Of an unknown kind nobody knows the options.
      if (known || !entry_.kind) continue;
      std::string near = did_you_mean(names, shown(member.key));
      complain(member.at, "there is no option " + shown(member.key) +
                              (near.empty() ? ": see leat kinds " + entry_.kind->name : near));
    }
    if (!entry_.kind) return;
    for (const Option& option : entry_.kind->options) {
      if (option.fallback || table_.find(option.name)) continue;
      complain(table_.at, "has no " + option.name + ": " + option.sentence);
    }
  }

  const Value& table_;
  const std::vector<DeclaredKind>& kinds_;
  Complaints& complaints_;
  StageEntry entry_;
  std::string where_ = "a stage";
};

class ReadingGraph {
 public:
  ReadingGraph(const Value& root, const std::vector<DeclaredKind>& kinds, Complaints& complaints)
      : root_(root), kinds_(kinds), complaints_(complaints) {}

  GraphFile read() {
    for (const Member& member : root_.table) {
      if (std::count(kTop.begin(), kTop.end(), member.key)) continue;
      complaints_.push_back({member.at, "there is no key " + shown(member.key) +
                                            did_you_mean(kTop, shown(member.key))});
    }
    if (auto name = text("name")) file_.name = *name;
    if (auto sentence = text("sentence")) file_.sentence = *sentence;
    if (const Member* latency = root_.find("latency_ms")) read_latency(latency->value);
    if (const Member* params = root_.find("params"))
      file_.params = read_params(*params, complaints_);
    stages();
    return std::move(file_);
  }

 private:
  std::optional<std::string> text(const std::string& key) {
    const Member* member = root_.find(key);
    if (!member) return std::nullopt;
    if (member->value.type != Value::Type::text) {
      complaints_.push_back({member->value.at, key + ": expected a string" + found(member->value)});
      return std::nullopt;
    }
    return shown(member->value.text, 200);
  }

  void read_latency(const Value& value) {
    constexpr std::int64_t kMost = 3'600'000;
    if (value.type == Value::Type::integer && value.integer >= 0 && value.integer <= kMost) {
      file_.latency = std::chrono::milliseconds(value.integer);
    } else {
      complaints_.push_back(
          {value.at, "latency_ms: expected a number of milliseconds from 0 to " + std::to_string(kMost)});
    }
  }

  void stages() {
    const Member* stages = root_.find("stage");
    if (!stages) {
      complaints_.push_back({{1, 1}, "the graph has no stages: write a [[stage]] for each"});
      return;
    }
    if (stages->value.type != Value::Type::list) {
      complaints_.push_back({stages->value.at, "stage: expected [[stage]], found " +
                                                   std::string(type_name(stages->value.type))});
      return;
    }
    for (const Value& stage : stages->value.list) {
      if (stage.type == Value::Type::table) {
        file_.stages.push_back(ReadingStage(stage, kinds_, complaints_).read());
      } else {
        complaints_.push_back({stage.at, "stage: expected [[stage]]" + found(stage)});
      }
    }
    if (stages->value.list.empty()) {
      complaints_.push_back(
          {stages->value.at, "the graph has no stages: write a [[stage]] for each"});
    }
    check_edges(file_.stages, complaints_);
  }

  const Value& root_;
  const std::vector<DeclaredKind>& kinds_;
  Complaints& complaints_;
  GraphFile file_;
};

}  // namespace

std::vector<Option> stage_settings() {
  return {{"ordered", OptionType::flag, "what comes out is in the order of what went in", "false"},
          {"isolated", OptionType::flag, "a cell of its own", "false"},
          {"blocking", OptionType::flag, "a cell and a thread of its own", "false"},
          {"on", OptionType::text, "only on nodes with this label", "any"},
          {.name = "credit",
           .type = OptionType::bytes,
           .sentence = "window of each channel into it",
           .fallback = "512 KiB",
           .unit = "bytes",
           .least = 1},
          {"compressed", OptionType::flag, "what comes from another node is compressed", "false"},
          {"state", OptionType::bytes, "what it may hold between visits", "the kind's", "bytes"},
          {.name = "dead_letters",
           .type = OptionType::integer,
           .sentence = "chunks that it may put aside when it throws at them again and again",
           .fallback = "0",
           .least = 0},
          {.name = "emits_at_most",
           .type = OptionType::bytes,
           .sentence = "what it may emit in one step",
           .fallback = "the kind's",
           .unit = "bytes",
           .least = 1}};
}

std::vector<Option> combiner_settings() {
  const std::vector<std::string> others = {"ordered", "credit", "compressed", "dead_letters"};
  std::vector<Option> settings = stage_settings();
  std::erase_if(settings, [&](const Option& setting) {
    return std::count(others.begin(), others.end(), setting.name) > 0;
  });
  return settings;
}

GraphFile read_graph(std::string_view text, const std::vector<DeclaredKind>& kinds,
                     Complaints& complaints) {
  Parsed parsed = read_toml(text);
  if (auto* complaint = std::get_if<Complaint>(&parsed)) {
    complaints.push_back(*complaint);
    return {};
  }
  return ReadingGraph(std::get<Value>(parsed), kinds, complaints).read();
}

}  // namespace leat::nodes
