/// Files that are on the disk before anybody can see them. Errors: failed, with path and reason; overloaded where the disk
/// is full.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstddef>
#include <filesystem>
#include <span>

namespace leat {

/// A file under a name that nobody looks at, for its owner alone. Threads: one at a time. Move-only; without place() it is
/// removed.
class DurableFile {
 public:
  static Result<DurableFile> make(const std::filesystem::path& folder);
  DurableFile(DurableFile&& other) noexcept;
  DurableFile& operator=(DurableFile&&) = delete;
  ~DurableFile();

  Result<void> write(std::span<const std::byte> bytes);
  /// On the disk, and under this name in its folder, whatever was there.
  Result<void> place(const std::filesystem::path& file);
  /// On the disk, and under this name, unless there is one of it: false.
  Result<bool> place_new(const std::filesystem::path& file);

 private:
  DurableFile(std::filesystem::path beside, int file) : beside_(std::move(beside)), file_(file) {}
  Error refused(const char* doing) const;

  std::filesystem::path beside_;
  int file_ = -1;
};

/// What was named and removed in the folder stays so.
Result<void> flush_folder(const std::filesystem::path& folder);

}  // namespace leat
