/// A file that is read at given offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <leat/chunk/result.hpp>

namespace leat::csv {

/// Owns the descriptor; move-only. Threads: one.
class File {
 public:
  /// Opens a regular file that holds something. Errors: one sentence each for what is missing, not
  /// permitted, a directory, not regular, or empty.
  static Result<File> open(const std::string& path);

  File() = default;
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  /// Bytes it had when it was opened.
  std::uint64_t size() const { return size_; }
  const std::string& path() const { return path_; }
  /// "path size time": another text when the file is another, or was changed.
  std::string identity() const;

  /// It has more bytes now.
  bool grown() const;
  /// That it has, for who has reached its end in the middle of something.
  Error grows() const;

  /// Reads `bytes` bytes at `offset`, all of them; an error when the file has become shorter.
  Result<void> read(char* to, std::size_t bytes, std::uint64_t offset) const;

  /// Asks the system to read on past `offset` meanwhile. Cheap: acts once in a few MiB.
  void read_ahead(std::uint64_t offset);

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::int64_t changed_ = 0;  // when, in ns
  std::uint64_t asked_ = 0;  // up to where reading ahead has been asked for
  std::string path_;
};

}  // namespace leat::csv
