#include <leat/app/command_line.hpp>
#include <leat/app/verbs.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;

namespace {

std::vector<Program> programs() {
  return {{"train", "Trains.", {{"data", OptionType::path, "file to read", {}}}, [](const Args&) { return Graph("t"); }},
          {"predict", "Predicts.", {}, [](const Args&) { return Graph("p"); }}};
}

Result<Request> parse(std::vector<std::string> words) {
  words.insert(words.begin(), "/somewhere/prog");
  return parse_command_line(words, programs());
}

std::string refusal(std::vector<std::string> words) {
  auto request = parse(std::move(words));
  return request ? "not refused" : request.error().sentence;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(cluster_words)

BOOST_AUTO_TEST_CASE(a_run_goes_to_a_coordinator_or_is_one) {
  auto there = parse({"run", "--data", "f", "--cluster", "127.0.0.1:4700", "--nodes", "3"});
  BOOST_REQUIRE(there);
  BOOST_TEST((there->access.cluster == Endpoint{"127.0.0.1", 4700}));
  BOOST_TEST(there->wait_for == 3u);
  auto here = parse({"--data", "f", "--listen", "[::1]:0"});
  BOOST_REQUIRE(here);
  BOOST_TEST((here->access.listen == Endpoint{"::1", 0}));
  BOOST_TEST(says(refusal({"run", "--data", "f", "--cluster", "a:1", "--listen", "b:2"}), "--listen"));
  BOOST_TEST(says(refusal({"run", "--data", "f", "--cluster", "a:1", "--threads", "2"}), "--threads"));
  BOOST_TEST(says(refusal({"run", "--data", "f", "--nodes", "2"}), "--nodes is for a cluster"));
  for (const char* count : {"", "0", "-1", "1.5", "2x", "1025", "99999999999999999999"}) {
    BOOST_TEST(says(refusal({"run", "--data", "f", "--cluster", "a:1", "--nodes", count}), "--nodes"), count);
  }
  BOOST_TEST(says(refusal({"run", "--data", "f", "--cluster", "nowhere"}), "--cluster"));
}

BOOST_AUTO_TEST_CASE(every_verb_is_found_by_its_words_and_shown_by_help) {
  std::string help = parse({"--help"})->help;
  for (const Verb* verb : verbs()) {
    std::vector<std::string> words = {verb->word, "--help"};
    if (*verb->group) words.insert(words.begin(), verb->group);
    auto request = parse(words);
    BOOST_TEST_REQUIRE(request.ok(), verb->word);
    BOOST_TEST(says(request->help, verb->sentence), verb->word);
    BOOST_TEST(says(help, *verb->group ? verb->group : verb->word));
  }
}

BOOST_AUTO_TEST_CASE(a_node_says_where_it_joins_and_what_it_has) {
  auto request = parse({"node", "--join", "10.0.0.1:4700", "--name", "b", "--labels", "gpu,disk", "--cpus", "4",
                        "--memory", "8GiB", "--data", "10.0.0.2:0", "--join-within", "5"});
  BOOST_REQUIRE(request);
  BOOST_TEST(std::string(request->verb->word) == "node");
  BOOST_TEST((request->access.cluster == Endpoint{"10.0.0.1", 4700}));
  BOOST_TEST((request->serving.data == Endpoint{"10.0.0.2", 0}));
  BOOST_TEST(request->serving.name == "b");
  BOOST_TEST((request->serving.labels == std::vector<std::string>{"gpu", "disk"}));
  BOOST_TEST(request->serving.cpus == 4u);
  BOOST_TEST(request->serving.memory == std::uint64_t{8} << 30);
  BOOST_TEST((request->serving.join_within == std::chrono::seconds(5)));
  BOOST_TEST(says(refusal({"node"}), "--join is missing"));
  BOOST_TEST(says(refusal({"node", "--join", "a:1", "--labels", "x,,y"}), "a label is empty"));
  BOOST_TEST(says(refusal({"node", "--join", "a:1", "--cpus", "0"}), "--cpus"));
  BOOST_TEST(says(refusal({"node", "--jion", "a:1"}), "did you mean --join?"));
}

BOOST_AUTO_TEST_CASE(certificate_key_and_authority_come_together) {
  BOOST_TEST(parse({"node", "--join", "a:1", "--certificate", "c", "--key", "k", "--authority", "a"}).ok());
  BOOST_TEST(says(refusal({"node", "--join", "a:1", "--certificate", "c"}), "--certificate requires --"));
  BOOST_TEST(says(refusal({"coordinator", "--key", "k"}), "--certificate"));
}

BOOST_AUTO_TEST_CASE(a_coordinator_needs_nothing) {
  auto request = parse({"coordinator"});
  BOOST_REQUIRE(request);
  BOOST_TEST(std::string(request->verb->word) == "coordinator");
  BOOST_TEST(!request->access.listen.has_value());
}

BOOST_AUTO_TEST_CASE(status_and_drain_meet_a_coordinator) {
  BOOST_TEST(std::string(parse({"status", "--cluster", "a:1", "--json"})->verb->word) == "status");
  BOOST_TEST(parse({"drain", "b", "--cluster", "a:1"})->asked.job == "b");
  BOOST_TEST(says(refusal({"status"}), "--cluster is missing"));
  BOOST_TEST(says(refusal({"drain", "--cluster", "a:1"}), "what"));
}

BOOST_AUTO_TEST_CASE(certificates_are_made_by_every_program) {
  auto authority = parse({"certs", "init", "folder"});
  BOOST_REQUIRE(authority);
  BOOST_TEST(std::string(authority->verb->word) == "init");
  BOOST_TEST(authority->certs.folder == "folder");
  auto node = parse({"certs", "node", "b", "--in", "folder", "--host", "10.0.0.2", "--host", "b.example"});
  BOOST_REQUIRE(node);
  BOOST_TEST(std::string(node->verb->word) == "node");
  BOOST_TEST(node->certs.name == "b");
  BOOST_TEST(node->certs.hosts.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_plan_takes_nodes_or_threads) {
  BOOST_TEST(*parse({"plan", "--data", "f", "--nodes", "a:cpus=4;b"})->nodes == "a:cpus=4;b");
  BOOST_TEST(says(refusal({"plan", "--data", "f", "--nodes", "3", "--threads", "2"}), "--threads"));
}

BOOST_AUTO_TEST_CASE(an_unknown_command_is_answered_with_those_there_are) {
  std::string said = refusal({"nod"});
  BOOST_TEST(says(said, "did you mean node?"));
  BOOST_TEST(says(said, "coordinator"));
}

BOOST_AUTO_TEST_SUITE_END()
