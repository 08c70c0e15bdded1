// The supervisor in place: a stage that holds nothing is made anew and repeats its step.
#include <atomic>
#include <memory>
#include <set>

#include <leat/chunk/table_builder.hpp>
#include <leat/runtime/repeats.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

struct Counts {
  std::atomic<int> made{0};
  std::atomic<int> visits{0};
};

// Throws as often as `times` says at each number of `at`, having said much before.
struct Throws final : Actor {
  Throws(std::shared_ptr<Counts> to, std::uint64_t every, int how_often, bool in_place)
      : counts(std::move(to)), at_every(every), times(how_often), takes(in_place) {
    ++counts->made;
  }
  Result<Step> visit(Visit& visit, Outbox& out) override {
    ++counts->visits;
    std::uint64_t n = value(visit.chunk);
    bool throws = n % at_every == 0 && thrown()[n]++ < times;
    out.count("seen", 1);
    out.report("said", std::to_string(n));
    if (throws) out.emit(number(out.pool(), 1'000'000 + n).chunk());
    Chunk chunk = takes ? visit.take() : visit.chunk;
    if (takes) {
      auto [mine, bytes] = std::move(chunk).edit(out.pool());
      if (throws) std::fill(bytes, bytes + mine.bytes(), std::byte{0});
      chunk = std::move(mine);
    }
    if (throws) throw std::runtime_error("boom");
    out.emit(std::move(chunk));
    return Step::done;
  }
  std::map<std::uint64_t, int>& thrown() {
    static std::map<std::uint64_t, int> all;
    static std::shared_ptr<Counts> of;
    if (std::exchange(of, counts) != counts) all.clear();
    return all;
  }
  std::shared_ptr<Counts> counts;
  std::uint64_t at_every;
  int times;
  bool takes;
};

Kind<Number, Number> throwing(const std::shared_ptr<Counts>& counts, std::uint64_t every, int times,
                              bool takes = false) {
  auto kind = kind_of<Throws, Number, Number>(Sharing::single, counts, every, times, takes);
  kind.holds = Holds::nothing;
  return kind;
}

// Throws at the end, as often as `times` says, having emitted.
struct ThrowsAtEnd final : Actor {
  ThrowsAtEnd(std::shared_ptr<Counts> to, int how_often) : counts(std::move(to)), times(how_often) { ++counts->made; }
  Result<Step> visit(Visit& visit, Outbox& out) override {
    out.emit(visit.take());
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox& out) override {
    out.emit(number(out.pool(), 20).chunk());
    if (counts->visits++ < times) throw std::runtime_error("boom");
    return Step::done;
  }
  std::shared_ptr<Counts> counts;
  int times;
};

const StageProgress& stage(const Report& report, const std::string& name) {
  for (const StageProgress& each : report.progress.stages)
    if (each.name == name) return each;
  throw std::out_of_range(name);
}

std::uint64_t counted(const Report& report, const std::string& name, const std::string& what) {
  auto& counts = stage(report, name).counts;
  auto found = counts.find(what);
  return found == counts.end() ? 0 : found->second;
}

struct Box final : DeadLetters {
  Result<void> add(const DeadLetter& letter) override {
    letters.push_back(letter);
    return {};
  }
  Result<void> seal(const OutputName&) override {
    sealed = true;
    return {};
  }
  Result<void> commit(const OutputName&) override {
    committed = sealed;
    return {};
  }
  Result<void> abort(const OutputName&) override { return {}; }
  std::vector<DeadLetter> letters;
  bool sealed = false;
  bool committed = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(repeat)

BOOST_AUTO_TEST_CASE(a_step_that_throws_is_undone_and_repeated_by_an_actor_made_anew) {
  for (bool isolated : {false, true}) {
    auto counts = std::make_shared<Counts>();
    Collected<Number> out;
    Graph g{"g"};
    auto made = g.source("count", counting(2000)).map("throws", throwing(counts, 500, 1));
    if (isolated) made = made.isolated();
    made.sink("out", collect(out));
    auto report = leat::run(g, {.threads = 2});
    BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
    BOOST_TEST(values(out) == upto(2000), boost::test_tools::per_element());
    BOOST_TEST(counts->made == 5);
    BOOST_TEST(stage(*report, "throws").restarts == 4u);
    BOOST_TEST(stage(*report, "throws").repeated == 4u);
    BOOST_TEST(counted(*report, "throws", "seen") == 2000u);
    BOOST_TEST(report->results.size() == 2000u);
    BOOST_TEST(stage(*report, "throws").visits == 2000u);
    BOOST_TEST(stage(*report, "throws").chunks_out == 2000u);
  }
}

BOOST_AUTO_TEST_CASE(an_end_that_throws_is_undone_and_repeated_too) {
  for (int times : {2, 100}) {
    auto counts = std::make_shared<Counts>();
    auto kind = kind_of<ThrowsAtEnd, Number, Number>(Sharing::single, counts, times);
    kind.holds = Holds::nothing;
    Collected<Number> out;
    Graph g{"g"};
    g.source("count", counting(20)).map("throws", kind).sink("out", collect(out));
    auto report = leat::run(g, {.threads = 2});
    BOOST_TEST(counts->visits == (times == 2 ? 3 : 4));
    if (times == 100) {
      BOOST_TEST_REQUIRE(!report);
      BOOST_TEST(report.error().sentence == "stage throws: threw an exception: boom; repeated 3 times");
      continue;
    }
    BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
    BOOST_TEST(values(out) == upto(21), boost::test_tools::per_element());
    BOOST_TEST(stage(*report, "throws").restarts == 2u);
  }
}

BOOST_AUTO_TEST_CASE(a_chunk_that_was_taken_to_be_changed_is_made_again) {
  auto counts = std::make_shared<Counts>();
  Collected<Number> out;
  Graph g{"g"};
  auto copy = [](const Number& n, Pool& pool) { return number(pool, n.read().getValue()); };
  auto three = [](const Number& n, Out<Number>& to) {
    for (std::uint64_t i = 0; i < 3; ++i) to.emit(number(to.pool(), n.read().getValue() * 3 + i));
  };
  g.source("count", counting(700)).map("copy", copy).flat_map("three", three).emits_at_most(1 << 16)
      .map("throws", throwing(counts, 300, 2, true)).sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out) == upto(2100), boost::test_tools::per_element());
  BOOST_TEST(counts->made == 15);
}

BOOST_AUTO_TEST_CASE(a_stage_that_always_throws_fails_the_job_with_all_that_is_known_of_the_chunk) {
  auto counts = std::make_shared<Counts>();
  Graph g{"g"};
  g.source("count", counting(2000)).map("throws", throwing(counts, 1999, 1000)).sink("out", [](const Number&) {});
  // Of 0 and 1999 the first is met first.
  BOOST_TEST(failure(g) ==
             "stage throws: threw an exception: boom (chunk 0 of count); repeated 3 times");
  BOOST_TEST(counts->visits == 4);
}

BOOST_AUTO_TEST_CASE(a_stage_that_may_hold_something_is_not_repeated) {
  auto counts = std::make_shared<Counts>();
  auto kind = kind_of<Throws, Number, Number>(Sharing::single, counts, std::uint64_t{7}, 1, false);
  Graph g{"g"};
  g.source("count", counting(20)).map("throws", kind).sink("out", [](const Number&) {});
  BOOST_TEST(failure(g) == "stage throws: threw an exception: boom (chunk 0 of count)");
  BOOST_TEST(counts->visits == 1);
}

BOOST_AUTO_TEST_CASE(an_error_that_is_returned_is_not_repeated) {
  std::atomic<int> visits{0};
  auto returns = [&visits](const Number&) -> Result<Number> {
    ++visits;
    return corrupt("a bad one");
  };
  Graph g{"g"};
  g.source("count", counting(20)).map("returns", returns).sink("out", [](const Number&) {});
  BOOST_TEST(failure(g) == "stage returns: a bad one");
  BOOST_TEST(visits == 1);
}

BOOST_AUTO_TEST_CASE(lambdas_that_hold_nothing_are_repeated_and_those_that_may_change_are_not) {
  std::atomic<int> calls{0};
  auto once = [&calls](const Number& n) -> Number {
    if (calls++ == 5) throw std::runtime_error("once");
    return n;
  };
  Collected<Number> out;
  Graph g{"g"};
  g.source("count", counting(50)).map("once", once, replicas(1)).sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out) == upto(50), boost::test_tools::per_element());
  Graph other{"other"};
  auto changes = [n = 0](const Number& given) mutable -> Number {
    if (n++ == 5) throw std::runtime_error("once");
    return given;
  };
  other.source("count", counting(50)).map("changes", changes).sink("out", [](const Number&) {});
  BOOST_TEST(failure(other) == "stage changes: threw an exception: once (chunk 5 of count)");
}

BOOST_AUTO_TEST_CASE(one_visit_in_a_hundred_that_is_repeated_breaks_the_stage) {
  auto counts = std::make_shared<Counts>();
  Graph g{"g"};
  g.source("count", counting(5000)).map("throws", throwing(counts, 99, 1)).sink("out", [](const Number&) {});
  std::string why = failure(g);
  BOOST_TEST(why.find("stage throws: is broken: 10 of its last 1000 visits") == 0u, why);
  BOOST_TEST(why.find("boom") != std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(chunks_that_a_stage_may_put_aside_are_put_aside) {
  auto counts = std::make_shared<Counts>();
  auto box = std::make_shared<Box>();
  Collected<Number> out;
  Graph g{"g"};
  g.source("count", counting(100)).map("throws", throwing(counts, 40, 1000)).dead_letters(3).sink("out", collect(out));
  auto report = leat::run(g, {.threads = 2, .dead_letters = [box](const std::string&) { return box; }});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  BOOST_TEST(values(out).size() == 97u);
  BOOST_TEST(box->committed);
  BOOST_REQUIRE(box->letters.size() == 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const DeadLetter& letter = box->letters[i];
    BOOST_TEST(letter.stage == "throws");
    BOOST_TEST(letter.source == "count");
    BOOST_TEST(letter.number == 40 * i);
    BOOST_TEST(value(letter.chunk) == 40 * i);
    BOOST_TEST(letter.reason.find("boom") != std::string::npos);
  }
  BOOST_TEST(stage(*report, "throws").dead_letters == 3u);
}

BOOST_AUTO_TEST_CASE(one_dead_letter_too_many_fails_the_job_and_none_is_committed) {
  auto counts = std::make_shared<Counts>();
  auto box = std::make_shared<Box>();
  Graph g{"g"};
  g.source("count", counting(100)).map("throws", throwing(counts, 40, 1000)).dead_letters(2).sink("out", [](const Number&) {});
  BOOST_TEST(failure(g, {.threads = 2, .dead_letters = [box](const std::string&) { return box; }}) ==
             "stage throws: threw an exception: boom (chunk 80 of count); repeated 3 times; the 2 chunks that it may "
             "put aside are used up");
  BOOST_TEST(!box->committed);
  BOOST_TEST(failure(g, {.threads = 2}).find("nowhere to put them") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_window_is_of_the_last_thousand_visits) {
  Repeats repeats;
  for (std::uint64_t i = 0; i < 9; ++i) BOOST_TEST(repeats.add(i * 10));
  BOOST_TEST(repeats.add(1000));
  for (std::uint64_t i = 1; i < 100; ++i) BOOST_TEST(repeats.add(1000 + i * 112));
  BOOST_TEST(repeat_delay(1, 7).count() == 0);
  for (std::uint64_t random = 0; random < 1000; ++random) {
    BOOST_TEST(repeat_delay(2, random).count() >= 75);
    BOOST_TEST(repeat_delay(2, random).count() <= 125);
    BOOST_TEST(repeat_delay(3, random).count() >= 150);
    BOOST_TEST(repeat_delay(3, random).count() <= 250);
  }
}

BOOST_AUTO_TEST_SUITE_END()
