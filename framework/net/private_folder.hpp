/// Folders that only their owner may enter, and files in them that appear whole or not at all.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include <leat/chunk/result.hpp>

namespace leat {

/// Makes `folder` (mode 0700, as are parents that are missing) unless it exists. Errors: invalid when it
/// belongs to another user, or others may read or write it; failed when it cannot be made.
Result<void> make_private_folder(const std::filesystem::path& folder);

/// Holds the lock file of a folder, so that of two processes one waits for the other.
class FolderLock {
 public:
  /// Errors: failed; so, too, when another process has held it for `within`.
  static Result<FolderLock> of(const std::filesystem::path& folder,
                               std::chrono::milliseconds within = std::chrono::seconds(10));
  FolderLock(FolderLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

/// Puts `content` at `file` with mode 0600: written beside it, flushed to disk, renamed. Errors:
/// failed.
Result<void> write_private_file(const std::filesystem::path& file, const std::string& content);

/// All of a file of at most 1 MiB; `what` it is, for the sentence. Errors: invalid when it is not
/// there, cannot be read, is larger or no file, such as a pipe, which might never end.
Result<std::string> read_whole_file(const std::filesystem::path& file, const std::string& what);

}  // namespace leat
