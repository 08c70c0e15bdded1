#include <leat/app/command_line.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace leat {
namespace {

using Given = std::map<std::string, std::string>;

struct Spoken {
  Given given;
  std::optional<std::string> memory;
  Request request;
};

std::string about(const Param& param) {
  std::string text = param.sentence;
  if (!param.unit.empty()) text += " [" + param.unit + "]";
  if (param.fallback && !param.fallback->empty()) text += " (" + *param.fallback + ")";
  return text;
}

std::string value_name(const Param& param) {
  if (param.type != ParamType::choice) return type_name(param.type);
  std::string all;
  for (const auto& choice : param.choices) all += (all.empty() ? "" : "|") + choice;
  return all;
}

void add_params(CLI::App& command, const Program& program, Given& given) {
  for (const Param& param : program.params) {
    auto* option = command.add_option_function<std::string>(
        "--" + param.name, [&given, name = param.name](const std::string& value) { given[name] = value; },
        about(param));
    option->type_name(value_name(param))->required(false);
    if (param.type == ParamType::flag) option->expected(0, 1)->default_str("true");
    if (!param.fallback) option->description(option->get_description() + " REQUIRED");
  }
}

// Checks whose description would stand in the help behind the option's type.
CLI::Validator thread_count() {
  return CLI::Range(1, 1024).description("");
}
CLI::Validator one_of(const std::set<std::string>& words) {
  return CLI::IsMember(words).description("");
}

void add_run(CLI::App& command, Spoken& spoken) {
  Request& request = spoken.request;
  command.add_option("--threads", request.threads, "threads to use (those this process may use)")
      ->type_name("integer")
      ->check(thread_count());
  command.add_option("--memory", spoken.memory, "refuse a graph that may need more than this")
      ->type_name("bytes");
  command.add_option("--scheduling", request.scheduling, "how cells share threads (stealing)")
      ->type_name("sharing|stealing")
      ->check(one_of({"sharing", "stealing"}));
  auto* json = command.add_flag("--json", request.json, "one JSON object a line, for programs");
  command.add_flag("--quiet", request.quiet, "say nothing but errors")->excludes(json);
}

void add_plan(CLI::App& command, Spoken& spoken) {
  Request& request = spoken.request;
  command
      .add_option("--threads", request.threads, "threads to plan for (those this process may use)")
      ->type_name("integer")
      ->check(thread_count());
  command.add_option("--format", request.format, "how to print it (text)")
      ->type_name("text|dot|json")
      ->check(one_of({"text", "dot", "json"}));
}

// "--hour=" says that the value is "", where CLI11 would take the next word for it.
void split_empty_values(std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].size() < 4 || words[i].rfind("--", 0) != 0 || words[i].back() != '=') continue;
    words[i].pop_back();
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(++i), "");
  }
}

// `run` may be left out, and so may the name of a program's first graph: `hello`, `hello --threads 1`,
// `regression run --data FILE` and `regression run train --data FILE` all say what to run.
std::vector<std::string> complete(std::vector<std::string> words, const std::vector<Program>& programs) {
  words.erase(words.begin());
  auto names_graph = [&](std::size_t at) {
    return at < words.size() && std::any_of(programs.begin(), programs.end(),
                                            [&](const Program& p) { return p.name == words[at]; });
  };
  auto asks_help = [&](std::size_t at) {
    return at < words.size() && (words[at] == "--help" || words[at] == "-h");
  };
  auto is_option = [&](std::size_t at) {
    return at >= words.size() || words[at].rfind("-", 0) == 0;
  };
  split_empty_values(words);
  bool command = !words.empty() && (words[0] == "run" || words[0] == "plan");
  if (!command && !asks_help(0) && (is_option(0) || names_graph(0))) {
    words.insert(words.begin(), "run");
    command = true;
  }
  if (command && programs.size() > 1 && is_option(1) && !asks_help(1)) {
    words.insert(words.begin() + 1, programs[0].name);
  }
  return words;
}

std::string did_you_mean(const Fields& names, const std::string& word,
                         const std::string& dashes = "") {
  std::string near = nearest_name(names, word);
  return near.empty() ? "" : ", did you mean " + dashes + near + "?";
}

// Words that are no command and no graph of the program.
Result<void> known(const std::vector<std::string>& words, const std::vector<Program>& programs,
                   const std::string& program) {
  auto is_name = [&](std::size_t at) { return at < words.size() && words[at].rfind("-", 0) != 0; };
  Fields graphs;
  for (const Program& each : programs)
    graphs.push_back({each.name});
  std::string help = "; see " + program + " --help";
  bool command = is_name(0) && (words[0] == "run" || words[0] == "plan");
  if (is_name(0) && !command) {
    Fields all = graphs;
    all.insert(all.begin(), {{"run"}, {"plan"}});
    return invalid("there is no command " + words[0] + did_you_mean(all, words[0]) +
                   ": say run or plan" + help);
  }
  if (command && programs.size() > 1 && is_name(1) && !find_field(graphs, words[1])) {
    return invalid("there is no graph " + words[1] + did_you_mean(graphs, words[1]) +
                   ": there are " + listed(graphs) + help);
  }
  return {};
}

// What is left over on the command line of a graph: options there are not, and stray words.
Error unknown(const CLI::App& command, const std::vector<std::string>& extras) {
  auto option = std::find_if(extras.begin(), extras.end(),
                             [](const std::string& extra) { return extra.rfind("-", 0) == 0; });
  if (option == extras.end()) {
    return invalid(extras.front() + " is not expected here: options begin with --");
  }
  Fields names;
  for (const CLI::Option* known : command.get_options()) {
    for (const std::string& name : known->get_lnames())
      names.push_back({name});
  }
  std::string name = option->substr(0, option->find('='));
  std::string letters = name.substr(std::min(name.find_first_not_of('-'), name.size()));
  std::string near = did_you_mean(names, letters, "--");
  return invalid(name + " is not known" +
                 (near.empty() ? ": see --help for those there are" : near));
}

// CLI11's own words, but for those that nobody would say.
std::string said(const CLI::ParseError& error) {
  std::string what = error.what();
  if (!dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return what;
  std::string name = what.substr(0, what.find(':'));
  return name + (what.find("At Most") != what.npos ? " is given more than once: give it once"
                                                   : " needs a value");
}

// One block of the help: what `add` puts into a command.
template <class Add> std::string help_block(const std::string& title, Add add) {
  CLI::App command;
  command.set_help_flag();
  add(command);
  auto options = std::as_const(command).get_options();
  return options.empty() ? "" : CLI::Formatter().make_group(title, false, options);
}

// What can be set below a level of the command line that itself shows names only.
std::string help_below(const CLI::App& app, const std::vector<Program>& programs) {
  const CLI::App* level = &app;
  while (!level->get_subcommands().empty())
    level = level->get_subcommands()[0];
  if (level->get_subcommands([](const CLI::App*) { return true; }).empty()) return "";
  Spoken unused;
  std::string text;
  for (const Program& program : programs) {
    text += help_block("Parameters of " + program.name,
                       [&](CLI::App& command) { add_params(command, program, unused.given); });
  }
  if (level->get_name() != "plan") {
    text += help_block("Options of run", [&](CLI::App& command) { add_run(command, unused); });
  }
  if (level->get_name() != "run") {
    text += help_block("Options of plan", [&](CLI::App& command) { add_plan(command, unused); });
  }
  return text;
}

Result<Request> finish(Spoken spoken, const std::vector<Program>& programs,
                       const CLI::App& command) {
  auto extras = command.remaining();
  if (!extras.empty()) return unknown(command, extras);
  if (spoken.memory) {
    auto bytes = parse_bytes(*spoken.memory);
    if (!bytes || *bytes == 0) {
      return invalid("--memory " + (spoken.memory->empty() ? "\"\"" : *spoken.memory) +
                     ": must be a size such as 64MiB");
    }
    spoken.request.memory = *bytes;
  }
  auto args = Args::from(programs[spoken.request.program].params, spoken.given);
  if (!args) return std::move(args).error();
  spoken.request.args = std::move(args).value();
  return std::move(spoken.request);
}

}  // namespace

Result<Request> parse_command_line(const std::vector<std::string>& words,
                                   const std::vector<Program>& programs) {
  Spoken spoken;
  CLI::App app{programs.size() == 1 ? programs[0].sentence : "graphs of this program",
               std::filesystem::path(words.at(0)).filename()};
  app.require_subcommand(1);
  struct Leaf {
    CLI::App* command;
    Request::Command what;
    std::size_t program;
  };
  std::vector<Leaf> leaves;
  for (auto what : {Request::Command::run, Request::Command::plan}) {
    bool runs = what == Request::Command::run;
    auto* command = app.add_subcommand(runs ? "run" : "plan", runs ? "run a graph"
                                                                   : "show a graph and its memory bound");
    for (std::size_t i = 0; i < programs.size(); ++i) {
      auto* leaf = programs.size() == 1 ? command
                                        : command->add_subcommand(programs[i].name, programs[i].sentence);
      add_params(*leaf, programs[i], spoken.given);
      runs ? add_run(*leaf, spoken) : add_plan(*leaf, spoken);
      leaf->allow_extras();
      leaves.push_back({leaf, what, i});
    }
    if (programs.size() > 1) command->require_subcommand(1);
  }
  auto rest = complete(words, programs);
  if (auto ok = known(rest, programs, app.get_name()); !ok) return std::move(ok).error();
  try {
    app.parse(std::vector<std::string>(rest.rbegin(), rest.rend()));
  } catch (const CLI::CallForHelp&) {
    spoken.request.help = app.help() + help_below(app, programs);
    return std::move(spoken.request);
  } catch (const CLI::ParseError& error) {
    return invalid(said(error) + "; see " + app.get_name() + " --help");
  }
  for (const Leaf& leaf : leaves) {
    if (!leaf.command->parsed()) continue;
    spoken.request.command = leaf.what;
    spoken.request.program = leaf.program;
    return finish(std::move(spoken), programs, *leaf.command);
  }
  return invalid("say run or plan; see " + app.get_name() + " --help");
}

}  // namespace leat
