#include <leat/app/command_text.hpp>

#include <leat/app/grammar.hpp>

#include <sstream>

namespace leat {
namespace {

OptionText option_text(const CLI::Option& option) {
  OptionText text;
  text.name = option.get_positional() ? option.get_name(true) : option.get_name();
  text.sentence = option.get_description();
  text.required = option.get_required();
  if (option.get_items_expected_max() > 0 && option.get_type_size() > 0) text.type = option.get_type_name();
  if (text.type.find('|') == text.type.npos) return text;
  std::istringstream choices(text.type);
  for (std::string choice; std::getline(choices, choice, '|');) text.choices.push_back(choice);
  return text;
}

void add(std::vector<CommandText>& all, const CLI::App& app, std::vector<std::string> words) {
  CommandText command;
  command.words = words;
  command.sentence = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    auto& list = option->get_positional() ? command.places : command.options;
    list.push_back(option_text(*option));
  }
  auto below = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* one : below) command.below.push_back(one->get_name());
  all.push_back(std::move(command));
  for (const CLI::App* one : below) {
    words.push_back(one->get_name());
    add(all, *one, words);
    words.pop_back();
  }
}

}  // namespace

std::vector<CommandText> commands_of(const std::vector<Program>& programs, const std::string& name, Verbs all) {
  Grammar grammar(programs, name, all);
  std::vector<CommandText> texts;
  add(texts, grammar.app, {});
  return texts;
}

}  // namespace leat
