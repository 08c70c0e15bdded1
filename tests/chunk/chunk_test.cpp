#include <string>

#include <boost/test/unit_test.hpp>

#include <leat/chunk/chunk.hpp>
#include <leat/schemas/chunk.capnp.h>

#include "chunk/dirty_pool.hpp"

using namespace leat;

namespace {

Chunk number(Pool& pool, std::uint64_t value) {
  Building<schema::Number> building(pool);
  building.root().setValue(value);
  return std::move(building).finish();
}

Chunk text(Pool& pool, const std::string& value, std::size_t room) {
  Building<schema::Bytes> building(pool, room);
  auto data = building.root().initData(static_cast<capnp::uint>(value.size()));
  std::copy(value.begin(), value.end(), data.begin());
  return std::move(building).finish();
}

// Reads a chunk with a checked reader that knows of one segment only: a far pointer would throw.
std::string checked_text(const Chunk& chunk) {
  auto words = chunk.message().size() / sizeof(capnp::word);
  kj::ArrayPtr<const capnp::word> segment(
      reinterpret_cast<const capnp::word*>(chunk.message().data()), words);
  kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>> segments(&segment, 1);
  capnp::SegmentArrayMessageReader reader(segments);
  auto data = reader.getRoot<schema::Bytes>().getData();
  return {data.begin(), data.end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chunk)

BOOST_AUTO_TEST_CASE(a_chunk_gives_back_what_was_built) {
  auto pool = Pool::make();
  Chunk chunk = number(*pool, 7);
  BOOST_TEST(chunk.root<schema::Number>().getValue() == 7u);
  BOOST_TEST(chunk.type() == capnp::typeId<schema::Number>());
  BOOST_TEST(chunk.bytes() == 16u);
  BOOST_TEST(chunk.message().size() == 16u);
  BOOST_TEST(chunk.footprint() == Pool::footprint(64));
}

BOOST_AUTO_TEST_CASE(what_overflows_the_room_is_flattened_into_one_segment) {
  auto pool = testing::dirty_pool(200'000);
  for (std::size_t size : {1, 40, 100, 1000, 100'000}) {
    std::string value(size, 'x');
    Chunk chunk = text(*pool, value, 64);
    BOOST_TEST(checked_text(chunk) == value);
    auto data = chunk.root<schema::Bytes>().getData();
    BOOST_TEST(std::string(data.begin(), data.end()) == value);
  }
}

BOOST_AUTO_TEST_CASE(a_message_that_fits_lies_in_one_segment) {
  auto pool = Pool::make();
  BOOST_TEST(checked_text(text(*pool, "abc", 1024)) == "abc");
}

BOOST_AUTO_TEST_CASE(equal_content_has_equal_bytes_and_hashes_in_fresh_used_and_overflown_memory) {
  auto fresh = Pool::make();
  auto used = testing::dirty_pool(50'000);
  for (std::size_t size : {0, 1, 7, 8, 13, 1000, 20'001}) {
    std::string value(size, 'y');
    Chunk a = text(*fresh, value, 32'000);
    Chunk b = text(*used, value, 32'000);
    Chunk c = text(*used, value, 64);
    BOOST_TEST(a.hash() == b.hash(), "stale bytes show in a message of " << size);
    BOOST_TEST(a.hash() == c.hash(), "the flattened message of " << size << " differs");
    BOOST_TEST(a.hash() == a.copy(*used).hash());
  }
}

BOOST_AUTO_TEST_CASE(other_content_has_another_hash) {
  auto pool = Pool::make();
  BOOST_TEST(number(*pool, 1).hash() != number(*pool, 2).hash());
  BOOST_TEST(number(*pool, 1).hash().size() == 16u);
}

BOOST_AUTO_TEST_CASE(a_chunk_in_which_nothing_was_set_holds_defaults) {
  auto pool = Pool::make();
  Chunk chunk = Building<schema::Number>(*pool).finish();
  BOOST_TEST(chunk.root<schema::Number>().getValue() == 0u);
  BOOST_TEST(chunk.hash() == number(*pool, 0).hash());
}

BOOST_AUTO_TEST_CASE(copies_share_the_message_and_moves_hand_it_on) {
  auto pool = Pool::make();
  Chunk one = number(*pool, 1);
  BOOST_TEST(one.unique());
  Chunk two = one;
  BOOST_TEST(one.references() == 2u);
  BOOST_TEST(!one.unique());
  BOOST_TEST(one.message().data() == two.message().data());
  Chunk three = std::move(two);
  BOOST_TEST(!two);
  BOOST_TEST(one.references() == 2u);
  three = Chunk();
  BOOST_TEST(one.unique());
  Chunk& same = one;
  one = same;
  BOOST_TEST(one.unique());
  BOOST_TEST(one.root<schema::Number>().getValue() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_shared_counts_as_a_copy_does) {
  auto pool = Pool::make();
  Chunk one = number(*pool, 1);
  Chunk two = one.share();
  BOOST_TEST(one.references() == 2u);
  Chunk three = two.share();
  BOOST_TEST(one.references() == 3u);
  BOOST_TEST(three.message().data() == one.message().data());
  two = three = Chunk();
  BOOST_TEST(one.unique());
  BOOST_TEST(!Chunk().share());
}

BOOST_AUTO_TEST_CASE(the_last_reference_gives_the_block_back) {
  auto pool = Pool::make();
  Chunk one = number(*pool, 1);
  const void* where = one.message().data();
  Chunk two = one;
  one = Chunk();
  BOOST_TEST(number(*pool, 2).message().data() != where);
  two = Chunk();
  BOOST_TEST(number(*pool, 3).message().data() == where);
}

BOOST_AUTO_TEST_CASE(a_chunk_held_once_is_edited_in_place) {
  auto pool = Pool::make();
  Chunk chunk = number(*pool, 1);
  const void* before = chunk.message().data();
  auto [edited, memory] = std::move(chunk).edit(*pool);
  BOOST_TEST(edited.message().data() == before);
  BOOST_TEST(static_cast<const void*>(memory) == before);
  BOOST_TEST(!chunk);
}

BOOST_AUTO_TEST_CASE(a_shared_chunk_is_copied_before_it_is_edited) {
  auto pool = Pool::make();
  Chunk chunk = number(*pool, 1);
  Chunk other = chunk;
  auto [edited, memory] = std::move(chunk).edit(*pool);
  BOOST_TEST(edited.message().data() != other.message().data());
  BOOST_TEST(edited.unique());
  memory[8] = std::byte{9};
  BOOST_TEST(edited.root<schema::Number>().getValue() == 9u);
  BOOST_TEST(other.root<schema::Number>().getValue() == 1u);
  BOOST_TEST(edited.type() == other.type());
}

BOOST_AUTO_TEST_CASE(a_message_knows_its_payload_type) {
  auto type = Message<schema::Number>::payload_type();
  BOOST_TEST(type.name == "Number");
  BOOST_TEST((type == PayloadType{capnp::typeId<schema::Number>(), "whatever"}));
  BOOST_TEST(!(type == Message<schema::Bytes>::payload_type()));
}

BOOST_AUTO_TEST_SUITE_END()
