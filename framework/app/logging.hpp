/// The log of a process that serves: lines on standard error, through spdlog.
#pragma once

#include <leat/chunk/log.hpp>

namespace leat {

/// `2026-05-04T10:11:12.131Z info node joined node=a cpus=2`: values with blanks are quoted, control
/// characters escaped. Threads: any.
Log standard_log(LogLevel least = LogLevel::info);

/// The same as JSON, an object a line: {"type": "log", "version": 1, "time": ..., "level": ..., "phrase": ...,
/// "fields": {...}}, as `logs --json` has it. Threads: any.
Log json_log(LogLevel least = LogLevel::info);

/// A log whose lines have that field, too, where they have none of that name. Threads: those of `log`.
Log with_field(const Log& log, std::string name, std::string value);

/// Writes a line of that level.
void write_line(const Log& log, LogLevel level, std::string_view phrase, const std::vector<LogField>& fields);

/// One line of it, without the time: pure.
std::string log_line(std::string_view phrase, const std::vector<LogField>& fields);

}  // namespace leat
