// Taps: the first rows that a stage emits, and nothing of a chunk kept for them.
#include <atomic>

#include <leat/runtime/job.hpp>
#include <leat/runtime/tap.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

Result<std::vector<std::string>> numbers_as_text(const Chunk& chunk, std::size_t most) {
  if (most == 0) return invalid("asked for nothing");
  return std::vector<std::string>{std::to_string(value(chunk))};
}

std::vector<std::string> texts(std::uint64_t end) {
  std::vector<std::string> all;
  for (std::uint64_t i = 0; i < end; ++i) all.push_back(std::to_string(i));
  return all;
}

// Throws once at some of the first numbers, when it has emitted one that is to be undone.
struct Stumbles final : Actor {
  explicit Stumbles(std::shared_ptr<std::uint64_t> stumbled) : last(std::move(stumbled)) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    std::uint64_t n = value(visit.chunk);
    bool stumbles = n < 9 && n % 3 == 2 && std::exchange(*last, n) != n;
    if (stumbles) out.emit(number(out.pool(), 1000 + n).chunk());
    if (stumbles) throw std::runtime_error("boom");
    out.emit(visit.chunk);
    return Step::done;
  }
  std::shared_ptr<std::uint64_t> last;
};

Graph stumbling(std::uint64_t end) {
  auto kind = kind_of<Stumbles, Number, Number>(Sharing::single, std::make_shared<std::uint64_t>(0));
  kind.holds = Holds::nothing;
  Graph g{"g"};
  g.source("count", counting(end)).map("stumble", kind).sink("out", [](const Number&) {});
  return g;
}

// Runs with a tap from the first chunk on.
Result<Tap::Seen> tapped(const Graph& graph, const std::string& place, std::size_t rows,
                         Tap::Reader reader = numbers_as_text) {
  Result<std::shared_ptr<Tap>> tap = invalid("the job was not shown");
  RunOptions options{.threads = 2};
  options.on_job = [&](Job* job) {
    if (job) tap = job->tap(place, rows, reader);
  };
  auto report = run(graph, std::move(options));
  if (!report) return report.error();
  if (!tap) return tap.error();
  return (*tap)->seen();
}

std::string sentence(const Result<Tap::Seen>& seen) { return seen ? "" : seen.error().sentence; }

}  // namespace

BOOST_AUTO_TEST_SUITE(tap)

BOOST_AUTO_TEST_CASE(shows_the_first_rows_of_a_source_a_stage_and_an_edge) {
  for (const char* place : {"count", "stumble", "stumble>out", "count > stumble"}) {
    auto seen = tapped(stumbling(1000), place, 7);
    BOOST_REQUIRE_MESSAGE(seen, sentence(seen));
    BOOST_TEST(seen->rows == texts(7));
    BOOST_TEST(seen->over);
  }
}

BOOST_AUTO_TEST_CASE(is_over_with_the_job_however_few_rows_came) {
  auto seen = tapped(stumbling(5), "stumble", 100);
  BOOST_REQUIRE_MESSAGE(seen, sentence(seen));
  BOOST_TEST(seen->rows == texts(5));
  BOOST_TEST(seen->over);
}

BOOST_AUTO_TEST_CASE(shows_at_most_a_hundred_rows_and_a_mebibyte) {
  auto seen = tapped(stumbling(1000), "count", 1000);
  BOOST_REQUIRE(seen);
  BOOST_TEST(seen->rows.size() == Tap::kMostRows);
  auto wide = [](const Chunk&, std::size_t) -> Result<std::vector<std::string>> {
    return std::vector<std::string>{std::string(Tap::kMostBytes / 4, 'x')};
  };
  seen = tapped(stumbling(1000), "count", 100, wide);
  BOOST_REQUIRE(seen);
  BOOST_TEST(seen->rows.size() == 4u);
  BOOST_TEST(seen->over);
}

BOOST_AUTO_TEST_CASE(a_reader_that_fails_or_throws_ends_the_tap_and_not_the_job) {
  auto no_rows = [](const Chunk&, std::size_t) -> Result<std::vector<std::string>> { return invalid("no rows"); };
  BOOST_TEST(sentence(tapped(stumbling(10), "count", 1, no_rows)) == "stage count emits Number: no rows");
  auto throws = [](const Chunk&, std::size_t) -> Result<std::vector<std::string>> { throw std::runtime_error("boom"); };
  BOOST_TEST(sentence(tapped(stumbling(10), "count", 1, throws)) == "stage count emits Number: threw an exception: boom");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_said_with_the_near_name) {
  BOOST_TEST(sentence(tapped(stumbling(1), "stumbel", 1)) ==
             "there is no stage stumbel, did you mean stumble?: there are count, stumble and out");
  BOOST_TEST(sentence(tapped(stumbling(1), "count>out", 1)).starts_with("there is no edge count>out"));
  BOOST_TEST(sentence(tapped(stumbling(1), "count>out", 1)).ends_with(": there are count>stumble and stumble>out"));
  BOOST_TEST(sentence(tapped(stumbling(1), "out", 1)) ==
             "stage out is a sink and emits nothing: tap what comes to it, stumble>out");
}

BOOST_AUTO_TEST_CASE(one_that_is_let_go_of_costs_nothing_any_more) {
  Taps taps(2);
  auto tap = std::make_shared<Tap>(5, "stage 1", numbers_as_text);
  taps.add(1, tap);
  BOOST_TEST(taps.wanted(1).load());
  BOOST_TEST(!taps.wanted(0).load());
  auto pool = Pool::make();
  Chunk chunk = number(*pool, 3).chunk();
  taps.see(1, chunk);
  BOOST_TEST(chunk.unique());
  BOOST_TEST(taps.wanted(1).load());
  tap.reset();
  taps.see(1, chunk);
  BOOST_TEST(!taps.wanted(1).load());
  tap = std::make_shared<Tap>(1, "stage 1", numbers_as_text);
  taps.add(1, tap);
  taps.see(1, chunk);
  BOOST_TEST(tap->over());
  BOOST_TEST(!taps.wanted(1).load());
  taps.close();
  auto late = std::make_shared<Tap>(5, "stage 1", numbers_as_text);
  taps.add(1, late);
  BOOST_TEST(late->over());
}

BOOST_AUTO_TEST_SUITE_END()
