#include <leat/actors/group/aggregate.hpp>

#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

bool is(const std::string& text, const Aggregate& expected) {
  auto read = aggregate_of(text);
  BOOST_TEST(sentence(read) == "");
  return read && *read == expected && *aggregate_of(text_of(expected)) == expected;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(aggregate)

BOOST_AUTO_TEST_CASE(a_name_a_function_and_a_column_are_read) {
  BOOST_TEST(is("flights = count()", {"flights", AggregateFunction::count, ""}));
  BOOST_TEST(is("  d=mean( arr_delay )", {"d", AggregateFunction::mean, "arr_delay"}));
  BOOST_TEST(is("x.1 = distinct(x-1)", {"x.1", AggregateFunction::distinct, "x-1"}));
  BOOST_TEST(is("größe = max(größe)", {"größe", AggregateFunction::max, "größe"}));
  BOOST_TEST(is("`mean, all` = mean(`delay (min)`)", {"mean, all", AggregateFunction::mean, "delay (min)"}));
  for (const char* function : {"count", "sum", "mean", "min", "max", "first", "last", "distinct"}) {
    auto read = aggregate_of(std::string("a = ") + function + "(x)");
    BOOST_REQUIRE(read.ok());
    BOOST_TEST(function_name(read->function) == function);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_said_with_its_place) {
  BOOST_TEST(says(sentence(aggregate_of("")), {"expected the name", "there it ends"}));
  BOOST_TEST(says(sentence(aggregate_of("mean(x)")), {"expected =", "found \"(x)\""}));
  BOOST_TEST(says(sentence(aggregate_of("a = mena(x)")), {"no function mena", "did you mean mean", "distinct"}));
  BOOST_TEST(says(sentence(aggregate_of("a = mean")), {"expected ( after mean"}));
  BOOST_TEST(says(sentence(aggregate_of("a = mean()")), {"mean() is of a column"}));
  BOOST_TEST(says(sentence(aggregate_of("a = mean(x y)")), {"expected ) after the column", "found \"y)\""}));
  BOOST_TEST(says(sentence(aggregate_of("a = mean(x) + 1")), {"expected nothing more", "found \"+ 1\""}));
  BOOST_TEST(says(sentence(aggregate_of("`a = mean(x)")), {"expected the name"}));
}

BOOST_AUTO_TEST_CASE(results_have_types_and_sums_are_of_numbers) {
  auto type = [](const char* text, ColumnType of) {
    auto made = result_of(*aggregate_of(text), {"x", of});
    return made ? std::string(type_name(made->type)) : made.error().sentence;
  };
  BOOST_TEST(type("a = count(x)", ColumnType::TEXT) == "i64");
  BOOST_TEST(type("a = sum(x)", ColumnType::BOOL) == "i64");
  BOOST_TEST(type("a = sum(x)", ColumnType::F32) == "f64");
  BOOST_TEST(type("a = mean(x)", ColumnType::I32) == "f64");
  BOOST_TEST(type("a = max(x)", ColumnType::F16) == "f16");
  BOOST_TEST(type("a = last(x)", ColumnType::TIMESTAMP) == "timestamp");
  BOOST_TEST(says(type("a = mean(x)", ColumnType::TEXT), {"\"a = mean(x)\" needs numbers", "column x is text"}));
  BOOST_TEST(says(type("a = sum(x)", ColumnType::TIMESTAMP), {"column x is timestamp"}));
}

BOOST_AUTO_TEST_SUITE_END()
