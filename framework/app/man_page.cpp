#include <leat/app/completion.hpp>

#include <leat/chunk/one_line.hpp>

namespace leat {
namespace {

// As troff reads it: nothing of it is a request, and "-" is what people type.
std::string roff(const std::string& text) {
  std::string plain;
  for (char c : one_line(text)) {
    if (c == '\\') {
      plain += "\\e";
    } else if (c == '-') {
      plain += "\\-";
    } else {
      plain += c;
    }
  }
  if (!plain.empty() && (plain[0] == '.' || plain[0] == '\'')) plain = "\\&" + plain;
  return plain;
}

std::string entry(const std::string& term, const std::string& more, const std::string& sentence) {
  return ".TP\n\\fB" + roff(term) + "\\fR" + (more.empty() ? "" : " \\fI" + roff(more) + "\\fR") + "\n" + roff(sentence) + "\n";
}

std::string line_of(const std::string& program, const CommandText& command) {
  std::string line = "\\fB" + roff(program);
  for (const std::string& word : command.words) line += " " + roff(word);
  line += "\\fR";
  if (!command.below.empty()) line += " \\fICOMMAND\\fR";
  for (const OptionText& place : command.places) line += " \\fI" + roff(place.name) + "\\fR";
  return line + (command.options.empty() ? "" : " [\\fIOPTION\\fR ...]");
}

}  // namespace

std::string man_page(const std::string& program, const std::vector<CommandText>& commands) {
  std::string text = ".TH \"" + roff(program) + "\" 1\n.SH NAME\n" + roff(program) + " \\- " +
                     roff(commands.empty() ? "" : commands.front().sentence) + "\n.SH SYNOPSIS\n";
  for (const CommandText& command : commands) {
    if (command.words.size() == 1) text += line_of(program, command) + "\n.br\n";
  }
  text += ".SH COMMANDS\n";
  for (const CommandText& command : commands) {
    if (command.words.empty()) continue;
    text += ".SS " + line_of(program, command) + "\n" + roff(command.sentence) + "\n";
    for (const OptionText& place : command.places) text += entry(place.name, "", place.sentence);
    for (const OptionText& option : command.options) text += entry(option.name, option.type, option.sentence);
  }
  text += ".SH EXIT STATUS\n" + entry("0", "", "done") +
          entry("1", "", "the job failed; or, of a command that asks one, there is no such job or it does not answer") +
          entry("2", "", "wrong usage, or a graph that cannot run") + entry("130", "", "interrupted, or cancelled") +
          ".SH ENVIRONMENT\n" +
          entry("LEAT_STATE", "", "the folder of certificates and of the sockets of jobs; else $XDG_STATE_HOME/leat, else ~/.local/state/leat");
  return text;
}

}  // namespace leat
