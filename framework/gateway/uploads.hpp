/// Files that clients bring, part by part, over as many connections as it takes.
///
/// Each is a file that grows and a file that says what it is to be; while it grows, others beside it say to what length, and
/// from where on its bytes may be taken away again (actors/input/growth.hpp). How much of it is there is how long the file is, so
/// that nothing is lost with the service; bytes whose checksum was not held against them yet are taken away again.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/gateway/job_record.hpp>
#include <leat/net/digest.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

struct Upload {
  std::string id = {};
  std::string name = {};      ///< as the client calls it; for people only
  std::string tenant = {};
  std::uint64_t length = 0;   ///< what it will have
  std::uint64_t offset = 0;   ///< what there is
  Time begun{};
  bool complete() const { return offset == length; }
};

/// What a part is held against when it is there.
struct Checksum {
  Digest::Algorithm algorithm;
  std::string digest;  ///< bytes
};

/// A part that is being written: at most one of an upload at a time. What was written stays where it ends, but for one with
/// a checksum, which is there wholly or not at all. Threads: one at a time.
class UploadPart {
 public:
  virtual ~UploadPart() = default;
  /// Errors: invalid (more than the upload's length), failed (the disk, full or broken).
  virtual Result<void> write(std::string_view bytes) = 0;
  /// Has it on the disk, and returns how much of the upload is there. Errors: corrupt (the checksum is another), failed.
  virtual Result<std::uint64_t> finish() = 0;
};

/// Threads: any.
class Uploads {
 public:
  static constexpr std::chrono::hours kKept{24};  ///< of one that is not complete, from its beginning

  /// Finds what earlier services have kept; what is damaged is left where it is, and logged. Errors: failed.
  static Result<std::unique_ptr<Uploads>> open(const std::filesystem::path& folder, Log log);

  /// Errors: overloaded (the disk has no room for it), failed.
  Result<Upload> create(std::uint64_t length, const std::string& name, const std::string& tenant);
  /// Nothing: there is none.
  std::optional<Upload> find(const std::string& id) const;
  std::vector<Upload> list() const;
  /// How many bytes those of a tenant have, or will.
  std::uint64_t bytes_of(const std::string& tenant) const;
  /// Begins a part at `offset`. Errors: invalid (no such upload; another offset; complete), overloaded (a part of it is being
  /// written).
  Result<std::unique_ptr<UploadPart>> part(const std::string& id, std::uint64_t offset, std::optional<Checksum> checksum);
  /// Errors: invalid (no such upload), overloaded (a part of it is being written).
  Result<void> remove(const std::string& id);
  /// Removes those that are not complete and began before the first time, and all that began before the second.
  void forget_before(Time incomplete, Time all);

  std::filesystem::path file_of(const std::string& id) const { return folder_ / (id + ".data"); }

 private:
  friend class Writing;
  Uploads(std::filesystem::path folder, Log log) : folder_(std::move(folder)), log_(std::move(log)) {}

  Result<void> load();
  Result<Upload> loaded(const std::filesystem::path& facts);
  std::filesystem::path facts_of(const std::string& id) const { return folder_ / (id + ".json"); }
  std::filesystem::path unchecked_of(const std::string& id) const { return folder_ / (id + ".data.unchecked"); }
  std::filesystem::path growing_of(const std::string& id) const { return folder_ / (id + ".data.growing"); }
  void ended(const std::string& id, std::uint64_t offset);

  const std::filesystem::path folder_;
  Log log_;
  mutable std::mutex mutex_;
  std::map<std::string, Upload> uploads_;
  std::set<std::string> writing_;
};

}  // namespace leat
