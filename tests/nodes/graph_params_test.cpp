#include <boost/test/unit_test.hpp>

#include <leat/actors/actors.hpp>

#include "nodes/graph_file.hpp"
#include "nodes/graphs.hpp"

using namespace leat;
using namespace leat::nodes;

namespace {

// What is said of one more parameter, which stands on line 2.
void param_says(const std::string& param, const std::vector<std::string>& wanted) {
  says(changed("[params]\n", "[params]\n" + param + "\n"), wanted);
}

std::vector<Option> read(const std::string& toml) {
  Complaints complaints;
  auto all = stock_kinds();
  auto params = read_graph(toml + "\n[[stage]]\n", all, complaints).params;
  return params;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_params)

BOOST_AUTO_TEST_CASE(each_type_is_read_with_its_default_as_the_command_line_would_say_it) {
  auto params = read(R"([params]
t = { type = "text", sentence = "s", default = "" }
p = { type = "path", sentence = "s", default = "x" }
i = { type = "integer", sentence = "s", default = -3, least = -5, most = 5, unit = "rows" }
r = { type = "real", sentence = "s", default = 1e-6 }
w = { type = "real", sentence = "s", default = 2 }
f = { type = "flag", sentence = "s", default = true }
b = { type = "bytes", sentence = "s", default = "64MiB" }
c = { type = "choice", sentence = "s", default = "two", choices = ["one", "two"] }
o = { type = "path", sentence = "s", default = "out.csv", output = true }
n = { type = "text", sentence = "s" })");
  std::vector<std::string> wanted = {"", "x", "-3", "1e-06", "2", "true", "64MiB", "two", "out.csv"};
  BOOST_REQUIRE(params.size() == wanted.size() + 1);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    BOOST_TEST(params[i].fallback.value_or("none") == wanted[i]);
  BOOST_TEST(!params.back().fallback);
  BOOST_TEST((params[2].type == OptionType::integer));
  BOOST_TEST(params[2].unit == "rows");
  BOOST_TEST(*params[2].least == -5);
  BOOST_TEST(*params[2].most == 5);
  BOOST_TEST((params[7].type == OptionType::choice));
  BOOST_TEST(params[7].choices.size() == 2u);
  BOOST_TEST(!params[1].output);
  BOOST_TEST(params[8].output);
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_unknown_is_named) {
  param_says("x = { type = \"text\" }", {"2:5: parameter x: has no sentence: what it is for"});
  param_says("x = { sentence = \"s\" }", {"2:5: parameter x: has no type: type of its values"});
  param_says("x = { type = \"txt\", sentence = \"s\" }",
             {"2:14: parameter x: type: \"txt\" must be one of text, path, paths, integer, real, flag, "
              "bytes and choice, "
              "did you mean text?"});
  param_says("x = { type = \"text\", sentnce = \"s\" }",
             {"2:5: parameter x: has no sentence: what it is for",
              "2:22: parameter x: there is no key sentnce, did you mean sentence?"});
  param_says("x = 3", {"2:5: parameter x: expected a table, found an integer"});
  says("params = 3\n" + kSound.substr(kSound.find("[[stage]]")),
       {"1:10: params: expected a table, found an integer: write a [params.NAME] for each",
        "5:8: stage read: path: there is no parameter data",
        "14:8: stage write: path: there is no parameter out"});
}

BOOST_AUTO_TEST_CASE(names_must_be_sayable_and_free) {
  param_says("X = { type = \"text\", sentence = \"s\" }",
             {"2:1: parameter X: a name is lower case letters, digits and dashes, a letter first"});
  param_says(
      "\"a b\" = { type = \"text\", sentence = \"s\" }",
      {"2:1: parameter a b: a name is lower case letters, digits and dashes, a letter first"});
  param_says("threads = { type = \"text\", sentence = \"s\" }",
             {"2:1: parameter threads: --threads is the command line's own: choose another name"});
}

BOOST_AUTO_TEST_CASE(defaults_that_do_not_fit_are_named) {
  param_says("x = { type = \"integer\", sentence = \"s\", default = \"3\" }",
             {"2:51: parameter x: default: expected an integer, found a string"});
  param_says("x = { type = \"real\", sentence = \"s\", most = 1, default = 2 }",
             {"2:58: parameter x: default: must be at most 1"});
  param_says("x = { type = \"choice\", sentence = \"s\", choices = [\"a\"], default = \"b\" }",
             {"2:67: parameter x: default: must be one of a"});
  param_says("x = { type = \"path\", sentence = \"s\", default = \"\" }",
             {"2:48: parameter x: default: must name a file"});
  param_says("x = { type = \"bytes\", sentence = \"s\", default = \"much\" }",
             {"2:49: parameter x: default: must be a size such as 64MiB"});
}

BOOST_AUTO_TEST_CASE(limits_belong_to_numbers_and_choices_to_choices) {
  param_says("x = { type = \"text\", sentence = \"s\", least = 1 }",
             {"2:38: parameter x: least is for integers and reals"});
  param_says("x = { type = \"choice\", sentence = \"s\" }",
             {"2:5: parameter x: a choice needs choices = [\"one\", \"other\"]"});
  param_says("x = { type = \"text\", sentence = \"s\", output = true }",
             {"2:38: parameter x: output is for type = \"path\""});
  param_says("x = { type = \"text\", sentence = \"s\", choices = [\"a\"] }",
             {"2:38: parameter x: choices are for type = \"choice\""});
}

BOOST_AUTO_TEST_SUITE_END()
