/// A node's part in the checkpoints of a job: it takes the cuts that are ordered, writes its part of each into the store's
/// folder, tells what that is, and makes visible what its sinks have sealed once the whole is published.
#pragma once

#include <leat/cluster/control.hpp>
#include <leat/runtime/checkpoints.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace leat {

/// Threads: any for order(), over() and close(), which wait for nothing; one for the others.
class NodeCheckpoints {
 public:
  /// `say`: to the coordinator; outlives this.
  NodeCheckpoints(control::JobId id, std::uint32_t node, EpochStart start, std::function<void(const control::Message&)> say);
  ~NodeCheckpoints();

  /// Before the job is made: what its share needs for them. Errors: invalid where this node does not see the folder; those
  /// of what is restored.
  Result<void> prepare(Share& share);
  /// The job is built, and has not started. Errors: those of a commit.
  Result<void> begin(Job& job);
  /// Of an epoch that does not run: makes visible or throws away what is here. Errors: those of a commit.
  Result<void> settle(Job& job) const;

  /// The nth cut is to be taken.
  void order(std::uint64_t n);
  /// It is published, or `refused`.
  void over(std::uint64_t n, const std::string& refused);
  /// The job is over, or is dropped: nobody waits for anything any more.
  void close();
  /// After close(), and before the job goes: what works for it is through.
  void stop();

  /// All cells here have finished: seals what is left, and gives all that may not be visible yet.
  Result<std::vector<Sealed>> seal();
  /// The last is published. Errors: those of a commit.
  Result<void> commit();

 private:
  Result<void> publish(const Cut& cut, const std::vector<Sealed>& pending);
  void refused(std::uint64_t n, const Error& why) const;
  std::vector<Sealed> here(const Job& job) const;

  const control::JobId id_;
  const std::uint32_t node_;
  EpochStart start_;
  std::function<void(const control::Message&)> say_;
  JobCuts cuts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::uint64_t> ordered_;  // before it has begun
  std::uint64_t over_ = 0;                // the latest that is published or refused
  std::string refused_;                   // why it is
  bool closed_ = false;
  std::unique_ptr<Checkpoints> checkpoints_;
};

}  // namespace leat
