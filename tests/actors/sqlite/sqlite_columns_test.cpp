#include <leat/actors/sqlite/columns.hpp>

#include <leat/actors/sqlite/database.hpp>

#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

BOOST_AUTO_TEST_SUITE(sqlite_columns)

BOOST_AUTO_TEST_CASE(what_a_type_is_declared_as_is_read_as_that_type_and_keeps_its_values) {
  for (ColumnType type : {ColumnType::F64, ColumnType::I64, ColumnType::BOOL, ColumnType::TEXT, ColumnType::BYTES,
                          ColumnType::TIMESTAMP}) {
    BOOST_TEST((sqlite::type_of(sqlite::declared_as(type)) == type));
    BOOST_TEST(sqlite::fits(type, sqlite::declared_as(type)));
  }
}

BOOST_AUTO_TEST_CASE(declared_types_are_known_by_the_words_in_them) {
  auto is = [](const char* declared, ColumnType type) { return sqlite::type_of(declared) == type; };
  BOOST_TEST(is("unsigned big int", ColumnType::I64));
  BOOST_TEST(is("varchar(255)", ColumnType::TEXT));
  BOOST_TEST(is("Double Precision", ColumnType::F64));
  BOOST_TEST(is("datetime", ColumnType::TIMESTAMP));
  BOOST_TEST(is("blob", ColumnType::BYTES));
  for (const char* open : {"", "NUMERIC", "DECIMAL(10,5)", "DATE"}) BOOST_TEST(!sqlite::type_of(open));
}

BOOST_AUTO_TEST_CASE(values_fit_where_sqlite_does_not_change_them) {
  BOOST_TEST(!sqlite::fits(ColumnType::TEXT, "INTEGER"));
  BOOST_TEST(!sqlite::fits(ColumnType::TEXT, "NUMERIC"));
  BOOST_TEST(!sqlite::fits(ColumnType::I64, "REAL"));
  BOOST_TEST(!sqlite::fits(ColumnType::I64, "TEXT"));
  BOOST_TEST(!sqlite::fits(ColumnType::F64, "TEXT"));
  BOOST_TEST(!sqlite::fits(ColumnType::F64, "INTEGER"));
  BOOST_TEST(!sqlite::fits(ColumnType::TIMESTAMP, "INTEGER"));
  BOOST_TEST(!sqlite::fits(ColumnType::BYTES, "TEXT"));
  for (ColumnType type : {ColumnType::F64, ColumnType::I64, ColumnType::TEXT, ColumnType::TIMESTAMP}) {
    BOOST_TEST(sqlite::fits(type, ""));
  }
  BOOST_TEST(sqlite::fits(ColumnType::TIMESTAMP, "DATE"));
}

BOOST_AUTO_TEST_CASE(all_differences_are_named_with_the_name_that_is_near) {
  sqlite::TableColumns there = {{"Delays", "REAL", false, false}, {"carrier", "INTEGER", false, false},
                                {"id", "INTEGER", true, true}, {"day", "TEXT", true, false}};
  Fields rows = {{"delay"}, {"CARRIER", ColumnType::TEXT}};
  BOOST_TEST(says(sentence(sqlite::fit_into("table t of x.db", there, rows)),
                  {"table t of x.db: it has no column delay", "its column carrier is INTEGER, and that of the rows text",
                   "its column day must have a value"}));
  BOOST_TEST(says(sentence(sqlite::fit_into("t", there, {{"delays_"}})), {"did you mean Delays?"}));
  BOOST_TEST(sentence(sqlite::fit_into("t", there, {{"DELAYS"}, {"day", ColumnType::TEXT}})) == "");
}

BOOST_AUTO_TEST_CASE(names_are_quoted_whatever_is_in_them) {
  BOOST_TEST(sqlite::definition("t", {{"a \"b\""}, {"n", ColumnType::I32}}) ==
             "CREATE TABLE t (\"a \"\"b\"\"\" REAL, \"n\" INTEGER)");
}

BOOST_AUTO_TEST_SUITE_END()
