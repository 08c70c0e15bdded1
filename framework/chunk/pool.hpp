/// Pooled memory for chunks: blocks that are reused while they are still in cache.
///
/// A Block is [64-byte header | payload]; the payload starts at a multiple of 64 and is one Cap'n
/// Proto segment. Sizes come in four classes a doubling. Small blocks pass through a magazine per
/// thread (Bonwick and Adams, 2001), which also keeps the last two large ones; the other large ones go
/// through one list, last in first out.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace leat {

class PoolCore;

/// Header of a block. Owned by the chunks that refer to it; see Chunk.
struct alignas(64) Block {
  std::atomic<std::uint32_t> references{0};
  std::uint32_t size_class = 0;
  PoolCore* pool = nullptr;
  Block* next = nullptr;     ///< in a free list
  std::size_t capacity = 0;  ///< bytes of payload
  std::size_t used = 0;      ///< bytes of the message, a multiple of 8
  std::uint64_t type = 0;    ///< schema id of the message's root

  std::byte* payload() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
  const std::byte* payload() const noexcept { return reinterpret_cast<const std::byte*>(this + 1); }
};

/// What a pool holds, in bytes, headers included.
struct PoolUsage {
  std::size_t held = 0;  ///< from the operating system now
  std::size_t peak = 0;  ///< the most it ever held
};

/// A source of blocks. Threads: every call from any thread. Ownership: the memory lives until the pool
/// is gone, all its blocks are back, and every thread that used it last has exited or used another.
class Pool {
 public:
  /// A pool that gives unused blocks back to the system rather than hold more than `limit` bytes.
  /// The limit trims what is cached; it refuses nothing: credit is what bounds the blocks in use.
  static std::shared_ptr<Pool> make(std::size_t limit = std::size_t{1} << 40);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// A block with `references` 1, at least `bytes` of payload, the first `zeroed` of them zero.
  /// Throws std::bad_alloc when the system has no memory, or never has a block of that size.
  Block* allocate(std::size_t bytes, std::size_t zeroed);

  /// Gives a block without references back to its pool.
  static void release(Block* block) noexcept;

  /// Bytes a block with this much payload takes, header included: what credit is charged. The largest
  /// number there is for payloads that no block has.
  static std::size_t footprint(std::size_t payload) noexcept;

  /// The most that one thread's magazine and the slabs it was cut from can hold unused, in bytes.
  static std::size_t magazine_bytes() noexcept;

  PoolUsage usage() const;

 private:
  explicit Pool(std::size_t limit);
  std::shared_ptr<PoolCore> core_;
};

}  // namespace leat
