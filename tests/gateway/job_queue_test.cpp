#include <boost/test/unit_test.hpp>

#include <leat/gateway/job_queue.hpp>

#include <map>
#include <string>

using namespace leat;

namespace {

struct Queue {
  JobQueue queue{{8 << 20, 4}};
  void add(std::uint64_t id, const char* tenant, int priority = 0, Capacity needs = {1 << 20, 1}) {
    BOOST_REQUIRE(queue.add({id, tenant, priority, needs}));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_queue, Queue)

BOOST_AUTO_TEST_CASE(jobs_start_by_age_as_they_fit) {
  for (std::uint64_t id = 1; id <= 6; ++id) add(id, "a");
  for (std::uint64_t id = 1; id <= 4; ++id) BOOST_TEST(queue.start() == id);
  BOOST_TEST(queue.start() == 0u);
  BOOST_TEST(queue.reason(5, 1) == "waits for 1 thread: 0 of 4 is free");
  BOOST_TEST(queue.reason(6, 2) == "behind 1 other");
  queue.remove(2);
  BOOST_TEST(queue.start() == 5u);
  BOOST_TEST((queue.waiting() == 1 && queue.running() == 4));
}

BOOST_AUTO_TEST_CASE(priority_comes_before_share_and_age) {
  add(1, "a");
  add(2, "a", 5);
  add(3, "b", 5);
  BOOST_TEST(queue.order() == (std::vector<std::uint64_t>{2, 3, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_floods_waits_no_less_and_others_no_more) {
  for (std::uint64_t id = 1; id <= 100; ++id) add(id, "flood");
  add(101, "b");
  add(102, "c");
  add(103, "b");
  auto order = queue.order();
  auto place = [&](std::uint64_t id) { return std::find(order.begin(), order.end(), id) - order.begin(); };
  BOOST_TEST(place(101) <= 2);
  BOOST_TEST(place(102) <= 2);
  BOOST_TEST(place(103) <= 5);
}

BOOST_AUTO_TEST_CASE(where_one_runs_at_a_time_tenants_take_turns) {
  JobQueue one({8 << 20, 1});
  std::uint64_t id = 0;
  std::map<std::uint64_t, std::string> tenant;
  for (int i = 0; i < 50; ++i) tenant[++id] = "flood";
  for (int i = 0; i < 10; ++i) tenant[++id] = "b";
  for (const auto& [job, name] : tenant) BOOST_REQUIRE(one.add({job, name, 0, {1 << 20, 1}}));
  int of_b = 0;
  for (int i = 0; i < 20; ++i) {
    std::uint64_t now = one.start();
    of_b += tenant.at(now) == "b";
    one.remove(now);
  }
  BOOST_TEST(of_b == 10);
}

BOOST_AUTO_TEST_CASE(one_that_comes_back_has_not_saved_up_turns) {
  JobQueue one({8 << 20, 1});
  for (std::uint64_t id = 1; id <= 20; ++id) {
    BOOST_REQUIRE(one.add({id, "a", 0, {1 << 20, 1}}));
    if (id <= 10) BOOST_TEST(one.start() == id);
    if (id <= 10) one.remove(id);
  }
  for (std::uint64_t id = 21; id <= 30; ++id) BOOST_REQUIRE(one.add({id, "b", 0, {1 << 20, 1}}));
  int of_a = 0;
  for (int i = 0; i < 10; ++i) {
    std::uint64_t now = one.start();
    of_a += now <= 20;
    one.remove(now);
  }
  BOOST_TEST(of_a == 5);
}

BOOST_AUTO_TEST_CASE(a_large_job_is_not_passed_by_small_ones_for_ever) {
  add(1, "a");
  add(2, "b", 0, {8 << 20, 4});
  BOOST_TEST(queue.start() == 1u);
  add(3, "a");
  BOOST_TEST(queue.start() == 0u);
  BOOST_TEST(queue.reason(2, 1) == "waits for 8.00 MiB of memory: 7.00 MiB of 8.00 MiB is free");
  queue.remove(1);
  BOOST_TEST(queue.start() == 2u);
  BOOST_TEST(queue.start() == 0u);
  queue.remove(2);
  BOOST_TEST(queue.start() == 3u);
}

BOOST_AUTO_TEST_CASE(one_that_never_fits_is_refused_and_not_queued) {
  auto much = queue.add({1, "a", 0, {9 << 20, 1}});
  BOOST_REQUIRE(!much.ok());
  BOOST_TEST(much.error().sentence.find("--memory") != std::string::npos);
  BOOST_TEST(!queue.add({2, "a", 0, {1, 5}}).ok());
  BOOST_TEST(queue.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(what_was_running_before_takes_its_share_even_where_it_does_not_fit) {
  queue.adopt({1, "a", 0, {20 << 20, 9}});
  add(2, "b");
  BOOST_TEST(queue.start() == 0u);
  BOOST_TEST(queue.free().memory == 0u);
  queue.remove(1);
  BOOST_TEST(queue.start() == 2u);
  BOOST_TEST(queue.free().threads == 3u);
  queue.remove(7);
}

BOOST_AUTO_TEST_SUITE_END()
