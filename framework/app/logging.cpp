#include <leat/app/logging.hpp>

#include <leat/app/log_lines.hpp>
#include <leat/app/show.hpp>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

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

namespace {

// Writes to standard error what `line` makes of it.
template <class Line>
Log log_to_stderr(LogLevel least, const char* pattern, Line line) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("leat", sink);
  logger->set_pattern(pattern, spdlog::pattern_time_type::utc);
  logger->set_level(level_of(least));
  logger->flush_on(spdlog::level::debug);
  return Log([logger, line](LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
    if (logger->should_log(level_of(level))) logger->log(level_of(level), line(level, phrase, fields));
  });
}

}  // namespace

Log standard_log(LogLevel least) {
  return log_to_stderr(least, "%Y-%m-%dT%H:%M:%S.%eZ %l %v", [](LogLevel, std::string_view phrase, const auto& fields) {
    return log_line(phrase, fields);
  });
}

Log json_log(LogLevel least) { return log_to_stderr(least, "%v", log_object); }

Log with_field(const Log& log, std::string name, std::string value) {
  return Log([log, name = std::move(name), value = std::move(value)](LogLevel level, std::string_view phrase,
                                                                     const std::vector<LogField>& fields) {
    auto all = fields;
    bool has = std::any_of(all.begin(), all.end(), [&](const LogField& field) { return field.first == name; });
    if (!has) all.emplace_back(name, value);
    write_line(log, level, phrase, all);
  });
}

void write_line(const Log& log, LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
  switch (level) {
    case LogLevel::debug: return log.debug(phrase, fields);
    case LogLevel::info: return log.info(phrase, fields);
    case LogLevel::warning: return log.warning(phrase, fields);
    case LogLevel::error: return log.error(phrase, fields);
  }
}

}  // namespace leat
