#include <algorithm>
#include <cstdint>
#include <mutex>
#include <thread>

#include <boost/test/unit_test.hpp>

#include <leat/chunk/chunk.hpp>

#include "chunk/dirty_pool.hpp"

using namespace leat;

namespace {

constexpr std::size_t kLargeBlock = std::size_t{1} << 20;

std::vector<std::size_t> sizes() {
  std::vector<std::size_t> out{0, 1, 63, 64, 65, 4031, 4032, 4033};
  for (std::size_t bytes = 100; bytes < (8u << 20); bytes = bytes * 5 / 3 + 1)
    out.push_back(bytes);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pool)

BOOST_AUTO_TEST_CASE(a_block_has_room_for_what_was_asked_and_starts_on_a_line) {
  auto pool = Pool::make();
  for (std::size_t bytes : sizes()) {
    Block* block = pool->allocate(bytes, bytes);
    BOOST_TEST(block->capacity >= bytes);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(block->payload()) % 64 == 0u);
    BOOST_TEST(block->references == 1u);
    BOOST_TEST(block->used == 0u);
    BOOST_TEST(Pool::footprint(bytes) == block->capacity + sizeof(Block), "for " << bytes);
    Pool::release(block);
  }
}

BOOST_AUTO_TEST_CASE(a_block_wastes_at_most_a_quarter_and_a_page) {
  for (std::size_t bytes : sizes()) {
    BOOST_TEST(Pool::footprint(bytes) <= (bytes + sizeof(Block)) * 5 / 4 + 4096);
  }
}

BOOST_AUTO_TEST_CASE(the_block_given_back_last_is_handed_out_first) {
  auto pool = Pool::make();
  for (std::size_t bytes : {std::size_t{100}, kLargeBlock}) {
    Block* first = pool->allocate(bytes, 0);
    Block* second = pool->allocate(bytes, 0);
    Pool::release(first);
    Pool::release(second);
    BOOST_TEST(pool->allocate(bytes, 0) == second);
    BOOST_TEST(pool->allocate(bytes, 0) == first);
    Pool::release(first);
    Pool::release(second);
  }
}

BOOST_AUTO_TEST_CASE(a_used_block_is_zeroed_as_far_as_asked) {
  auto pool = testing::dirty_pool(100'000);
  for (std::size_t bytes : {1, 100, 1000, 4000, 5000, 100'000}) {
    Block* block = pool->allocate(bytes, bytes / 2);
    auto* end = block->payload() + bytes / 2;
    BOOST_TEST(
        (std::find_if(block->payload(), end, [](std::byte b) { return b != std::byte{}; }) == end));
    BOOST_TEST(std::to_integer<int>(*end) == 0xee, "more was zeroed than asked: " << bytes);
    Pool::release(block);
  }
}

BOOST_AUTO_TEST_CASE(zeroing_stops_at_the_end_of_the_block) {
  auto pool = Pool::make();
  Block* block = pool->allocate(64, std::size_t{1} << 40);
  BOOST_TEST(std::to_integer<int>(block->payload()[block->capacity - 1]) == 0);
  Pool::release(block);
}

BOOST_AUTO_TEST_CASE(the_limit_trims_what_is_cached_and_refuses_nothing) {
  auto pool = Pool::make(2 * kLargeBlock);
  std::vector<Block*> blocks;
  for (int i = 0; i < 8; ++i)
    blocks.push_back(pool->allocate(kLargeBlock - sizeof(Block), 0));
  BOOST_TEST(pool->usage().held == 8 * kLargeBlock);
  for (Block* block : blocks)
    Pool::release(block);
  BOOST_TEST(pool->usage().held == 2 * kLargeBlock);
  BOOST_TEST(pool->usage().peak == 8 * kLargeBlock);
}

BOOST_AUTO_TEST_CASE(a_full_cache_makes_way_for_blocks_of_another_size) {
  auto pool = Pool::make(2 * kLargeBlock);
  Pool::release(pool->allocate(2 * kLargeBlock - sizeof(Block), 0));
  Block* other = pool->allocate(kLargeBlock - sizeof(Block), 0);
  BOOST_TEST(pool->usage().held == kLargeBlock);
  Pool::release(other);
}

BOOST_AUTO_TEST_CASE(a_block_given_back_is_reused_and_not_allocated_again) {
  auto pool = Pool::make();
  for (int i = 0; i < 1000; ++i) {
    Pool::release(pool->allocate(kLargeBlock, 0));
    Pool::release(pool->allocate(200, 0));
  }
  BOOST_TEST(pool->usage().held < 2 * kLargeBlock);
  BOOST_TEST(pool->usage().held == pool->usage().peak);
}

BOOST_AUTO_TEST_CASE(blocks_outlive_their_pool) {
  for (std::size_t bytes : {std::size_t{100}, kLargeBlock}) {
    auto pool = Pool::make();
    Block* kept = pool->allocate(bytes, 0);
    Block* other = nullptr;
    std::thread([&] { other = pool->allocate(bytes, 0); }).join();
    pool.reset();
    std::memset(kept->payload(), 1, bytes);
    std::memset(other->payload(), 2, bytes);
    Pool::release(kept);
    std::thread([&] { Pool::release(other); }).join();
  }
}

BOOST_AUTO_TEST_CASE(a_thread_that_exits_gives_its_magazine_back) {
  auto pool = Pool::make();
  for (int i = 0; i < 200; ++i) {
    std::thread([&] { Pool::release(pool->allocate(1000, 0)); }).join();
  }
  BOOST_TEST(pool->usage().held <= 2u * 64 * 1024);
}

BOOST_AUTO_TEST_CASE(a_magazine_gives_way_to_another_pool) {
  auto one = Pool::make();
  auto two = Pool::make();
  Block* of_one = one->allocate(100, 0);
  Block* of_two = two->allocate(100, 0);
  Pool::release(of_one);
  Pool::release(of_two);
  PoolCore* core = of_one->pool;
  PoolCore* other = of_two->pool;
  Block* again = one->allocate(100, 0);
  BOOST_TEST(again->pool == core);
  Pool::release(again);
  again = two->allocate(100, 0);
  BOOST_TEST(again->pool == other);
  Pool::release(again);
  BOOST_TEST(core != other);
}

BOOST_AUTO_TEST_CASE(blocks_made_on_one_thread_and_given_back_on_another_come_round) {
  auto pool = Pool::make();
  std::mutex mutex;
  std::vector<Block*> handed;
  constexpr int kRounds = 20'000;
  auto make = [&](std::size_t bytes) {
    for (int i = 0; i < kRounds;) {
      std::lock_guard lock(mutex);
      if (handed.size() >= 100) continue;
      Block* block = pool->allocate(bytes, 0);
      std::memset(block->payload(), i, 8);
      handed.push_back(block);
      ++i;
    }
  };
  std::thread small(make, 200);
  std::thread large(make, 5000);
  for (int freed = 0; freed < 2 * kRounds;) {
    std::lock_guard lock(mutex);
    for (Block* block : handed)
      Pool::release(block);
    freed += static_cast<int>(handed.size());
    handed.clear();
  }
  small.join();
  large.join();
  BOOST_TEST(pool->usage().held < 4u << 20);
}

BOOST_AUTO_TEST_SUITE_END()
