/// A store of checkpoints: one folder, of one job at a time.
///
///   auto store = leat::CheckpointStore::open("checkpoints");
///   store->begin({job, 0, "train", lines});
///   auto published = store->publish(cut, sealed);   // the cut is on the disk, then its manifest is in the journal
///   store->committed(cut.n);
///   store->end();                                   // the job is over: nothing is kept
///
/// What is published is what the journal's newest manifest says, whoever is killed, and when. The last kKept cuts are kept.
#pragma once

#include <leat/checkpoint/cut.hpp>
#include <leat/checkpoint/journal.hpp>
#include <leat/chunk/pool.hpp>
#include <leat/chunk/result.hpp>

#include <filesystem>
#include <optional>
#include <vector>

namespace leat {

/// Threads: one at a time. Move-only: it holds the folder.
class CheckpointStore {
 public:
  static constexpr std::size_t kKept = 3, kPast = 8;
  /// So many cuts in a row may be ordered and not published.
  static constexpr std::size_t kMostFailures = 5;

  /// Makes the folder (mode 0700) unless it is there, and reads its journal. Errors: invalid where others may write it, or
  /// another process of this machine has it; corrupt, with the file; failed.
  static Result<CheckpointStore> open(const std::filesystem::path& folder);
  CheckpointStore(CheckpointStore&& other) noexcept;
  CheckpointStore& operator=(CheckpointStore&&) = delete;
  ~CheckpointStore();

  /// A job that has begun and not ended.
  struct Unfinished {
    journal::Began began;             ///< its latest epoch
    std::vector<Manifest> manifests;  ///< what is published and kept, oldest first
    /// Those just before them, of which something that was sealed may still be there.
    std::vector<Manifest> past;
    /// What may have to be made visible yet.
    std::vector<Sealed> uncommitted;
  };
  std::optional<Unfinished> unfinished() const;

  /// Bytes on the disk of what was published last; 0: nothing was.
  std::uint64_t latest_bytes() const;

  /// An epoch begins. Errors: as Journal::append(), here and below.
  Result<void> begin(journal::Began began);
  /// Publishes a cut; `sealed`: all that may not be visible yet, this cut's too. After an error nothing is published, but
  /// where it is of the kind `disconnected` another goes on.
  Result<void> publish(const Cut& cut, std::vector<Sealed> sealed);
  /// A cut whose parts are on the disk.
  Result<void> publish(Manifest manifest);
  /// Publishes that all of the job has ended and is sealed.
  Result<void> publish_last(std::uint32_t epoch, std::uint64_t n, std::vector<Sealed> sealed);
  Result<void> committed(std::uint64_t n);
  /// The job is over, or given up: what is kept of it goes.
  Result<void> end();

  /// Errors: corrupt, failed.
  Result<Cut> read(const Manifest& manifest, Pool& pool) const;

  const std::filesystem::path& folder() const { return folder_; }
  /// Another goes on with it: nothing can be published any more.
  bool taken_over() const { return journal_.taken_over(); }

 private:
  CheckpointStore(std::filesystem::path folder, Journal journal, int lock)
      : folder_(std::move(folder)), journal_(std::move(journal)), lock_(lock) {}
  void clean_up() const;

  std::filesystem::path folder_;
  Journal journal_;
  int lock_;
};

}  // namespace leat
