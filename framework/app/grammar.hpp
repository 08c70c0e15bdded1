/// All commands of a program with their options, made of what its verbs and graphs declare.
#pragma once

#include <leat/app/options.hpp>
#include <leat/app/verbs.hpp>

#include <string>
#include <vector>

namespace leat {

/// One command line as CLI11 sees it: its commands, and which one was said. Refers to its programs. Threads: one.
struct Grammar {
  struct Leaf {
    CLI::App* command;
    const Verb* verb;
    std::size_t program;
  };
  CLI::App app;
  std::vector<Leaf> leaves;
  ParsedCommand parsed;
  const std::vector<Program>& programs;
  const Verbs verbs;

  Grammar(const std::vector<Program>& of, const std::string& name, Verbs all);
  Grammar(const Grammar&) = delete;

 private:
  void add_group(CLI::App& above, const std::string& group);
  void add_graph_command(CLI::App& above, const Verb& verb);
  void add(CLI::App& above, const Verb& verb);
};

}  // namespace leat
