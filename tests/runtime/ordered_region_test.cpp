// Ordered regions behind links: whatever is dropped, multiplied or left over, order is that of the
// input.
#include <rapidcheck/boost_test.h>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Multiplies the number n by times[n]: 0 drops it.
auto multiply(std::vector<int> times) {
  return [times = std::move(times)](const Number& n, Out<Number>& out) {
    for (int i = 0; i < times[n.read().getValue()]; ++i)
      out.emit(n);
  };
}

std::vector<std::uint64_t> multiplied(const std::vector<int>& times) {
  std::vector<std::uint64_t> out;
  for (std::size_t n = 0; n < times.size(); ++n)
    out.insert(out.end(), static_cast<std::size_t>(times[n]), n);
  return out;
}

// Passes numbers on, and leaves `left` large ones for the end.
struct Leaves final : Actor {
  explicit Leaves(int count) : left(count) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    out.emit(visit.take());
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox& out) override {
    Building<schema::Number> large(out.pool(), 700'000);
    large.root().setValue(1'000'000);
    out.emit(std::move(large).finish());
    return --left == 0 ? Step::done : Step::more;
  }
  int left;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ordered_region)

RC_BOOST_PROP(a_region_fed_by_a_link_keeps_order, ()) {
  auto times = *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(0, 400),
                                                     rc::gen::inRange(0, 4));
  auto count = *rc::gen::inRange<std::size_t>(2, 6);
  auto chunks = *rc::gen::inRange<std::uint64_t>(1, 10);
  Graph g{"g"};
  Collected<Number> out;
  g.source("count", counting(times.size()))
      .isolated()
      .credit(1 << 20, chunks)
      .flat_map("some", multiply(times), replicas(count).ordered())
      .credit(1 << 20, chunks)
      .sink("out", collect(out));
  RC_ASSERT(failure(g) == "");
  RC_ASSERT(values(out) == multiplied(times));
}

RC_BOOST_PROP(a_region_that_pulls_its_source_keeps_order, ()) {
  auto times = *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(0, 400),
                                                     rc::gen::inRange(0, 4));
  Graph g{"g"};
  Collected<Number> out;
  g.source("count", counting(times.size()))
      .flat_map("some", multiply(times), replicas(3).ordered())
      .map("same", same())
      .sink("out", collect(out));
  RC_ASSERT(failure(g) == "");
  RC_ASSERT(values(out) == multiplied(times));
}

BOOST_AUTO_TEST_CASE(a_region_may_follow_a_region) {
  Graph g{"g"};
  Collected<Number> out;
  std::vector<int> times(3000);
  for (std::size_t i = 0; i < times.size(); ++i)
    times[i] = static_cast<int>(i * 7 % 3);
  g.source("count", counting(times.size()))
      .flat_map("some", multiply(times), replicas(3).ordered())
      .map("one", same(), replicas(1))
      .isolated()
      .map("again", same(), replicas(4).ordered())
      .sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out) == multiplied(times), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(both_branches_of_a_tee_get_the_order) {
  Graph g{"g"};
  Collected<Number> left;
  Collected<Number> right;
  Stream<Number> rows =
      g.source("count", counting(2000)).map("same", same(), replicas(3).ordered());
  rows.sink("left", collect(left));
  rows.sink("right", collect(right));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(left) == upto(2000), boost::test_tools::per_element());
  BOOST_TEST(values(right) == upto(2000), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(leftovers_larger_than_the_credit_come_last_and_do_not_hang) {
  Graph g{"g"};
  Collected<Number> out;
  auto leaves = kind_of<Leaves, Number, Number>(Sharing::stateless, 5);
  g.source("count", counting(1000))
      .map("leave", leaves, replicas(3).ordered())
      .emits_at_most(1 << 20)
      .sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  auto expected = upto(1000);
  expected.insert(expected.end(), 15, 1'000'000);
  BOOST_TEST(values(out) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
