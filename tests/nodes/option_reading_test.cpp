#include "nodes/option_reading.hpp"

#include <boost/test/unit_test.hpp>

using namespace leat;
using namespace leat::nodes;

namespace {

// A graph with the parameters n = 3, names = "a,b", path = "x.csv", and one without a value, later.
Parameters parameters() {
  Parameters parameters;
  for (const char* name : {"n", "names", "path", "later"}) {
    parameters.declared.push_back({name, OptionType::text, "", {}});
  }
  parameters.values = {{"n", "3"}, {"names", "a,b"}, {"path", "x.csv"}};
  return parameters;
}

Value written(const std::string& toml) {
  Parsed parsed = read_toml("v = " + toml);
  BOOST_REQUIRE(std::holds_alternative<Value>(parsed));
  return std::get<Value>(parsed).table.at(0).value;
}

OptionValue value(const Option& option, const std::string& toml,
                  const Parameters& given = parameters()) {
  Complaints complaints;
  auto read = read_option(option, written(toml), given, "stage s", complaints);
  BOOST_TEST(complaints.empty());
  BOOST_REQUIRE(read);
  return *read;
}

std::string refusal(const Option& option, const std::string& toml) {
  Complaints complaints;
  auto read = read_option(option, written(toml), parameters(), "stage s", complaints);
  BOOST_TEST(!read);
  BOOST_REQUIRE(complaints.size() == 1);
  return located("", complaints[0]);
}

Option of(OptionType type) {
  Option option{"o", type, "what for", {}};
  if (type == OptionType::choice) option.choices = {"fail", "null"};
  if (type == OptionType::types) option.choices = {"f64", "text"};
  return option;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(option_reading)

BOOST_AUTO_TEST_CASE(each_type_is_read) {
  BOOST_TEST(value(of(OptionType::text), "\"a b\"").text == "a b");
  BOOST_TEST(value(of(OptionType::character), "\";\"").text == ";");
  BOOST_TEST(value(of(OptionType::integer), "-4").integer == -4);
  BOOST_TEST(value(of(OptionType::real), "2").real == 2.0);
  BOOST_TEST(value(of(OptionType::real), "1e-6").real == 1e-6);
  BOOST_TEST(value(of(OptionType::flag), "true").flag);
  BOOST_TEST(value(of(OptionType::bytes), "4096").bytes == 4096u);
  BOOST_TEST(value(of(OptionType::bytes), "\"64 KiB\"").bytes == 65536u);
  BOOST_TEST(value(of(OptionType::choice), "\"null\"").text == "null");
  std::vector<std::string> two = {"a", "b"};
  BOOST_TEST(value(of(OptionType::texts), "[\"a\", \"b\"]").texts == two);
  BOOST_TEST(value(of(OptionType::texts), "\"a,b\"").texts == two);
  std::vector<std::string> one = {"a,b"};
  BOOST_TEST(value(of(OptionType::texts), "[\"a,b\"]").texts == one);
  BOOST_TEST(value(of(OptionType::types), "{ x = \"f64\" }").types.at("x") == "f64");
}

BOOST_AUTO_TEST_CASE(an_option_of_an_empty_parameter_alone_is_left_out) {
  Parameters given = parameters();
  given.declared.push_back({"empty", OptionType::text, "", {}});
  given.values["empty"] = "";
  auto left_out = [&](OptionType type, const std::string& toml, std::optional<std::string> fallback = "none") {
    Option option = of(type);
    option.fallback = std::move(fallback);
    return is_left_out(option, written(toml), given);
  };
  for (auto type : {OptionType::character, OptionType::choice, OptionType::flag, OptionType::integer, OptionType::real,
                    OptionType::bytes, OptionType::types}) {
    BOOST_TEST(left_out(type, "\"${empty}\""));
    BOOST_TEST(!left_out(type, "\"${empty}\"", std::nullopt));
    BOOST_TEST(!left_out(type, "\"${n}\""));
    BOOST_TEST(!left_out(type, "\"${later}\""));
    BOOST_TEST(!left_out(type, "\"\""));
    BOOST_TEST(!left_out(type, "\"${empty}${n}\""));
    BOOST_TEST(!left_out(type, "\"${empty}${empty}\""));
  }
  for (auto type : {OptionType::text, OptionType::path, OptionType::texts}) BOOST_TEST(!left_out(type, "\"${empty}\""));
}

BOOST_AUTO_TEST_CASE(types_may_come_from_a_parameter) {
  Parameters given = parameters();
  given.values["names"] = "x=f64,y=text";
  BOOST_TEST(value(of(OptionType::types), "\"${names}\"", given).types.at("y") == "text");
  BOOST_TEST(refusal(of(OptionType::types), "\"x=f64\"").find("expected a table") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(parameters_are_filled_in_everywhere) {
  BOOST_TEST(value(of(OptionType::text), "\"<${n}> $${n} $ {\"").text == "<3> ${n} $ {");
  BOOST_TEST(value(of(OptionType::integer), "\"${n}\"").integer == 3);
  BOOST_TEST(value(of(OptionType::real), "\"${n}.5\"").real == 3.5);
  BOOST_TEST(value(of(OptionType::bytes), "\"${n}MiB\"").bytes == 3u << 20);
  std::vector<std::string> three = {"a", "b", "c"};
  BOOST_TEST(value(of(OptionType::texts), "[\"${names}\", \"c\"]").texts == three);
  BOOST_TEST(value(of(OptionType::texts), "\"${names},c\"").texts == three);
  std::vector<std::string> whole = {"x = min(3, y)"};
  BOOST_TEST(value(of(OptionType::texts), "[\"x = min(${n}, y)\"]").texts == whole);
}

BOOST_AUTO_TEST_CASE(relative_paths_begin_in_the_folder) {
  Parameters there = parameters();
  BOOST_TEST(value(of(OptionType::path), "\"${path}\"", there).text == "x.csv");
  there.folder = "/data/.";
  BOOST_TEST(value(of(OptionType::path), "\"${path}\"", there).text == "/data/x.csv");
  BOOST_TEST(value(of(OptionType::path), "\"../y\"", there).text == "/y");
  BOOST_TEST(value(of(OptionType::path), "\"/z\"", there).text == "/z");
  BOOST_TEST(value(of(OptionType::text), "\"y\"", there).text == "y");
}

BOOST_AUTO_TEST_CASE(wrong_types_are_named) {
  BOOST_TEST(refusal(of(OptionType::integer), "\"3\"") ==
             ":1:5: stage s: o: expected an integer, found a string");
  BOOST_TEST(refusal(of(OptionType::integer), "3.0") ==
             ":1:5: stage s: o: expected an integer, found a float");
  BOOST_TEST(refusal(of(OptionType::real), "true") ==
             ":1:5: stage s: o: expected a number, found a boolean");
  BOOST_TEST(refusal(of(OptionType::flag), "1") ==
             ":1:5: stage s: o: expected a boolean, found an integer");
  BOOST_TEST(refusal(of(OptionType::flag), "\"true\"") ==
             ":1:5: stage s: o: expected a boolean, found a string");
  BOOST_TEST(refusal(of(OptionType::text), "2024-01-01") ==
             ":1:5: stage s: o: expected a string, found a date");
  BOOST_TEST(refusal(of(OptionType::text), "[]") ==
             ":1:5: stage s: o: expected a string, found an array");
  BOOST_TEST(refusal(of(OptionType::texts), "[\"a\", 1]") ==
             ":1:11: stage s: o: expected a string, found an integer");
  BOOST_TEST(refusal(of(OptionType::texts), "{}") ==
             ":1:5: stage s: o: expected an array of strings, found a table");
  BOOST_TEST(refusal(of(OptionType::types), "\"f64\"") ==
             ":1:5: stage s: o: expected a table of columns and their types, found a string");
  BOOST_TEST(refusal(of(OptionType::types), "{ x = 1 }") ==
             ":1:11: stage s: o: expected a string, found an integer");
}

BOOST_AUTO_TEST_CASE(wrong_values_are_named) {
  BOOST_TEST(refusal(of(OptionType::choice), "\"nul\"") ==
             ":1:5: stage s: o: \"nul\" must be one of fail and null, did you mean null?");
  BOOST_TEST(refusal(of(OptionType::types), "{ x = \"tex\" }") ==
             ":1:11: stage s: o: column x: \"tex\" must be one of f64 and text, did you mean text?");
  BOOST_TEST(refusal(of(OptionType::character), "\"ab\"") ==
             ":1:5: stage s: o: \"ab\" must be one ASCII character, or tab");
  BOOST_TEST(refusal(of(OptionType::character), "\"é\"") ==
             ":1:5: stage s: o: \"é\" must be one ASCII character, or tab");
  BOOST_TEST(refusal(of(OptionType::bytes), "\"much\"") ==
             ":1:5: stage s: o: \"much\" must be a size such as 64MiB");
  BOOST_TEST(refusal(of(OptionType::bytes), "-1") == ":1:5: stage s: o: -1 must not be negative");
  BOOST_TEST(refusal(of(OptionType::path), "\"\"") == ":1:5: stage s: o: \"\" must name a file");
  BOOST_TEST(refusal(of(OptionType::real), "nan") == ":1:5: stage s: o: nan must be a finite number");
  BOOST_TEST(refusal(of(OptionType::real), "-inf") == ":1:5: stage s: o: -inf must be a finite number");
  BOOST_TEST(refusal(of(OptionType::integer), "\"${names}\"") ==
             ":1:5: stage s: o: \"a,b\" must be a whole number");
  BOOST_TEST(refusal(of(OptionType::flag), "\"${n}\"") ==
             ":1:5: stage s: o: \"3\" must be true or false");
  Option share = of(OptionType::real);
  share.least = 0;
  share.most = 1;
  BOOST_TEST(refusal(share, "2") == ":1:5: stage s: o: 2 must be at most 1");
  BOOST_TEST(refusal(share, "-0.5") == ":1:5: stage s: o: -0.5 must be at least 0");
}

BOOST_AUTO_TEST_CASE(parameters_that_are_not_there_are_named) {
  BOOST_TEST(refusal(of(OptionType::text), "\"${nmaes}\"") ==
             ":1:5: stage s: o: there is no parameter nmaes, did you mean names?");
  BOOST_TEST(refusal(of(OptionType::text), "\"${n\"") ==
             ":1:5: stage s: o: ${ has no }; write $${ for the characters themselves");
}

BOOST_AUTO_TEST_CASE(a_parameter_without_a_value_yet_is_not_held_against_an_option) {
  Option share = of(OptionType::real);
  share.least = 5;
  share.most = 7;
  BOOST_TEST(value(share, "\"${later}\"").real == 5.0);
  BOOST_TEST(value(of(OptionType::choice), "\"${later}\"").text == "fail");
  BOOST_TEST(value(of(OptionType::path), "\"a/${later}\"").text == "a/${later}");
  BOOST_TEST(value(of(OptionType::types), "{ x = \"${later}\" }").types.at("x") == "f64");
}

BOOST_AUTO_TEST_SUITE_END()
