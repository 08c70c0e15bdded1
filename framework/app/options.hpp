/// The options of each command, as CLI11 takes them.
#pragma once

#include <leat/app/request.hpp>
#include <leat/chunk/result.hpp>

#include <CLI/CLI.hpp>

#include <map>
#include <optional>
#include <string>

namespace leat {

/// What was said, before it is understood as a whole.
struct Spoken {
  std::map<std::string, std::string> given;  ///< parameters of the graph
  std::optional<std::string> memory;
  std::map<std::string, std::string> endpoints;  ///< by option, without dashes
  std::string labels;
  Request request;
};

/// Adds to `command` what it takes. `spoken` outlives the parse.
void add_params(CLI::App& command, const Program& program, Spoken& spoken);
void add_run(CLI::App& command, Spoken& spoken);
void add_plan(CLI::App& command, Spoken& spoken);
void add_node(CLI::App& command, Spoken& spoken);
void add_coordinator(CLI::App& command, Spoken& spoken);
void add_status(CLI::App& command, Spoken& spoken);
void add_drain(CLI::App& command, Spoken& spoken);
void add_authority(CLI::App& command, Spoken& spoken);
void add_certificate(CLI::App& command, Spoken& spoken);

void add_letters(CLI::App& command, Spoken& spoken);
void add_letter(CLI::App& command, Spoken& spoken);
void add_replay(CLI::App& command, Spoken& spoken);

/// Sizes, addresses and lists, read into the request. Errors: invalid, one sentence.
Result<void> understand(Spoken& spoken);

}  // namespace leat
