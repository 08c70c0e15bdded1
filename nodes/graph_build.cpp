#include "nodes/graph_build.hpp"

#include <algorithm>

#include <leat/actors/actors.hpp>
#include <leat/graph/layout.hpp>
#include <leat/graph/stream.hpp>

namespace leat::nodes {
namespace {

// Orders are held against this many threads: what fits them fits fewer.
constexpr std::size_t kManyThreads = 64;

class Building {
 public:
  Building(const GraphFile& file, const Parameters& parameters, std::string name,
           Complaints& complaints)
      : file_(file), parameters_(parameters), name_(std::move(name)), complaints_(complaints) {}

  std::optional<Graph> build() {
    for (const StageEntry& entry : file_.stages)
      read(entry);
    // Of a file that could not be read whole only the options are looked at.
    if (!complaints_.empty()) return std::nullopt;
    Graph graph(file_.name);
    if (file_.latency) graph.latency(*file_.latency);
    for (std::size_t i = 0; i < file_.stages.size(); ++i)
      add(graph, i);
    for (std::size_t i = 0; i < file_.stages.size(); ++i)
      connect(graph, i);
    return graph;
  }

 private:
  // Options and settings have names of their own: a test sees to that.
  void read(const StageEntry& entry) {
    std::vector<Option> declared = stage_settings();
    if (entry.kind)
      declared.insert(declared.end(), entry.kind->options.begin(), entry.kind->options.end());
    std::string where = "stage " + shown(entry.name);
    options_.push_back(values(entry.given, declared, where));
    combine_.push_back(values(entry.combine.given, combiner_settings(), where + ": combine"));
  }

  OptionValues values(const std::vector<Member>& given, const std::vector<Option>& declared,
                 const std::string& where) {
    OptionValues options;
    for (const Member& member : given) {
      auto option = std::find_if(declared.begin(), declared.end(),
                                 [&](const Option& o) { return o.name == member.key; });
      if (option == declared.end() || is_left_out(*option, member.value, parameters_)) continue;
      auto value = read_option(*option, member.value, parameters_, where, complaints_);
      if (value) options.set(option->name, std::move(*value));
    }
    return options;
  }

  void add(Graph& graph, std::size_t index) {
    const StageEntry& entry = file_.stages[index];
    const OptionValues& options = options_[index];
    Stage stage;
    stage.name = entry.name;
    stage.kind = placed(entry.kind->make(options), entry.at);
    // What nobody can know yet is not wrong.
    bool unknown = std::any_of(entry.given.begin(), entry.given.end(), [&](const Member& each) { return open(each.value); });
    if (unknown) stage.kind.wrong_options.reset();
    if (stage.kind.combine)
      stage.kind.combine = std::make_shared<StageKind>(placed(*stage.kind.combine, entry.at));
    if (entry.kind->takes_any) take_what_comes(stage.kind, entry);
    stage.replicas = entry.replicas;
    stage.replicas.keeps_order = flag(options, "ordered");
    StageId id = graph.add(std::move(stage));
    first_.push_back(id);
    last_.push_back(graph.add_combiner(id));
  }

  static bool flag(const OptionValues& options, const char* name) {
    return options.has(name) && options[name].flag;
  }

  StageSettings settings(const OptionValues& options, const std::vector<Reference>& after) const {
    StageSettings said;
    for (const Reference& gate : after)
      said.after.push_back(last_[gate.index]);
    said.isolated = flag(options, "isolated");
    said.blocking = flag(options, "blocking");
    if (options.has("on")) said.on = options["on"].text;
    if (options.has("state")) said.state = options["state"].bytes;
    if (options.has("dead_letters")) said.dead_letters = static_cast<std::uint64_t>(options["dead_letters"].integer);
    if (options.has("emits_at_most")) said.max_output = options["emits_at_most"].bytes;
    return said;
  }

  void take_what_comes(StageKind& kind, const StageEntry& entry) const {
    const DeclaredKind& above = *file_.stages[entry.from.at(0).at(0).index].kind;
    if (above.takes_any || !above.gives()) return;
    kind.inputs[0].type = *above.gives();
  }

  void connect(Graph& graph, std::size_t index) {
    const StageEntry& entry = file_.stages[index];
    const OptionValues& options = options_[index];
    for (std::size_t port = 0; port < entry.from.size(); ++port) {
      Dispatch dispatch = port == 0 ? entry.dispatch : Dispatch{};
      if (dispatch.by_column) dispatch.splitter = streams::column_splitter(dispatch.by);
      if (options.has("credit"))
        dispatch.window = Amount{options["credit"].bytes, kDefaultWindow.chunks};
      dispatch.compress = flag(options, "compressed");
      for (const Reference& from : entry.from[port]) {
        graph.connect({last_[from.index], first_[index], port, dispatch});
      }
    }
    settings(options, entry.after).apply(graph, first_[index]);
    if (first_[index] == last_[index]) return;
    graph.connect({first_[index], last_[index], 0, {}});
    settings(combine_[index], entry.combine.after).apply(graph, last_[index]);
  }

  // What the stage finds wrong with its columns is said with the stage's place.
  StageKind placed(StageKind kind, Position at) const {
    if (name_.empty()) return kind;
    Subject place{.file = name_, .line = at.line, .column = at.column};
    auto here = [place](const Error& error) {
      std::string words = " (" + place.file + ":" + std::to_string(place.line) + ":" +
                          std::to_string(place.column) + ")";
      return error.and_then(words).about(place);
    };
    if (kind.wrong_options) kind.wrong_options = here(*kind.wrong_options);
    if (!kind.describe) return kind;
    kind.describe = [inner = std::move(kind.describe), here](const std::vector<Description>& inputs) {
      auto described = inner(inputs);
      return described ? described : Result<Described>(here(described.error()));
    };
    return kind;
  }

  // Whether a parameter that has no value is in it.
  bool open(const Value& written) const {
    Complaints unheard;
    if (written.type == Value::Type::text) {
      auto text = fill(written, parameters_, "", unheard);
      return text && !text->known;
    }
    return std::any_of(written.list.begin(), written.list.end(), [&](const Value& each) { return open(each); });
  }

  const GraphFile& file_;
  const Parameters& parameters_;
  std::string name_;
  Complaints& complaints_;
  std::vector<OptionValues> options_;  ///< by entry, as what follows
  std::vector<OptionValues> combine_;
  std::vector<StageId> first_;  ///< where its inputs go
  std::vector<StageId> last_;   ///< what others read from
};

struct Unknown final : Source {
  Result<Description> probe() override {
    Description description;
    description.fields_known = false;
    description.max_chunk = 1;
    return description;
  }
  Result<Step> pull(Outbox&) override { return Step::done; }
};

// The same graph over sources nobody has looked at.
void forget_sources(Graph& graph, const std::vector<DeclaredKind>& kinds) {
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    StageKind& kind = graph.stage(id).kind;
    if (kind.source) kind.source = [] { return std::make_unique<Unknown>(); };
    kind.probe = nullptr;
    const DeclaredKind* entry = find_kind(kinds, kind.name);
    if (!entry || !entry->needs_source) continue;
    kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
      return Described{inputs.at(0), {}};
    };
    kind.narrow = nullptr;
  }
}

// An error of the graph, at the place of the stage or option it is about.
Complaint complaint_of(const Error& error, const GraphFile& file) {
  const Subject& subject = error.subject();
  for (const StageEntry& entry : file.stages) {
    bool combiner = subject.stage == combiner_name(entry.name);
    if (subject.stage != entry.name && !combiner) continue;
    for (const Member& member : combiner ? entry.combine.given : entry.given) {
      if (member.key == subject.option) return {member.value.at, error.sentence};
    }
    return {entry.at, error.sentence};
  }
  return {{1, 1}, error.sentence};
}

void examine_graph(const Graph& graph, const GraphFile& file, Complaints& complaints) {
  auto checked = graph.check();
  if (!checked) {
    complaints.push_back(complaint_of(checked.error(), file));
    return;
  }
  auto layout = layout_of(*checked, kManyThreads);
  if (!layout) complaints.push_back(complaint_of(layout.error(), file));
}

Complaints examined(const std::string& text, const std::map<std::string, std::string>& values,
                    bool probes) {
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file = read_graph(text, all, complaints);
  // Whoever shows a complaint names the file: the graph's name would say it twice.
  file.name.clear();
  auto graph = build_graph(file, parameters_of(file, values), "", complaints);
  if (complaints.empty() && graph) {
    if (!probes) forget_sources(*graph, all);
    examine_graph(*graph, file, complaints);
  }
  std::stable_sort(complaints.begin(), complaints.end(),
                   [](const Complaint& a, const Complaint& b) { return a.at < b.at; });
  return complaints;
}

}  // namespace

std::optional<Graph> build_graph(const GraphFile& file, const Parameters& parameters,
                                 const std::string& name, Complaints& complaints) {
  return Building(file, parameters, name, complaints).build();
}

Complaints examine(const std::string& text, const std::map<std::string, std::string>& values) {
  return examined(text, values, false);
}

Complaints examine_probed(const std::string& text,
                          const std::map<std::string, std::string>& values) {
  return examined(text, values, true);
}

Parameters parameters_of(const GraphFile& file, const std::map<std::string, std::string>& values) {
  Parameters parameters;
  parameters.declared = file.params;
  for (const Option& param : file.params) {
    auto given = values.find(param.name);
    if (given != values.end()) {
      parameters.values[param.name] = given->second;
    } else if (param.fallback) {
      parameters.values[param.name] = *param.fallback;
    }
  }
  return parameters;
}

}  // namespace leat::nodes
