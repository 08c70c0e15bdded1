/// A log of what strangers can cause as often as they like: a line for each thing that is new, a count of the rest.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/net/asio.hpp>

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// Which of many like lines are written. Pure: the time is given.
class LineLimit {
 public:
  using Clock = std::chrono::steady_clock;

  /// What makes lines alike: from where, without the port, and why.
  struct Line {
    LogLevel level = LogLevel::warning;
    std::string phrase;
    std::string from;
    std::string reason;

    friend bool operator==(const Line&, const Line&) = default;
  };
  struct LeftOut {
    Line line;
    std::uint64_t times = 0;
  };

  /// Of like lines one is written every `every`. Of lines that differ, `kinds` are told apart in that time, which
  /// bounds memory too; what is beyond counts as one kind, named by its first.
  LineLimit(Clock::duration every, std::size_t kinds) : every_(every), kinds_(kinds) {}

  /// True when it is to be written, false when it is counted instead.
  bool admits(const Line& line, Clock::time_point now);
  /// What was left out in the intervals that are over at `now`: forgotten then.
  std::vector<LeftOut> over(Clock::time_point now);
  /// When the first of the intervals is over; none, when nothing is remembered.
  std::optional<Clock::time_point> next() const;

 private:
  struct Kind {
    Line line;
    Clock::time_point until;
    std::uint64_t left_out = 0;
  };

  Clock::duration every_;
  std::size_t kinds_;
  std::list<Kind> known_;  // by the ends of their intervals
  std::optional<Kind> beyond_;
};

/// Writes a line at once where LineLimit admits it, and at the end of each interval how many more there were.
/// Threads: that of `io`, but for its making.
class LimitedLog : public std::enable_shared_from_this<LimitedLog> {
 public:
  static constexpr std::chrono::seconds kEvery{10};
  static constexpr std::size_t kKinds = 32;

  LimitedLog(asio::io_context& io, Log log, LineLimit::Clock::duration every = kEvery);

  /// `peer`: "127.0.0.1:51234", of which the port tells no lines apart; or "".
  void warning(std::string_view phrase, const std::string& peer, const std::string& reason);
  void error(std::string_view phrase, const std::string& peer, const std::string& reason);
  /// Says what has been left out, and ends.
  void close();

 private:
  void write(LogLevel level, std::string_view phrase, const std::string& peer, const std::string& reason);
  void tell(LineLimit::Clock::time_point now);
  void arm();

  Log log_;
  LineLimit limit_;
  asio::steady_timer timer_;
  bool armed_ = false;
  bool closed_ = false;
};

}  // namespace leat
