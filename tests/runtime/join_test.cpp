// Joins whose build side is read to its end before the stream.
#include <algorithm>
#include <atomic>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Emits a streamed number plus the sum of its build side.
struct AddSum final : Actor {
  AddSum(std::size_t port, bool echoes) : build_port(port), echo(echoes) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (visit.port == build_port) {
      if (streaming) return failed("the build side came late");
      sum += value(visit.chunk);
      ++built;
      if (echo && built == 1) out.emit(number(out.pool(), 1'000'000).chunk());
      return Step::done;
    }
    streaming = true;
    out.emit(number(out.pool(), value(visit.chunk) + sum).chunk());
    return Step::done;
  }
  std::size_t build_port;
  bool echo;
  bool streaming = false;
  std::uint64_t sum = 0;
  int built = 0;
};

Kind<Number, Number, Number> add_sum(std::size_t build_port = 1, bool echo = false) {
  auto kind = kind_of<AddSum, Number, Number, Number>(Sharing::single, build_port, echo);
  kind.inputs[build_port].whole_first = true;
  return kind;
}

std::vector<std::uint64_t> shifted(std::uint64_t end, std::uint64_t by) {
  auto out = upto(end);
  for (auto& one : out)
    one += by;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(join)

BOOST_AUTO_TEST_CASE(every_replica_sees_the_whole_build_side_before_the_stream) {
  for (std::size_t count : {1, 3}) {
    for (bool isolated : {false, true}) {
      Graph g{"g"};
      Collected<Number> out;
      Stream<Number> build = g.source("build", counting(100)).map("slow", same()).isolated();
      Stream<Number> rows = g.source("stream", counting(2000));
      if (isolated) rows = rows.isolated();
      rows.join("add", build, add_sum(), replicas(count)).sink("out", collect(out));
      BOOST_TEST(failure(g) == "");
      auto got = values(out);
      std::sort(got.begin(), got.end());
      BOOST_TEST(got == shifted(2000, 4950), boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_join_keeps_the_order_of_its_stream) {
  Graph g{"g"};
  Collected<Number> out;
  Stream<Number> build = g.source("build", counting(100));
  g.source("stream", counting(2000))
      .join("add", build, add_sum(), replicas(3).ordered())
      .sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out) == shifted(2000, 4950), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_numbers_of_a_build_side_are_not_those_of_the_stream) {
  Graph g{"g"};
  Collected<Number> out;
  Stream<Number> build =
      g.source("build", counting(1000)).map("ordered", same(), replicas(2).ordered());
  g.source("stream", counting(1000))
      .join("add", build, add_sum(), replicas(4).ordered())
      .sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out) == shifted(1000, 499'500), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_build_side_makes_in_an_ordered_region_is_not_stuck) {
  Graph g{"g"};
  Collected<Number> out;
  Stream<Number> build = g.source("build", counting(100));
  g.source("stream", counting(2000))
      .join("add", build, add_sum(1, true), replicas(3).ordered())
      .sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  auto got = values(out);
  BOOST_TEST(std::count(got.begin(), got.end(), 1'000'000u) == 3);
  got.erase(std::remove(got.begin(), got.end(), 1'000'000u), got.end());
  BOOST_TEST(got == shifted(2000, 4950), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_build_side_may_be_the_first_input) {
  for (bool isolated : {false, true}) {
    Graph g{"g"};
    Collected<Number> out;
    Stream<Number> rows = g.source("stream", counting(500)).map("same", same());
    if (isolated) rows = rows.isolated();
    g.source("build", counting(100)).join("add", rows, add_sum(0)).sink("out", collect(out));
    BOOST_TEST(failure(g) == "");
    BOOST_TEST(values(out) == shifted(500, 4950), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(an_empty_build_side_lets_the_stream_pass) {
  Graph g{"g"};
  Collected<Number> out;
  Stream<Number> build = g.source("build", counting(0));
  g.source("stream", counting(50))
      .join("add", build, add_sum(), replicas(2))
      .sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out).size() == 50u);
}

BOOST_AUTO_TEST_CASE(a_join_of_two_streams_takes_either_as_it_comes) {
  Graph g{"g"};
  Collected<Number> out;
  auto both = kind_of<AddSum, Number, Number, Number>(Sharing::single, std::size_t{7}, false);
  Stream<Number> left = g.source("left", counting(1000));
  g.source("right", counting(1000)).join("both", left, both).sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out).size() == 2000u);
}

BOOST_AUTO_TEST_SUITE_END()
