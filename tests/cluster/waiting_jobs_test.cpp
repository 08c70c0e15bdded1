// Jobs that do not fit their nodes' memory together: simulated.
#include "cluster/simulated_cluster.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

constexpr std::uint64_t kProcess = 1000;

// Jobs of these sizes, in the order they are submitted in.
template <class Sample>
JobGraphFactory sized(std::vector<std::uint64_t> sizes) {
  auto at = std::make_shared<std::size_t>(0);
  return [=](const control::Work&) -> Result<std::unique_ptr<JobGraph>> {
    auto job_graph = std::make_unique<Sample>();
    job_graph->process = kProcess;
    job_graph->own = sizes.at((*at)++ % sizes.size());
    return std::unique_ptr<JobGraph>(std::move(job_graph));
  };
}

std::string phase(SimulatedCluster& cluster, JobId id) {
  for (const JobStatus& job : cluster.core->status().jobs) {
    if (job.id == id) return job.phase;
  }
  return "none";
}

std::string why(SimulatedCluster& cluster, JobId id) {
  for (const JobStatus& job : cluster.core->status().jobs) {
    if (job.id == id) return job.why;
  }
  return "";
}

void submit_each(SimulatedCluster& cluster, std::vector<PeerId>& submitters, std::size_t count, std::uint32_t nodes) {
  for (std::size_t job = 0; job < count; ++job) {
    submitters.push_back(cluster.add_submitter(nodes));
    while (cluster.step()) {}
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(waiting_jobs)

BOOST_AUTO_TEST_CASE(a_submitter_is_told_what_its_job_waits_for_whenever_that_changes) {
  SimulatedCluster cluster(1);
  PeerId submitter = cluster.add_submitter(2);
  while (cluster.step()) {}
  // Without any time passing.
  BOOST_TEST((cluster.submitters[submitter].waits == std::vector<std::string>{"for nodes: 0 of 2"}));
  cluster.pass(std::chrono::milliseconds(100));
  cluster.add_node("a");
  while (cluster.step()) {}
  BOOST_TEST((cluster.submitters[submitter].waits ==
              std::vector<std::string>{"for nodes: 0 of 2", "for nodes: 1 of 2"}));
  cluster.add_node("b");
  cluster.settle();
  BOOST_TEST(cluster.submitters[submitter].outcomes.size() == 1u);
  BOOST_TEST(cluster.submitters[submitter].waits.size() == 2u);
}

BOOST_AUTO_TEST_CASE(jobs_wait_in_the_order_they_came_until_they_fit_together) {
  SimulatedCluster cluster(1, sized<ElasticJobGraph>({5000, 8000, 1000}));
  cluster.make_endless();
  cluster.add_node("a", "h", 10000);
  std::vector<PeerId> submitters;
  submit_each(cluster, submitters, 3, 1);
  cluster.pass(std::chrono::milliseconds(100));
  BOOST_TEST(phase(cluster, 1) == "running");
  BOOST_TEST(phase(cluster, 2) == "waiting");
  BOOST_TEST(why(cluster, 2) == "for memory: node a has 9.77 KiB, its process and 1 job hold 5.86 KiB, and this job "
                                "needs 7.81 KiB");
  // It would fit, and is not let past.
  BOOST_TEST(phase(cluster, 3) == "waiting");
  BOOST_TEST(why(cluster, 3) == "for memory, behind a job that came before and waits for memory of node a");
  cluster.end_jobs();
  cluster.settle();
  for (PeerId submitter : submitters) BOOST_TEST(report_of(cluster.submitters[submitter]));
  BOOST_TEST((cluster.order == std::vector<JobId>{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(the_process_counts_once_however_many_jobs_there_are) {
  SimulatedCluster cluster(1, sized<ElasticJobGraph>({3000}));
  cluster.make_endless();
  cluster.add_node("a", "h", 3 * 3000 + kProcess);
  std::vector<PeerId> submitters;
  submit_each(cluster, submitters, 4, 1);
  for (JobId job = 1; job <= 3; ++job) BOOST_TEST(phase(cluster, job) == "running");
  BOOST_TEST(phase(cluster, 4) == "waiting");
  // What a job that is gone held is there for the next.
  cluster.say(submitters[1], control::Interrupt{});
  cluster.pass(std::chrono::milliseconds(100));
  BOOST_TEST(phase(cluster, 4) == "running");
}

BOOST_AUTO_TEST_CASE(one_that_waits_can_be_interrupted_left_and_lose_a_node_and_the_next_goes_on) {
  for (int how = 0; how < 3; ++how) {
    BOOST_TEST_CONTEXT(how) {
      SimulatedCluster cluster(1, sized<ElasticJobGraph>({5000, 8000, 1000}));
      cluster.make_endless();
      cluster.add_node("a", "h", 10000);
      std::vector<PeerId> submitters;
      submit_each(cluster, submitters, 3, 1);
      BOOST_TEST(phase(cluster, 2) == "waiting");
      if (how == 0) cluster.say(submitters[1], control::Interrupt{});
      if (how == 1) cluster.kill(submitters[1]);
      if (how == 2) cluster.say(submitters[1], control::Start{1});
      cluster.pass(std::chrono::milliseconds(100));
      BOOST_TEST(phase(cluster, 2) == "none");
      BOOST_TEST(phase(cluster, 3) == "running");
      BOOST_TEST((cluster.order == std::vector<JobId>{1, 3}));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_pool_grows_only_into_memory_that_no_other_job_holds_or_waits_for) {
  SimulatedCluster cluster(1, sized<ElasticJobGraph>({1000}));
  cluster.make_endless();
  for (auto name : {"a", "b"}) cluster.add_node(name);
  std::vector<PeerId> submitters;
  submit_each(cluster, submitters, 2, 2);
  PeerId c = cluster.add_node("c", "h", 1000 + kProcess);
  for (int i = 0; i < 10; ++i) cluster.pass(std::chrono::milliseconds(100));
  BOOST_TEST(cluster.deployed[1].count(c) == 1u);
  BOOST_TEST(cluster.deployed[2].count(c) == 0u);
  BOOST_TEST(phase(cluster, 2) == "running");
  cluster.say(submitters[0], control::Interrupt{});
  for (int i = 0; i < 10; ++i) cluster.pass(std::chrono::milliseconds(100));
  BOOST_TEST(cluster.deployed[2].count(c) == 1u);
  cluster.end_jobs();
  cluster.settle();
  BOOST_TEST(report_of(cluster.submitters[submitters[1]]));
}

BOOST_AUTO_TEST_CASE(whatever_comes_and_ends_no_node_is_promised_more_than_it_has_and_no_job_starves) {
  std::size_t waited = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::mt19937 random(seed);
      std::vector<std::uint64_t> sizes;
      for (int job = 0; job < 8; ++job) sizes.push_back(500 + random() % 6000);
      SimulatedCluster cluster(seed, sized<SampleJobGraph>(sizes));
      cluster.add_node("a", "h", 8000 + random() % 4000);
      cluster.add_node("b", "h", random() % 2 ? 0 : 9000);
      std::vector<PeerId> submitters;
      for (int job = 0; job < 8; ++job) submitters.push_back(cluster.add_submitter(2));
      do {
        auto status = cluster.core->status();
        std::uint64_t held = kProcess;
        for (const JobStatus& job : status.jobs) {
          waited += job.why.find("for memory: ") == 0;
          if (job.phase == "deploying" || job.phase == "running" || job.phase == "committing") {
            held += cluster.own(job.id);
          }
        }
        if (!status.members.empty() && status.members[0].node.memory > 0) {
          BOOST_TEST(held <= status.members[0].node.memory);
        }
      } while (cluster.step());
      cluster.settle();
      for (PeerId submitter : submitters) {
        auto* error = error_of(cluster.submitters[submitter]);
        BOOST_TEST(report_of(cluster.submitters[submitter]), (error ? error->sentence : "no outcome"));
      }
    }
  }
  BOOST_TEST(waited > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
