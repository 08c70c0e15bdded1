/// What happens in a service, numbered: who was away asks for what it has missed, and is told of a gap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace leat {

/// One event: an object of JSON on a line, its number in it, encoded once for all.
struct LoggedEvent {
  std::uint64_t number = 0;  ///< from 1, without gaps
  std::uint64_t job = 0;     ///< that it is about; 0: none
  std::shared_ptr<const std::string> text;
};

/// Threads: any. Keeps the last kKept events.
class EventLog {
 public:
  static constexpr std::size_t kKept = 4096;
  using Tell = std::function<void(const LoggedEvent&)>;

  /// What is missed, and whether more than that was.
  struct Missed {
    std::vector<LoggedEvent> events;
    bool gap = false;  ///< some are not kept any more
  };

  /// Adds an event of that type, about that job (0: none); `members` are more of an object, without braces:
  /// "\"stage\":\"done\"". It is told to all before this returns.
  std::uint64_t add(const std::string& type, std::uint64_t job, const std::string& members = {});
  /// Those after `number`.
  Missed after(std::uint64_t number) const;
  std::uint64_t last() const;

  /// Tells each event from now on, and before that those after `number`, on the thread that adds it; must not wait and
  /// must not call the log. Returns what forget() takes.
  std::uint64_t listen(std::uint64_t number, Tell tell, bool& gap);
  void forget(std::uint64_t listener);

 private:
  Missed missed(std::uint64_t number) const;

  mutable std::mutex mutex_;
  std::deque<LoggedEvent> events_;
  std::uint64_t last_ = 0, listener_ = 0;
  std::map<std::uint64_t, Tell> listeners_;
};

}  // namespace leat
