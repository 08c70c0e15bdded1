// What the language is, and what is said of what it is not.
#include <leat/actors/expression/expression.hpp>
#include <leat/actors/expression/operations.hpp>

#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::string said_of(const std::string& text) { return sentence(parse_expression(text)); }

// With parentheses around every operation.
std::string bracketed(const std::string& text) {
  auto parsed = parse_expression(text);
  BOOST_REQUIRE_MESSAGE(parsed.ok(), sentence(parsed));
  std::vector<std::string> stack;
  for (const ExpressionPart& part : parsed->parts()) {
    if (part.is == ExpressionPart::Is::column) {
      stack.push_back(parsed->columns()[part.column]);
    } else if (part.is == ExpressionPart::Is::literal) {
      stack.push_back(parsed->shown(part));
    } else {
      std::string joined = "(" + std::string(expression_operations()[part.operation].name);
      for (std::size_t i = stack.size() - part.inputs; i < stack.size(); ++i) joined += " " + stack[i];
      stack.resize(stack.size() - part.inputs);
      stack.push_back(joined + ")");
    }
  }
  BOOST_REQUIRE(stack.size() == 1u);
  return stack[0];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(expression_parse)

BOOST_AUTO_TEST_CASE(operators_bind_as_the_page_says) {
  BOOST_TEST(bracketed("a + b * c") == "(+ a (* b c))");
  BOOST_TEST(bracketed("a - b - c") == "(- (- a b) c)");
  BOOST_TEST(bracketed("a / b // c % d") == "(% (// (/ a b) c) d)");
  BOOST_TEST(bracketed("a or b and not c == d + 1") == "(or a (and b (not (== c (+ d 1)))))");
  BOOST_TEST(bracketed("-a * b") == "(* (- a) b)");
  BOOST_TEST(bracketed("a - -1") == "(- a -1)");
  BOOST_TEST(bracketed("not a is null and b is not null") == "(and (not (is null a)) (is not null b))");
  BOOST_TEST(bracketed("a + 1 in (1, -2) or b not in ('x')") == "(or (in (+ a 1)) (not (in b)))");
  BOOST_TEST(bracketed("(a + b) * c") == "(* (+ a b) c)");
  BOOST_TEST(bracketed("max(a, b, c)") == "(max (max a b) c)");
  BOOST_TEST(bracketed("if(a, b, c + 1)") == "(if a b (+ c 1))");
}

BOOST_AUTO_TEST_CASE(names_are_words_or_stand_in_backticks) {
  auto parsed = parse_expression("`air time` + delay.minutes + `a``b` + s\xC3\xBC\xC3\x9F + delay.minutes");
  BOOST_REQUIRE_MESSAGE(parsed.ok(), sentence(parsed));
  BOOST_TEST((parsed->columns() == std::vector<std::string>{"air time", "delay.minutes", "a`b", "s\xC3\xBC\xC3\x9F"}));
  for (const char* name : {"a", "air time", "is", "a`b", "1st", "x'y", "if"}) {
    auto back = parse_expression(written_name(name));
    BOOST_REQUIRE_MESSAGE(back.ok(), name);
    BOOST_TEST((back->columns() == std::vector<std::string>{name}));
  }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_its_place) {
  BOOST_TEST(said_of("a +") == "\"a +\", at character 4: there is nothing where a value must be");
  BOOST_TEST(says(said_of("a = 1"), {"at character 3", "write == to compare"}));
  BOOST_TEST(says(said_of("a <> 1"), {"at character 3", "write !="}));
  BOOST_TEST(says(said_of("a && b"), {"write and"}));
  BOOST_TEST(says(said_of("a b"), {"at character 3", "there is b: put an operator between"}));
  BOOST_TEST(says(said_of("s\xC3\xBC\xC3\x9F b"), {"at character 5"}));
  BOOST_TEST(says(said_of("(a + b"), {"at character 7", "where a ) must be"}));
  BOOST_TEST(says(said_of("lenght(a)"), {"at character 1", "no function lenght, did you mean length?"}));
  BOOST_TEST(says(said_of("substring(a)"), {"substring takes 2 or 3 values and is given 1"}));
  BOOST_TEST(says(said_of("min(a)"), {"min takes 2 or more values and is given 1"}));
  BOOST_TEST(says(said_of("abs()"), {"abs takes 1 value and is given 0"}));
  BOOST_TEST(says(said_of("'abc"), {"at character 1", "does not end"}));
  BOOST_TEST(says(said_of("\"abc\""), {"write texts in '...' and names in `...`"}));
  BOOST_TEST(says(said_of("99999999999999999999"), {"more than an i64 holds", "with a point"}));
  BOOST_TEST(says(said_of("12abc"), {"a number goes on with a"}));
  BOOST_TEST(says(said_of("a in (1, b)"), {"at character 10", "a list has values"}));
  BOOST_TEST(says(said_of("a in (null)"), {"no null"}));
  BOOST_TEST(says(said_of("a is 3"), {"write is null"}));
  BOOST_TEST(says(said_of("a ? b"), {"there is a ?"}));
  BOOST_TEST(says(said_of(""), {"at character 1", "nothing"}));
  BOOST_TEST(says(said_of("a\xff"), {"no UTF-8"}));
  BOOST_TEST(said_of("a +\n* 2") == "\"a + * 2\", at character 5: there is * where a value must be");
}

BOOST_AUTO_TEST_CASE(assignments_and_renamings_have_names) {
  auto assignment = parse_assignment("`air speed` = a / b");
  BOOST_REQUIRE_MESSAGE(assignment.ok(), sentence(assignment));
  BOOST_TEST(assignment->name == "air speed");
  BOOST_TEST((assignment->value.columns() == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(says(sentence(parse_assignment("a / b")), {"at character 3", "write NAME = EXPRESSION"}));
  BOOST_TEST(says(sentence(parse_assignment("null = 1")), {"null is a word of the language", "backticks"}));
  BOOST_TEST(says(sentence(parse_assignment("'a' = 1")), {"where a column's name must be"}));
  auto names = parse_renaming("dep_delay as `dep delay`");
  BOOST_REQUIRE(names.ok());
  BOOST_TEST(names->first == "dep_delay");
  BOOST_TEST(names->second == "dep delay");
  BOOST_TEST(says(sentence(parse_renaming("a = b")), {"write OLD as NEW"}));
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded_and_length_is_not) {
  for (const char* open : {"(", "not ", "- ", "abs("}) {
    std::string deep;
    for (int i = 0; i < 100000; ++i) deep += open;
    BOOST_TEST(says(said_of(deep + "a"), {"nested more than 100 deep"}), open);
  }
  std::string fits = std::string(90, '(') + "a" + std::string(90, ')');
  BOOST_TEST(said_of(fits) == "");
  std::string chain = "a";
  for (int i = 0; i < 20000; ++i) chain += " + a";
  BOOST_TEST(said_of(chain) == "");
  std::string list = "a in (0";
  for (int i = 1; i < 20000; ++i) list += ", " + std::to_string(i);
  BOOST_TEST(said_of(list + ")") == "");
}

BOOST_AUTO_TEST_CASE(the_smallest_integer_can_be_written) {
  auto parsed = parse_expression("-9223372036854775808");
  BOOST_REQUIRE_MESSAGE(parsed.ok(), sentence(parsed));
  BOOST_TEST(parsed->parts()[0].literals[0].integer == std::numeric_limits<std::int64_t>::min());
}

BOOST_AUTO_TEST_SUITE_END()
