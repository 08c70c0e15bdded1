#include <leat/app/command_line.hpp>
#include <leat/app/verbs.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;

namespace {

Graph nothing(const Args&) { return Graph("nothing"); }

std::vector<Program> one() {
  return {{"train",
           "Trains.",
           {{"data", OptionType::path, "file to read", {}},
            {"holdout", OptionType::real, "share kept", "0.2", "fraction", 0.0, 1.0},
            {"fast", OptionType::flag, "be quick", "false"}},
           nothing}};
}

std::vector<Program> two() {
  auto programs = one();
  programs.push_back({"predict", "Predicts.", {{"model", OptionType::path, "file", "m"}}, nothing});
  return programs;
}

Result<Request> parse(std::vector<std::string> words, const std::vector<Program>& programs) {
  words.insert(words.begin(), "/somewhere/prog");
  return parse_command_line(words, programs);
}

std::string refusal(std::vector<std::string> words, const std::vector<Program>& programs) {
  auto request = parse(std::move(words), programs);
  return request ? "not refused" : request.error().sentence;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(run_takes_the_graphs_parameters_and_its_own_options) {
  auto request = parse({"run", "--data", "f", "--holdout", "0.5", "--threads", "3", "--memory", "64MiB"}, one());
  BOOST_REQUIRE(request);
  BOOST_TEST(std::string(request->verb->word) == "run");
  BOOST_TEST(request->args["data"] == "f");
  BOOST_TEST(request->args.real("holdout") == 0.5);
  BOOST_TEST(!request->args.flag("fast"));
  BOOST_TEST(request->threads == 3u);
  BOOST_TEST(request->memory == 64u << 20);
}

BOOST_AUTO_TEST_CASE(run_and_the_first_graphs_name_may_be_left_out) {
  for (std::vector<std::string> words : {std::vector<std::string>{"--data", "f"},
                                         {"run", "--data", "f"},
                                         {"train", "--data", "f"},
                                         {"run", "train", "--data", "f"}}) {
    auto request = parse(words, two());
    BOOST_REQUIRE(request);
    BOOST_TEST(request->program == 0u);
    BOOST_TEST(request->args["data"] == "f");
  }
  BOOST_TEST(parse({"predict"}, two())->program == 1u);
  BOOST_TEST(std::string(parse({"plan", "predict", "--format", "dot"}, two())->verb->word) == "plan");
}

BOOST_AUTO_TEST_CASE(a_flag_needs_no_value) {
  BOOST_TEST(parse({"--data", "f", "--fast"}, one())->args.flag("fast"));
  BOOST_TEST(!parse({"--data", "f", "--fast", "false"}, one())->args.flag("fast"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_what_to_say_instead) {
  BOOST_TEST(refusal({"run"}, one()) == "--data is missing: file to read");
  BOOST_TEST(refusal({"--dta", "f"}, one()).find("did you mean --data?") != std::string::npos);
  BOOST_TEST(refusal({"--data", "f", "--holdout", "2"}, one()) == "--holdout 2: must be at most 1");
  BOOST_TEST(refusal({"--data", "f", "--holdout", "x"}, one()) == "--holdout x: must be a number");
  BOOST_TEST(refusal({"--data", "f", "--memory", "much"}, one()) ==
             "--memory much: must be a size such as 64MiB");
  BOOST_TEST(refusal({"run", "--data", "f", "stray"}, one()).find("stray is not expected") != std::string::npos);
  BOOST_TEST(refusal({"run", "--data", "f", "--threads", "0"}, one()).find("--threads") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(help_shows_every_parameter_with_its_sentence_and_fallback) {
  auto request = parse({"run", "--help"}, one());
  BOOST_REQUIRE(request);
  BOOST_TEST(!request->verb);
  for (const char* part : {"--data", "file to read", "REQUIRED", "--holdout", "share kept [fraction] (0.2)",
                           "--threads", "--memory"}) {
    BOOST_TEST(request->help.find(part) != std::string::npos, part);
  }
}

BOOST_AUTO_TEST_CASE(a_hidden_parameter_has_its_fallback_and_nobody_sees_it) {
  auto programs = one();
  programs[0].params.push_back({.name = "text", .fallback = "all of it", .hidden = true});
  BOOST_TEST(parse({"--data", "f"}, programs)->args["text"] == "all of it");
  BOOST_TEST(parse({"run", "--help"}, programs)->help.find("--text") == std::string::npos);
  BOOST_TEST(refusal({"--data", "f", "--text", "x"}, programs).find("--text is not known") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
