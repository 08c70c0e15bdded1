// A chunk is not kept for the sake of those that come after it.
#include <chrono>
#include <semaphore>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// How many numbers the sink has seen when the source was asked for the one after them.
struct Seen {
  std::counting_semaphore<> semaphore{0};
};

// Works for a while, as a stage would.
void work_for(std::chrono::milliseconds time) {
  auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(latency)

// Each number is given only when the one before has come out at the other end: kept ones would never come.
BOOST_AUTO_TEST_CASE(what_a_slow_source_has_given_arrives_before_it_gives_more) {
  for (bool isolated : {false, true}) {
    auto seen = std::make_shared<Seen>();
    std::size_t late = 0;
    auto source = [seen, &late, n = std::uint64_t{0}](Out<Number>& out) mutable -> bool {
      if (n > 0 && !seen->semaphore.try_acquire_for(std::chrono::seconds(5))) ++late;
      if (n == 6) return false;
      out.emit(number(out.pool(), n++));
      // What is given within a millisecond may come in one go.
      work_for(std::chrono::milliseconds(2));
      return true;
    };
    Graph g{"g"};
    auto numbers = g.source("slow", source);
    if (isolated) numbers = numbers.blocking();
    for (const char* name : {"1", "2", "3", "4"}) {
      numbers = numbers.map(name, same());
      if (isolated) numbers = numbers.isolated();
    }
    numbers.sink("out", [seen](const Number&) { seen->semaphore.release(); }).isolated();
    BOOST_TEST(failure(g) == "");
    BOOST_TEST(late == 0u);
  }
}

// A cell that always has something to do sends what it has after a while, not only when there is enough of it.
BOOST_AUTO_TEST_CASE(a_busy_cell_sends_a_few_small_chunks_in_time) {
  auto seen = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::uint64_t first_seen_at = 0;
  auto busy = [seen, &first_seen_at, n = std::uint64_t{0}](Number given) mutable -> Number {
    work_for(std::chrono::milliseconds(5));
    ++n;
    if (first_seen_at == 0 && *seen > 0) first_seen_at = n;
    return given;
  };
  Graph g{"g"};
  g.source("count", counting(40)).map("busy", busy).isolated().sink("out", [seen](const Number&) { ++*seen; }).isolated();
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(*seen == 40u);
  BOOST_TEST(first_seen_at > 0u);
  BOOST_TEST(first_seen_at < 20u);
}

BOOST_AUTO_TEST_CASE(the_latency_is_part_of_the_graph) {
  Graph g{"g"};
  BOOST_TEST(g.latency().count() == 10);
  g.latency(std::chrono::milliseconds(3));
  BOOST_TEST(g.latency().count() == 3);
  g.latency(std::chrono::milliseconds(-1));
  g.source("count", counting(1)).sink("out", [](const Number&) {});
  BOOST_TEST(failure(g) == "graph g: may keep chunks waiting for -1 ms: write 0 or more");
}

BOOST_AUTO_TEST_SUITE_END()
