/// A program's commands as plain values: what completions and the man page are made of.
#pragma once

#include <leat/app/verbs.hpp>
#include <leat/graph/args.hpp>

#include <string>
#include <vector>

namespace leat {

struct OptionText {
  std::string name;      ///< "--threads"; of what is said without a name, its own, "job"
  std::string type;      ///< "integer"; "" for a flag
  std::string sentence;
  std::vector<std::string> choices;
  bool required = false;
};

/// One command, by the words that lead to it.
struct CommandText {
  std::vector<std::string> words;  ///< none: the program
  std::string sentence;
  std::vector<std::string> below;  ///< words that lead on
  std::vector<OptionText> places;  ///< what is said without a name, in order
  std::vector<OptionText> options;
};

/// All of a program's, each before those below it.
std::vector<CommandText> commands_of(const std::vector<Program>& programs, const std::string& name, Verbs all = verbs());

}  // namespace leat
