// Real jobs over the real control plane: CAF, mutual TLS, the TLS proxy.
#include <cstdlib>
#include <filesystem>

#include <leat/net/certificates.hpp>

#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "leat-caf-jobs-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

struct Watched {
  Collected<Number> collected;
  std::shared_ptr<Tally> tally = std::make_shared<Tally>();
  std::atomic<bool> told{false};
  std::promise<void> flowing;
};

// Read on one node, watched on both; "end" -1 never ends.
Program counting_program(const std::shared_ptr<Watched>& watched) {
  std::vector<Option> params = {{"end", OptionType::integer, "numbers to read", "10000"}};
  return {"counting", "", params, [watched](const Args& args) {
            Graph g{"counting"};
            auto look = [watched](Number n) {
              if (n.read().getValue() == 1000 && !watched->told.exchange(true)) watched->flowing.set_value();
              return n;
            };
            g.source("read", counting(static_cast<std::uint64_t>(args.integer("end"))))
                .map("watch", look, replicas(4).ordered())
                .sink("write", noting(watched->collected, watched->tally));
            return g;
          }};
}

struct Fixture {
  Folder folder;
  std::shared_ptr<Watched> watched = std::make_shared<Watched>();
  SmallCluster cluster{{counting_program(watched)}};

  Fixture() {
    auto keys = folder.path / "keys";
    BOOST_REQUIRE(make_authority(keys));
    auto made = make_node_certificate(keys, "one", {"127.0.0.1", "localhost"});
    BOOST_REQUIRE(made);
    cluster.credentials = *made;
    cluster.transport = caf_transport();
    cluster.at = {"127.0.0.1", 0};
    cluster.timeouts.lost_after = 3000ms;
    cluster.open_coordinator();
    cluster.add_node("a");
    cluster.add_node("b");
  }
};

std::string sentence(const Result<Report>& report) { return report ? "" : report.error().sentence; }
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(caf_jobs, Fixture)

BOOST_AUTO_TEST_CASE(a_job_runs_on_nodes_that_joined_over_tls) {
  for (int round = 0; round < 3; ++round) {
    auto report = cluster.run(0, {}, 2);
    BOOST_TEST_REQUIRE(sentence(report) == "");
    BOOST_TEST(report->nodes.size() == 2u);
    BOOST_TEST((values(watched->collected) == upto(10000)));
    BOOST_TEST(watched->tally->committed == round + 1);
  }
  auto status = cluster_status(cluster.submit_options());
  BOOST_REQUIRE(status);
  BOOST_TEST(status->members.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_node_that_leaves_fails_its_job_and_a_drained_one_does_not) {
  auto run = std::async(std::launch::async, [this] { return cluster.run(0, {{"end", "-1"}}, 2); });
  BOOST_REQUIRE((watched->flowing.get_future().wait_for(30s) == std::future_status::ready));
  cluster.nodes[1]->leave.request_stop();
  BOOST_TEST(cluster.nodes[1]->node->wait().ok());
  BOOST_REQUIRE((run.wait_for(30s) == std::future_status::ready));
  BOOST_TEST(has(sentence(run.get()), "node b ("));
  BOOST_TEST(watched->tally->committed == 0);
  BOOST_TEST(drain_node(cluster.submit_options(), "a").ok());
  BOOST_TEST(cluster.nodes[0]->node->wait().ok());
}

BOOST_AUTO_TEST_CASE(nobody_at_the_address_is_told_as_such) {
  Endpoint was = cluster.at;
  cluster.coordinator.reset();
  auto report = cluster.run(0);
  BOOST_REQUIRE(!report);
  BOOST_TEST((report.error().kind == ErrorKind::disconnected));
  BOOST_TEST(has(report.error().sentence, to_string(was)));
}

BOOST_AUTO_TEST_SUITE_END()
