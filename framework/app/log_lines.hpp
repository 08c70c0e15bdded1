/// The last lines of a process's log, kept in memory for who asks for them.
#pragma once

#include <leat/chunk/log.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// A line as an object of JSON: its time, now, level, phrase and fields.
std::string log_object(LogLevel level, std::string_view phrase, const std::vector<LogField>& fields);

/// At most kMost bytes of lines, the oldest go first. Threads: any.
class LogLines {
 public:
  static constexpr std::size_t kMost = std::size_t{256} << 10;

  /// Adds a line: an object of JSON with its number, time, level, phrase and fields.
  void add(LogLevel level, std::string_view phrase, const std::vector<LogField>& fields);
  /// Those whose numbers are `from` or more, as an array of JSON. Numbers begin at 0 and leave none out.
  std::string json(std::uint64_t from) const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> lines_;
  std::uint64_t first_ = 0;  // the number of the first that is there
  std::size_t bytes_ = 0;
};

/// A log that writes to `log` and keeps its lines.
Log kept(const Log& log, std::shared_ptr<LogLines> lines);

}  // namespace leat
