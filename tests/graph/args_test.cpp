#include <boost/test/unit_test.hpp>

#include <leat/graph/args.hpp>

using namespace leat;

namespace {

using Given = std::map<std::string, std::string>;

Option param(std::string name, OptionType type, std::optional<std::string> fallback = {}) {
  Option out;
  out.name = std::move(name);
  out.type = type;
  out.sentence = "what it is for";
  out.fallback = std::move(fallback);
  return out;
}

// The sentence a value of one parameter is refused with; "" when it is taken.
std::string refusal(const Option& one, const std::string& value) {
  auto args = Args::from({one}, {{one.name, value}});
  if (args) return "";
  BOOST_TEST((args.error().kind == ErrorKind::invalid));
  return args.error().sentence;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(args)

BOOST_AUTO_TEST_CASE(values_of_every_type_are_read_back) {
  std::vector<Option> params{param("t", OptionType::text),    param("p", OptionType::path),
                            param("i", OptionType::integer), param("r", OptionType::real),
                            param("f", OptionType::flag),    param("b", OptionType::bytes),
                            param("c", OptionType::choice)};
  params[6].choices = {"red", "blue"};
  auto args = Args::from(params, {{"t", ""},
                                  {"p", "a.csv"},
                                  {"i", "-7"},
                                  {"r", "1e-3"},
                                  {"f", "true"},
                                  {"b", "2k"},
                                  {"c", "blue"}});
  BOOST_REQUIRE(args);
  BOOST_TEST((*args)["t"] == "");
  BOOST_TEST((*args)["p"] == "a.csv");
  BOOST_TEST(args->integer("i") == -7);
  BOOST_TEST(args->real("r") == 1e-3);
  BOOST_TEST(args->flag("f"));
  BOOST_TEST(args->bytes("b") == 2048u);
  BOOST_TEST((*args)["c"] == "blue");
}

BOOST_AUTO_TEST_CASE(numbers_at_the_limits_of_their_type_are_taken_and_read) {
  auto least = Args::from({param("i", OptionType::integer)}, {{"i", "-9223372036854775808"}});
  BOOST_REQUIRE(least);
  BOOST_TEST(least->integer("i") == std::numeric_limits<std::int64_t>::min());
  auto tiny = Args::from({param("r", OptionType::real)}, {{"r", "1e-310"}});
  BOOST_REQUIRE(tiny);
  BOOST_TEST(tiny->real("r") == 1e-310);
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_refused) {
  BOOST_TEST(refusal(param("n", OptionType::integer), "1.5") == "--n 1.5: must be a whole number");
  BOOST_TEST(refusal(param("n", OptionType::integer), "9223372036854775808") != "");
  BOOST_TEST(refusal(param("n", OptionType::integer), "") == "--n \"\": must be a whole number");
  BOOST_TEST(refusal(param("x", OptionType::real), "1,5") == "--x 1,5: must be a number");
  BOOST_TEST(refusal(param("x", OptionType::real), "nan") == "--x nan: must be a finite number");
  BOOST_TEST(refusal(param("f", OptionType::flag), "yes") == "--f yes: must be true or false");
  BOOST_TEST(refusal(param("b", OptionType::bytes), "much") ==
             "--b much: must be a size such as 64MiB");
  BOOST_TEST(refusal(param("p", OptionType::path), "") == "--p \"\": must name a file");
}

BOOST_AUTO_TEST_CASE(a_value_out_of_range_is_refused_with_the_range) {
  Option fraction = param("fraction", OptionType::real);
  fraction.least = 0;
  fraction.most = 1;
  BOOST_TEST(refusal(fraction, "0.5") == "");
  BOOST_TEST(refusal(fraction, "1") == "");
  BOOST_TEST(refusal(fraction, "-0.1") == "--fraction -0.1: must be at least 0");
  BOOST_TEST(refusal(fraction, "1.5") == "--fraction 1.5: must be at most 1");
}

BOOST_AUTO_TEST_CASE(a_choice_that_is_not_there_is_refused_with_those_there_are) {
  Option colour = param("colour", OptionType::choice);
  colour.choices = {"red", "blue"};
  BOOST_TEST(refusal(colour, "green") == "--colour green: must be one of red and blue");
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_refused_with_the_nearest) {
  auto near = Args::from({param("data", OptionType::path)}, {{"data", "x"}, {"dta", "x"}});
  BOOST_REQUIRE(!near);
  BOOST_TEST(near.error().sentence == "--dta is not known: did you mean --data?");
  auto far = Args::from({param("data", OptionType::path)}, {{"data", "x"}, {"velocity", "x"}});
  BOOST_TEST(far.error().sentence == "--velocity is not known: see --help for those there are");
}

BOOST_AUTO_TEST_CASE(a_missing_value_is_refused_unless_there_is_a_fallback) {
  auto missing = Args::from({param("data", OptionType::path)}, Given{});
  BOOST_REQUIRE(!missing);
  BOOST_TEST(missing.error().sentence == "--data is missing: what it is for");
  auto filled = Args::from({param("n", OptionType::integer, "3")}, Given{});
  BOOST_REQUIRE(filled);
  BOOST_TEST(filled->integer("n") == 3);
}

BOOST_AUTO_TEST_CASE(a_list_is_split_at_commas) {
  auto list = [](const std::string& text) {
    return Args::from({param("l", OptionType::text)}, {{"l", text}}).value().list("l");
  };
  BOOST_TEST(list("").empty());
  BOOST_TEST(list("a").size() == 1u);
  BOOST_TEST(list("a,b,c") == (std::vector<std::string>{"a", "b", "c"}),
             boost::test_tools::per_element());
  BOOST_TEST(list(",a,,b,").size() == 2u);
  BOOST_TEST((split_at_commas(",NA", true) == std::vector<std::string>{"", "NA"}));
  BOOST_TEST(split_at_commas("", true).empty());
}

BOOST_AUTO_TEST_CASE(asking_for_what_was_not_declared_is_a_bug) {
  auto args = Args::from({}, Given{});
  BOOST_REQUIRE(args);
  BOOST_CHECK_THROW((*args)["x"], std::out_of_range);
}

// As a graph in a file: what it declares depends on which file it is.
Program told_by(std::optional<std::string> fallback) {
  Program program;
  program.name = "told";
  program.params = {param("graph", OptionType::text, std::move(fallback)), param("out", OptionType::path)};
  program.more = [](const Given& values) {
    auto graph = values.find("graph");
    std::vector<Option> more;
    if (graph != values.end()) more.push_back(param("of " + graph->second, OptionType::integer, "1"));
    return more;
  };
  return program;
}

std::vector<std::string> names(const std::vector<Option>& params) {
  std::vector<std::string> all;
  for (const Option& one : params) all.push_back(one.name);
  return all;
}

BOOST_AUTO_TEST_CASE(a_program_that_declares_all_at_once_has_no_more) {
  Program plain;
  plain.params = {param("data", OptionType::path)};
  BOOST_TEST(names(all_params(plain, {{"data", "x"}})) == std::vector<std::string>{"data"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_given_brings_its_own_parameters_behind_those_declared) {
  auto all = names(all_params(told_by("train"), {{"graph", "score"}}));
  std::vector<std::string> expected{"graph", "out", "of score"};
  BOOST_TEST(all == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_fallback_brings_its_parameters_where_nothing_is_given) {
  std::vector<std::string> expected{"graph", "out", "of train"};
  BOOST_TEST(names(all_params(told_by("train"))) == expected, boost::test_tools::per_element());
  expected.pop_back();
  BOOST_TEST(names(all_params(told_by({}))) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(args_said_by_one_process_hold_where_the_fallbacks_are_others) {
  Program here = told_by("train"), there = told_by("score");
  auto said = Args::from(all_params(here), {{"out", "x"}, {"of train", "7"}});
  BOOST_REQUIRE(said);
  auto heard = Args::from(all_params(there, said->values()), said->values());
  BOOST_REQUIRE(heard);
  BOOST_TEST(heard->integer("of train") == 7);
  BOOST_TEST((heard->values() == said->values()));
}

BOOST_AUTO_TEST_CASE(sizes_are_read_with_and_without_units) {
  BOOST_TEST((parse_bytes("0") == 0u));
  BOOST_TEST((parse_bytes("1024") == 1024u));
  BOOST_TEST((parse_bytes("64k") == 65536u));
  BOOST_TEST((parse_bytes("64 KiB") == 65536u));
  BOOST_TEST((parse_bytes("1.5 GiB") == 1610612736u));
  BOOST_TEST((parse_bytes("2mb") == 2097152u));
  BOOST_TEST((parse_bytes("7b") == 7u));
  BOOST_TEST((parse_bytes("1T") == std::uint64_t{1} << 40));
}

BOOST_AUTO_TEST_CASE(what_is_not_a_size_is_nothing) {
  for (const char* text :
       {"", "k", "-1", "1x", "1.2.3", "1 k k", "inf", "nan", "1e300", "99999999999T", "0x10"}) {
    BOOST_TEST(!parse_bytes(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
