/// Chunks: the unit of data. Immutable, shared by reference, one flat Cap'n Proto message each.
///
///   Building<schema::Number> building(*pool);
///   building.root().setValue(7);
///   Chunk chunk = std::move(building).finish();
///   chunk.root<schema::Number>().getValue();  // 7
#pragma once

#include <leat/chunk/pool.hpp>

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/schema.h>
#include <capnp/serialize.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace leat {

/// What a port carries: the schema of the root, by Cap'n Proto id and by name.
struct PayloadType {
  std::uint64_t id = 0;
  std::string name;
  friend bool operator==(const PayloadType& a, const PayloadType& b) { return a.id == b.id; }
};

/// A reference to a message. Copying shares it, moving hands it on; 8 bytes. Threads: one object
/// from one thread at a time; different objects that share a message from any threads. The message
/// lives until its last Chunk goes; its Pool must outlive that.
class Chunk {
 public:
  Chunk() noexcept = default;
  explicit Chunk(Block* adopted) noexcept : block_(adopted) {}
  Chunk(const Chunk& other) noexcept : block_(other.block_) {
    if (block_) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  Chunk(Chunk&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Chunk& operator=(Chunk other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Chunk() { drop(); }

  /// Another one of the same message, as a copy is: where this is the only one so far, sooner.
  Chunk share() noexcept {
    if (!block_ || !unique()) return *this;
    // Nobody else has one to change the count by.
    block_->references.store(2, std::memory_order_relaxed);
    return Chunk(block_);
  }

  explicit operator bool() const noexcept { return block_ != nullptr; }

  /// Schema id of the root.
  std::uint64_t type() const noexcept { return block_->type; }
  /// Bytes of the message.
  std::size_t bytes() const noexcept { return block_->used; }
  /// Bytes of memory it pins: what credit is charged.
  std::size_t footprint() const noexcept { return block_->capacity + sizeof(Block); }
  /// True when nobody else refers to the message.
  bool unique() const noexcept { return references() == 1; }
  std::uint32_t references() const noexcept {
    return block_->references.load(std::memory_order_acquire);
  }

  /// The whole message: what a hash, a file or a socket takes.
  std::span<const std::byte> message() const noexcept { return {block_->payload(), block_->used}; }

  /// The root, read without checks: chunks are built here or validated where they came in.
  /// Valid as long as this or another Chunk of the message. Throws std::logic_error where there is no
  /// message.
  template <class T>
  typename T::Reader root() const {
    if (!block_) no_message();
    return capnp::readMessageUnchecked<T>(reinterpret_cast<const capnp::word*>(block_->payload()));
  }

  /// The message's memory, to change in place: this chunk itself when it is the only one, else a
  /// copy from `pool`. Sizes and structure must stay; numbers may change.
  std::pair<Chunk, std::byte*> edit(Pool& pool) &&;

  /// A copy in another pool.
  Chunk copy(Pool& pool) const;

  /// XXH3-128 of the message (Yann Collet), as 16 bytes in canonical order.
  std::string hash() const;

 private:
  [[noreturn]] static void no_message();
  void drop() noexcept {
    if (!block_) return;
    // A single owner needs no read-modify-write: nobody else can be counting.
    if (block_->references.load(std::memory_order_acquire) == 1 ||
        block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Pool::release(block_);
    }
  }

  Block* block_ = nullptr;
};

/// Cap'n Proto's allocator over one pooled block. What does not fit goes to overflow segments and is
/// flattened by finish(). Whatever Cap'n Proto may allocate from is zero, as it expects, but for the
/// room of one Data. Not for direct use: see Building.
class BlockMessage final : public capnp::MessageBuilder {
 public:
  BlockMessage(Pool& pool, std::size_t bytes, std::size_t structure);
  ~BlockMessage() noexcept;
  kj::ArrayPtr<capnp::word> allocateSegment(capnp::uint minimum) override;
  capnp::Orphan<capnp::Data> bulk(std::size_t bytes);
  /// True as long as nothing has been built.
  bool empty() const { return first_; }
  Chunk finish(std::uint64_t type);

 private:
  Pool& pool_;
  Block* block_;
  Block* overflow_ = nullptr;
  std::size_t room_;       // bytes of the block that Cap'n Proto gets
  std::size_t structure_;  // so many of them were zeroed
  bool first_ = true;
};

/// Builds one chunk whose root is a T. Threads: one. The pool must outlive it.
template <class T>
class Building {
 public:
  /// Room for `bytes` in one block; more is taken when needed, at the price of a copy. The first
  /// `structure` bytes are zeroed for structs, lists and texts; whoever passes less than `bytes`
  /// fills the rest wholly, as one Data: see bulk().
  explicit Building(Pool& pool, std::size_t bytes = 64)
      : Building(pool, bytes, std::size_t{1} << 40) {}
  Building(Pool& pool, std::size_t bytes, std::size_t structure)
      : message_(pool, bytes, structure) {}

  typename T::Builder root() { return message_.template getRoot<T>(); }
  capnp::Orphanage orphanage() { return message_.getOrphanage(); }

  /// The one Data that lies beyond `structure`: `bytes` bytes that are not zeroed, for the caller to
  /// write wholly. What is built after it is on zeroed memory again. Throws std::logic_error when
  /// more than `structure` bytes were built before it.
  capnp::Orphan<capnp::Data> bulk(std::size_t bytes) { return message_.bulk(bytes); }

  Chunk finish() && {
    if (message_.empty()) root();
    return message_.finish(capnp::typeId<T>());
  }

 private:
  BlockMessage message_;
};

/// A chunk whose root is known to be a T: what typed streams of Cap'n Proto structs carry.
template <class T>
class Message {
 public:
  using Schema = T;
  Message() = default;
  explicit Message(Chunk chunk) : chunk_(std::move(chunk)) {}

  typename T::Reader operator*() const { return chunk_.root<T>(); }
  typename T::Reader read() const { return chunk_.root<T>(); }
  const Chunk& chunk() const& { return chunk_; }
  Chunk&& chunk() && { return std::move(chunk_); }

  static PayloadType payload_type() {
    return {capnp::typeId<T>(), capnp::Schema::from<T>().getUnqualifiedName().cStr()};
  }

 private:
  Chunk chunk_;
};

}  // namespace leat
