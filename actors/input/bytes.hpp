/// The bytes of a file, of a pipe or of standard input, as they lie there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <leat/actors/input/growth.hpp>
#include <leat/chunk/result.hpp>

namespace leat {

/// Owns the descriptor; move-only. Threads: one.
class InputBytes {
 public:
  /// Opens what a path names (input_paths.hpp); does not wait for who writes to a pipe. Errors: one sentence each for
  /// what is missing, not permitted, or a folder.
  static Result<InputBytes> open(const std::string& path);

  InputBytes() = default;
  InputBytes(InputBytes&& other) noexcept;
  InputBytes& operator=(InputBytes&& other) noexcept;
  ~InputBytes();

  /// As complaints have it: the path, or "standard input".
  const std::string& path() const { return path_; }
  /// A regular file from its beginning: read at any offset, and again. Standard input is one where a file stands for
  /// it. Of the others bytes come once.
  bool regular() const { return regular_; }
  /// Of a regular one: bytes it had when it was opened; of one that was still coming, those that it will have.
  std::uint64_t size() const { return size_; }
  /// It was still coming when it was opened: see FileGrowth.
  bool coming() const { return growth_ != nullptr; }
  /// Of a regular one: bytes that are there. Errors: those of FileGrowth.
  Result<std::uint64_t> there() const { return growth_ ? growth_->there() : Result<std::uint64_t>(size_); }
  /// Of one that is coming: as of FileGrowth.
  void wake_when_more(Wake wake) const { growth_->wake_when_more(std::move(wake)); }
  /// Of one that is coming waits until there is more, at most until then; of others it does not.
  void wait_for_more(std::chrono::steady_clock::time_point until) const {
    if (growth_) growth_->wait_for_more(until);
  }
  /// "path size time": another text when the file is another, or was changed.
  std::string identity() const;
  /// "path size inode N": the same while a file that is coming is written on, and once all of it is there.
  std::string lasting_identity() const;

  /// A regular one has more bytes now.
  bool grown() const;
  /// That it has, for who has reached its end in the middle of something.
  Error grows() const;

  /// Of a regular one: reads `bytes` bytes at `offset`, all of them. Errors: the file has become shorter; they have not
  /// come yet.
  Result<void> read(char* to, std::size_t bytes, std::uint64_t offset) const;
  /// Of a regular one: asks the system to read on past `offset` meanwhile. Cheap: acts once in a few MiB.
  void read_ahead(std::uint64_t offset);

  /// Of one that is not: the next bytes, as soon as there are some; 0 at its end, none when nothing has come by
  /// `until`.
  Result<std::optional<std::size_t>> next(char* to, std::size_t most, std::chrono::steady_clock::time_point until);

 private:
  int descriptor_ = -1;
  bool regular_ = false;
  std::uint64_t size_ = 0;
  std::int64_t changed_ = 0;  // when, in ns
  std::uint64_t inode_ = 0;
  std::uint64_t asked_ = 0;  // up to where reading ahead has been asked for
  std::string path_;
  std::shared_ptr<FileGrowth> growth_;  // refers to the descriptor
};

}  // namespace leat
