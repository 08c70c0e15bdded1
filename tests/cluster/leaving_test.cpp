// A job with checkpoints that has lost a node: when its submitter is told.
#include "cluster/end_of_run.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(leaving)

// Also after a minute: what it waits for then is not overdue since its beginning.
BOOST_AUTO_TEST_CASE(a_loss_is_told_once_nothing_of_the_job_is_left) {
  SimulatedCluster cluster(1, [](const control::Work&) -> Result<std::unique_ptr<JobGraph>> {
    return std::unique_ptr<JobGraph>(std::make_unique<ElasticJobGraph>());
  });
  cluster.make_endless();
  PeerId a = cluster.add_node("a");
  PeerId b = cluster.add_node("b");
  PeerId submitter = cluster.add_submitter(2, "build", "/kept");
  for (int i = 0; i < 600; ++i) cluster.pass(100ms);
  BOOST_TEST(cluster.running_anywhere() == 2u);
  cluster.kill(b);
  for (int i = 0; i < 10; ++i) cluster.pass(100ms);
  BOOST_TEST(cluster.submitters[submitter].outcomes.empty());
  BOOST_TEST(cluster.core->status().jobs.at(0).phase == "leaving");
  cluster.say(a, control::Gone{1});
  cluster.pass(100ms);
  auto* error = error_of(cluster.submitters[submitter]);
  BOOST_REQUIRE(error);
  BOOST_TEST((error->kind == ErrorKind::disconnected));
  BOOST_TEST(cluster.core->idle());
}

BOOST_AUTO_TEST_SUITE_END()
