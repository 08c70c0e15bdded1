/// Takes checkpoints of a running job, one at a time: orders a cut when it is time, keeps it, publishes it, and makes visible
/// what sinks have sealed for it.
#pragma once

#include <leat/checkpoint/store.hpp>
#include <leat/runtime/job.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace leat {

/// Throws away what sinks have sealed for these cuts (epoch, n), but for what is pending.
void forget_rounds(Job& job, const std::vector<std::pair<std::uint32_t, std::uint64_t>>& rounds, const std::vector<Sealed>& pending);

/// Cuts are kept on a thread of its own. Threads: that of the job's calls, but for what says otherwise.
class Checkpoints {
 public:
  using Clock = std::chrono::steady_clock;
  /// So many in a row that fail, fail the job.
  static constexpr std::size_t kMostFailures = 5;

  struct Setup {
    CheckpointStore* store = nullptr;
    Job* job = nullptr;
    JobCuts* cuts = nullptr;
    std::uint32_t epoch = 0;
    std::uint64_t next = 1;            ///< the n of the first
    std::vector<Sealed> pending = {};  ///< of earlier epochs: what may not be visible yet
    /// Cuts of earlier epochs for which something is sealed, oldest first: (epoch, n).
    std::vector<std::pair<std::uint32_t, std::uint64_t>> rounds = {};
    /// Cuts for which something may be sealed that is not published: it is thrown away.
    std::vector<std::pair<std::uint32_t, std::uint64_t>> stale = {};
    std::chrono::milliseconds every{10'000};
  };
  /// What `setup` names lives longer. The job is built; begin() comes next.
  explicit Checkpoints(Setup setup);
  /// A checkpoint that is under way is given up.
  ~Checkpoints();
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;

  /// Makes visible what of earlier epochs is to be. Before the job starts. Errors: those of a commit.
  Result<void> begin();
  /// Orders one when it is time for it.
  void look();
  /// Orders one now, after the one that is under way. True once one that was ordered after this was asked first is
  /// published, or none can be any more.
  bool taken_now();
  /// None is ordered any more. What is being published is, before it returns.
  void stop();
  /// After stop(): the job has ended, complete: all that it has sealed is published as the last, made visible, and the store
  /// keeps nothing of it. Errors: those of a seal, of the store, of a commit.
  Result<void> end();

  /// How many are published, by this epoch.
  std::uint64_t published() const;

 private:
  void run();
  void keep(WholeCut whole);
  Result<void> publish(WholeCut whole);
  Result<void> commit(std::uint64_t n);
  void forget(std::size_t kept);
  bool order();

  Setup setup_;
  Clock::time_point due_;
  std::optional<std::uint64_t> asked_;  // the n that has to be published
  mutable std::mutex mutex_;
  bool busy_ = false;              // one is ordered, and neither published nor given up
  std::uint64_t published_ = 0;
  std::uint64_t latest_ = 0;       // n of the latest that was published
  std::size_t failures_ = 0;       // in a row
  // Of the thread; before and after it of who begins and ends.
  std::vector<Sealed> pending_;
  std::deque<std::pair<std::uint32_t, std::uint64_t>> rounds_;
  std::thread thread_;
};

}  // namespace leat
