/// Logs: passed in, never global. An event is a lower-case phrase and key=value fields.
///
///   log.info("node joined", {{"node", name}, {"cpus", "2"}});
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat {

enum class LogLevel { debug, info, warning, error };

using LogField = std::pair<std::string_view, std::string>;

/// Lifecycle at info, per-chunk at debug, an error once, where it is handled. A default one is silent.
/// Threads: any; the function it is made from must be safe to call from any.
class Log {
 public:
  using Write = std::function<void(LogLevel, std::string_view phrase, const std::vector<LogField>&)>;

  Log() = default;
  explicit Log(Write write) : write_(std::move(write)) {}

  void debug(std::string_view phrase, std::vector<LogField> fields = {}) const {
    write(LogLevel::debug, phrase, fields);
  }
  void info(std::string_view phrase, std::vector<LogField> fields = {}) const {
    write(LogLevel::info, phrase, fields);
  }
  void warning(std::string_view phrase, std::vector<LogField> fields = {}) const {
    write(LogLevel::warning, phrase, fields);
  }
  void error(std::string_view phrase, std::vector<LogField> fields = {}) const {
    write(LogLevel::error, phrase, fields);
  }

 private:
  void write(LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) const {
    if (write_) write_(level, phrase, fields);
  }

  Write write_;
};

}  // namespace leat
