#pragma once
// Reused buffers for the peers: what a good engineer writes around a pipeline, so that no peer
// pays for page faults in its steady state.

#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace bench {

inline constexpr std::size_t buffer_alignment = 64;

struct BufferFree {
  void operator()(std::uint8_t* memory) const {
    ::operator delete[](memory, std::align_val_t{buffer_alignment});
  }
};

/// Owned bytes, aligned to a cache line.
using Buffer = std::unique_ptr<std::uint8_t[], BufferFree>;

/// A buffer of `size` bytes as the allocator gives it.
inline Buffer raw_buffer(std::size_t size) {
  return Buffer(new (std::align_val_t{buffer_alignment}) std::uint8_t[size]);
}

/// A buffer of `size` bytes, every page of it touched.
inline Buffer new_buffer(std::size_t size) {
  Buffer buffer = raw_buffer(size);
  std::memset(buffer.get(), 1, size);
  return buffer;
}

/// A free list: take() gives the buffer returned last (still in cache), or a new one.
/// Safe from several threads.
class FreeList {
 public:
  explicit FreeList(std::size_t size) : size_(size) {}

  Buffer take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Buffer last = std::move(free_.back());
        free_.pop_back();
        return last;
      }
    }
    return new_buffer(size_);
  }

  void give_back(Buffer buffer) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(buffer));
  }

 private:
  std::size_t size_;
  std::mutex mutex_;
  std::vector<Buffer> free_;
};

}  // namespace bench
