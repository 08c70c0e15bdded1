#include <algorithm>
#include <numeric>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include <leat/runtime/scaling.hpp>

using namespace leat;

namespace {

// A pool under a load of so many replicas' time: what it does in a second.
PoolInterval under(double load, std::size_t replicas) {
  auto most = static_cast<double>(replicas);
  return {replicas, 1, std::min(load, most), 0, load > most ? 10.0 * most : 0.1 * load};
}

// A pool's size and its limits.
struct Sized {
  std::size_t least, most;
  PoolSize size{};
  Scaling decide(const PoolInterval& interval) { return size.decide(interval, least, most); }
};

// Runs a pool for so many intervals; returns its size, and counts what it changed.
std::size_t after(Sized& pool, double load, std::size_t replicas, int intervals,
                  int* changes = nullptr) {
  for (int i = 0; i < intervals; ++i) {
    Scaling what = pool.decide(under(load, replicas));
    if (changes && what != Scaling::hold) ++*changes;
    if (what == Scaling::grow) ++replicas;
    if (what == Scaling::shrink) --replicas;
  }
  return replicas;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scaling)

BOOST_AUTO_TEST_CASE(a_pool_grows_to_its_load_and_shrinks_when_it_is_gone) {
  Sized size{1, 8};
  BOOST_TEST(after(size, 3.5, 1, 200) >= 4u);
  BOOST_TEST(after(size, 100, 4, 200) == 8u);
  BOOST_TEST(after(size, 0, 8, 500) == 1u);
}

RC_BOOST_PROP(under_a_steady_load_a_pool_finds_a_size_and_stays_there, ()) {
  double load = *rc::gen::inRange(0, 1000) / 100.0;
  auto least = *rc::gen::inRange<std::size_t>(1, 4);
  auto most = least + *rc::gen::inRange<std::size_t>(0, 8);
  Sized size{least, most};
  std::size_t replicas = after(size, load, *rc::gen::inRange<std::size_t>(1, 12), 1000);
  RC_ASSERT(replicas >= least);
  RC_ASSERT(replicas <= most);
  int changes = 0;
  after(size, load, replicas, 1000, &changes);
  RC_ASSERT(changes == 0);
  RC_ASSERT(load <= static_cast<double>(replicas) || replicas == most);
}

RC_BOOST_PROP(whatever_happens_a_pool_stays_between_its_limits, ()) {
  auto least = *rc::gen::inRange<std::size_t>(1, 4);
  auto most = least + *rc::gen::inRange<std::size_t>(0, 4);
  auto loads = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100));
  Sized size{least, most};
  std::size_t replicas = least;
  for (int load : loads) {
    replicas = after(size, load / 10.0, replicas, 20);
    RC_ASSERT(replicas >= least);
    RC_ASSERT(replicas <= most);
  }
}

BOOST_AUTO_TEST_CASE(a_moment_is_no_reason) {
  Sized size{1, 8};
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST((size.decide(under(10, 2)) == Scaling::hold));
    BOOST_TEST((size.decide(under(10, 2)) == Scaling::hold));
    BOOST_TEST((size.decide(under(1.5, 2)) == Scaling::hold));
  }
}

BOOST_AUTO_TEST_CASE(a_pool_that_waits_for_what_is_below_does_not_grow) {
  Sized size{1, 8};
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST((size.decide({2, 1, 1.6, 0.5, 10}) == Scaling::hold));
  }
}

BOOST_AUTO_TEST_CASE(a_busy_pool_before_which_nothing_queues_does_not_grow) {
  Sized size{1, 8};
  for (int i = 0; i < 100; ++i)
    BOOST_TEST((size.decide({2, 1, 1.9, 0, 0.9}) == Scaling::hold));
}

BOOST_AUTO_TEST_CASE(limits_that_have_moved_are_kept_at_once) {
  Sized size{2, 3};
  BOOST_TEST((size.decide(under(0, 1)) == Scaling::grow));
  BOOST_TEST((size.decide(under(10, 4)) == Scaling::shrink));
}

BOOST_AUTO_TEST_CASE(a_pool_before_which_chunks_wait_as_long_as_they_are_worked_on_grows) {
  Sized size{1, 8};
  int grown = 0;
  for (int i = 0; i < 3; ++i)
    grown += size.decide({2, 1, 1.9, 0, 1.9}) == Scaling::grow;
  BOOST_TEST(grown == 1);
}

BOOST_AUTO_TEST_CASE(a_load_that_comes_and_goes_changes_a_pool_less_and_less_often) {
  Sized size{1, 2};
  std::size_t replicas = 1;
  std::vector<int> changes;
  for (int minute = 0; minute < 8; ++minute) {
    changes.push_back(0);
    for (int i = 0; i < 15; ++i)
      replicas = after(size, 10, replicas, 5, &changes.back());
    for (int i = 0; i < 15; ++i)
      replicas = after(size, 0.1, replicas, 5, &changes.back());
  }
  BOOST_TEST(changes.front() == 2);
  BOOST_TEST(std::accumulate(changes.end() - 4, changes.end(), 0) <= 4);
}

BOOST_AUTO_TEST_SUITE_END()
