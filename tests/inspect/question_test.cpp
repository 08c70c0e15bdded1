#include <leat/inspect/question.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;
using inspect::checked_answer;
using inspect::parse_question;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(question)

BOOST_AUTO_TEST_CASE(a_question_comes_back_from_its_line) {
  std::string line = inspect::question_line({"logs", {{"from", "12"}, {"odd", "a \"b\"\n"}}});
  BOOST_TEST(line.find('\n') == line.size() - 1);
  auto parsed = parse_question(line);
  BOOST_REQUIRE(parsed);
  BOOST_TEST(parsed->verb == "logs");
  BOOST_TEST(parsed->options.at("from") == "12");
  BOOST_TEST(parsed->options.at("odd") == "a \"b\"\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_question_is_refused) {
  for (const char* line : {"", "{", "[]", "\"verb\"", "{}", R"({"type":"question","version":1})",
                           R"({"type":"question","version":"1","verb":"dump"})", R"({"type":"answer","version":1,"verb":"dump"})",
                           R"({"type":"question","version":1,"verb":7})", R"({"type":"question","version":1,"verb":"a","options":[]})",
                           R"({"type":"question","version":1,"verb":"a","options":{"b":1}})"}) {
    auto parsed = parse_question(line);
    BOOST_TEST(!parsed, line);
    if (!parsed) BOOST_TEST((parsed.error().kind == ErrorKind::corrupt), line);
  }
}

BOOST_AUTO_TEST_CASE(another_version_is_named_with_what_to_do) {
  auto parsed = parse_question(R"({"type":"question","version":2,"verb":"dump"})");
  BOOST_REQUIRE(!parsed);
  BOOST_TEST((parsed.error().kind == ErrorKind::invalid));
  for (const char* part : {"version 2", "version 1", "ask with the program that the job was started with"}) {
    BOOST_TEST(has(parsed.error().sentence, part), parsed.error().sentence);
  }
  auto answer = checked_answer(R"({"type":"job","version":3})");
  BOOST_REQUIRE(!answer);
  BOOST_TEST(has(answer.error().sentence, "version 3"));
}

BOOST_AUTO_TEST_CASE(an_error_is_answered_with_its_kind_and_sentence) {
  for (ErrorKind kind : {ErrorKind::invalid, ErrorKind::corrupt, ErrorKind::overloaded, ErrorKind::disconnected, ErrorKind::failed}) {
    auto answer = checked_answer(inspect::error_answer({kind, "stage \"trian\" is not there"}));
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().kind == kind));
    BOOST_TEST(answer.error().sentence == "stage \"trian\" is not there");
  }
}

BOOST_AUTO_TEST_CASE(an_answer_is_given_as_it_came) {
  std::string line = R"({"type":"job","version":1,"new":[1, 2]})";
  auto answer = checked_answer(line);
  BOOST_REQUIRE(answer);
  BOOST_TEST(*answer == line);
}

BOOST_AUTO_TEST_SUITE_END()
