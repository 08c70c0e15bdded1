// A stage's inbox: what has been visited stays until another lot begins, but for what can be made again.
#include <boost/test/unit_test.hpp>

#include <leat/runtime/inbox.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

struct Pulled {
  Chunk chunk;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(inbox)

BOOST_AUTO_TEST_CASE(what_came_from_outside_is_kept_until_another_lot_begins) {
  auto pool = Pool::make();
  Inbox inbox;
  std::vector<Chunk> seen;
  std::vector<Pulled> pulled;
  for (std::uint64_t i = 0; i < 100; ++i) {
    pulled.push_back({number(*pool, i).chunk()});
    seen.push_back(pulled.back().chunk);
  }
  inbox.push_all(std::span(pulled), 7, 1);
  BOOST_TEST(inbox.next() == 100u);
  for (std::uint64_t i = 0; i < 100; ++i) {
    BOOST_TEST_REQUIRE(!inbox.empty());
    BOOST_TEST(inbox.front().chunk.message().data() == seen[i].message().data());
    BOOST_TEST(inbox.front().input == 7 + i);
    BOOST_TEST(inbox.front().port == 1);
    inbox.pop();
  }
  BOOST_TEST(inbox.empty());
  BOOST_TEST(seen[3].references() == 2u);
  inbox.begin();
  BOOST_TEST(inbox.next() == 0u);
  for (const Chunk& each : seen) BOOST_TEST(each.unique());
}

BOOST_AUTO_TEST_CASE(what_can_be_made_again_goes_when_it_has_been_visited) {
  auto pool = Pool::make();
  Inbox inbox;
  Chunk one = number(*pool, 1).chunk();
  Chunk two = number(*pool, 2).chunk();
  inbox.push(Chunk(one), 0, 0, true);
  inbox.push(Chunk(two), 0, 0, true);
  inbox.pop();
  BOOST_TEST(one.unique());
  BOOST_TEST(two.references() == 2u);
  inbox.begin();
  BOOST_TEST(inbox.next() == 2u);
  inbox.clear();
  BOOST_TEST(two.unique());
}

BOOST_AUTO_TEST_CASE(what_is_taken_back_makes_room_for_others) {
  auto pool = Pool::make();
  Inbox inbox;
  Chunk one = number(*pool, 1).chunk();
  for (int i = 0; i < 40; ++i) inbox.push(Chunk(one), 0, 0, i % 2 == 0);
  BOOST_TEST(inbox.bytes(38) == 2 * one.footprint());
  inbox.take_back(1);
  BOOST_TEST(one.references() == 2u);
  BOOST_TEST(inbox.next() == 1u);
  for (int i = 0; i < 40; ++i) inbox.push(Chunk(one), 0, 0, true);
  for (int i = 0; i < 41; ++i) inbox.pop();
  BOOST_TEST(inbox.empty());
  inbox.begin();
  BOOST_TEST(one.unique());
}

BOOST_AUTO_TEST_SUITE_END()
