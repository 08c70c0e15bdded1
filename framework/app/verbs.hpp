/// Verbs of the command line: each says once what it is called, what it takes and what it does.
///
/// A new one is a row in verbs.cpp and a file: the function that adds its options, the one that does it, and the
/// Verb that has both.
#pragma once

#include <leat/app/options.hpp>
#include <leat/app/console.hpp>
#include <leat/app/service.hpp>
#include <leat/cluster/cluster.hpp>

#include <span>
#include <string>
#include <vector>

namespace leat {

/// What a verb is called with. Refers to what its maker owns.
struct VerbCall {
  const std::string& name;  ///< of the program
  const std::vector<Program>& programs;
  const Request& request;
  const Console& console;
  Service* service = nullptr;  ///< null: the program has none

  const Program& program() const { return programs[request.program]; }
  /// What a cluster compares.
  ProgramIdentity identity() const;
};

struct Verb {
  const char* group;     ///< the word before it; "": none
  const char* word;
  const char* sentence;
  bool of_graph;         ///< takes a graph of the program, and its parameters
  void (*add)(CLI::App&, ParsedCommand&);
  int (*run)(const VerbCall&);  ///< returns the exit status
  const char* meets = nullptr;  ///< the option that says where the coordinator is; null: it needs none
};

/// A word before others.
struct VerbGroup {
  const char* word;
  const char* sentence;
};

using Verbs = std::span<const Verb* const>;

/// All that a program has, as help shows them; `serve` only with a service.
Verbs verbs(bool with_service = false);
std::span<const VerbGroup> verb_groups();

}  // namespace leat
