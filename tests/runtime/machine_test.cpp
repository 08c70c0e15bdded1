#include <cstring>
#include <memory>
#include <thread>

#include <boost/test/unit_test.hpp>
#include <sched.h>

#include <leat/runtime/machine.hpp>

using namespace leat;

namespace {

std::size_t affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  BOOST_REQUIRE(sched_getaffinity(0, sizeof set, &set) == 0);
  return static_cast<std::size_t>(CPU_COUNT(&set));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(machine)

BOOST_AUTO_TEST_CASE(the_budget_is_at_least_one_and_within_the_affinity) {
  BOOST_TEST(cpu_budget() >= 1u);
  BOOST_TEST(cpu_budget() <= affinity());
}

BOOST_AUTO_TEST_CASE(a_thread_bound_to_one_cpu_has_a_budget_of_one) {
  std::size_t budget = 0;
  std::thread([&] {
    cpu_set_t all;
    CPU_ZERO(&all);
    sched_getaffinity(0, sizeof all, &all);
    int first = 0;
    while (!CPU_ISSET(first, &all))
      ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    if (sched_setaffinity(0, sizeof one, &one) == 0) budget = cpu_budget();
  }).join();
  BOOST_TEST(budget == 1u);
}

BOOST_AUTO_TEST_CASE(the_peak_grows_with_what_is_touched_and_never_shrinks) {
  std::uint64_t before = peak_memory();
  BOOST_TEST(before > 1u << 20);
  constexpr std::size_t kBytes = 64 << 20;
  {
    auto touched = std::make_unique<char[]>(kBytes + before);
    std::memset(touched.get(), 1, kBytes + before);
  }
  BOOST_TEST(peak_memory() >= before + kBytes);
}

BOOST_AUTO_TEST_SUITE_END()
