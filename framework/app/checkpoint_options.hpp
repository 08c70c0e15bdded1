/// What `run` is told of checkpoints.
#pragma once

#include <leat/app/options.hpp>
#include <leat/runtime/run.hpp>

#include <chrono>
#include <string>

namespace leat {

/// Adds --checkpoints, --every, --restore, --fresh, --accept-changes and --restarts.
void add_checkpoints(CLI::App& command, ParsedCommand& parsed);

/// Reads them into the request. Errors: invalid.
Result<void> understand_checkpoints(ParsedCommand& parsed);

/// Adds to the report of a run that was stopped how it goes on.
void say_where_it_goes_on(const Request& request, Result<Report>& report);

/// "10s", "500ms", "2min": a time above 0, up to a day. Errors: invalid.
Result<std::chrono::milliseconds> parse_time(const std::string& text);

}  // namespace leat
