// What happens before a job is placed: where it is submitted, and where nobody answers.
#include <filesystem>
#include <future>
#include <semaphore>

#include <unistd.h>

#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
std::string sentence(const Result<Report>& report) { return report ? "" : report.error().sentence; }

}  // namespace

BOOST_AUTO_TEST_SUITE(submission)

BOOST_AUTO_TEST_CASE(a_graph_that_differs_from_itself_is_refused_where_it_is_submitted) {
  auto times = std::make_shared<int>(0);
  SmallCluster cluster({{"odd", "", {}, [times](const Args&) {
                           Graph g{"odd"};
                           g.source("read " + std::to_string(++*times), counting(1)).sink("end", [](const Number&) {});
                           return g;
                         }}});
  cluster.open_coordinator();
  auto report = cluster.run(0);
  BOOST_TEST(has(sentence(report), "differs when it is built twice"));
}

BOOST_AUTO_TEST_CASE(a_node_looks_for_a_coordinator_for_as_long_as_it_was_told) {
  SmallCluster cluster({});
  NodeOptions options = cluster.node_options("a");
  options.join_within = 300ms;
  auto node = open_node(std::move(options), cluster.network.transport());
  BOOST_REQUIRE(node);
  auto left = (*node)->wait();
  BOOST_REQUIRE(!left);
  BOOST_TEST((left.error().kind == ErrorKind::disconnected));
}

BOOST_AUTO_TEST_CASE(relative_paths_lead_where_the_submitter_is) {
  auto seen = std::make_shared<std::string>();
  SmallCluster cluster({{"path", "", {{"data", OptionType::path, "a file", std::nullopt}}, [seen](const Args& args) {
                           *seen = args["data"];
                           Graph g{"path"};
                           g.source("read", counting(1)).sink("end", [](const Number&) {});
                           return g;
                         }}});
  cluster.open_coordinator();
  cluster.add_node("a");
  BOOST_TEST(sentence(cluster.run(0, {{"data", "x/../y.csv"}})) == "");
  BOOST_TEST(*seen == (std::filesystem::current_path() / "y.csv").string());
}

BOOST_AUTO_TEST_CASE(from_a_folder_that_is_gone_whole_paths_still_lead_somewhere) {
  SmallCluster cluster({{"path", "", {{"data", OptionType::path, "a file", std::nullopt}}, [](const Args&) {
                           Graph g{"path"};
                           g.source("read", counting(1)).sink("end", [](const Number&) {});
                           return g;
                         }}});
  cluster.open_coordinator();
  cluster.add_node("a");
  auto before = std::filesystem::current_path();
  auto gone = std::filesystem::temp_directory_path() / ("leat-gone-" + std::to_string(::getpid()));
  std::filesystem::create_directory(gone);
  std::filesystem::current_path(gone);
  std::filesystem::remove(gone);
  auto relative = sentence(cluster.run(0, {{"data", "y.csv"}}));
  auto whole = sentence(cluster.run(0, {{"data", "/y.csv"}}));
  std::filesystem::current_path(before);
  BOOST_TEST(relative.starts_with("--data y.csv leads nowhere: the folder this runs in is gone"), relative);
  BOOST_TEST(whole == "");
}

BOOST_AUTO_TEST_CASE(a_build_has_an_id) {
  BOOST_TEST(executable_build_id().size() >= 20u);
  BOOST_TEST(executable_build_id() == executable_build_id());
}

BOOST_AUTO_TEST_CASE(who_submits_is_told_of_a_coordinator_that_does_not_answer_while_it_waits) {
  SmallCluster cluster({{"path", "", {}, [](const Args&) {
                           Graph g{"path"};
                           g.source("read", counting(1)).sink("end", [](const Number&) {});
                           return g;
                         }}});
  auto told = std::make_shared<std::binary_semaphore>(0);
  Transport silent = cluster.network.transport();
  silent.connect = [=](ControlOptions, ControlEvents) -> Result<std::unique_ptr<ControlPlane>> {
    told->acquire();
    return disconnected("too late");
  };
  std::vector<std::string> waits;
  SubmitOptions options = cluster.submit_options();
  options.on_wait = [&](const std::string& what) {
    waits.push_back(what);
    told->release();
  };
  auto report = run_on_cluster(0, Args(), options, silent);
  BOOST_TEST(has(sentence(report), "too late"));
  BOOST_TEST((waits == std::vector<std::string>{"for the coordinator " + to_string(options.coordinator)}));
}

BOOST_AUTO_TEST_CASE(who_submits_may_be_stopped_while_it_connects) {
  SmallCluster cluster({{"path", "", {}, [](const Args&) {
                           Graph g{"path"};
                           g.source("read", counting(1)).sink("end", [](const Number&) {});
                           return g;
                         }}});
  auto tried = std::make_shared<std::binary_semaphore>(0);
  auto answers = std::make_shared<std::binary_semaphore>(0);
  auto gone = std::make_shared<std::promise<void>>();
  Transport silent = cluster.network.transport();
  silent.connect = [=](ControlOptions, ControlEvents) -> Result<std::unique_ptr<ControlPlane>> {
    tried->release();
    answers->acquire();
    gone->set_value();
    return disconnected("too late");
  };
  std::stop_source stop;
  SubmitOptions options = cluster.submit_options();
  options.stop = stop.get_token();
  auto run = std::async(std::launch::async, [&] { return run_on_cluster(0, Args(), options, silent); });
  tried->acquire();
  stop.request_stop();
  bool ended = run.wait_for(30s) == std::future_status::ready;
  answers->release();
  BOOST_REQUIRE(ended);
  auto report = run.get();
  BOOST_REQUIRE_MESSAGE(report, sentence(report));
  BOOST_TEST((report->ending == Ending::interrupted));
  gone->get_future().wait();
}

BOOST_AUTO_TEST_CASE(a_graph_function_that_throws_is_refused_where_it_is_submitted) {
  SmallCluster cluster({{"throws", "", {}, [](const Args&) -> Graph { throw 7; }}});
  auto report = cluster.run(0);
  BOOST_REQUIRE(!report);
  BOOST_TEST(has(sentence(report), "graph throws cannot be built: threw something"), sentence(report));
  BOOST_TEST((report.error().kind == ErrorKind::invalid));
}

BOOST_AUTO_TEST_SUITE_END()
