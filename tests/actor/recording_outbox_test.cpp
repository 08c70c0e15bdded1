#include <boost/test/unit_test.hpp>

#include <leat/actor/recording_outbox.hpp>
#include <leat/schemas/chunk.capnp.h>

using namespace leat;

namespace {

Chunk number(Pool& pool, std::uint64_t value) {
  Building<schema::Number> building(pool);
  building.root().setValue(value);
  return std::move(building).finish();
}

std::uint64_t value(const Chunk& chunk) {
  return chunk.root<schema::Number>().getValue();
}

// Emits n, n - 1 ... 1 for the number n, one a step; then 100 and 101 when all is in.
struct Countdown final : Actor {
  Result<void> start(Outbox& out) override {
    out.count("starts", 1);
    return {};
  }
  Result<Step> visit(Visit& visit, Outbox& out) override {
    std::uint64_t n = value(visit.chunk);
    if (n == 13) return corrupt("13 is not counted down");
    if (visit.position < n) out.emit(number(out.pool(), n - visit.position++));
    ports += visit.port;
    out.count("steps", 1);
    return visit.position < n ? Step::more : Step::done;
  }
  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) return Step::done;
    out.emit(number(out.pool(), 100 + finishes));
    out.report("finishes", std::to_string(++finishes));
    return finishes == 2 ? Step::done : Step::more;
  }
  std::uint64_t finishes = 0;
  std::size_t ports = 0;
};

struct Ten final : Source {
  Result<Description> probe() override { return Description{}; }
  Result<Step> pull(Outbox& out) override {
    out.emit(number(out.pool(), ++at));
    return at < 10 ? Step::more : Step::done;
  }
  std::uint64_t at = 0;
};

std::vector<std::uint64_t> values(const RecordingOutbox& out) {
  std::vector<std::uint64_t> all;
  for (const Chunk& chunk : out.emitted)
    all.push_back(value(chunk));
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recording_outbox)

BOOST_AUTO_TEST_CASE(feeding_runs_a_whole_life_with_every_step) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Countdown actor;
  BOOST_REQUIRE(feed(actor, {number(*pool, 3), number(*pool, 1)}, out));
  BOOST_TEST(values(out) == (std::vector<std::uint64_t>{3, 2, 1, 1, 100, 101}),
             boost::test_tools::per_element());
  BOOST_TEST(out.counts["starts"] == 1u);
  BOOST_TEST(out.counts["steps"] == 4u);
  BOOST_REQUIRE(out.reports.size() == 2u);
  BOOST_TEST(out.reports[1].second == "2");
}

BOOST_AUTO_TEST_CASE(an_interrupted_life_is_told_so) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Countdown actor;
  BOOST_REQUIRE(feed(actor, {number(*pool, 1)}, out, Ending::interrupted));
  BOOST_TEST(values(out) == (std::vector<std::uint64_t>{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_error_ends_the_life) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Countdown actor;
  auto fed = feed(actor, {number(*pool, 1), number(*pool, 13), number(*pool, 2)}, out);
  BOOST_REQUIRE(!fed);
  BOOST_TEST(fed.error().sentence == "13 is not counted down");
  BOOST_TEST(out.emitted.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_chunk_is_fed_to_the_port_that_is_named) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Countdown actor;
  BOOST_REQUIRE(feed_one(actor, number(*pool, 2), out, 3));
  BOOST_TEST(actor.ports == 6u);
}

BOOST_AUTO_TEST_CASE(a_source_is_drained_to_its_end) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Ten ten;
  BOOST_REQUIRE(drain(ten, out));
  BOOST_TEST(out.emitted.size() == 10u);
}

BOOST_AUTO_TEST_CASE(a_chunk_born_in_the_step_is_handed_over_and_any_other_is_shared) {
  auto pool = Pool::make();
  Chunk mine = number(*pool, 1);
  Visit born{mine, 0, 0, true};
  Chunk taken = born.take();
  BOOST_TEST(!mine);
  BOOST_TEST(taken.unique());
  Visit given{taken};
  Chunk shared = given.take();
  BOOST_TEST(taken.references() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
