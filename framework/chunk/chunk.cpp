#include <leat/chunk/chunk.hpp>

#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace leat {

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

BlockMessage::BlockMessage(Pool& pool, std::size_t bytes, std::size_t structure)
    : pool_(pool), block_(pool.allocate(bytes, structure)) {}

BlockMessage::~BlockMessage() noexcept {
  if (block_) Pool::release(block_);
  while (overflow_) Pool::release(std::exchange(overflow_, overflow_->next));
}

kj::ArrayPtr<capnp::word> BlockMessage::allocateSegment(capnp::uint minimum) {
  Block* block = block_;
  if (!std::exchange(first_, false)) {
    std::size_t bytes = std::max<std::size_t>(minimum * sizeof(capnp::word), block_->capacity);
    block = pool_.allocate(bytes, bytes);
    block->next = std::exchange(overflow_, block);
  }
  return {reinterpret_cast<capnp::word*>(block->payload()), block->capacity / sizeof(capnp::word)};
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
    capnp::copyToUnchecked(
        root, kj::arrayPtr(reinterpret_cast<capnp::word*>(flat->payload()), words));
    return chunk;
  }
  block_->used = segments[0].size() * sizeof(capnp::word);
  block_->type = type;
  return Chunk(std::exchange(block_, nullptr));
}

}  // namespace leat
