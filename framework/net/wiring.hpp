/// What the two ends of a node's connections share: the job they are of, and its counters.
#pragma once

#include <leat/net/data_plane.hpp>
#include <leat/net/reactor.hpp>
#include <leat/net/tls_stream.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace leat::wire {

using Clock = std::chrono::steady_clock;

/// Of the whole process.
struct Plane {
  std::shared_ptr<Reactor> reactor;
  std::shared_ptr<TlsContext> tls;  ///< null: plain
  Log log;
  std::chrono::milliseconds handshake_within{};
  std::chrono::milliseconds beat{};  ///< of each connection's Liveness
};

/// What went to and came from one peer. Raised by whoever moves it, read by anyone.
struct TrafficCounters {
  std::atomic<std::uint64_t> bytes_out{0};
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> chunks_out{0};
  std::atomic<std::uint64_t> chunks_in{0};
  std::atomic<std::uint64_t> reconnects{0};

  static void add(std::atomic<std::uint64_t>& to, std::uint64_t amount) {
    to.fetch_add(amount, std::memory_order_relaxed);
  }
};

/// Of one job on this node, shared by its connections. Constant, but for the counters and for nodes that
/// come. Threads: any.
class JobContext {
 public:
  JobContext(Plane p, JobWiring w) : plane(std::move(p)), wiring(std::move(w)), nodes_(wiring.nodes) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) counters_.emplace_back();
  }

  const Plane plane;
  const JobWiring wiring;  ///< its nodes are those at first: see node()

  void add_node(Endpoint endpoint) {
    std::lock_guard lock(mutex_);
    nodes_.push_back(std::move(endpoint));
    counters_.emplace_back();
  }
  std::uint32_t nodes() const {
    std::lock_guard lock(mutex_);
    return static_cast<std::uint32_t>(nodes_.size());
  }
  Endpoint node(std::uint32_t index) const {
    std::lock_guard lock(mutex_);
    return nodes_[index];
  }
  /// Stays where it is.
  TrafficCounters& counters(std::uint32_t index) {
    std::lock_guard lock(mutex_);
    return counters_[index];
  }

  /// When it is set: peers have received more. On the reactor's thread.
  std::function<void()> received;

  /// "node 2 at 127.0.0.1:4700": for logs and errors.
  std::string peer(std::uint32_t index) const { return "node " + std::to_string(index) + " at " + to_string(node(index)); }
  std::string name() const { return number() + " epoch " + std::to_string(wiring.epoch); }
  std::string number() const { return std::to_string(wiring.job); }

 private:
  mutable std::mutex mutex_;
  std::vector<Endpoint> nodes_;
  std::deque<TrafficCounters> counters_;
};

}  // namespace leat::wire
