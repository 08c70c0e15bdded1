/// One who is no member of a cluster: says something to its coordinator, and hears what comes of it.
#pragma once

#include <leat/cluster/control_sender.hpp>
#include <leat/cluster/listening_clock.hpp>
#include <leat/cluster/transport.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace leat {

/// Threads: any.
class Caller {
 public:
  explicit Caller(SubmitOptions options) : options_(std::move(options)), clock_(options_.timeouts.lost_after) {}
  ~Caller() { sender_.detach(); }

  /// Errors: disconnected, invalid (not let in).
  Result<void> open(const Transport& transport);
  /// What cannot be told is answered at once, with why.
  void say(const control::Message& message);
  /// Waits until there is an answer, for this long at most; progress comes out on the way.
  std::optional<Result<control::Message>> answer(std::chrono::milliseconds at_most);
  /// As answer(); what comes next is another one, also where that has come already.
  std::optional<Result<control::Message>> next(std::chrono::milliseconds at_most);
  /// What comes next is another answer.
  void forget();
  std::optional<Progress> progress();
  std::optional<std::string> waits();
  /// The number of the job that was submitted, as far as it is known; else 0.
  std::uint64_t job();
  /// The coordinator was there, and is not any more.
  bool lost();
  /// Ends a wait for an answer early.
  void nudge();

 private:
  void take(Result<control::Message> message);
  bool over() const { return !answers_.empty() && !answers_.back(); }
  void lose(const std::string& why);
  void tick();

  using Instant = std::chrono::milliseconds;
  const SubmitOptions options_;
  ListeningClock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Result<control::Message>> answers_;  // nothing comes after an error
  std::optional<Progress> progress_;
  std::optional<std::string> waits_;
  std::uint64_t job_ = 0;
  Instant heard_{0};
  Instant beaten_{0};
  bool nudged_ = false;
  bool lost_ = false;
  ControlSender sender_;
};

/// What is answered with something else than was asked for.
Error unexpected_answer();

}  // namespace leat
