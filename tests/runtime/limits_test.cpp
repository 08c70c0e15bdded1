// What a stage may emit, keep and do before anything moves.
#include <atomic>

#include <leat/actor/budget.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

using Blob = Message<schema::Bytes>;

Blob blob(Pool& pool, std::size_t bytes) {
  Building<schema::Bytes> building(pool, bytes + 32);
  building.root().initData(static_cast<capnp::uint>(bytes));
  return Blob(std::move(building).finish());
}

struct Keep final : Actor {
  Result<Step> visit(Visit& visit, Outbox& out) override {
    auto one = out.keep(visit.chunk);
    if (!one) return std::move(one).error();
    kept.push_back(std::move(*one));
    return Step::done;
  }
  std::vector<Kept> kept;
};

struct NoStart final : Actor {
  Result<void> start(Outbox&) override { return failed("cannot open out.csv: no such folder"); }
  Result<Step> visit(Visit&, Outbox&) override { return Step::done; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(a_chunk_over_the_declared_size_fails_and_names_the_stage) {
  Graph g{"g"};
  g.source("count", counting(1))
      .map("swell", [](Number, Pool& pool) { return blob(pool, 2 << 20); })
      .sink("out", [](const Blob&) {});
  BOOST_TEST(
      failure(g) ==
      "stage swell: emitted a chunk of 2.50 MiB, more than the 512 KiB its output may have: emit "
      "smaller chunks");
}

BOOST_AUTO_TEST_CASE(more_than_the_declared_output_fails_and_names_the_stage) {
  Graph g{"g"};
  g.source("count", counting(1))
      .flat_map("many",
                [](Number, Out<Blob>& out) {
                  for (int i = 0; i < 5; ++i)
                    out.emit(blob(out.pool(), 1000));
                })
      .emits_at_most(4096)
      .sink("out", [](const Blob&) {});
  std::string said = failure(g);
  BOOST_TEST(said.find("stage many: emitted 6.25 KiB") == 0u, said);
  BOOST_TEST(
      said.find("more than the 4.00 KiB it declared: declare more with emits_at_most") != std::string::npos,
      said);
}

BOOST_AUTO_TEST_CASE(as_much_as_was_declared_is_fine) {
  Graph g{"g"};
  g.source("count", counting(100))
      .flat_map("many",
                [](Number n, Out<Number>& out) {
                  for (int i = 0; i < 8; ++i)
                    out.emit(n);
                })
      .emits_at_most(8 * Pool::footprint(64))
      .sink("out", [](const Number&) {});
  BOOST_TEST(failure(g) == "");
}

BOOST_AUTO_TEST_CASE(a_source_over_its_limits_is_named) {
  Graph g{"g"};
  g.source("read", [](Out<Blob>& out) -> bool {
     out.emit(blob(out.pool(), 2 << 20));
     return true;
   }).sink("out", [](const Blob&) {});
  BOOST_TEST(failure(g).find("stage read: emitted a chunk of 2.50 MiB") == 0u, failure(g));
}

BOOST_AUTO_TEST_CASE(a_source_that_throws_is_named) {
  Graph g{"g"};
  g.source("read", [](Out<Number>&) -> bool { throw std::runtime_error("torn page"); })
      .map("same", same(), replicas(3))
      .sink("out", [](const Number&) {});
  BOOST_TEST(failure(g) == "stage read: threw an exception: torn page");
}

BOOST_AUTO_TEST_CASE(an_error_of_a_stage_is_named_once) {
  Graph g{"g"};
  g.source("count", counting(10))
      .map("parse",
           [](Number n) -> Result<Number> {
             if (n.read().getValue() == 7) return corrupt("line 8 is short");
             return n;
           })
      .sink("out", [](const Number&) {});
  auto report = leat::run(g, {.threads = 2});
  BOOST_REQUIRE(!report);
  BOOST_TEST((report.error().kind == ErrorKind::corrupt));
  BOOST_TEST(report.error().sentence == "stage parse: line 8 is short");
}

BOOST_AUTO_TEST_CASE(keeping_more_than_the_state_that_was_declared_fails) {
  std::uint64_t each = Pool::footprint(64);
  for (std::uint64_t room : {9, 10}) {
    Graph g{"g"};
    g.source("count", counting(10))
        .sink("keep", kind_of<Keep, void, Number>(Sharing::single))
        .state(room * each);
    std::string said = failure(g);
    if (room == 10) BOOST_TEST(said == "");
    if (room == 9)
      BOOST_TEST(
          said.find("stage keep: the stage wants to hold 128 bytes more than the 1152") == 0u,
          said);
  }
}

BOOST_AUTO_TEST_CASE(a_stage_that_cannot_start_fails_the_run_before_anything_moves) {
  auto pulled = std::make_shared<std::atomic<int>>(0);
  Graph g{"g"};
  g.source("count",
           [pulled](Out<Number>& out) -> bool {
             ++*pulled;
             out.emit(number(out.pool(), 1));
             return true;
           })
      .isolated()
      .map("same", same())
      .isolated()
      .sink("write", kind_of<NoStart, void, Number>(Sharing::single))
      .isolated();
  BOOST_TEST(failure(g) == "stage write: cannot open out.csv: no such folder");
  BOOST_TEST(*pulled == 0);
}

BOOST_AUTO_TEST_SUITE_END()
