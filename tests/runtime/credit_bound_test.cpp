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
void wait_for_quiet(const Watch& watch) {
  std::uint64_t before = watch.made;
  for (int quiet = 0; quiet < 20'000; ++quiet) {
    std::uint64_t now = watch.made;
    if (now != before) quiet = 0;
    before = now;
    if (quiet % 100 == 0) std::this_thread::yield();
  }
}

// Chunks of all sizes up to kChunk, one after the other.
auto mixed(std::shared_ptr<Watch> watch, int count) {
  return [watch, count](Out<Number>& out) mutable -> bool {
    if (count-- == 0) return false;
    std::size_t sizes[] = {64, kChunk, 3'000, kChunk / 2, 64, 40'000, kChunk, kChunk};
    Building<schema::Number> building(out.pool(), sizes[count % 8]);
    building.root().setValue(static_cast<std::uint64_t>(count));
    out.emit(Number(std::move(building).finish()));
    watch->one_more();
    return true;
  };
}

// Says in the end what the pool held at most.
struct Peak final : Actor {
  Peak(std::shared_ptr<Watch> at, std::shared_ptr<std::atomic<std::uint64_t>> most)
      : watch(std::move(at)), peak(std::move(most)) {}
  Result<Step> visit(Visit&, Outbox&) override {
    wait_for_quiet(*watch);
    ++watch->gone;
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox& out) override {
    *peak = out.pool().usage().peak;
    return Step::done;
  }
  std::shared_ptr<Watch> watch;
  std::shared_ptr<std::atomic<std::uint64_t>> peak;
};

auto slow(std::shared_ptr<Watch> watch) {
  return [watch](const Number&) {
    wait_for_quiet(*watch);
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

// How much of the bound is filled depends on who runs when: the most of several runs counts.
BOOST_AUTO_TEST_CASE(chunks_of_all_sizes_over_links_and_pools_fill_the_bound_and_do_not_pass_it) {
  bool filled = false;
  for (int runs = 0; runs < 20 && !filled; ++runs) {
    auto watch = std::make_shared<Watch>();
    auto peak = std::make_shared<std::atomic<std::uint64_t>>(0);
    std::uint64_t each = Pool::footprint(kChunk);
    Graph g{"g"};
    g.source("read", mixed(watch, 64))
        .emits_at_most(each)
        .isolated()
        .map("one", same(), replicas(2))
        .emits_at_most(each)
        .by_key("value", [](const Number& n) { return n.read().getValue(); })
        .map("two", same(), replicas(3))
        .emits_at_most(each)
        .sink("out", kind_of<Peak, void, Number>(Sharing::single, watch, peak))
        .blocking();
    auto planned = leat::plan(g, 2);
    BOOST_REQUIRE(planned);
    std::uint64_t allowed = planned->bound.chunks();
    BOOST_REQUIRE(leat::run(std::move(*planned)));
    BOOST_TEST(watch->gone == 64u);
    BOOST_TEST(*peak <= allowed);
    filled = allowed <= 4 * *peak;
  }
  BOOST_TEST(filled, "the bound is far too large");
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
