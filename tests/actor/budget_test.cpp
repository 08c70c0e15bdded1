#include <boost/test/unit_test.hpp>

#include <leat/actor/recording_outbox.hpp>
#include <leat/schemas/chunk.capnp.h>

using namespace leat;

namespace {

Chunk number(Pool& pool, std::uint64_t value) {
  Building<schema::Number> building(pool);
  building.root().setValue(value);
  return std::move(building).finish();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(budget)

BOOST_AUTO_TEST_CASE(a_budget_takes_up_to_its_limit_and_nothing_when_it_does_not_fit) {
  StateBudget budget(100);
  BOOST_TEST(budget.take(60));
  BOOST_TEST(!budget.take(41));
  BOOST_TEST(budget.held() == 60u);
  BOOST_TEST(budget.take(40));
  BOOST_TEST(!budget.take(1));
  BOOST_TEST(budget.take(0));
  budget.give(100);
  BOOST_TEST(budget.held() == 0u);
}

BOOST_AUTO_TEST_CASE(an_amount_beyond_counting_does_not_wrap_round) {
  StateBudget budget(100);
  BOOST_REQUIRE(budget.take(50));
  BOOST_TEST(!budget.take(~std::uint64_t{0}));
  BOOST_TEST(budget.held() == 50u);
}

BOOST_AUTO_TEST_CASE(what_is_held_is_given_back_when_it_goes) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool, 100);
  {
    auto held = out.hold(70);
    BOOST_REQUIRE(held);
    BOOST_TEST(out.budget().held() == 70u);
    Held moved = std::move(*held);
    BOOST_TEST(out.budget().held() == 70u);
  }
  BOOST_TEST(out.budget().held() == 0u);
}

BOOST_AUTO_TEST_CASE(what_takes_another_share_gives_its_own_back) {
  StateBudget budget(100);
  BOOST_REQUIRE(budget.take(30));
  Held one(budget, 30);
  BOOST_REQUIRE(budget.take(20));
  Held two(budget, 20);
  one = std::move(two);
  BOOST_TEST(budget.held() == 20u);
}

BOOST_AUTO_TEST_CASE(a_kept_chunk_is_charged_its_footprint_as_long_as_it_is_kept) {
  auto pool = Pool::make();
  Chunk chunk = number(*pool, 1);
  RecordingOutbox out(*pool, 3 * chunk.footprint());
  std::vector<Kept> kept;
  for (int i = 0; i < 3; ++i) {
    auto one = out.keep(chunk);
    BOOST_REQUIRE(one);
    kept.push_back(std::move(*one));
  }
  BOOST_TEST(out.budget().held() == 3 * chunk.footprint());
  kept.erase(kept.begin());
  BOOST_TEST(out.budget().held() == 2 * chunk.footprint());
  BOOST_TEST(chunk.references() == 3u);
  kept.clear();
  BOOST_TEST(out.budget().held() == 0u);
}

BOOST_AUTO_TEST_CASE(a_full_budget_refuses_with_a_sentence_and_keeps_nothing) {
  auto pool = Pool::make();
  Chunk chunk = number(*pool, 1);
  RecordingOutbox out(*pool, chunk.footprint() - 1);
  auto kept = out.keep(chunk);
  BOOST_REQUIRE(!kept);
  BOOST_TEST((kept.error().kind == ErrorKind::overloaded));
  BOOST_TEST(
      kept.error().sentence ==
      "the stage wants to hold 128 bytes more than the 127 bytes of state it declared: raise its "
      "Needs::state");
  BOOST_TEST(chunk.unique());
  BOOST_TEST(!out.hold(chunk.footprint()));
  BOOST_TEST(out.budget().held() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
