#include <leat/app/completion.hpp>

#include <leat/chunk/one_line.hpp>

#include <algorithm>
#include <cctype>

namespace leat {
namespace {

// Of a name what a shell takes as a function's.
std::string function_name(const std::string& program) {
  std::string name = "_leat_";
  for (char c : program) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

std::string joined(const std::vector<std::string>& words, const std::string& between = " ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

// A text between single quotes, for all three shells.
std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (char c : one_line(text)) quoted += c == '\'' ? "\u2019" : std::string(1, c);
  return quoted + "'";
}

std::vector<std::string> words_of(const CommandText& command) {
  std::vector<std::string> words = command.below;
  for (const OptionText& option : command.options) words.push_back(option.name);
  return words;
}

// Lines of a case: the words that lead to a command, and more.
std::string paths(const std::vector<CommandText>& commands, const std::string& what) {
  std::string text;
  for (const CommandText& command : commands) {
    if (!command.words.empty()) text += "      " + quoted(joined(command.words)) + ") " + what + " ;;\n";
  }
  return text;
}

std::string choice_lines(const std::vector<CommandText>& commands, const std::string& before, const std::string& after) {
  std::string text;
  for (const CommandText& command : commands) {
    for (const OptionText& option : command.options) {
      if (option.choices.empty()) continue;
      text += "    " + quoted(joined(command.words) + " " + option.name) + ") " + before + joined(option.choices) + after + "\n";
    }
  }
  return text;
}

}  // namespace

std::string bash_completion(const std::string& program, const std::vector<CommandText>& commands) {
  std::string name = function_name(program);
  std::string text = "# bash completion of " + program + ": source it, or put it where bash-completion looks.\n" + name +
                     "() {\n  local at path= next words=\n  for ((at = 1; at < COMP_CWORD; ++at)); do\n"
                     "    next=\"${path:+$path }${COMP_WORDS[at]}\"\n    case \"$next\" in\n" +
                     paths(commands, "path=$next") +
                     "    esac\n  done\n  case \"$path ${COMP_WORDS[COMP_CWORD - 1]}\" in\n" +
                     choice_lines(commands, "words='", "' ;;") + "    *) case \"$path\" in\n";
  for (const CommandText& command : commands) {
    text += "      " + quoted(joined(command.words)) + ") words=" + quoted(joined(words_of(command))) + " ;;\n";
  }
  return text + "    esac ;;\n  esac\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n}\n" +
         "complete -o default -F " + name + " " + program + "\n";
}

std::string zsh_completion(const std::string& program, const std::vector<CommandText>& commands) {
  std::string text = "#compdef " + program + "\n# Put it as _" + program + " into a folder of $fpath.\n" +
                     "local at path_said= next\nlocal -a there\nfor ((at = 2; at < CURRENT; ++at)); do\n"
                     "    next=\"${path_said:+$path_said }${words[at]}\"\n    case \"$next\" in\n" +
                     paths(commands, "path_said=$next") + "    esac\ndone\ncase \"$path_said ${words[CURRENT - 1]}\" in\n" +
                     choice_lines(commands, "compadd -- ", "; return ;;") + "esac\ncase \"$path_said\" in\n";
  for (const CommandText& command : commands) {
    text += "  " + quoted(joined(command.words)) + ") there=(";
    for (const std::string& below : command.below) {
      std::vector<std::string> words = command.words;
      words.push_back(below);
      for (const CommandText& one : commands) {
        if (one.words == words) text += " " + quoted(below + ":" + one.sentence);
      }
    }
    for (const OptionText& option : command.options) text += " " + quoted(option.name + ":" + option.sentence);
    text += " ) ;;\n";
  }
  return text + "esac\n_describe -o command there || _files\n";
}

std::string fish_completion(const std::string& program, const std::vector<CommandText>& commands) {
  std::string name = function_name(program);
  std::string text = "# fish completion of " + program + ": put it as " + program + ".fish into ~/.config/fish/completions.\n" +
                     "function " + name + "\n  set -l path_said\n  for word in (commandline -opc)[2..-1]\n"
                     "    set -l next (string join ' ' $path_said $word)\n    switch \"$next\"\n";
  for (const CommandText& command : commands) {
    if (!command.words.empty()) text += "      case " + quoted(joined(command.words)) + "\n        set path_said $path_said $word\n";
  }
  text += "    end\n  end\n  test \"$path_said\" = \"$argv\"\nend\n";
  for (const CommandText& command : commands) {
    std::string at = "complete -c " + program + " -n " + quoted(name + " " + joined(command.words));
    for (const CommandText& one : commands) {
      bool below = one.words.size() == command.words.size() + 1 &&
                   std::equal(command.words.begin(), command.words.end(), one.words.begin());
      if (below) text += at + " -a " + one.words.back() + " -d " + quoted(one.sentence) + "\n";
    }
    for (const OptionText& option : command.options) {
      if (option.name.size() < 3 || option.name[1] != '-') continue;
      text += at + " -l " + option.name.substr(2) + " -d " + quoted(option.sentence);
      if (!option.type.empty()) text += option.choices.empty() ? " -r" : " -x -a " + quoted(joined(option.choices));
      text += "\n";
    }
  }
  return text;
}

}  // namespace leat
