/// Takes checkpoints of a running job, of what of it is in this process: one at a time it orders a cut, keeps it, has it
/// published, and makes visible what sinks have sealed for it.
#pragma once

#include <leat/checkpoint/epoch_start.hpp>
#include <leat/checkpoint/store.hpp>
#include <leat/runtime/job.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace leat {

/// Throws away what sinks have sealed for these cuts (epoch, n), but for what is pending.
void forget_rounds(Job& job, const std::vector<CutId>& rounds, const std::vector<Sealed>& pending);

/// Does what an epoch is for that is not to run: makes visible, or throws away, what of the job is sealed. The job is not
/// built. Errors: those of a commit.
Result<void> end_epoch(Job& job, const EpochStart& start);

/// Cuts are kept on a thread of its own. Threads: that of the job's calls, but for what says otherwise.
class Checkpoints {
 public:
  using Clock = std::chrono::steady_clock;
  struct Setup {
    Job* job = nullptr;
    JobCuts* cuts = nullptr;
    EpochStart start;
    std::chrono::milliseconds every{10'000};  ///< of look()
    /// Keeps a cut, and returns once it is published; the second: all that may not be visible yet. After an error it is not;
    /// of the kind disconnected: nothing can be any more.
    std::function<Result<void>(const Cut&, const std::vector<Sealed>&)> publish;
    /// A cut was published, or given up, so long after its order. Null: nobody wants to know.
    std::function<void(std::uint64_t, std::chrono::nanoseconds, const Result<void>&)> taken = {};
    /// A cut could not be taken here. Null: nobody wants to know.
    std::function<void(std::uint64_t, const Error&)> given_up = {};
    /// All that was published up to this n is visible, but what is seen only at the end. Null: nobody wants to know.
    std::function<void(std::uint64_t)> committed = {};
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
  /// Orders the nth now, where the process is told which: all that is here may have ended.
  void order(std::uint64_t n);
  /// The cells have finished, complete: seals what they wrote last. Errors: those of a seal.
  Result<void> seal();
  /// The n of what seal() has sealed.
  std::uint64_t last() const;
  /// All that may not be visible yet.
  std::vector<Sealed> pending() const;
  /// What is pending is published as the last: makes it visible. Errors: those of a commit.
  Result<void> commit_all();

 private:
  void run();
  void keep(WholeCut whole);
  Result<Cut> cut_of(WholeCut whole);
  Result<void> publish(WholeCut whole);
  Result<void> commit(std::uint64_t n);
  void forget(std::size_t kept);
  bool order();

  Setup setup_;
  Clock::time_point due_;
  std::optional<std::uint64_t> asked_;  // the n that has to be published
  mutable std::mutex mutex_;
  bool busy_ = false;              // one is ordered, and neither published nor given up
  Clock::time_point ordered_;      // the latest
  std::uint64_t latest_ = 0;       // n of the latest that was published
  std::size_t failures_ = 0;       // in a row
  mutable std::mutex keeping_;  // while what is sealed changes: of the thread, of who begins and of who ends
  std::vector<Sealed> pending_;
  std::deque<CutId> rounds_;
  std::thread thread_;
};

}  // namespace leat
