/// A file written out of sight and made visible whole.
///
///   auto file = leat::StagedFile::open("out/flights.model");
///   if (auto wrote = file->write(bytes); !wrote) return wrote.error();
///   if (auto sealed = file->seal(name); !sealed) return sealed.error();  // on disk, not visible
///   return leat::StagedFile::commit("out/flights.model", name);          // visible, all at once
///
/// Contract. Nothing is seen under the path before commit(), and never a part of it; a file that was there
/// is replaced in one step. Until seal() a file has no name where the file system has O_TMPFILE, so a kill
/// leaves nothing behind; from then on, and elsewhere from the beginning, it is a hidden file next to the
/// target, ".NAME.leat-..." with the text of its OutputName. Whoever writes it holds a lock on it (flock) for as
/// long as it lives; the next open() of the path, on any machine, removes those that nobody holds. seal()
/// has flushed everything to the disk, so a full disk shows there at the latest; commit() then only renames
/// and flushes the folder, in whatever process. The last seal() marks the file in its time of change, below a
/// millisecond, so that a later commit() can tell it from what was there before; where times are kept no better than
/// that, it does not repeat. Mode: that of the file that is replaced, else 0666 less the umask. A path that is a
/// symbolic link replaces what it points to. A pipe, a terminal, and what a descriptor of this process is open on
/// (/dev/stdout) are written through, as soon as write() is called: to seal, commit or abort them does nothing.
/// Errors, one sentence each, with path and reason: no such folder, no permission, a directory or a disk at the path,
/// no space. Threads: one object from one thread at a time.
/// Move-only; owns its descriptor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <leat/actor/output_name.hpp>
#include <leat/chunk/result.hpp>

namespace leat {

class StagedFile {
 public:
  /// What is written to the path is seen at once: kinds that write there say so (StageKind::visible_early).
  static bool written_through(const std::string& path);
  /// Fails early on whatever can be found before writing. What `job` has sealed for this path is no leaving.
  static Result<StagedFile> open(const std::string& path, const std::string& job = {});
  /// The same with a name from the beginning, hidden(): for what opens files by name, and has closed it again when
  /// seal() is called. Nothing is written through. A kill leaves it to the next open().
  static Result<StagedFile> open_named(const std::string& path, const std::string& job = {});
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&& other) noexcept;
  ~StagedFile();

  Result<void> write(std::span<const std::byte> bytes);
  Result<void> write(std::string_view text) { return write(std::as_bytes(std::span(text))); }

  /// What was written so far is on the disk, under `name`, and stays there until commit() or abort() of that
  /// name; what is written afterwards goes to the same file, unless the name is the last.
  Result<void> seal(const OutputName& name);
  /// Bytes written.
  std::uint64_t size() const { return size_; }
  /// Its path until it is sealed as the last; empty where it has no name.
  const std::string& hidden() const { return hidden_; }
  /// Where what is sealed under `name` lies until it is committed.
  static std::string sealed_path(const std::string& path, const OutputName& name);
  /// Has the folder of `path` on the disk as it is: what has been renamed in it stays so.
  static Result<void> flush_folder(const std::string& path);

  /// Makes what was sealed as the last under `name` the file at `path`; of a name that is not the last, does
  /// nothing. When it is there already: no error. Errors: what was sealed is gone, and what is at `path` is
  /// not that.
  static Result<void> commit(const std::string& path, const OutputName& name);
  /// Removes what was sealed under `name`, if it is there.
  static Result<void> abort(const std::string& path, const OutputName& name);
  /// Begins a file that was just opened with the first `bytes` bytes of what was sealed under `name`: an actor
  /// that is restored goes on from there. Errors: it is gone, or shorter.
  Result<void> go_on_from(const OutputName& name, std::uint64_t bytes);
  /// Adds the first `bytes` bytes of the file at `from`. Errors: it is gone, or shorter.
  Result<void> copy_from(const std::string& from, std::uint64_t bytes);

  /// seal() and commit() in one, for what is no part of a job.
  Result<void> publish();

  const std::string& path() const { return path_; }

 private:
  explicit StagedFile(const std::string& path);
  std::string sealed_name(const OutputName& name) const;
  Result<void> may_be_file() const;
  Result<void> open_through();
  Result<void> open_hidden();
  Result<void> make_hidden();
  Result<void> link_to(const std::string& name);
  Result<void> flush_folder() const;
  Error refused(const char* doing, int reason) const;
  void drop();

  std::string path_;    ///< as the user gave it
  std::string target_;  ///< with links followed
  std::string folder_;
  std::string hidden_;  ///< its name until it is sealed; empty where it needs none
  std::uint64_t size_ = 0;
  int file_ = -1;
  bool through_ = false;
};

}  // namespace leat
