#include <boost/test/unit_test.hpp>

#include <leat/gateway/cluster_room.hpp>

#include <limits>
#include <string>
#include <vector>

using namespace leat;

namespace {

constexpr std::uint64_t kMebi = std::uint64_t{1} << 20;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Room {
  ClusterRoom room{.nodes = {{"a", 0, false}, {"b", 0, false}}};
  std::vector<SentJob> sent;

  std::string wait(std::uint64_t memory = 10 * kMebi) const { return wait_for_cluster(room, sent, memory); }
  void runs(std::uint64_t number, std::uint64_t memory) {
    room.jobs.push_back({number, "train", "running", ""});
    sent.push_back({number + 100, number, memory});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_room, Room)

BOOST_AUTO_TEST_CASE(a_job_begins_on_nodes_that_take_it_and_have_no_other) {
  BOOST_TEST(wait() == "");
  room.nodes[0].draining = true;
  BOOST_TEST(wait() == "");
  room.nodes[1].draining = true;
  BOOST_TEST(wait() == "all its nodes drain");
  room.nodes.clear();
  BOOST_TEST(wait() == "no node has joined it");
}

BOOST_AUTO_TEST_CASE(no_two_queues_wait_at_a_time) {
  room.jobs.push_back({7, "train", "waiting", "for nodes: 2 of 3"});
  BOOST_TEST(wait() == "its job 7 (train) does not run yet: it is waiting for nodes: 2 of 3");
  room.jobs[0] = {7, "train", "placing", ""};
  BOOST_TEST(has(wait(), "it is placing"));
  room.jobs.clear();
  sent = {{3, 0, kMebi}};
  BOOST_TEST(wait() == "job 3 is on its way there");
  BOOST_TEST(wait_for_sent({}) == "");
  // It has ended there, and its process has not yet.
  sent = {{3, 9, kMebi}};
  BOOST_TEST(wait() == "");
}

BOOST_AUTO_TEST_CASE(beside_others_a_job_begins_where_a_node_has_the_memory) {
  runs(1, 30 * kMebi);
  BOOST_TEST(has(wait(), "no --memory"));
  room.nodes[1].memory = 64 * kMebi;
  BOOST_TEST(wait() == "");
  BOOST_TEST(wait(34 * kMebi) == "");
  BOOST_TEST(has(wait(35 * kMebi), "of the 35.0 MiB that this one may need on a node 34.0 MiB is free"), wait(35 * kMebi));
  runs(2, 60 * kMebi);
  BOOST_TEST(has(wait(1), "2 jobs run there"));
  runs(3, std::numeric_limits<std::uint64_t>::max());
  BOOST_TEST(wait(1) != "");
  room.nodes[1].draining = true;
  BOOST_TEST(wait(1) != "");
}

BOOST_AUTO_TEST_CASE(what_others_hold_nobody_knows) {
  room.nodes[0].memory = 1024 * kMebi;
  room.jobs.push_back({4, "evaluate", "running", ""});
  BOOST_TEST(has(wait(), "its job 4 (evaluate) is not of this service"));
}

BOOST_AUTO_TEST_CASE(a_status_is_read_and_what_is_none_is_refused) {
  auto room = parse_cluster_room(R"({"nodes":[{"name":"a","cpus":2,"memory":5,"draining":true}],"jobs":[{"id":3,"graph":"g","phase":"running","why":""}]})");
  BOOST_REQUIRE(room);
  BOOST_TEST((room->nodes.size() == 1 && room->nodes[0].name == "a" && room->nodes[0].memory == 5 && room->nodes[0].draining));
  BOOST_TEST((room->jobs.size() == 1 && room->jobs[0].number == 3 && room->jobs[0].phase == "running"));
  for (const char* text : {"", "{", "[]", "{}", R"({"nodes":[],"jobs":[1]})", R"({"nodes":[{"name":1}],"jobs":[]})"}) {
    BOOST_TEST(!parse_cluster_room(text).ok(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
