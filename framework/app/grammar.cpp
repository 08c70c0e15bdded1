#include <leat/app/grammar.hpp>

namespace leat {

Grammar::Grammar(const std::vector<Program>& of, const std::string& name, Verbs all)
    : app(of.size() == 1 ? of[0].sentence : "graphs of this program", name), programs(of), verbs(all) {
  app.require_subcommand(1);
  add_group(app, "");
  for (const VerbGroup& group : verb_groups()) {
    auto* above = app.add_subcommand(group.word, group.sentence);
    above->require_subcommand(1);
    add_group(*above, group.word);
  }
}

void Grammar::add_group(CLI::App& above, const std::string& group) {
  for (const Verb* verb : verbs) {
    if (verb->group == group) verb->of_graph ? add_graph_command(above, *verb) : add(above, *verb);
  }
}

void Grammar::add_graph_command(CLI::App& above, const Verb& verb) {
  auto* command = above.add_subcommand(verb.word, verb.sentence);
  for (std::size_t i = 0; i < programs.size(); ++i) {
    auto* leaf = programs.size() == 1 ? command : command->add_subcommand(programs[i].name, programs[i].sentence);
    add_params(*leaf, programs[i], parsed);
    verb.add(*leaf, parsed);
    leaf->allow_extras();
    leaves.push_back({leaf, &verb, i});
  }
  if (programs.size() > 1) command->require_subcommand(1);
}

void Grammar::add(CLI::App& above, const Verb& verb) {
  auto* leaf = above.add_subcommand(verb.word, verb.sentence);
  verb.add(*leaf, parsed);
  leaf->allow_extras();
  leaves.push_back({leaf, &verb, 0});
}

}  // namespace leat
