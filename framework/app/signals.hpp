/// SIGINT and SIGTERM as stop requests: the first asks a process to finish, the second to end.
#pragma once

#include <stop_token>
#include <string>
#include <thread>

namespace leat {

/// Blocks both signals in the calling thread, and so in all threads made after it, and waits for them
/// in a thread of its own. One at a time in a process.
class Signals {
 public:
  /// `words` are said to a person when the first comes. The second ends the process at once, with status
  /// 130, when `second_ends`; else it is a request too.
  explicit Signals(std::string words = "interrupted: finishing what is in flight; again to abort",
                   bool second_ends = true);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  std::stop_token stop() const { return stop_.get_token(); }
  /// Requested by the second signal.
  std::stop_token again() const { return again_.get_token(); }

 private:
  void listen();

  std::string words_;
  bool second_ends_;
  std::stop_source stop_;
  std::stop_source again_;
  int signals_ = -1;
  int quit_ = -1;
  std::thread thread_;
};

}  // namespace leat
