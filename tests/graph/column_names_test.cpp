#include <boost/test/unit_test.hpp>

#include <leat/graph/column_names.hpp>

using leat::ColumnNames;

BOOST_AUTO_TEST_SUITE(column_names)

BOOST_AUTO_TEST_CASE(a_column_is_read_carried_or_both) {
  auto wanted = ColumnNames::carried();
  wanted.add(ColumnNames::of({"x"}));
  BOOST_TEST(wanted.reads("x"));
  BOOST_TEST(wanted.carries("x"));
  BOOST_TEST(!wanted.reads("y"));
  BOOST_TEST(wanted.carries("y"));
  BOOST_TEST(!wanted.are_all());
  wanted.add(ColumnNames::all());
  BOOST_TEST(wanted.reads("y"));
  BOOST_TEST(!wanted.are_all());
  BOOST_TEST(ColumnNames::all().are_all());
}

BOOST_AUTO_TEST_CASE(one_that_is_changed_is_read_and_carried_by_nobody) {
  auto wanted = ColumnNames::carried();
  wanted.add(ColumnNames::changed({"x"}));
  BOOST_TEST(wanted.reads("x"));
  BOOST_TEST(!wanted.carries("x"));
  BOOST_TEST(wanted.carries("y"));
  wanted.add(ColumnNames::all_changed());
  BOOST_TEST(!wanted.carries("y"));
  BOOST_TEST(wanted.reads("y"));
  BOOST_TEST(wanted.are_all());
}

BOOST_AUTO_TEST_CASE(some_of_them_keep_what_they_are_wanted_for) {
  auto wanted = ColumnNames::carried();
  wanted.add(ColumnNames::of({"x", "y"}));
  auto some = wanted.among({"x", "z"});
  BOOST_TEST(some.reads("x"));
  BOOST_TEST(some.carries("x"));
  BOOST_TEST(some.carries("z"));
  BOOST_TEST(!some.reads("z"));
  BOOST_TEST(!some.has("y"));
}

BOOST_AUTO_TEST_SUITE_END()
