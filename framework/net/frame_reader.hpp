/// Takes the bytes of a connection apart into frames. Payloads are read straight to where they belong,
/// many small frames with one read.
#pragma once

#include <leat/net/framing.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include <sys/uio.h>

namespace leat::wire {

/// Threads: one.
class FrameReader {
 public:
  /// What is done with frames.
  class Frames {
   public:
    virtual ~Frames() = default;
    /// A sound header: where its `slice` bytes go (unused when there are none), or why it is refused.
    virtual Result<std::byte*> begin(const Header& header) = 0;
    /// Its payload is there.
    virtual Result<void> finish(const Header& header) = 0;
  };

  /// `staging`: bytes of its buffer, at least a header.
  FrameReader(Frames& frames, std::size_t staging) : frames_(frames), staging_(staging) {}

  /// Where to read to now: the rest of a payload, then the buffer.
  std::span<const iovec> room();
  /// That many bytes were read there. Errors: those of decode and of Frames.
  Result<void> arrived(std::size_t bytes);
  /// Forgets what was begun: a new connection.
  void reset();

 private:
  Result<void> take_staged();
  Result<void> begin();
  Result<void> take_payload(std::size_t bytes);

  Frames& frames_;
  std::vector<std::byte> staging_;
  std::size_t first_ = 0;  // what is staged and not yet taken
  std::size_t last_ = 0;
  Header header_;
  std::byte* payload_ = nullptr;  // where the rest of the current payload goes
  std::size_t left_ = 0;          // bytes of it
  std::array<iovec, 2> room_{};
};

}  // namespace leat::wire
