/// Which job starts next. Pure: what is queued and what runs is given, and a decision comes back.
///
/// Of the jobs that wait the next is: of the highest priority; among those, of the tenant that has the least running
/// (dominant share of memory and threads; Ghodsi et al., 2011); among those, of the tenant whose turn it is (start-time
/// fair queueing, each job as long as its share is large; Goyal et al., 1996); of one tenant, the oldest. It starts when
/// it fits what is free; until then no other passes it, so that small jobs do not keep a large one waiting for ever.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace leat {

/// What jobs may use together, and what one needs or has.
struct Capacity {
  std::uint64_t memory = 0;  ///< bytes
  std::size_t threads = 0;

  bool holds(const Capacity& other) const { return other.memory <= memory && other.threads <= threads; }
};

struct QueuedJob {
  std::uint64_t id = 0;  ///< larger: younger
  std::string tenant = {};
  int priority = 0;      ///< larger: earlier
  Capacity needs = {};
};

/// Threads: one.
class JobQueue {
 public:
  explicit JobQueue(Capacity whole) : whole_(whole), free_(whole) {}

  /// Nothing changes for one that waits or runs already. Errors: invalid (it never fits). It is not queued then.
  Result<void> add(const QueuedJob& job);
  /// One that runs already, whatever it needs: of another life of the service.
  void adopt(const QueuedJob& job);
  /// Takes the next one that may start now, which from then on runs; 0: none may.
  std::uint64_t start();
  /// One that waits or runs is no more. Nothing where there is none.
  void remove(std::uint64_t id);

  /// Those that wait, as they would start if all were to start now: the place of one is its position. The first
  /// `most` of them.
  std::vector<std::uint64_t> order(std::size_t most = ~std::size_t{0}) const;
  /// Why one that waits at `position`, from 1, does: "behind 3 others", "waits for 2 threads: 1 of 4 is free".
  std::string reason(std::uint64_t id, std::size_t position) const;
  /// Whether it waits.
  bool has(std::uint64_t id) const {
    auto found = jobs_.find(id);
    return found != jobs_.end() && !found->second.runs;
  }
  std::size_t waiting() const { return jobs_.size() - running_; }
  std::size_t running() const { return running_; }
  const Capacity& free() const { return free_; }

 private:
  struct Entry {
    QueuedJob job;
    bool runs = false;
  };
  struct Tenant {
    Capacity has = {};
    std::map<int, std::set<std::uint64_t>, std::greater<>> waits = {};  // by priority, then age
    double turn = 0;  // the virtual time at which its last job has had its share
  };

  double share(const Capacity& has) const;
  std::uint64_t next() const;
  void take(const Capacity& needs, Tenant& tenant);

  Capacity whole_, free_;
  std::map<std::uint64_t, Entry> jobs_;
  std::map<std::string, Tenant> tenants_;
  std::size_t running_ = 0;
  double now_ = 0;  // virtual time: that of the last start
};

}  // namespace leat
