/// A file that is still written, and will have a known length: whoever writes it keeps that length, in decimal, in a file
/// beside it, FILE.growing, until all of it is there. Bytes past the number in FILE.unchecked, where there is such a file,
/// may be taken away again, and are not there yet.
///
/// What has come is told as it comes (inotify(7)), on file systems of this machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <leat/actor/wake.hpp>
#include <leat/chunk/result.hpp>

namespace leat {

/// Owns one thread, which sleeps until something comes. Threads: any, one at a time.
class FileGrowth {
 public:
  /// Of a file that is open as `descriptor`, which lives longer; null: it does not grow, or all of it is there. Errors:
  /// failed (the system watches no more files).
  static Result<std::shared_ptr<FileGrowth>> of(const std::string& path, int descriptor);
  virtual ~FileGrowth() = default;

  virtual std::uint64_t length() const = 0;
  /// Bytes from its beginning that are there to stay: no fewer than before. Errors: failed (it was removed, or cut).
  virtual Result<std::uint64_t> there() = 0;
  /// Calls it once, from any thread, when something has come since there() was asked last: at once, or later.
  virtual void wake_when_more(Wake wake) = 0;
  /// Waits for the same, at most until then.
  virtual void wait_for_more(std::chrono::steady_clock::time_point until) = 0;
};

}  // namespace leat
