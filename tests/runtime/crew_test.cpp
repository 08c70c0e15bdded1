// Threads that the system does not give.
#include <sys/resource.h>

#include <fstream>

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

}  // namespace

BOOST_AUTO_TEST_SUITE(crew)

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
