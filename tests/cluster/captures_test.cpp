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

Program bursting() {
  return {"bursting", "", {}, [bursts = Bursts()](const Args&) {
            bursts.used = true;
            Graph g{"bursting"};
            g.source("read", counting(100))
                .by_key("itself",
                        [bursts](const Number& n) {
                          bursts.used = true;
                          return n.read().getValue();
                        })
                .map("work",
                     [bursts](Number n) {
                       bursts.used = true;
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
  SmallCluster cluster({bursting()});
  cluster.open_coordinator();
  cluster.add_node("a");
  cluster.add_node("b");
  for (int times = 0; times < 2; ++times) {
    auto report = cluster.run(0, {}, 2);
    BOOST_REQUIRE(!report);
    const std::string& said = report.error().sentence;
    BOOST_TEST(said.find("stage work") != said.npos, said);
    BOOST_TEST(said.find("its destructor: threw an exception: burst; all its stages here had committed before") != said.npos,
               said);
  }
}

BOOST_AUTO_TEST_SUITE_END()
