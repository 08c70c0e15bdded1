/// The journal of a store: numbered records, of which each is there wholly or not, and once.
///
///   auto journal = leat::Journal::open(folder);
///   if (auto wrote = journal->append(leat::journal::Committed{7}); !wrote) return wrote.error();
///
/// A record's file gets its number by link(): of two that go on with one store, one finds its number taken, is told so by
/// each append() from then on, and has to stop.
#pragma once

#include <leat/checkpoint/cut.hpp>
#include <leat/chunk/result.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace leat {

namespace journal {
/// An incarnation of the job begins.
struct Began {
  std::string job;
  std::uint32_t epoch = 0;
  std::string graph;
  std::vector<std::string> lines;  ///< canonical_lines() of its graph
  std::size_t threads = 1;         ///< it is laid out for: replicas are as many again, whatever the machine has

  friend bool operator==(const Began&, const Began&) = default;
};
/// All that manifests up to this n name is visible, but what is seen only with the last.
struct Committed {
  std::uint64_t n = 0;

  friend bool operator==(const Committed&, const Committed&) = default;
};
/// The job is over.
struct Ended {
  friend bool operator==(const Ended&, const Ended&) = default;
};
}  // namespace journal
using JournalRecord = std::variant<journal::Began, Manifest, journal::Committed, journal::Ended>;

/// A record's file, and back. Pure. Errors: corrupt.
std::vector<std::byte> bytes_of(const JournalRecord& record);
Result<JournalRecord> record_of(std::span<const std::byte> bytes);

/// Threads: one at a time.
class Journal {
 public:
  /// Reads what is there; the folder is. Errors: corrupt, with the file: a record is damaged or missing; failed.
  static Result<Journal> open(std::filesystem::path folder);

  const std::vector<JournalRecord>& records() const { return records_; }
  /// On the disk when it returns. Errors: disconnected where another goes on with this journal; failed, overloaded.
  Result<void> append(const JournalRecord& record);
  bool taken_over() const { return taken_over_; }
  /// Removes all files but the last record's.
  Result<void> forget();

 private:
  Journal(std::filesystem::path folder, std::uint64_t next) : folder_(std::move(folder)), next_(next) {}
  std::filesystem::path file_of(std::uint64_t number) const;

  std::filesystem::path folder_;
  std::uint64_t first_ = 1;
  std::uint64_t next_ = 1;
  std::vector<JournalRecord> records_;
  bool taken_over_ = false;
};

}  // namespace leat
