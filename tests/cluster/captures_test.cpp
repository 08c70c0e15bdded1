// What a graph's functions capture has destructors, and these may throw: on nodes, on the coordinator, where a job is
// submitted.
#include <stdexcept>

#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// The copies that were used throw where they are destroyed.
struct Bursts {
  Bursts() = default;
  Bursts(const Bursts&) {}
  ~Bursts() noexcept(false) {
    if (used) throw std::runtime_error("burst");
  }
  mutable bool used = false;
};

// One of the stage's replicas, or of the source.
Program bursting(bool source) {
  return {source ? "read-bursts" : "work-bursts", "", {}, [bursts = Bursts(), source](const Args&) {
            bursts.used = true;
            Graph g{"bursting"};
            g.source("read",
                     [bursts, source, at = std::uint64_t{0}](Out<Number>& out) mutable -> bool {
                       bursts.used = source;
                       out.emit(number(out.pool(), at++));
                       return at < 100;
                     })
                .by_key("itself",
                        [bursts](const Number& n) {
                          bursts.used = true;
                          return n.read().getValue();
                        })
                .map("work",
                     [bursts, source](Number n) {
                       bursts.used = !source;
                       return n;
                     },
                     replicas(2))
                .sink("write", [](const Number&) {});
            return g;
          }};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(captures)

BOOST_AUTO_TEST_CASE(a_destructor_that_throws_fails_its_own_job_and_is_said) {
  SmallCluster cluster({bursting(false), bursting(true)});
  cluster.open_coordinator();
  cluster.add_node("a");
  cluster.add_node("b");
  for (std::size_t program : {0, 1, 0, 1}) {
    auto report = cluster.run(program, {}, 2);
    BOOST_REQUIRE(!report);
    const std::string& said = report.error().sentence;
    BOOST_TEST(said.find(program == 0 ? "stage work" : "stage read") != said.npos, said);
    BOOST_TEST(said.find("its destructor: threw an exception: burst; all its stages here had committed before") != said.npos,
               said);
  }
}

BOOST_AUTO_TEST_SUITE_END()
