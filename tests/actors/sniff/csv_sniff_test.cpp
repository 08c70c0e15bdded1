// What a look at a file decides: delimiter, header, names, types. Each of these was once read wrong.
#include <boost/test/unit_test.hpp>

#include "actors/csv/fixture.hpp"

using namespace leat;
using csv_fixture::contains;
using csv_fixture::Files;
using csv_fixture::Read;

namespace {

Description looked_at(const std::string& content, csv::BlockOptions options = {}) {
  Files files;
  Read out;
  BOOST_REQUIRE_MESSAGE(read_blocks(out, files.write(content), options), out.error);
  return out.source;
}

// "a:i64 b:text", with what the header note says in front.
std::string found(const std::string& content, csv::BlockOptions options = {}) {
  Description source = looked_at(content, options);
  std::string all = source.notes.at("delimiter") + (source.notes.at("header") == "true" ? " header" : "");
  for (const Field& field : source.fields) all += " " + field.name + ":" + std::string(type_name(field.type));
  return all;
}

std::string column(const std::string& cells, csv::BlockOptions options = {}) {
  options.header = true;
  return std::string(type_name(looked_at("x,k\n" + cells, options).fields.at(0).type));
}

std::string refused(const std::string& content, csv::BlockOptions options = {}) {
  Files files;
  Read out;
  read_blocks(out, files.write(content), options);
  return out.error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_sniff)

BOOST_AUTO_TEST_CASE(the_delimiter_is_the_one_whose_columns_are_typed) {
  BOOST_TEST(found("1,a|b|c\n2,d|e|f\n3,g|h|i\n") == ", c0:i64 c1:text");
  BOOST_TEST(found("1,5;2,5\n3,1;4,2\n7,9;8,8\n2,2;3,3\n") == "; c0:text c1:text");
  BOOST_TEST(found("1,5;2,5\n3,1;4,2\n", {.decimal = ','}) == "; c0:f64 c1:f64");
  BOOST_TEST(found("Last, First\tCity, State\nSmith, J\tBoston, MA\nDoe, K\tReno, NV\n") ==
             "\t header Last, First:text City, State:text");
  BOOST_TEST(found("\"lat;lon\",\"n\"\n\"1;2\",3\n") == ", header lat;lon:text n:i64");
  BOOST_TEST(found("\"price, USD\",y\n1,2\n2,4\n") == ", header price, USD:i64 y:i64");
  BOOST_TEST(found("\"|\"") == ", header |:text");
}

BOOST_AUTO_TEST_CASE(delimiters_that_do_equally_well_are_both_named) {
  std::string error = refused("a,b;c\nd,e;f\n");
  BOOST_TEST(contains(error, "cells end at \",\" or at \";\""), error);
  BOOST_TEST(contains(error, "option delimiter"), error);
  BOOST_TEST(found("a,b;c\nd,e;f\n", {.delimiter = ';'}) == "; header a,b:text c:text");
}

BOOST_AUTO_TEST_CASE(a_first_row_that_its_columns_cannot_hold_is_a_header) {
  BOOST_TEST(found("x,2023,2024\n1,2,3\n4,5,6\n") == ", header x:i64 2023:i64 2024:i64");
  BOOST_TEST(found("x,nan\n1,2\n4,5\n") == ", header x:i64 nan:i64");
  BOOST_TEST(found("a,,\n1,2,3\n") == ", header a:i64 c1:i64 c2:i64");
  BOOST_TEST(found("1,2\n3,4\n") == ", c0:i64 c1:i64");
  BOOST_TEST(found("1.5,a\n3,b\n") == ", c0:f64 c1:text");
  BOOST_TEST(found("name,city\nann,rome\n") == ", header name:text city:text");
  BOOST_TEST(found("ann,ann\nbob,rome\n") == ", c0:text c1:text");
  BOOST_TEST(found("01234,1.5\n10115,2\n") == ", c0:text c1:f64");
  BOOST_TEST(found("727953961187229675,a\n1.5,b\n") == ", c0:text c1:text");
  BOOST_TEST(found("9999-12-31,a\n2024-05-01,b\n") == ", c0:text c1:text");
  BOOST_TEST(found("day,x\n2024-05-01,1\n") == ", header day:timestamp x:i64");
}

BOOST_AUTO_TEST_CASE(lines_before_the_records_are_passed_over) {
  BOOST_TEST(found("# c\nx,k\n1,a\n") == ", header x:i64 k:text");
  BOOST_TEST(looked_at("# c\n# d\n\nx,k\n1,a\n").notes.at("skipped lines") == "2");
  BOOST_TEST(found("sep=;\nx;k\n1;a\n2;b\n") == "; header x:i64 k:text");
  BOOST_TEST(found("\"sep=|\"\r\nx|k\r\n1|a\r\n") == "| header x:i64 k:text");
  // As numpy.savetxt and genomics write their headers.
  BOOST_TEST(found("# x,y\n1,2\n") == ", header # x:i64 y:i64");
  BOOST_TEST(found("#chrom\tpos\nchr1\t5\n") == "\t header #chrom:text pos:i64");
  BOOST_TEST(found("##fileformat\n#chrom\tpos\nchr1\t5\n") == "\t header #chrom:text pos:i64");
  BOOST_TEST(found("#a\n#b\n") == ", header #a:text");
}

BOOST_AUTO_TEST_CASE(lines_passed_over_count_in_complaints) {
  Files files;
  auto got = csv_fixture::read(files.write("# c\n\nx,k\n1,a\nz,b\n"), {.types = {{"x", ColumnType::I64}}});
  BOOST_TEST(contains(got.error, "a.csv:5: column x"), got.error);
}

BOOST_AUTO_TEST_CASE(a_column_is_a_number_only_where_the_number_holds_what_it_says) {
  BOOST_TEST(column("9007199254740993,1\n9007199254740992,2\n") == "i64");
  BOOST_TEST(column("9223372036854775808,1\n") == "text");
  BOOST_TEST(column("9007199254740993,1\n1.5,2\n") == "text");
  BOOST_TEST(column("08123,1\n") == "text");
  BOOST_TEST(column("00.5,1\n") == "text");
  BOOST_TEST(column("+4912345678,1\n") == "text");
  BOOST_TEST(column("0,1\n-7,2\n") == "i64");
  BOOST_TEST(column("-0,1\n") == "f64");
  BOOST_TEST(column("1,1\n2.5,2\n1e400,3\n") == "text");
  BOOST_TEST(column("1,1\n2.5e3,2\n") == "f64");
  BOOST_TEST(column("nan(abc),1\n1,2\n") == "text");
  BOOST_TEST(column("Nan,1\nInf,2\n") == "text");
  BOOST_TEST(column("1.5,1\nnan,2\n-inf,3\n") == "f64");
  BOOST_TEST(column("true,1\nFALSE,2\n") == "bool");
  BOOST_TEST(column("1,1\ntrue,2\n") == "text");
  BOOST_TEST(column("2024-05-01,1\n9999-12-31,2\n") == "text");
  BOOST_TEST(column("2024-05-01,1\n2024-05-01 12:30,2\n") == "timestamp");
}

BOOST_AUTO_TEST_CASE(nulls_do_not_decide_a_type) {
  BOOST_TEST(column("1,1\nNA,2\n,3\n") == "i64");
  BOOST_TEST(column("1,1\n\"NA\",2\n") == "text");
  BOOST_TEST(column("1,1\n-,2\n") == "text");
  BOOST_TEST(column("1,1\n-,2\n", {.nulls = {"-"}}) == "i64");
  BOOST_TEST(column(",1\nNA,2\n") == "text");
}

BOOST_AUTO_TEST_CASE(a_file_without_rows_has_columns_of_text) { BOOST_TEST(found("a,b\n") == ", header a:text b:text"); }

BOOST_AUTO_TEST_CASE(a_look_takes_in_a_hundred_rows_however_long_they_are) {
  std::string rows = "x,note\n1," + std::string(270'000, 'a') + "\n2,short\n";
  BOOST_TEST(found(rows) == ", header x:i64 note:text");
  std::string late = "x,note\n";
  for (int i = 0; i < 90; ++i) late += "1," + std::string(20'000, 'a') + "\n";
  BOOST_TEST(found(late + "n,b\n") == ", header x:text note:text");
}

BOOST_AUTO_TEST_CASE(ten_thousand_columns_of_one_name_are_told_apart_at_once) {
  std::string header = "a", row = "1";
  for (int i = 1; i < 10'000; ++i) header += ",a", row += ",1";
  auto source = looked_at(header + "\n" + row + "\n", {.header = true});
  BOOST_TEST(source.fields.back().name == "a_10000");
  BOOST_TEST(source.notes.at("twice a") == "1 and 2");
}

BOOST_AUTO_TEST_CASE(decimal_and_delimiter_must_differ) {
  BOOST_TEST(contains(refused("1,5\n", {.delimiter = ',', .decimal = ','}), "a comma cannot both"));
  BOOST_TEST(contains(refused("1,5\n", {.decimal = ';'}), "a point or a comma"));
}

BOOST_AUTO_TEST_SUITE_END()
