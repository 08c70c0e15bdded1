#include <leat/chunk/pool.hpp>

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace leat {
namespace {

constexpr std::size_t kSmallest = 128;
constexpr std::size_t kSmallLimit = 4096;
constexpr std::size_t kSlab = 64 * 1024;
constexpr std::size_t kClasses = 160;
constexpr std::size_t kSmallClasses = 21;
constexpr std::uint32_t kRefill = 32;
// Large blocks a thread keeps for itself: what it wrote last is in its cache, and in no other's.
constexpr std::size_t kKeptLimit = 512 * 1024;
constexpr std::size_t kKept = 2;

// Class 4k + q holds blocks of (4 + q) / 4 * 128 * 2^k bytes, rounded up to whole cache lines, the
// large ones to whole pages.
constexpr std::size_t class_bytes(std::size_t c) noexcept {
  std::size_t step = kSmallest << (c / 4);
  std::size_t unit = c < kSmallClasses ? 64 : 4096;
  return (step + step / 4 * (c % 4) + unit - 1) / unit * unit;
}

std::size_t class_of(std::size_t bytes) noexcept {
  if (bytes <= kSmallest) return 0;
  std::size_t doubling = static_cast<std::size_t>(std::bit_width((bytes - 1) / kSmallest)) - 1;
  std::size_t c = doubling * 4;
  while (class_bytes(c) < bytes) ++c;
  return c;
}

// The most a block can be, header included.
constexpr std::size_t kLargest = class_bytes(kClasses - 1);

static_assert(kSmallClasses == 5 * 4 + 1, "small classes end at kSmallLimit");

}  // namespace

class PoolCore : public std::enable_shared_from_this<PoolCore> {
 public:
  explicit PoolCore(std::size_t limit) : limit_(limit) {}

  ~PoolCore() {
    for (std::size_t c = kSmallClasses; c < kClasses; ++c) {
      while (free_[c]) ::munmap(std::exchange(free_[c], free_[c]->next), class_bytes(c));
    }
    for (void* slab : slabs_) std::free(slab);
  }

  Block* take(std::size_t c) {
    std::lock_guard lock(mutex_);
    return take_locked(c);
  }

  // A list of up to kRefill small blocks.
  Block* take_some(std::size_t c, std::uint32_t& count) {
    std::lock_guard lock(mutex_);
    Block* head = nullptr;
    for (count = 0; count < kRefill; ++count) {
      Block* block = take_locked(c);
      block->next = std::exchange(head, block);
    }
    return head;
  }

  void give(Block* first, Block* last, std::size_t c, std::size_t count) noexcept {
    std::shared_ptr<PoolCore> self;
    std::lock_guard lock(mutex_);
    last->next = free_[c];
    free_[c] = first;
    out_ -= count;
    if (c >= kSmallClasses && held_ > limit_) shrink_locked(0);
    if (out_ == 0) self = std::move(orphan_);
  }

  // The pool is gone: whoever still holds blocks keeps the core.
  void abandon() {
    std::lock_guard lock(mutex_);
    if (out_ > 0) orphan_ = shared_from_this();
  }

  PoolUsage usage() const {
    std::lock_guard lock(mutex_);
    return {held_, peak_};
  }

 private:
  Block* take_locked(std::size_t c) {
    ++out_;
    if (!free_[c]) {
      if (c < kSmallClasses) {
        carve_locked(c);
      } else {
        return fresh_locked(c);
      }
    }
    return std::exchange(free_[c], free_[c]->next);
  }

  Block* fresh_locked(std::size_t c) {
    std::size_t bytes = class_bytes(c);
    if (held_ + bytes > limit_) shrink_locked(bytes);
    // Pages of its own: what is given back leaves the process, whatever malloc would keep.
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    grown_locked(bytes);
    return placed(memory, c);
  }

  void carve_locked(std::size_t c) {
    auto* slab = static_cast<std::byte*>(std::aligned_alloc(64, kSlab));
    if (!slab) throw std::bad_alloc();
    slabs_.push_back(slab);
    grown_locked(kSlab);
    std::size_t bytes = class_bytes(c);
    for (std::size_t at = 0; at + bytes <= kSlab; at += bytes) {
      Block* block = placed(slab + at, c);
      block->next = std::exchange(free_[c], block);
    }
  }

  Block* placed(void* memory, std::size_t c) {
    auto* block = new (memory) Block;
    block->size_class = static_cast<std::uint32_t>(c);
    block->pool = this;
    block->capacity = class_bytes(c) - sizeof(Block);
    return block;
  }

  void grown_locked(std::size_t bytes) {
    held_ += bytes;
    if (held_ > peak_) peak_ = held_;
  }

  // Frees cached large blocks, the largest first, until `wanted` more bytes fit the limit.
  void shrink_locked(std::size_t wanted) noexcept {
    for (std::size_t c = kClasses; c-- > kSmallClasses && held_ + wanted > limit_;) {
      while (free_[c] && held_ + wanted > limit_) {
        held_ -= class_bytes(c);
        ::munmap(std::exchange(free_[c], free_[c]->next), class_bytes(c));
      }
    }
  }

  mutable std::mutex mutex_;
  std::size_t limit_;
  std::size_t held_ = 0;
  std::size_t peak_ = 0;
  std::size_t out_ = 0;  // blocks that are not in free_
  std::shared_ptr<PoolCore> orphan_;
  std::array<Block*, kClasses> free_{};
  std::vector<void*> slabs_;
};

namespace {

// Small blocks of the pool this thread used last.
struct Magazine {
  std::shared_ptr<PoolCore> core;
  struct Rack {
    Block* head = nullptr;
    std::uint32_t count = 0;
  };
  std::array<Rack, kSmallClasses> racks;
  std::array<Block*, kKept> kept{};  // the last one released first

  ~Magazine() { flush(); }

  void flush() noexcept {
    for (Block*& block : kept) {
      if (block) core->give(block, block, block->size_class, 1);
      block = nullptr;
    }
    for (std::size_t c = 0; c < kSmallClasses && core; ++c) {
      if (racks[c].head) unload(c, racks[c].count);
    }
    core.reset();
  }

  void serve(PoolCore* wanted) {
    if (core.get() == wanted) return;
    flush();
    core = wanted->shared_from_this();
  }

  Block* pop(std::size_t c) {
    Rack& rack = racks[c];
    if (!rack.head) rack.head = core->take_some(c, rack.count);
    --rack.count;
    return std::exchange(rack.head, rack.head->next);
  }

  void push(Block* block, std::size_t c) noexcept {
    Rack& rack = racks[c];
    block->next = std::exchange(rack.head, block);
    if (++rack.count >= 2 * kRefill) unload(c, kRefill);
  }

  // A kept block of class c, or null.
  Block* pop_kept(std::size_t c) noexcept {
    for (Block*& block : kept) {
      if (block && block->size_class == c) return std::exchange(block, nullptr);
    }
    return nullptr;
  }

  void push_kept(Block* block) noexcept {
    for (Block*& place : kept) std::swap(place, block);
    if (block) core->give(block, block, block->size_class, 1);
  }

  void unload(std::size_t c, std::uint32_t number) noexcept {
    Rack& rack = racks[c];
    Block* first = rack.head;
    Block* last = first;
    for (std::uint32_t i = 1; i < number; ++i) last = last->next;
    rack.head = last->next;
    rack.count -= number;
    core->give(first, last, c, number);
  }
};

thread_local Magazine magazine;

}  // namespace

Pool::Pool(std::size_t limit) : core_(std::make_shared<PoolCore>(limit)) {}

Pool::~Pool() {
  if (magazine.core == core_) magazine.flush();
  core_->abandon();
}

std::shared_ptr<Pool> Pool::make(std::size_t limit) { return std::shared_ptr<Pool>(new Pool(limit)); }

Block* Pool::allocate(std::size_t bytes, std::size_t zeroed) {
  if (bytes > kLargest - sizeof(Block)) throw std::bad_alloc();
  std::size_t c = class_of(bytes + sizeof(Block));
  Block* block = nullptr;
  if (c < kSmallClasses) {
    magazine.serve(core_.get());
    block = magazine.pop(c);
  } else {
    if (magazine.core == core_) block = magazine.pop_kept(c);
    if (!block) block = core_->take(c);
  }
  block->references.store(1, std::memory_order_relaxed);
  block->used = 0;
  std::memset(block->payload(), 0, std::min(zeroed, block->capacity));
  return block;
}

void Pool::release(Block* block) noexcept {
  std::size_t c = block->size_class;
  if (c >= kSmallClasses && class_bytes(c) > kKeptLimit) {
    block->pool->give(block, block, c, 1);
    return;
  }
  magazine.serve(block->pool);
  if (c >= kSmallClasses) return magazine.push_kept(block);
  magazine.push(block, c);
}

std::size_t Pool::footprint(std::size_t payload) noexcept {
  if (payload > kLargest - sizeof(Block)) return std::numeric_limits<std::size_t>::max();
  return class_bytes(class_of(payload + sizeof(Block)));
}

std::size_t Pool::magazine_bytes() noexcept {
  std::size_t bytes = kKept * kKeptLimit;
  for (std::size_t c = 0; c < kSmallClasses; ++c) bytes += 2 * kRefill * class_bytes(c);
  return bytes;
}

PoolUsage Pool::usage() const { return core_->usage(); }

}  // namespace leat
