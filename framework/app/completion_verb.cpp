// completion, man: what shells and man know of this program.
#include <leat/app/completion.hpp>
#include <leat/app/verbs.hpp>

namespace leat {
namespace {

int show_completion(const VerbCall& call) {
  auto commands = commands_of(call.programs, call.name, verbs(call.service != nullptr));
  const std::string& shell = call.request.shell;
  std::string text = shell == "bash"  ? bash_completion(call.name, commands)
                     : shell == "zsh" ? zsh_completion(call.name, commands)
                                      : fish_completion(call.name, commands);
  return call.console.text(text, "the completion");
}

int show_man_page(const VerbCall& call) {
  return call.console.text(man_page(call.name, commands_of(call.programs, call.name, verbs(call.service != nullptr))), "the page");
}

void add_completion(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("shell", parsed.request.shell, "bash, zsh or fish")
      ->required()
      ->type_name("bash|fish|zsh")
      ->check(one_of({"bash", "fish", "zsh"}));
}

void add_man(CLI::App&, ParsedCommand&) {}

}  // namespace

extern const Verb kCompletionVerb, kManVerb;
const Verb kCompletionVerb{"", "completion", "print what lets a shell complete this program's commands", false,
                           add_completion, show_completion};
const Verb kManVerb{"", "man", "print this program's man page", false, add_man, show_man_page};

}  // namespace leat
