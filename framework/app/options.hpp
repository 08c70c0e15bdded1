/// Options as CLI11 takes them: those that several verbs share, and what is understood of them.
#pragma once

#include <leat/app/request.hpp>
#include <leat/chunk/result.hpp>

#include <CLI/CLI.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>

namespace leat {

/// What was said, before it is understood as a whole.
struct ParsedCommand {
  std::map<std::string, std::string> given;  ///< parameters of the graph
  std::optional<std::string> memory, keep;
  std::map<std::string, std::string> endpoints;  ///< by option, without dashes
  std::string labels;
  std::optional<std::string> otlp;
  std::optional<std::string> service;
  Request request;
};

/// Adds to `command` the parameters of a graph. `parsed` outlives the parse, here and below.
void add_params(CLI::App& command, const Program& program, ParsedCommand& parsed);

// What several verbs take. The checks have no description, which would stand in the help behind the option's type.
CLI::Validator whole_number(std::size_t least, std::size_t most);
CLI::Validator one_of(const std::set<std::string>& words);
CLI::Option* add_endpoint(CLI::App& command, ParsedCommand& parsed, const std::string& name, const std::string& about);
void add_credentials(CLI::App& command, CoordinatorAccess& access);
void add_memory(CLI::App& command, ParsedCommand& parsed, const std::string& about);
void add_dead_letters(CLI::App& command, Request& request);
void add_http(CLI::App& command, ParsedCommand& parsed);
void add_otlp(CLI::App& command, ParsedCommand& parsed);

/// Sizes, addresses and lists, read into the request. Errors: invalid, one sentence.
Result<void> understand(ParsedCommand& parsed);

}  // namespace leat
