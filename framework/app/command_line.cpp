#include <leat/app/command_line.hpp>

#include <leat/app/grammar.hpp>
#include <leat/app/verbs.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace leat {
namespace {

const Verb* verb_of(Verbs all, const std::string& word, const std::string& group = "") {
  auto found = std::find_if(all.begin(), all.end(), [&](const Verb* verb) { return verb->word == word && verb->group == group; });
  return found == all.end() ? nullptr : *found;
}

// A command that is followed by a graph and its parameters.
bool is_graph_command(Verbs all, const std::string& word) {
  const Verb* verb = verb_of(all, word);
  return verb && verb->of_graph;
}

Fields commands(Verbs all) {
  Fields names;
  for (const Verb* verb : all) {
    if (!*verb->group) names.push_back({verb->word});
  }
  for (const VerbGroup& group : verb_groups()) names.push_back({group.word});
  return names;
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
std::vector<std::string> complete(std::vector<std::string> words, const std::vector<Program>& programs, Verbs all) {
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
  const Verb* below = words.size() > 1 ? verb_of(all, words[1], words[0]) : nullptr;
  bool command = !words.empty() && is_graph_command(all, words[0]);
  bool other = !words.empty() && !command && find_field(commands(all), words[0]);
  if (!command && !other && !asks_help(0) && (is_option(0) || names_graph(0))) {
    words.insert(words.begin(), "run");
    command = true;
  }
  if (command && programs.size() > 1 && is_option(1) && !asks_help(1)) {
    words.insert(words.begin() + 1, programs[0].name);
  }
  if (below && below->of_graph && programs.size() > 1 && is_option(2) && !asks_help(2)) {
    words.insert(words.begin() + 2, programs[0].name);
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
                   const std::string& program, Verbs all) {
  auto is_name = [&](std::size_t at) { return at < words.size() && words[at].rfind("-", 0) != 0; };
  Fields graphs;
  for (const Program& each : programs) graphs.push_back({each.name});
  std::string help = "; see " + program + " --help";
  if (is_name(0) && !find_field(commands(all), words[0])) {
    Fields names = commands(all);
    names.insert(names.end(), graphs.begin(), graphs.end());
    return invalid("there is no command " + words[0] + did_you_mean(names, words[0]) + ": there are " +
                   listed(commands(all)) + help);
  }
  bool graph_wanted = is_name(0) && is_graph_command(all, words[0]) && programs.size() > 1;
  if (graph_wanted && is_name(1) && !find_field(graphs, words[1])) {
    return invalid("there is no graph " + words[1] + did_you_mean(graphs, words[1]) + ": there are " +
                   listed(graphs) + help);
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
std::string help_below(const CLI::App& app, const std::vector<Program>& programs, Verbs all) {
  const CLI::App* level = &app;
  while (!level->get_subcommands().empty()) level = level->get_subcommands()[0];
  if (level->get_subcommands([](const CLI::App*) { return true; }).empty()) return "";
  ParsedCommand unused;
  std::string text;
  bool top = level == &app;
  if (top || is_graph_command(all, level->get_name())) {
    for (const Program& program : programs) {
      text += help_block("Parameters of " + program.name,
                         [&](CLI::App& command) { add_params(command, program, unused); });
    }
    for (const Verb* verb : all) {
      if (*verb->group || !verb->of_graph || (!top && level->get_name() != verb->word)) continue;
      text += help_block(std::string("Options of ") + verb->word,
                         [&](CLI::App& command) { verb->add(command, unused); });
    }
  }
  return text;
}

Result<Request> finish(ParsedCommand& parsed, const std::vector<Program>& programs, const CLI::App& command) {
  auto extras = command.remaining();
  if (!extras.empty()) return unknown(command, extras);
  if (auto ok = understand(parsed); !ok) return std::move(ok).error();
  Request& request = parsed.request;
  if (request.verb->of_graph) {
    auto args = Args::from(all_params(programs[request.program], parsed.given), parsed.given);
    if (!args) return std::move(args).error();
    request.args = std::move(args).value();
  }
  return std::move(request);
}

}  // namespace

Result<Request> parse_command_line(const std::vector<std::string>& words,
                                   const std::vector<Program>& programs, Verbs all) {
  std::string name = std::filesystem::path(words.at(0)).filename();
  auto rest = complete(words, programs, all);
  if (auto ok = known(rest, programs, name, all); !ok) return std::move(ok).error();
  Grammar grammar(programs, name, all);
  CLI::App& app = grammar.app;
  Request& request = grammar.parsed.request;
  try {
    app.parse(std::vector<std::string>(rest.rbegin(), rest.rend()));
  } catch (const CLI::CallForHelp&) {
    request.help = app.help() + help_below(app, programs, all);
    return std::move(request);
  } catch (const CLI::ParseError& error) {
    return invalid(said(error) + "; see " + name + " --help");
  }
  for (const Grammar::Leaf& leaf : grammar.leaves) {
    if (!leaf.command->parsed()) continue;
    request.verb = leaf.verb;
    request.program = leaf.program;
    return finish(grammar.parsed, programs, *leaf.command);
  }
  return invalid("say run or plan; see " + name + " --help");
}

}  // namespace leat
