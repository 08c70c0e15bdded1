/// SIGINT and SIGTERM as a stop request: once interrupts, twice ends the process.
#pragma once

#include <stop_token>
#include <thread>

namespace leat {

/// Blocks both signals in the calling thread, and so in all threads made after it, and waits for them
/// in a thread of its own. One at a time in a process.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  std::stop_token stop() const { return stop_.get_token(); }

 private:
  void listen();

  std::stop_source stop_;
  int signals_ = -1;
  int quit_ = -1;
  std::thread thread_;
};

}  // namespace leat
