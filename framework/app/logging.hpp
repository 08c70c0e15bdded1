/// The log of a process that serves: lines on standard error, through spdlog.
#pragma once

#include <leat/chunk/log.hpp>

namespace leat {

/// `2026-05-04T10:11:12.131Z info node joined node=a cpus=2`: values with blanks are quoted, control
/// characters escaped. Threads: any.
Log standard_log(LogLevel least = LogLevel::info);

/// One line of it, without the time: pure.
std::string log_line(std::string_view phrase, const std::vector<LogField>& fields);

}  // namespace leat
