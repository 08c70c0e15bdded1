// Output becomes visible when the whole job is complete, and only then.
#include <atomic>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

struct Tally {
  std::atomic<int> finished{0};
  std::atomic<int> interrupted{0};
  std::atomic<int> committed{0};
};

struct Stages final : Actor {
  Stages(std::shared_ptr<Tally> to, bool fails) : tally(std::move(to)), commit_fails(fails) {}
  Result<Step> visit(Visit&, Outbox&) override { return Step::done; }
  Result<Step> finish(Ending ending, Outbox&) override {
    ++(ending == Ending::complete ? tally->finished : tally->interrupted);
    return Step::done;
  }
  Result<void> commit(const OutputName&) override {
    // Whoever commits can be sure that all have finished.
    BOOST_TEST(tally->finished == 2);
    ++tally->committed;
    if (commit_fails) return failed("cannot rename");
    return {};
  }
  std::shared_ptr<Tally> tally;
  bool commit_fails;
};

template <class Source, class Map>
Graph two_sinks(Source source, Map map, const std::shared_ptr<Tally>& tally,
                bool commit_fails = false) {
  Graph g{"g"};
  Stream<Number> rows = g.source("read", source).map("map", map).isolated();
  rows.sink("left", kind_of<Stages, void, Number>(Sharing::single, tally, commit_fails));
  rows.sink("right", kind_of<Stages, void, Number>(Sharing::single, tally, commit_fails));
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(commit)

BOOST_AUTO_TEST_CASE(a_complete_run_commits_every_stage_after_all_have_finished) {
  auto tally = std::make_shared<Tally>();
  BOOST_TEST(failure(two_sinks(counting(1000), same(), tally)) == "");
  BOOST_TEST(tally->finished == 2);
  BOOST_TEST(tally->committed == 2);
}

BOOST_AUTO_TEST_CASE(a_failed_run_commits_nothing) {
  auto tally = std::make_shared<Tally>();
  auto breaks = [](Number n) -> Result<Number> {
    if (n.read().getValue() == 999) return failed("the last one");
    return n;
  };
  BOOST_TEST(failure(two_sinks(counting(1000), breaks, tally)) == "stage map: the last one");
  BOOST_TEST(tally->committed == 0);
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_finishes_as_such_and_commits_nothing) {
  auto tally = std::make_shared<Tally>();
  std::stop_source stop;
  auto endless = [&stop, n = 0](Out<Number>& out) mutable -> bool {
    if (++n == 500) stop.request_stop();
    out.emit(number(out.pool(), 1));
    return true;
  };
  auto report =
      leat::run(two_sinks(endless, same(), tally), {.threads = 2, .stop = stop.get_token()});
  BOOST_REQUIRE(report);
  BOOST_TEST((report->ending == Ending::interrupted));
  BOOST_TEST(tally->interrupted == 2);
  BOOST_TEST(tally->committed == 0);
}

BOOST_AUTO_TEST_CASE(a_stop_before_the_start_moves_nothing) {
  auto tally = std::make_shared<Tally>();
  std::stop_source stop;
  stop.request_stop();
  auto report =
      leat::run(two_sinks(counting(1000), same(), tally), {.threads = 2, .stop = stop.get_token()});
  BOOST_REQUIRE(report);
  BOOST_TEST((report->ending == Ending::interrupted));
  BOOST_TEST(report->progress.stages[0].chunks_out == 0u);
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_fails_the_run) {
  auto tally = std::make_shared<Tally>();
  BOOST_TEST(failure(two_sinks(counting(10), same(), tally, true)).find("cannot rename") !=
             std::string::npos);
  BOOST_TEST(tally->committed == 1);
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_says_which_sinks_are_committed_and_which_are_not) {
  struct Sink final : Actor {
    explicit Sink(int what) : how(what) {}
    Result<Step> visit(Visit&, Outbox&) override { return Step::done; }
    Result<void> commit(const OutputName&) override {
      if (how == 1) return failed("cannot rename");
      if (how == 2) throw std::runtime_error("torn");
      return {};
    }
    int how;
  };
  for (int how : {1, 2}) {
    Graph g{"g"};
    Stream<Number> rows = g.source("read", counting(10));
    for (std::string name : {"a", "b", "c"}) {
      auto kind = kind_of<Sink, void, Number>(Sharing::single, name == "b" ? how : 0);
      kind.options = name + ".csv";
      rows.sink(name, kind);
    }
    BOOST_TEST(failure(g) == std::string("stage b: ") +
                                 (how == 1 ? "cannot rename" : "threw an exception: torn") +
                                 "; committed already: stage a (a.csv); not committed: stage b "
                                 "(b.csv), stage c (c.csv)");
  }
}

BOOST_AUTO_TEST_SUITE_END()
