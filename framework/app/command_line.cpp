#include <leat/app/command_line.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <map>

namespace leat {
namespace {

using Given = std::map<std::string, std::string>;

struct Spoken {
  Given given;
  std::string memory;
  Request request;
};

std::string about(const Param& param) {
  std::string text = param.sentence;
  if (!param.unit.empty()) text += " [" + param.unit + "]";
  if (param.fallback && !param.fallback->empty()) text += " (" + *param.fallback + ")";
  return text;
}

std::string placeholder(const Param& param) {
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
    option->type_name(placeholder(param))->required(false);
    if (param.type == ParamType::flag) option->expected(0, 1)->default_str("true");
    if (!param.fallback) option->description(option->get_description() + " REQUIRED");
  }
}

void add_run(CLI::App& command, Spoken& spoken) {
  Request& request = spoken.request;
  command.add_option("--threads", request.threads, "threads to use (those this process may use)")
      ->type_name("integer")->check(CLI::Range(1, 1024));
  command.add_option("--memory", spoken.memory, "refuse a graph that may need more than this")
      ->type_name("bytes");
  command.add_option("--scheduling", request.scheduling, "how cells share threads (sharing)")
      ->type_name("sharing|stealing")->check(CLI::IsMember({"sharing", "stealing"}));
  command.add_flag("--json", request.json, "one JSON object a line, for programs");
  command.add_flag("--quiet", request.quiet, "say nothing but errors");
}

void add_plan(CLI::App& command, Spoken& spoken) {
  Request& request = spoken.request;
  command.add_option("--threads", request.threads, "threads to plan for (those this process may use)")
      ->type_name("integer")->check(CLI::Range(1, 1024));
  command.add_option("--format", request.format, "how to print it (text)")
      ->type_name("text|dot|json")->check(CLI::IsMember({"text", "dot", "json"}));
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
  auto is_option = [&](std::size_t at) { return at >= words.size() || words[at].rfind("-", 0) == 0; };
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

Result<Request> finish(Spoken spoken, const std::vector<Program>& programs,
                       const std::vector<std::string>& extras) {
  // What follows an unknown option is taken to be its value.
  for (const std::string& extra : extras) {
    std::string name = extra.substr(0, extra.find('='));
    if (name.rfind("--", 0) == 0) {
      spoken.given[name.substr(2)] = "";
    } else if (&extra == &extras.front()) {
      return invalid(extra + " is not expected here: options begin with --");
    }
  }
  if (!spoken.memory.empty()) {
    auto bytes = parse_bytes(spoken.memory);
    if (!bytes || *bytes == 0) return invalid("--memory " + spoken.memory + ": must be a size such as 64MiB");
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
  try {
    app.parse(std::vector<std::string>(rest.rbegin(), rest.rend()));
  } catch (const CLI::CallForHelp&) {
    spoken.request.help = app.help();
    return std::move(spoken.request);
  } catch (const CLI::ParseError& error) {
    return invalid(std::string(error.what()) + "; see " + app.get_name() + " --help");
  }
  for (const Leaf& leaf : leaves) {
    if (!leaf.command->parsed()) continue;
    spoken.request.command = leaf.what;
    spoken.request.program = leaf.program;
    return finish(std::move(spoken), programs, leaf.command->remaining());
  }
  return invalid("say run or plan; see " + app.get_name() + " --help");
}

}  // namespace leat
