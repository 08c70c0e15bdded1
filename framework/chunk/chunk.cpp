#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <xxhash.h>

#include <leat/chunk/chunk.hpp>

namespace leat {
namespace {

std::size_t words(std::size_t bytes) {
  return (bytes + sizeof(capnp::word) - 1) / sizeof(capnp::word);
}

}  // namespace

void Chunk::no_message() {
  throw std::logic_error("a chunk without a message is read: it was made by default, or moved from");
}

std::pair<Chunk, std::byte*> Chunk::edit(Pool& pool) && {
  Chunk mine = unique() ? std::move(*this) : copy(pool);
  std::byte* payload = mine.block_->payload();
  return {std::move(mine), payload};
}

Chunk Chunk::copy(Pool& pool) const {
  Block* block = pool.allocate(block_->used, 0);
  std::memcpy(block->payload(), block_->payload(), block_->used);
  block->used = block_->used;
  block->type = block_->type;
  return Chunk(block);
}

std::string Chunk::hash() const {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(block_->payload(), block_->used));
  return {reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest};
}

// Who asks for all of it zeroed gets what the block has beyond `bytes` too. Who does not, gets no
// more than was asked for: the one Data ends there, and what comes after it takes a block of its
// own.
BlockMessage::BlockMessage(Pool& pool, std::size_t bytes, std::size_t structure)
    : pool_(pool), block_(pool.allocate(bytes, structure)), room_(block_->capacity) {
  structure_ = std::min(structure, room_);
  if (structure >= bytes) {
    if (structure_ < room_) std::memset(block_->payload() + structure_, 0, room_ - structure_);
    structure_ = room_;
    return;
  }
  room_ = words(bytes) * sizeof(capnp::word);
  std::memset(block_->payload() + bytes, 0, room_ - bytes);
}

BlockMessage::~BlockMessage() noexcept {
  if (block_) Pool::release(block_);
  while (overflow_)
    Pool::release(std::exchange(overflow_, overflow_->next));
}

kj::ArrayPtr<capnp::word> BlockMessage::allocateSegment(capnp::uint minimum) {
  if (std::exchange(first_, false)) {
    return {reinterpret_cast<capnp::word*>(block_->payload()), room_ / sizeof(capnp::word)};
  }
  std::size_t room = std::max(minimum * sizeof(capnp::word), room_);
  Block* block = pool_.allocate(room, room);
  block->next = std::exchange(overflow_, block);
  return {reinterpret_cast<capnp::word*>(block->payload()), room / sizeof(capnp::word)};
}

capnp::Orphan<capnp::Data> BlockMessage::bulk(std::size_t bytes) {
  if (bytes >> 29)
    throw std::logic_error("a Data of " + std::to_string(bytes) + " bytes: at most 512 MiB");
  auto data = getOrphanage().newOrphan<capnp::Data>(static_cast<capnp::uint>(bytes));
  auto* first = reinterpret_cast<std::byte*>(data.get().begin());
  std::byte* block = block_->payload();
  if (first < block || first >= block + room_) return data;
  auto from = static_cast<std::size_t>(first - block);
  if (from > structure_) {
    throw std::logic_error("a message of " + std::to_string(from) +
                           " bytes before its Data; room was made for " +
                           std::to_string(structure_));
  }
  std::size_t end = from + bytes;
  std::memset(block + end, 0, room_ - end);
  return data;
}

Chunk BlockMessage::finish(std::uint64_t type) {
  auto segments = getSegmentsForOutput();
  if (segments.size() > 1) {
    auto root = getRoot<capnp::AnyPointer>().asReader();
    std::size_t words = root.targetSize().wordCount + 1;
    Block* flat = pool_.allocate(words * sizeof(capnp::word), words * sizeof(capnp::word));
    Chunk chunk(flat);
    flat->used = words * sizeof(capnp::word);
    flat->type = type;
    capnp::copyToUnchecked(root,
                           kj::arrayPtr(reinterpret_cast<capnp::word*>(flat->payload()), words));
    return chunk;
  }
  block_->used = segments[0].size() * sizeof(capnp::word);
  block_->type = type;
  return Chunk(std::exchange(block_, nullptr));
}

}  // namespace leat
