// Which pool is changed, and on which node, by what its stages say they did.
#include <boost/test/unit_test.hpp>

#include <leat/runtime/scaler.hpp>

using namespace leat;

namespace {

using Change = PoolChange::What;

// A source (stage 0) and a pool of the stages 1 and 2 (cell 1), on nodes of two cpus.
struct Fixture {
  std::vector<NodeSpec> nodes{{"a", {}, 2, 0}, {"b", {}, 2, 0}};
  std::vector<ReplicaPool> pools{{{1, 1, 8}, {1, 2}, {}, {2, 2}}};
  Progress progress;
  std::optional<Scaler> scaler;

  Fixture() {
    progress.stages.resize(4);
    scaler.emplace(pools);
  }
  // The pool's replicas did so much of the time since, in so many visits each.
  std::optional<Scaler::Wish> after(double seconds, double busy, double waited = 1,
                                    std::uint64_t visits = 100) {
    auto size = static_cast<double>(pools[0].size());
    progress.seconds += seconds;
    progress.stages[1].replicas = progress.stages[2].replicas = pools[0].size();
    progress.stages[1].visits += visits * pools[0].size();
    progress.stages[1].busy += 0.25 * busy * size * seconds;
    progress.stages[2].busy += 0.75 * busy * size * seconds;
    progress.stages[1].queued += waited * busy * size * seconds;
    return scaler->wish(pools, nodes, progress);
  }
  // The first wish within so many looks.
  std::optional<Scaler::Wish> wish(int looks, double busy, double waited = 1) {
    for (int i = 0; i < looks; ++i) {
      if (auto wish = after(0.2, busy, waited)) return wish;
    }
    return std::nullopt;
  }
  // All there is to choose from, whatever the limits.
  PoolChoices all() const {
    PoolChoices choices;
    std::size_t replica = 0;
    for (NodeId node = 0; node < nodes.size(); ++node) {
      choices.growths.push_back({Change::grow, 1, pools[0].size(), node});
      for (std::size_t i = 0; i < pools[0].on(node); ++i)
        choices.shrinkings.push_back({Change::shrink, 1, replica++, node});
    }
    return choices;
  }
  std::optional<PoolChange> chosen(bool grow) const {
    return scaler->choose({1, grow}, pools, nodes, all());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(scaler, Fixture)

BOOST_AUTO_TEST_CASE(a_pool_with_nothing_to_do_shrinks_where_most_of_it_is) {
  pools[0].live = {1, 2};
  auto wished = wish(15, 0.1);
  BOOST_REQUIRE(wished);
  BOOST_TEST(!wished->grow);
  auto change = scaler->choose(*wished, pools, nodes, all());
  BOOST_REQUIRE(change);
  BOOST_TEST((*change == PoolChange{Change::shrink, 1, 2, 1}));
}

BOOST_AUTO_TEST_CASE(a_pool_grows_back_to_what_was_planned_and_no_further) {
  BOOST_TEST(!wish(50, 1));
  pools[0].live = {2, 1};
  auto wished = wish(10, 1);
  BOOST_REQUIRE(wished);
  BOOST_TEST(wished->grow);
  auto change = scaler->choose(*wished, pools, nodes, all());
  BOOST_REQUIRE(change);
  BOOST_TEST((*change == PoolChange{Change::grow, 1, 3, 1}));
}

BOOST_AUTO_TEST_CASE(a_node_that_came_has_room_for_as_many_as_it_has_cpus) {
  nodes.push_back({"late", {}, 3, 0});
  auto wished = wish(10, 1);
  BOOST_REQUIRE(wished);
  BOOST_TEST(chosen(true)->node == 2u);
  pools[0].live = {2, 2, 3};
  BOOST_TEST(!chosen(true).has_value());
}

BOOST_AUTO_TEST_CASE(a_pool_before_which_nothing_waits_does_not_grow) {
  pools[0].live = {2, 1};
  BOOST_TEST(!wish(50, 1, 0.1));
}

BOOST_AUTO_TEST_CASE(of_one_that_pulls_its_source_the_whole_source_waits) {
  pools[0].source = 0;
  scaler.emplace(pools);
  pools[0].live = {2, 1};
  BOOST_TEST(wish(10, 1, 0).has_value());
}

BOOST_AUTO_TEST_CASE(long_visits_are_no_idleness) {
  // Nothing is counted before a visit ends.
  for (int i = 0; i < 100; ++i)
    BOOST_TEST(!after(0.2, 0, 0, 0).has_value());
  // Then all at once: the interval was as long as the visits, and the pool full of work.
  progress.stages[1].visits += 8;
  progress.stages[2].busy += 4 * 0.2 * 101;
  BOOST_TEST(!after(0.2, 0, 0, 0).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_is_decided_while_a_replica_still_ends) {
  for (int i = 0; i < 50; ++i) {
    progress.stages[1].visits += 100;
    progress.seconds += 0.2;
    progress.stages[1].replicas = 5;
    BOOST_TEST(!scaler->wish(pools, nodes, progress).has_value());
  }
}

BOOST_AUTO_TEST_CASE(who_tells_of_fewer_stages_than_there_are_changes_nothing) {
  for (std::size_t stages : {0, 1, 2}) {
    progress.stages.resize(stages);
    BOOST_TEST(!scaler->wish(pools, nodes, progress).has_value());
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_not_chosen) {
  BOOST_TEST(!scaler->choose({1, false}, pools, nodes, {}).has_value());
  BOOST_TEST(!scaler->choose({7, false}, pools, nodes, all()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
