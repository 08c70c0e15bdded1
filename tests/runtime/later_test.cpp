// Steps that answer later: live sources, slow calls, and what stops them.
#include <atomic>
#include <chrono>
#include <semaphore>
#include <thread>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

using Clock = std::chrono::steady_clock;

// Gives a number each time it is told to, by way of its waker.
struct Told {
  std::mutex mutex;
  Wake wake;
  std::uint64_t allowed = 0;
  bool ended = false;
  std::counting_semaphore<> asked{0};

  void allow(std::uint64_t more, bool end = false) {
    Wake to_wake;
    {
      std::lock_guard lock(mutex);
      allowed += more;
      ended = end;
      to_wake = wake;
    }
    to_wake();
  }
};

auto told_source(const std::shared_ptr<Told>& told) {
  return [told, given = std::uint64_t{0}](Out<Number>& out) mutable -> Step {
    std::lock_guard lock(told->mutex);
    if (given < told->allowed) {
      out.emit(number(out.pool(), given++));
      return Step::more;
    }
    if (told->ended) return Step::done;
    told->wake = out.outbox().waker();
    told->asked.release();
    return Step::later;
  };
}

// Answers from another thread, as a slow call would.
struct Calls final : Actor {
  explicit Calls(std::shared_ptr<std::vector<std::thread>> to) : threads(std::move(to)) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (visit.position == 0) {
      visit.position = 1;
      answered = std::make_shared<std::atomic<bool>>(false);
      threads->emplace_back([wake = out.waker(), answer = answered] {
        *answer = true;
        wake();
      });
      return Step::later;
    }
    if (!*answered) return Step::later;
    out.emit(visit.take());
    return Step::done;
  }
  std::shared_ptr<std::vector<std::thread>> threads;
  std::shared_ptr<std::atomic<bool>> answered;
};

struct Never final : Actor {
  explicit Never(bool ask) : asks(ask) {}
  Result<Step> visit(Visit&, Outbox& out) override {
    if (asks) wake = out.waker();
    return Step::later;
  }
  bool asks;
  Wake wake;
};

// Ends at the second call of finish, in its own time.
struct Slow final : Actor {
  Result<Step> visit(Visit&, Outbox&) override { return Step::done; }
  Result<Step> finish(Ending, Outbox& out) override {
    if (++calls == 2) return Step::done;
    out.call_at(Clock::now() + std::chrono::milliseconds(5));
    return Step::later;
  }
  int calls = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(later)

BOOST_AUTO_TEST_CASE(a_source_that_answers_later_is_asked_again_when_it_says_so) {
  for (std::size_t threads : {1, 2}) {
    auto told = std::make_shared<Told>();
    Collected<Number> out;
    Graph g{"g"};
    g.source("live", told_source(told)).map("same", same(), replicas(threads)).sink("out", collect(out));
    std::jthread telling([&] {
      for (int i = 0; i < 50; ++i) {
        told->asked.acquire();
        told->allow(2, i == 49);
      }
    });
    BOOST_TEST(failure(g, {.threads = threads}) == "");
    auto got = values(out);
    std::sort(got.begin(), got.end());
    BOOST_TEST(got == upto(100), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_time_calls_a_source_again) {
  Collected<Number> out;
  Graph g{"g"};
  auto ticks = [n = std::uint64_t{0}, next = Clock::now()](Out<Number>& to) mutable -> Step {
    if (Clock::now() >= next) {
      to.emit(number(to.pool(), n++));
      next += std::chrono::milliseconds(2);
    }
    if (n == 20) return Step::done;
    to.outbox().call_at(next);
    return Step::later;
  };
  g.source("ticks", ticks).sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out) == upto(20), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stage_that_answers_later_keeps_its_chunk_and_loses_none) {
  for (bool isolated : {false, true}) {
    auto threads = std::make_shared<std::vector<std::thread>>();
    Collected<Number> out;
    Graph g{"g"};
    auto calls = g.source("count", counting(200)).map("call", kind_of<Calls, Number, Number>(Sharing::single, threads));
    if (isolated) calls = calls.isolated();
    calls.map("same", same()).sink("out", collect(out));
    BOOST_TEST(failure(g) == "");
    for (auto& thread : *threads) thread.join();
    BOOST_TEST(values(out) == upto(200), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_stage_may_finish_later) {
  Graph g{"g"};
  g.source("count", counting(3)).sink("slow", kind_of<Slow, void, Number>(Sharing::single));
  BOOST_TEST(failure(g) == "");
}

BOOST_AUTO_TEST_CASE(who_answers_later_and_asks_for_nothing_is_refused) {
  Graph g{"g"};
  g.source("count", counting(3)).sink("never", kind_of<Never, void, Number>(Sharing::single, false));
  BOOST_TEST(failure(g).find("stage never: answers later and has asked for nothing") == 0u);
}

BOOST_AUTO_TEST_CASE(an_error_that_a_source_returns_fails_the_run) {
  Graph g{"g"};
  g.source("bad", [n = 0](Out<Number>& out) mutable -> Result<bool> {
     if (n == 3) return corrupt("no more of it");
     out.emit(number(out.pool(), static_cast<std::uint64_t>(n++)));
     return true;
   }).sink("out", [](const Number&) {});
  BOOST_TEST(failure(g) == "stage bad: no more of it");
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_source_whatever_it_waits_for) {
  auto waits = [](auto source) {
    std::stop_source stop;
    std::binary_semaphore asked{0};
    Graph g{"g"};
    g.source("source", [source, &asked](Out<Number>& out) mutable -> Step {
       asked.release();
       return source(out);
     }).sink("out", [](const Number&) {});
    std::jthread stopping([&] {
      asked.acquire();
      stop.request_stop();
    });
    auto report = leat::run(g, {.threads = 2, .stop = stop.get_token()});
    BOOST_REQUIRE(report);
    BOOST_TEST((report->ending == Ending::interrupted));
  };
  struct Asking {
    Wake wake;
    Step operator()(Out<Number>& out) {
      wake = out.outbox().waker();
      return Step::later;
    }
  };
  waits(Asking{});
  waits([](Out<Number>& out) {
    out.outbox().call_at(Clock::now() + std::chrono::hours(1));
    return Step::later;
  });
  // Gives nothing, again and again.
  waits([](Out<Number>&) { return Step::more; });
  // Never comes to the end of a batch.
  waits([](Out<Number>& out) {
    out.emit(number(out.pool(), 1));
    return Step::more;
  });
}

BOOST_AUTO_TEST_CASE(a_source_that_says_that_there_is_more_and_gives_nothing_is_not_asked_without_end) {
  // It gives one number after many questions: it is asked as long as it takes, but a cell rests in between.
  Collected<Number> out;
  std::uint64_t asked = 0;
  auto reluctant = [&asked, begun = Clock::now()](Out<Number>& to) -> bool {
    ++asked;
    if (Clock::now() - begun < std::chrono::milliseconds(200)) return true;
    to.emit(number(to.pool(), 0));
    return false;
  };
  Graph g{"g"};
  g.source("reluctant", reluctant).sink("out", collect(out));
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(values(out) == upto(1), boost::test_tools::per_element());
  BOOST_TEST(asked < 2'000'000u);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_stage_that_nobody_calls_again) {
  struct Awaits final : Actor {
    Awaits(std::counting_semaphore<>* to, bool in_finish, std::shared_ptr<std::vector<Ending>> into)
        : asked(to), late(in_finish), endings(std::move(into)) {}
    Result<Step> visit(Visit&, Outbox& out) override { return late ? Step::done : wait(out); }
    Result<Step> finish(Ending ending, Outbox& out) override {
      endings->push_back(ending);
      return late ? wait(out) : Step::done;
    }
    Step wait(Outbox& out) {
      wake = out.waker();
      asked->release();
      return Step::later;
    }
    std::counting_semaphore<>* asked;
    bool late;
    std::shared_ptr<std::vector<Ending>> endings;
    Wake wake;
  };
  for (bool late : {false, true}) {
    std::stop_source stop;
    std::counting_semaphore<> asked{0};
    auto endings = std::make_shared<std::vector<Ending>>();
    Graph g{"g"};
    g.source("count", counting(20)).sink("waits", kind_of<Awaits, void, Number>(Sharing::single, &asked, late, endings));
    std::jthread stopping([&] {
      asked.acquire();
      stop.request_stop();
    });
    auto report = leat::run(g, {.threads = 2, .stop = stop.get_token()});
    BOOST_REQUIRE(report);
    BOOST_TEST((report->ending == Ending::interrupted));
    BOOST_REQUIRE(!endings->empty());
    BOOST_TEST((endings->back() == Ending::interrupted));
  }
}

BOOST_AUTO_TEST_SUITE_END()
