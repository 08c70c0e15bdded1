/// A file written out of sight and made visible whole.
///
///   auto file = leat::StagedFile::open("out/flights.model");
///   if (auto wrote = file->write(bytes); !wrote) return wrote.error();
///   if (auto done = file->close(); !done) return done.error();     // on disk, not visible
///   return file->commit();                                         // visible, all at once
///
/// Contract. Nothing is seen under the path before commit(), and never a part of it; a file that
/// was there is replaced in one step. Dropped, or killed at any moment, without commit: what was
/// there is as it was. Where the file system has O_TMPFILE nothing at all is left behind a kill,
/// but for the moment in which commit() replaces a file: then, and elsewhere, a hidden file next to
/// the target can stay, ".NAME.leat-PID-NUMBER". Its writer holds a lock on it (flock) for as long
/// as it lives; the next open() of the path, on any machine, removes those that nobody holds.
/// close() has flushed everything to the disk, so a full disk shows there at the latest; commit()
/// then only links, renames and flushes the folder. Mode: 0666 less the umask. A path that
/// is a symbolic link replaces what it points to. Errors, one sentence each, with path and reason:
/// no such folder, no permission, a directory or a device at the path, no space. Threads: one
/// object from one thread at a time. Move-only; owns its descriptor.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <leat/chunk/result.hpp>

namespace leat {

class StagedFile {
 public:
  /// Fails early on whatever can be found before writing.
  static Result<StagedFile> open(const std::string& path);
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&& other) noexcept;
  ~StagedFile();

  Result<void> write(std::span<const std::byte> bytes);
  Result<void> write(std::string_view text) { return write(std::as_bytes(std::span(text))); }
  /// Flushes to the disk; no write after it.
  Result<void> close();
  /// After close().
  Result<void> commit();

  const std::string& path() const { return path_; }

 private:
  StagedFile() = default;
  Result<void> open_hidden();
  Result<void> open_named();
  Result<bool> link_to(const std::string& name);
  Result<void> make_visible();
  Result<void> flush_folder() const;
  Error refused(const char* doing, int reason) const;
  void drop();

  std::string path_;    ///< as the user gave it
  std::string target_;  ///< with links followed
  std::string folder_;
  std::string hidden_;  ///< its name until commit; empty while it has none
  int file_ = -1;
  bool closed_ = false;
};

}  // namespace leat
