// Threads that the system does not give, and turns on those that it does.
#include <sys/resource.h>

#include <atomic>
#include <fstream>
#include <latch>
#include <memory>

#include <leat/runtime/machine.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Room for some stacks more, but not for many: an address space that is nearly full.
class Cramped {
 public:
  Cramped() {
    ::getrlimit(RLIMIT_AS, &before_);
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit now = before_;
    now.rlim_cur = pages * 4096 + (std::uint64_t{300} << 20);
    BOOST_REQUIRE(::setrlimit(RLIMIT_AS, &now) == 0);
  }
  ~Cramped() { ::setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

Graph wide(bool blocking, std::vector<std::uint64_t>& out, std::size_t wide = 64) {
  Graph g{"g"};
  Stream<Number> many = g.source("count", counting(100)).map("many", same(), replicas(wide));
  if (blocking) many = many.blocking();
  many.sink("out", kind_of<Gather, void, Number>(Sharing::single, std::ref(out))).isolated();
  return g;
}

// Has always more to do, until the other one has had its turn, or for a hundred thousand steps.
struct Busy final : Steppable {
  explicit Busy(const std::atomic<bool>& other) : over(other) {}
  Next step() override {
    if (++steps == 1) begun.count_down();
    return over || steps >= kMostSteps ? Next::quit : Next::again;
  }
  static constexpr int kMostSteps = 100'000;
  const std::atomic<bool>& over;
  std::latch begun{1};
  std::atomic<int> steps{0};
};

struct Once final : Steppable {
  explicit Once(std::atomic<bool>& said) : ran(said) {}
  Next step() override {
    ran = true;
    return Next::quit;
  }
  std::atomic<bool>& ran;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(crew)

BOOST_AUTO_TEST_CASE(who_has_always_more_to_do_leaves_others_on_its_thread_their_turn) {
  for (auto scheduling : {Scheduling::stealing, Scheduling::sharing}) {
    std::atomic<bool> ran{false};
    auto busy = std::make_shared<Busy>(ran);
    {
      auto crew = caf_crew(1, scheduling);
      auto first = crew->host(busy, false);
      auto second = crew->host(std::make_shared<Once>(ran), false);
      first.anywhere();
      busy->begun.wait();
      second.anywhere();
    }
    BOOST_TEST(busy->steps < Busy::kMostSteps);
  }
}

BOOST_AUTO_TEST_CASE(threads_that_the_system_does_not_give_fail_the_run_and_end_nothing_else) {
  if (!memory_tells()) {
    BOOST_TEST_MESSAGE("skipped: AddressSanitizer fills the address space");
    return;
  }
  for (bool blocking : {false, true}) {
    std::vector<std::uint64_t> out;
    RunOptions options{.threads = blocking ? std::size_t{1} : std::size_t{64}};
    {
      Cramped cramped;
      auto report = leat::run(wide(blocking, out), options);
      BOOST_REQUIRE(!report);
      BOOST_TEST((report.error().kind == ErrorKind::overloaded));
      BOOST_TEST(report.error().sentence.find("the system gives this process no ") == 0u,
                 report.error().sentence);
      BOOST_TEST(out.empty());
    }
    BOOST_TEST(failure(wide(blocking, out), options) == "");
    BOOST_TEST(out.size() == 100u);
  }
}

BOOST_AUTO_TEST_CASE(more_threads_than_a_run_may_have_are_refused_with_a_sentence) {
  std::vector<std::uint64_t> out;
  BOOST_TEST(failure(wide(false, out), {.threads = 1025}) ==
             "a run on 1025 threads: ask for at most 1024");
  BOOST_TEST(failure(wide(false, out, 1024), {.threads = 1024}) == "");
  BOOST_TEST(out.size() == 100u);
}

BOOST_AUTO_TEST_SUITE_END()
