// What somebody asks of a job's nodes: all answers, or those that came in time.
#include <boost/test/unit_test.hpp>

#include <leat/cluster/pending_answers.hpp>

using namespace leat;

namespace {

using std::chrono::milliseconds;

Member member(PeerId peer, const std::string& name) {
  Member member;
  member.peer = peer;
  member.joined.node.name = name;
  return member;
}

const std::vector<Member> kNodes = {member(11, "a"), member(12, "b")};

// The number that the nodes were asked under.
std::uint64_t number_in(const std::vector<Sent>& sent) { return std::get<control::Ask>(sent.back().message).number; }

const control::Answers* answers_to(PeerId asker, const std::vector<Sent>& sent) {
  for (const Sent& one : sent) {
    if (one.to == asker && std::holds_alternative<control::Answers>(one.message)) return &std::get<control::Answers>(one.message);
  }
  return nullptr;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pending_answers)

BOOST_AUTO_TEST_CASE(are_told_once_all_nodes_have_answered) {
  PendingAnswers pending;
  std::vector<Sent> out;
  BOOST_REQUIRE(pending.ask(1, {7, 0, "what"}, kNodes, milliseconds(0), out));
  BOOST_REQUIRE(out.size() == 2u);
  BOOST_TEST(out[0].to == 11u);
  BOOST_TEST(std::get<control::Ask>(out[1].message).question == "what");
  std::uint64_t number = number_in(out);
  out.clear();
  pending.told(12, {7, number, "of b"}, out);
  pending.told(12, {7, number, "again"}, out);
  pending.told(99, {7, number, "of a stranger"}, out);
  pending.told(11, {7, number + 1, "of another question"}, out);
  BOOST_TEST(out.empty());
  pending.told(11, {7, number, "of a"}, out);
  auto* answers = answers_to(1, out);
  BOOST_REQUIRE(answers);
  BOOST_REQUIRE(answers->answers.size() == 2u);
  BOOST_TEST(answers->answers[0].node == "a");
  BOOST_TEST(answers->answers[0].answer == "of a");
  BOOST_TEST(answers->answers[1].answer == "of b");
  BOOST_TEST((answers->answers[0].heard && answers->answers[1].heard));
}

BOOST_AUTO_TEST_CASE(a_node_that_is_late_or_gone_is_not_heard) {
  for (bool gone : {true, false}) {
    PendingAnswers pending;
    std::vector<Sent> out;
    BOOST_REQUIRE(pending.ask(1, {7, 0, "what"}, kNodes, milliseconds(0), out));
    std::uint64_t number = number_in(out);
    out.clear();
    pending.told(11, {7, number, "of a"}, out);
    pending.tick(PendingAnswers::kWithin, out);
    BOOST_TEST(out.empty());
    gone ? pending.gone(12, out) : pending.tick(PendingAnswers::kWithin + milliseconds(1), out);
    auto* answers = answers_to(1, out);
    BOOST_REQUIRE(answers);
    BOOST_TEST(answers->answers[0].heard);
    BOOST_TEST(!answers->answers[1].heard);
    out.clear();
    pending.told(12, {7, number, "too late"}, out);
    BOOST_TEST(out.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_node_that_has_been_silent_for_as_long_already_is_not_waited_for) {
  PendingAnswers pending;
  std::vector<Sent> out;
  auto nodes = kNodes;
  nodes[1].heard = PendingAnswers::kWithin + milliseconds(1);
  BOOST_REQUIRE(pending.ask(1, {7, 0, "what"}, nodes, nodes[1].heard, out));
  BOOST_REQUIRE(out.size() == 1u);
  BOOST_TEST(out[0].to == 12u);
  pending.told(12, {7, number_in(out), "of b"}, out);
  auto* answers = answers_to(1, out);
  BOOST_REQUIRE(answers);
  BOOST_TEST(!answers->answers[0].heard);
  BOOST_TEST(answers->answers[1].heard);
}

BOOST_AUTO_TEST_CASE(what_the_coordinator_answers_itself_comes_first_and_is_enough) {
  PendingAnswers pending;
  std::vector<Sent> out;
  BOOST_REQUIRE(pending.ask(1, {7, 0, "what"}, {}, milliseconds(0), out, "its own"));
  auto* answers = answers_to(1, out);
  BOOST_REQUIRE(answers);
  BOOST_REQUIRE(answers->answers.size() == 1u);
  BOOST_TEST(answers->answers[0].node == "");
  BOOST_TEST(answers->answers[0].heard);
  BOOST_TEST(answers->answers[0].answer == "its own");
}

BOOST_AUTO_TEST_CASE(of_one_asker_the_last_question_counts_and_of_one_that_is_gone_none) {
  PendingAnswers pending;
  std::vector<Sent> out;
  BOOST_REQUIRE(pending.ask(1, {7, 0, "first"}, kNodes, milliseconds(0), out));
  std::uint64_t first = number_in(out);
  BOOST_REQUIRE(pending.ask(1, {7, 0, "second"}, kNodes, milliseconds(0), out));
  out.clear();
  for (PeerId node : {PeerId{11}, PeerId{12}}) pending.told(node, {7, first, "x"}, out);
  BOOST_TEST(out.empty());
  pending.gone(1, out);
  pending.tick(milliseconds(60'000), out);
  BOOST_TEST(out.empty());
}

BOOST_AUTO_TEST_CASE(a_job_without_nodes_is_answered_at_once_and_too_many_askers_are_refused) {
  PendingAnswers pending;
  std::vector<Sent> out;
  BOOST_REQUIRE(pending.ask(1, {7, 0, "what"}, {}, milliseconds(0), out));
  BOOST_REQUIRE(answers_to(1, out));
  BOOST_TEST(answers_to(1, out)->answers.empty());
  for (std::size_t i = 0; i < PendingAnswers::kMost; ++i) {
    BOOST_REQUIRE(pending.ask(100 + i, {7, 0, "what"}, kNodes, milliseconds(0), out));
  }
  auto refused = pending.ask(1, {7, 0, "what"}, kNodes, milliseconds(0), out);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().kind == ErrorKind::overloaded));
}

BOOST_AUTO_TEST_SUITE_END()
