/// Pools whose blocks are stale: what is not written shows.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include <leat/chunk/pool.hpp>

namespace leat::testing {

/// A pool that will hand out used blocks, every byte 0xee, for payloads up to `most` bytes.
inline std::shared_ptr<Pool> dirty_pool(std::size_t most) {
  auto pool = Pool::make();
  std::vector<Block*> blocks;
  for (std::size_t bytes = 1; bytes < 8 * most; bytes += bytes / 8 + 1) {
    for (int copies = 0; copies < 2; ++copies)
      blocks.push_back(pool->allocate(bytes, 0));
  }
  for (Block* block : blocks) {
    std::memset(block->payload(), 0xee, block->capacity);
    Pool::release(block);
  }
  return pool;
}

}  // namespace leat::testing
