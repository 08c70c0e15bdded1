#include <boost/test/unit_test.hpp>

#include <leat/gateway/standing_graph.hpp>

#include <atomic>
#include <future>
#include <string>
#include <vector>

using namespace leat;

BOOST_AUTO_TEST_SUITE(standing_graph)

namespace {

using namespace std::chrono_literals;

StandingStages stages(std::function<Stream<ServiceReply>(Stream<ServiceRequest>)> made) {
  return {"echo", {{"n", OptionType::integer, "a number"}}, 1000, std::move(made)};
}

// Asks, and gives what it will be answered with.
std::future<std::string> ask(StandingGraph& graph, std::int64_t n, unsigned urgency = 3, std::chrono::milliseconds time = 20s) {
  auto answered = std::make_shared<std::promise<std::string>>();
  PendingRequest request;
  request.params.set("n", {.integer = n});
  request.body = "body";
  request.urgency = urgency;
  request.deadline = std::chrono::steady_clock::now() + time;
  request.answer = [answered](Result<HttpAnswer> answer) {
    answered->set_value(answer ? std::to_string(answer->status) + " " + answer->body : answer.error().sentence);
  };
  graph.queue()->add(std::move(request));
  return answered->get_future();
}

ServiceReply twice(const ServiceRequest& request, Pool& pool) {
  return reply(request, {201, "text/plain", std::to_string(2 * request.integer("n")) + std::string(request.body())}, pool);
}

}  // namespace

BOOST_AUTO_TEST_CASE(requests_become_replies) {
  auto graph = StandingGraph::open(stages([](Stream<ServiceRequest> all) { return all.map("twice", twice); }), {});
  BOOST_REQUIRE(graph);
  BOOST_TEST((*graph)->bound() > 0u);
  std::vector<std::future<std::string>> asked;
  for (int n = 0; n < 2000; ++n) asked.push_back(ask(**graph, n, n % 8));
  for (int n = 0; n < 2000; ++n) BOOST_TEST(asked[static_cast<std::size_t>(n)].get() == "201 " + std::to_string(2 * n) + "body");
}

BOOST_AUTO_TEST_CASE(one_that_fails_is_answered_so_and_begins_anew) {
  auto made = [](Stream<ServiceRequest> all) {
    return all.map("twice", [](const ServiceRequest& request, Pool& pool) -> Result<ServiceReply> {
      if (request.integer("n") == 13) return failed("thirteen is too many");
      return twice(request, pool);
    });
  };
  auto graph = StandingGraph::open(stages(made), {});
  BOOST_REQUIRE(graph);
  for (int round = 0; round < 2; ++round) {
    std::string said = ask(**graph, 13).get();
    BOOST_TEST(said.find("thirteen is too many") != std::string::npos, said);
    BOOST_TEST(ask(**graph, 4).get() == "201 8body");
  }
}

// Urgent ones come while the stage works, which never rests.
BOOST_AUTO_TEST_CASE(an_urgent_one_overtakes_what_waits_while_the_stage_works) {
  std::promise<void> working, go;
  auto gate = go.get_future().share();
  std::atomic<int> others = 0, before = -1;
  auto made = [&](Stream<ServiceRequest> all) {
    return all.map("twice", [&, gate](const ServiceRequest& request, Pool& pool) {
      if (request.integer("n") == 7) before = others.load();
      else if (++others == 3) {
        working.set_value();
        gate.wait();
      }
      return twice(request, pool);
    });
  };
  auto graph = StandingGraph::open(stages(made), {});
  BOOST_REQUIRE(graph);
  std::vector<std::future<std::string>> asked;
  for (int n = 0; n < 200; ++n) asked.push_back(ask(**graph, 0));
  working.get_future().wait();
  auto urgent = ask(**graph, 7, 0);
  go.set_value();
  BOOST_TEST(urgent.get() == "201 14body");
  for (auto& one : asked) one.get();
  BOOST_TEST(others == 200);
  BOOST_TEST(before <= 3 + 2 * 4);
}

BOOST_AUTO_TEST_CASE(the_others_are_answered_while_urgent_ones_keep_coming) {
  std::atomic<bool> answered = false;
  auto graph = StandingGraph::open(stages([](Stream<ServiceRequest> all) { return all.map("twice", twice); }), {});
  BOOST_REQUIRE(graph);
  auto other = ask(**graph, 1);
  std::thread floods([&] {
    while (!answered) {
      std::vector<std::future<std::string>> urgent;
      for (int n = 0; n < 50; ++n) urgent.push_back(ask(**graph, n, 0));
      for (auto& one : urgent) one.get();
    }
  });
  for (int n = 0; n < 50; ++n) BOOST_TEST(ask(**graph, n).get() == "201 " + std::to_string(2 * n) + "body");
  answered = true;
  floods.join();
  BOOST_TEST(other.get() == "201 2body");
}

BOOST_AUTO_TEST_CASE(an_end_lets_what_is_in_work_be_answered) {
  std::promise<void> begun, go;
  auto gate = go.get_future().share();
  auto made = [&](Stream<ServiceRequest> all) {
    return all.map("twice", [&, gate](const ServiceRequest& request, Pool& pool) {
      if (request.integer("n") == 0) begun.set_value();
      gate.wait();
      return twice(request, pool);
    });
  };
  auto graph = StandingGraph::open(stages(made), {});
  BOOST_REQUIRE(graph);
  auto asked = ask(**graph, 0);
  begun.get_future().wait();
  std::thread ends([&] { graph->reset(); });
  go.set_value();
  BOOST_TEST(asked.get() == "201 0body");
  ends.join();
}

BOOST_AUTO_TEST_CASE(one_in_work_is_answered_at_its_deadline) {
  std::promise<void> go;
  auto gate = go.get_future().share();
  auto made = [gate](Stream<ServiceRequest> all) {
    return all.map("twice", [gate](const ServiceRequest& request, Pool& pool) {
      gate.wait();
      return twice(request, pool);
    });
  };
  auto graph = StandingGraph::open(stages(made), {});
  BOOST_REQUIRE(graph);
  std::string said = ask(**graph, 0, 3, 200ms).get();
  BOOST_TEST(said.find("no time for this") != std::string::npos, said);
  go.set_value();
}

BOOST_AUTO_TEST_CASE(stages_that_do_not_fit_are_one_sentence) {
  auto graph = StandingGraph::open(stages([](Stream<ServiceRequest>) -> Stream<ServiceReply> { throw std::runtime_error("no stages"); }), {});
  BOOST_REQUIRE(!graph);
  BOOST_TEST(graph.error().sentence.find("no stages") != std::string::npos, graph.error().sentence);
}

BOOST_AUTO_TEST_SUITE_END()
