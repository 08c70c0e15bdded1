/// A source shared by the replicas of the chain below it: pulled by whichever wants a chunk.
#pragma once

#include <leat/runtime/stage_run.hpp>

#include <chrono>
#include <memory>
#include <mutex>

namespace leat {

/// Threads: any; pulls are serial.
class PulledSource {
 public:
  PulledSource(std::shared_ptr<Source> source, StageRun::Setup setup)
      : source_(std::move(source)), run_(std::move(setup), nullptr) {}

  struct Pulled {
    std::uint64_t first = 0;  ///< sequence number of the first chunk; the rest follow
    bool ended = false;
    Ending ending = Ending::complete;
    std::chrono::steady_clock::duration waited{};  ///< for its turn, behind other replicas
  };

  /// Appends the next chunks to `into`: one large one, or small ones up to a batch.
  Result<Pulled> pull(std::vector<Chunk>& into, const JobState& job);

  /// The source's stage: its name for errors.
  const StageRun& stage() const { return run_; }
  StageCounters& counters() { return run_.counters(); }
  /// As Source::claim().
  bool claim() { return source_->claim(); }
  /// Errors: what the source throws.
  Result<Extent> extent() const;
  /// Lets go of the source. Errors: what its destructor throws.
  Result<void> let_go();

 private:
  std::mutex mutex_;
  std::shared_ptr<Source> source_;
  StageRun run_;
  std::uint64_t next_ = 0;
  bool ended_ = false;
};

}  // namespace leat
