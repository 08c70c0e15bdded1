/// Jobs on disk: what was promised to a client is there after a crash of the service, or of the machine.
///
/// A SQLite database in WAL mode (Hipp, 2010), written by one thread: what comes while it flushes is flushed together.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/gateway/job_record.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace leat {

/// Threads: any.
class JobStore {
 public:
  /// Called on the writer's thread, once what it is about is on disk, or is not.
  using Then = std::function<void(Result<void>)>;

  /// Makes the database where there is none, and brings one of an older version up to this. Errors: corrupt (no
  /// database, or damaged), invalid (of a newer version), failed (locked by another service, no space).
  static Result<std::unique_ptr<JobStore>> open(const std::filesystem::path& file);
  /// Writes what was given before, and closes.
  virtual ~JobStore() = default;

  /// The largest number that a job has had, whatever has become of it. Errors: failed.
  virtual Result<std::uint64_t> last() = 0;
  /// As they were last saved, oldest first. Errors: corrupt, failed.
  virtual Result<std::vector<JobRecord>> load() = 0;
  /// Makes the record what is kept under its number.
  virtual void save(JobRecord record, Then then) = 0;
  /// Forgets it, but for what it has used.
  virtual void remove(std::uint64_t id, Then then) = 0;

  /// CPU seconds of a job that was removed: its tenant has used them all the same.
  struct Spent {
    std::string tenant = {};
    Time ended{};
    double cpu = 0;
  };
  /// Of those that ended after that; others are forgotten. Errors: failed.
  virtual Result<std::vector<Spent>> spent(Time after) = 0;
};

}  // namespace leat
