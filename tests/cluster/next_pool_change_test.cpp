// Which change of its pools a job makes next.
#include <boost/test/unit_test.hpp>

#include <leat/cluster/next_pool_change.hpp>

using namespace leat;

namespace {

using Change = PoolChange::What;

// The pools of cells 1 and 2 on nodes of two cpus: a and b, there from the beginning, and late, which came since.
struct Fixture {
  JobParts parts;
  PlacedJob placed;
  NextPoolChange next{parts};

  Fixture() {
    for (const char* name : {"a", "b", "late"}) {
      Member member;
      member.peer = parts.size() + 1;
      member.joined.node = {name, {}, 2, 0};
      parts.add(member);
    }
    parts[2].late = true;
    for (CellId cell : {1, 2}) {
      placed.pools.push_back({{cell, 1, 8}, {static_cast<StageId>(cell)}, {}, {2, 2, 0}});
      for (NodeId node = 0; node < 3; ++node) placed.possible.growths.push_back({Change::grow, cell, 4, node});
      for (std::size_t replica = 0; replica < 4; ++replica) {
        placed.possible.shrinkings.push_back({Change::shrink, cell, replica, static_cast<NodeId>(replica / 2)});
      }
    }
    next.start(placed);
  }

  // The stages do nothing, for long enough to be sure of it.
  bool look_at_idle_stages() {
    bool wished = false;
    for (int looks = 0; looks < 20 && !wished; ++looks) {
      Progress& progress = parts[0].progress;
      progress.seconds += 0.25;
      progress.stages.resize(3);
      for (StageId id = 0; id < 3; ++id) {
        StageProgress& stage = progress.stages[id];
        stage.name = std::to_string(id);
        stage.replicas = 4;
        stage.visits += 400;
      }
      wished = next.look(placed);
    }
    return wished;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(next_pool_change, Fixture)

BOOST_AUTO_TEST_CASE(what_can_leave_a_node_that_drains_does) {
  BOOST_TEST(!next.for_drained(placed).has_value());
  parts[1].drains = true;
  BOOST_TEST((next.for_drained(placed) == PoolChange{Change::shrink, 1, 2, 1}));
  parts[1].takes_part = false;
  BOOST_TEST(!next.for_drained(placed).has_value());
}

BOOST_AUTO_TEST_CASE(pools_take_turns_on_a_node_that_came_later_up_to_its_cpus) {
  BOOST_TEST((next.for_late(placed) == PoolChange{Change::grow, 1, 4, 2}));
  parts[2].grown = 1;
  BOOST_TEST((next.for_late(placed) == PoolChange{Change::grow, 2, 4, 2}));
  parts[2].grown = 2;
  BOOST_TEST(!next.for_late(placed).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_grows_onto_a_node_that_drains_or_has_no_room) {
  parts[2].drains = true;
  BOOST_TEST(!next.for_late(placed).has_value());
  parts[2].drains = false;
  parts[2].crowded = true;
  BOOST_TEST(!next.for_late(placed).has_value());
}

BOOST_AUTO_TEST_CASE(a_wish_is_used_once_and_lost_where_the_placement_is_not_known) {
  BOOST_TEST(!next.for_wish(placed).has_value());
  BOOST_TEST_REQUIRE(look_at_idle_stages());
  auto change = next.for_wish(placed);
  BOOST_TEST_REQUIRE(change.has_value());
  BOOST_TEST((change->what == Change::shrink));
  BOOST_TEST(!next.for_wish(placed).has_value());
  BOOST_TEST_REQUIRE(look_at_idle_stages());
  BOOST_TEST(!next.for_wish(std::nullopt).has_value());
  BOOST_TEST(!next.for_wish(placed).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
