// What is in flight is what the plan says, however slow a consumer is.
#include <algorithm>
#include <atomic>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

constexpr std::size_t kChunk = 200'000;

// Emits large chunks and looks, at each one, at how many it has made are still alive.
struct Watch {
  std::atomic<std::uint64_t> made{0};
  std::atomic<std::uint64_t> gone{0};
  std::atomic<std::uint64_t> most{0};
  void one_more() {
    std::uint64_t alive = ++made - gone;
    std::uint64_t seen = most;
    while (alive > seen && !most.compare_exchange_weak(seen, alive)) {
    }
  }
};

auto large(std::shared_ptr<Watch> watch, int count) {
  return [watch, count](Out<Number>& out) mutable -> bool {
    if (count-- == 0) return false;
    Building<schema::Number> building(out.pool(), kChunk);
    building.root().setValue(1);
    out.emit(Number(std::move(building).finish()));
    watch->one_more();
    return true;
  };
}

// Falls behind as far as it is let: it works a chunk off only when nothing else can move, which it
// finds out by spinning until the count of chunks made has not changed for long.
auto slow(std::shared_ptr<Watch> watch) {
  return [watch](const Number&) {
    std::uint64_t before = watch->made;
    for (int quiet = 0; quiet < 20'000; ++quiet) {
      std::uint64_t now = watch->made;
      if (now != before) quiet = 0;
      before = now;
      if (quiet % 100 == 0) std::this_thread::yield();
    }
    ++watch->gone;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(credit_bound)

BOOST_AUTO_TEST_CASE(a_slow_consumer_never_has_more_in_flight_than_the_credit) {
  std::uint64_t each = Pool::footprint(kChunk);
  for (std::uint64_t chunks : {1, 3, 8}) {
    auto watch = std::make_shared<Watch>();
    Graph g{"g"};
    std::uint64_t credit = std::max<std::uint64_t>(chunks * each, 1 << 20);
    g.source("read", large(watch, 60))
        .isolated()
        .credit(credit, chunks)
        .sink("slow", slow(watch))
        .blocking();
    BOOST_TEST(failure(g) == "");
    std::uint64_t window = std::min(chunks, credit / each);
    // One more is staged by the source's cell, and one is on its way from the source to there.
    BOOST_TEST(watch->most <= window + 2);
    BOOST_TEST(watch->most >= window, "the credit was not used");
    BOOST_TEST(watch->gone == 60u);
  }
}

BOOST_AUTO_TEST_CASE(the_pool_holds_no_more_than_the_plan_says) {
  auto watch = std::make_shared<Watch>();
  Graph g{"g"};
  Stream<Number> read = g.source("read", large(watch, 100));
  read.map("a", same()).isolated().sink("left", slow(watch)).blocking();
  read.map("b", same(), replicas(2)).sink("right", [](const Number&) {});
  auto planned = leat::plan(g, 2);
  BOOST_REQUIRE(planned);
  std::uint64_t allowed = planned->bound.chunks();
  auto report = leat::run(std::move(*planned), {.threads = 2});
  BOOST_REQUIRE(report);
  BOOST_TEST(watch->most * Pool::footprint(kChunk) <= allowed);
}

BOOST_AUTO_TEST_CASE(in_the_middle_of_a_chain_nothing_piles_up) {
  auto watch = std::make_shared<Watch>();
  Graph g{"g"};
  g.source("read", large(watch, 50))
      .map("a", same())
      .map("b", same())
      .sink("out", [watch](const Number&) { ++watch->gone; });
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(watch->most == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
