/// The last lines of a process's log, kept in memory for who asks for them.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/inspect/question.hpp>

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
  /// Which lines are wanted.
  struct Asked {
    std::uint64_t from = 0;  ///< those whose numbers are this or more; numbers begin at 0 and leave none out
    std::string job = {};    ///< by its number: those about it, and those about no job but of level debug. "": all
    std::size_t most = kMost;  ///< bytes, with one line more at most: the last that are within it
  };
  /// An array of JSON.
  std::string json(const Asked& asked) const;

 private:
  struct Line {
    std::string text;
    std::string job;  // that it is about; "": none
    bool debug;
  };

  mutable std::mutex mutex_;
  std::deque<Line> lines_;
  std::uint64_t first_ = 0;  // the number of the first that is there
  std::size_t bytes_ = 0;
};

/// A log that writes to `log` and keeps its lines.
Log kept(const Log& log, std::shared_ptr<LogLines> lines);

/// The answer to the question `logs`, whose options are `from`, `job` and `most`, an object of JSON on one line. `node`:
/// who is asked; a question of all nodes of a job has the option "from NODE" for each that has answered before.
std::string logs_answer(const LogLines& lines, const inspect::Question& question, const std::string& node = "");

}  // namespace leat
