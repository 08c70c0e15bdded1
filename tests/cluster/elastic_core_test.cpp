// Pools that grow and shrink while nodes come, drain, fail and die, and the job ends: simulated, every seed
// another order.
#include "cluster/simulated_cluster.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

Result<std::unique_ptr<JobGraph>> elastic(const control::Work&) {
  return std::unique_ptr<JobGraph>(std::make_unique<ElasticJobGraph>());
}

struct Elastic {
  explicit Elastic(unsigned seed) : cluster(seed, elastic) {
    cluster.make_endless();
    for (auto name : {"a", "b"}) peers.push_back(cluster.add_node(name));
    submitter = cluster.add_submitter(2);
  }
  PeerId add(const std::string& name) { return peers.emplace_back(cluster.add_node(name)); }
  void steps(std::size_t count) {
    while (count-- > 0 && cluster.step()) {}
  }
  // Time for what is decided on a tick.
  void tick() { cluster.pass(std::chrono::milliseconds(100)); }
  // Each node that is in the job knows the same.
  void agree() {
    std::set<std::string> digests;
    for (auto& [peer, node] : cluster.nodes) {
      if (!node.alive || !node.jobs.count(1)) continue;
      digests.insert(ElasticJobGraph::digest(node.known[1].placed, node.known[1].changes));
    }
    BOOST_TEST(digests.size() <= 1u);
  }
  void end() {
    cluster.end_jobs();
    cluster.settle();
    for (auto& [peer, node] : cluster.nodes) node.stopped = false;
    cluster.settle();
    BOOST_TEST(cluster.submitters[submitter].outcomes.size() == 1u);
    BOOST_TEST(cluster.running_anywhere() == 0u);
  }

  SimulatedCluster cluster;
  std::vector<PeerId> peers;
  PeerId submitter = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(elastic_core)

BOOST_AUTO_TEST_CASE(nodes_come_and_go_and_the_job_ends_well) {
  std::size_t parted = 0;
  for (unsigned seed = 0; seed < seeds(100); ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::mt19937 random(seed);
      Elastic job(seed);
      for (int events = 0; events < 6; ++events) {
        job.steps(random() % 30);
        if (random() % 2) job.tick();
        if (random() % 2) {
          job.add("n" + std::to_string(events));
        } else if (job.peers.size() > 2) {
          // Node a has the source, and stays.
          job.cluster.say(job.peers[1 + random() % (job.peers.size() - 1)], control::Drain{});
        }
      }
      bool at_rest = random() % 2 == 0;
      for (int i = 0; i < 20 && at_rest; ++i) job.tick();
      if (at_rest) job.agree();
      job.end();
      auto* error = error_of(job.cluster.submitters[job.submitter]);
      BOOST_TEST(!error, (error ? error->sentence : ""));
      parted += job.cluster.parted[1].size();
    }
  }
  // Those that went early were there to be seen.
  BOOST_TEST(parted > 50u);
}

BOOST_AUTO_TEST_CASE(a_fault_at_any_step_ends_the_job_once_and_leaves_nothing) {
  for (unsigned seed = 0; seed < seeds(400); ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::mt19937 random(seed);
      Elastic job(seed);
      for (int events = 0; events < 5; ++events) {
        job.steps(random() % 30);
        if (random() % 2) job.tick();
        PeerId node = job.peers[random() % job.peers.size()];
        switch (random() % 7) {
          case 0:
          case 1: job.add("n" + std::to_string(events)); break;
          case 2: job.cluster.say(node, control::Drain{}); break;
          case 3: job.cluster.kill(node); break;
          case 4: job.cluster.nodes[node].stopped = true; break;
          case 5: job.cluster.nodes[node].fails_at = {control::Message(control::Resize{}).index()}; break;
          default: job.cluster.say(job.submitter, control::Interrupt{}); break;
        }
      }
      job.end();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_newcomer_that_dies_before_it_gets_a_share_does_not_matter) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Elastic job(seed);
      job.tick();
      std::size_t before = job.cluster.deployed[1].size();
      PeerId c = job.add("c");
      PeerId d = job.add("d");
      job.steps(seed % 12);
      bool shared = job.cluster.deployed[1].count(c) + job.cluster.deployed[1].count(d) > 0;
      if (shared) continue;
      for (PeerId node : {c, d}) job.cluster.core->gone(node, "connection reset", job.cluster.now);
      for (int i = 0; i < 10; ++i) job.tick();
      BOOST_TEST(job.cluster.deployed[1].size() == before);
      job.end();
      auto* error = error_of(job.cluster.submitters[job.submitter]);
      BOOST_TEST(!error, (error ? error->sentence : ""));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_replica_that_came_too_late_is_known_to_the_node_that_brought_it) {
  // Only some of the seeds have a growth that is abandoned, and another change after it.
  std::size_t seen = 0;
  for (unsigned seed = 0; seed < seeds(200); ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Elastic job(seed);
      job.tick();
      PeerId c = job.add("c");
      for (int i = 0; i < 10; ++i) job.tick();
      job.agree();
      const auto& changes = job.cluster.nodes[c].known[1].changes;
      seen += changes.size() > 2 && changes[1].what == PoolChange::What::abandon;
      job.end();
      BOOST_TEST(report_of(job.cluster.submitters[job.submitter]));
    }
  }
  BOOST_TEST(seen > 10u);
}

BOOST_AUTO_TEST_SUITE_END()
