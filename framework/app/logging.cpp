#include <leat/app/logging.hpp>

#include <leat/app/show.hpp>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace leat {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: break;
  }
  return spdlog::level::err;
}

}  // namespace

std::string log_line(std::string_view phrase, const std::vector<LogField>& fields) {
  std::string line(phrase);
  for (const auto& [key, value] : fields) {
    bool plain = !value.empty() && value.find_first_of(" \t\"=") == value.npos;
    line.append(" ").append(key).append("=");
    if (plain) {
      line += value;
      continue;
    }
    line += '"';
    for (char c : value) {
      if (c == '"' || c == '\\') line += '\\';
      line += c;
    }
    line += '"';
  }
  return one_line(line);
}

Log standard_log(LogLevel least) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("leat", sink);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(level_of(least));
  logger->flush_on(spdlog::level::debug);
  return Log([logger](LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
    if (logger->should_log(level_of(level))) logger->log(level_of(level), log_line(phrase, fields));
  });
}

}  // namespace leat
