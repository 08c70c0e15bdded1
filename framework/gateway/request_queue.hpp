/// Requests that wait for a standing graph, and those that it works on: each is answered once, whatever becomes of the
/// graph. No I/O, and no clock of its own.
#pragma once

#include <leat/actor/wake.hpp>
#include <leat/gateway/pending_request.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// Threads: any. Answers are given outside of its mutex.
class RequestQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Requests of this urgency and less are urgent: they go before the others, but for every tenth.
  static constexpr unsigned kUrgent = 2;
  static constexpr unsigned kInARow = 9;

  struct Limits {
    std::size_t requests = 4096;                      ///< that wait
    std::uint64_t bytes = std::uint64_t{64} << 20;    ///< of their bodies
  };
  struct Counts {
    std::uint64_t answered = 0;  ///< by the graph
    std::uint64_t failed = 0;    ///< with the graph
    std::uint64_t late = 0;      ///< at their deadline
    std::uint64_t left = 0;      ///< dropped, as nobody would have read the answer
    std::size_t waiting = 0, working = 0;
  };
  /// A request that the graph works on from now on.
  struct Taken {
    std::uint64_t id = 0;
    OptionValues params;
    std::string body;
  };

  explicit RequestQueue(Limits limits) : limits_(limits) {}

  /// Lets it wait; where there is no room, or the queue is closed, it is answered so.
  void add(PendingRequest request);
  /// The next one; passes over those whose client has left or whose time is over. None: `wake` is called when there is one,
  /// or when the queue is closed.
  std::optional<Taken> take(Time now, const Wake& wake);
  /// The graph's answer; of one that has been answered, nothing.
  void answer(std::uint64_t id, HttpAnswer answer);
  /// Answers those that the graph worked on.
  void fail(const Error& error);
  /// Answers those whose time is over, waiting or not.
  void expire(Time now);
  /// Nothing more is taken in; what waits is answered so.
  void close();
  bool closed() const;
  Counts counts() const;

 private:
  using Line = std::deque<PendingRequest>;
  Line* next_line();
  void forget(const PendingRequest& request) { bytes_ -= request.body.size(); }

  const Limits limits_;
  mutable std::mutex mutex_;
  Line urgent_, others_;
  unsigned in_a_row_ = 0;  // urgent ones that were taken while others waited
  Wake wake_;
  std::map<std::uint64_t, PendingRequest> working_;
  std::uint64_t last_ = 0, bytes_ = 0;
  Counts counts_;
  bool closed_ = false;
};

}  // namespace leat
