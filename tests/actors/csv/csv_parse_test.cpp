#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "actors/csv/fixture.hpp"

using namespace leat;
using csv::BadCells;
using csv_fixture::contains;
using csv_fixture::Files;
using csv_fixture::read;
using csv_fixture::Read;

namespace {

using Doubles = std::vector<double>;
using Texts = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;
using Integers = std::vector<std::int64_t>;

csv::ParseOptions typed(ColumnType type, BadCells bad = BadCells::fail) {
  return {.types = {{"x", type}}, .bad = bad};
}

// The error of a file with one column x, of one type, and one cell.
std::string complaint(const Files& files, ColumnType type, const std::string& cell) {
  return read(files.write("x,y\n" + cell + ",1\n"), typed(type), {.header = true}).error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_parse)

BOOST_AUTO_TEST_CASE(numbers_are_read_as_f64_or_f32) {
  Files files;
  auto path = files.write("x,y\n1.5,-2\n+3,4e2\n 5 ,\"6\"\n.5,7.\n123456789.123456789,1e-3\n");
  auto wide = read(path, {.numbers = {"x", "y"}});
  BOOST_TEST(wide.error == "");
  BOOST_TEST(wide.values<double>(0) == (Doubles{1.5, 3, 5, .5, 123456789.123456789}));
  BOOST_TEST(wide.values<double>(1) == (Doubles{-2, 400, 6, 7, 1e-3}));
  BOOST_TEST(wide.counts.at("rows") == 5u);
  auto narrow = read(path, {.real = ColumnType::F32, .numbers = {"x", "y"}});
  BOOST_TEST(narrow.values<float>(0) ==
             (std::vector<float>{1.5f, 3, 5, .5f, 123456789.123456789f}));
  BOOST_TEST((narrow.described.output.fields[0].type == ColumnType::F32));
}

BOOST_AUTO_TEST_CASE(nan_and_infinity_are_values_of_float_columns) {
  Files files;
  auto got = read(files.write("x\nnan\ninf\n-Infinity\nNaN\n1\n")).values<double>(0);
  BOOST_TEST(std::isnan(got.at(0)));
  BOOST_TEST(got.at(1) == std::numeric_limits<double>::infinity());
  BOOST_TEST(got.at(2) == -std::numeric_limits<double>::infinity());
  BOOST_TEST(std::isnan(got.at(3)));
}

BOOST_AUTO_TEST_CASE(every_type_can_be_declared) {
  Files files;
  auto got = read(
      files.write("h,i,j,b,t,y,w\n"
                  "0.5,9223372036854775807,-2147483648,True,1970-01-01T00:00:01Z,\xFF,\xC3\xA4\n"),
      {.types = {{"h", ColumnType::F16},
                 {"i", ColumnType::I64},
                 {"j", ColumnType::I32},
                 {"b", ColumnType::BOOL},
                 {"t", ColumnType::TIMESTAMP},
                 {"y", ColumnType::BYTES},
                 {"w", ColumnType::TEXT}}});
  BOOST_TEST(got.error == "");
  BOOST_TEST(static_cast<float>(got.values<Eigen::half>(0).at(0)) == 0.5f);
  BOOST_TEST(got.values<std::int64_t>(1).at(0) == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(got.values<std::int32_t>(2).at(0) == std::numeric_limits<std::int32_t>::min());
  BOOST_TEST(int{got.values<std::uint8_t>(3).at(0)} == 1);
  BOOST_TEST(got.values<std::int64_t>(4).at(0) == 1'000'000'000);
  BOOST_TEST(got.texts(5).at(0) == "\xFF");
  BOOST_TEST(got.texts(6).at(0) == "\xC3\xA4");
}

BOOST_AUTO_TEST_CASE(quoted_text_keeps_delimiters_newlines_and_quotes) {
  Files files;
  auto got = read(files.write(
      "w,v\n\"a,b\",1\n\"say \"\"hi\"\"\",2\n\"two\r\nlines\",3\n\"\",4\n plain ,5\n5\" pipe,6\n"));
  BOOST_TEST(got.error == "");
  BOOST_TEST(got.texts(0) ==
             (Texts{"a,b", "say \"hi\"", "two\r\nlines", "", " plain ", "5\" pipe"}));
  BOOST_TEST(got.values<std::int64_t>(1) == (Integers{1, 2, 3, 4, 5, 6}));
}

BOOST_AUTO_TEST_CASE(columns_are_chosen_in_the_order_asked_for) {
  Files files;
  auto path = files.write("a,b,c,d\n1,x,3,bad\n4,\"y,y\",6,worse\n");
  auto got = read(path, {.types = {{"d", ColumnType::F64}}, .columns = {"c", "b"}});
  BOOST_TEST(got.error == "");
  BOOST_TEST(got.tables.at(0).columns() == 2u);
  BOOST_TEST(got.tables.at(0).name(0) == "c");
  BOOST_TEST(got.values<std::int64_t>(0) == (Integers{3, 6}));
  BOOST_TEST(got.texts(1) == (Texts{"x", "y,y"}));
  BOOST_TEST(read(path, {.columns = {"d"}}).texts(0) == (Texts{"bad", "worse"}));
  BOOST_TEST(read(path, {.columns = {"a"}}).values<std::int64_t>(0) == (Integers{1, 4}));
}

BOOST_AUTO_TEST_CASE(columns_that_are_not_asked_for_still_count) {
  Files files;
  for (std::string bad : {"1,2\n", "1,2,3,4\n", "1\n", "1,2,3,\n"}) {
    auto got = read(files.write("a,b,c\n1,2,3\n" + bad), {.columns = {"a"}});
    BOOST_TEST(contains(got.error, "a.csv:3: the row has"), bad);
  }
}

BOOST_AUTO_TEST_CASE(unknown_columns_are_refused_with_the_nearest_name) {
  Files files;
  auto path = files.write("speed,mass\n1,2\n");
  BOOST_TEST(
      contains(read(path, {.types = {{"sped", ColumnType::I32}}}).error,
               "there is no column \"sped\"; did you mean \"speed\"? columns: speed and mass"));
  auto chosen = read(path, {.columns = {"mas"}});
  BOOST_TEST(contains(chosen.error, "did you mean \"mass\"?"));
  BOOST_TEST((chosen.kind == ErrorKind::invalid));
  BOOST_TEST(contains(read(path, {.columns = {"mass", "mass"}}).error, "asked for twice"));
  BOOST_TEST(csv::parse({.real = ColumnType::I32}).wrong_options->sentence == "real: must be one of f64 and f32");
  BOOST_TEST(!csv::parse().describe({Description{}}).ok());
}

BOOST_AUTO_TEST_CASE(a_bad_cell_is_named_with_file_line_column_and_value) {
  Files files;
  BOOST_TEST(
      contains(complaint(files, ColumnType::F64, "abc"),
               "a.csv:2: column x: \"abc\" is not an f64; mend it, name it among what says null (option nulls), "
               "declare the column as text (option types), or choose what becomes of bad cells (option bad: null, "
               "or drop for their rows)"));
  BOOST_TEST(contains(complaint(files, ColumnType::I64, "1\xC2\xA0" "234"), "\"1\\xc2\\xa0234\" is not"));
  BOOST_TEST(contains(complaint(files, ColumnType::I64, "\xEF\xBB\xBF" "3"), "\"\\xef\\xbb\\xbf3\" is not"));
  BOOST_TEST(contains(complaint(files, ColumnType::F64, "1.5x"), "\"1.5x\" is not an f64"));
  BOOST_TEST(contains(complaint(files, ColumnType::F32, "+-5"), "\"+-5\" is not an f32"));
  BOOST_TEST(contains(complaint(files, ColumnType::I32, "3.5"), "\"3.5\" is not an i32"));
  BOOST_TEST(contains(complaint(files, ColumnType::BOOL, "yes"), "\"yes\" is not a bool"));
  BOOST_TEST(contains(complaint(files, ColumnType::TIMESTAMP, "2023-02-29"), "is not a timestamp"));
  BOOST_TEST(complaint(files, ColumnType::F64, "") == "");
  BOOST_TEST(contains(complaint(files, ColumnType::F64, "\"\""), "the cell is empty"));
  BOOST_TEST(
      contains(complaint(files, ColumnType::TEXT, "a\xFF\x01"), "\"a\\xff\\x01\" is not UTF-8"));
  BOOST_TEST(contains(complaint(files, ColumnType::TEXT, "\"a\"b"),
                      "\"a\"b\" goes on after its closing quote"));
  BOOST_TEST(contains(complaint(files, ColumnType::F64, std::string(100, '7') + "\tx"),
                      "\"" + std::string(40, '7') + "...\" is not"));
}

BOOST_AUTO_TEST_CASE(what_a_type_cannot_hold_is_out_of_range) {
  Files files;
  BOOST_TEST(contains(complaint(files, ColumnType::I32, "300000000000"),
                      "\"300000000000\" is out of range for an i32"));
  BOOST_TEST(contains(complaint(files, ColumnType::I64, "9223372036854775808"),
                      "out of range for an i64"));
  BOOST_TEST(contains(complaint(files, ColumnType::F64, "1e999"), "out of range for an f64"));
  BOOST_TEST(contains(complaint(files, ColumnType::F64, "-1e999"), "out of range for an f64"));
  BOOST_TEST(contains(complaint(files, ColumnType::F32, "1e39"), "out of range for an f32"));
  BOOST_TEST(contains(complaint(files, ColumnType::F32, "1" + std::string(40, '0')),
                      "out of range for an f32"));
  BOOST_TEST(contains(complaint(files, ColumnType::F16, "70000"), "out of range for an f16"));
  BOOST_TEST(contains(complaint(files, ColumnType::TIMESTAMP, "9999-01-01"),
                      "out of range for a timestamp"));
}

BOOST_AUTO_TEST_CASE(numbers_at_the_limits_of_their_type_are_read) {
  Files files;
  auto got =
      read(files.write("x\n1.7976931348623157e308\n5e-324\n-1.7976931348623157e308\n1e-400\n"
                       "2.2250738585072014e-308\n"));
  BOOST_TEST(got.error == "");
  BOOST_TEST(
      got.values<double>(0) ==
      (Doubles{std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min(),
               std::numeric_limits<double>::lowest(), 0, std::numeric_limits<double>::min()}));
  auto narrow = read(files.write("x\n3.4028234663852886e38\n1e-45\n"), {.real = ColumnType::F32});
  BOOST_TEST(narrow.values<float>(0) ==
             (std::vector<float>{std::numeric_limits<float>::max(),
                                 std::numeric_limits<float>::denorm_min()}));
}

BOOST_AUTO_TEST_CASE(the_line_of_a_bad_cell_counts_newlines_inside_quotes) {
  Files files;
  auto got = read(files.write("w,x\n\"1\n2\n3\",4\n\r\n\"a\rb\r\nc\",5\n\"d\n\",oops\n"),
                  typed(ColumnType::F64));
  BOOST_TEST(contains(got.error, "a.csv:10: column x: \"oops\""));
}

BOOST_AUTO_TEST_CASE(the_line_of_a_bad_cell_does_not_depend_on_blocks) {
  Files files;
  std::string content = "w,x\n";
  for (int i = 0; i < 300; ++i)
    content += "\"a\nb\",1\n";
  auto path = files.write(content + "z,bad\n");
  for (std::size_t bytes : {64, 100, 256 * 1024}) {
    BOOST_TEST(
        contains(read(path, typed(ColumnType::F64), {.block_bytes = bytes}).error, "a.csv:602:"));
  }
}

BOOST_AUTO_TEST_CASE(ragged_rows_fail_with_their_line_and_cells) {
  Files files;
  BOOST_TEST(contains(read(files.write("a,b,c\n1,2,3\n4,5\n")).error,
                      "a.csv:3: the row has 2 cells where 3 belong; mend the row"));
  BOOST_TEST(contains(read(files.write("a,b,c\n1,2,3\n4,5,6,7,8\n")).error,
                      "a.csv:3: the row has 5 cells where 3 belong"));
  BOOST_TEST(contains(read(files.write("a,b,c\n1,2,3\n4\n")).error, "the row has 1 cell where"));
}

BOOST_AUTO_TEST_CASE(bad_cells_can_be_null) {
  Files files;
  auto got = read(files.write("x,w,y\n1,a,2\nbad,b,\n3,\xFF,4\n5\n6,c,7,8\n9,d,10\n"),
                  typed(ColumnType::F64, BadCells::null));
  BOOST_TEST(got.error == "");
  BOOST_TEST(got.described.output.fields[1].nullable);
  BOOST_REQUIRE(got.tables.size() == 1u);
  const Table& table = got.tables[0];
  BOOST_TEST(got.numbers() == (Numbers{0, 1, 2, 3, 5}));
  BOOST_TEST(got.values<double>(0) == (Doubles{1, 0, 3, 5, 9}));
  BOOST_TEST(got.texts(1) == (Texts{"a", "b", "", "", "d"}));
  std::string valid;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t column = 0; column < 3; ++column)
      valid += table.valid(column, row) ? '1' : '0';
    valid += ' ';
  }
  BOOST_TEST(valid == "111 010 101 100 111 ");
  BOOST_TEST(got.counts.at("cells null") == 5u);
  BOOST_TEST(got.counts.at("rows dropped") == 1u);
  BOOST_TEST(got.counts.at("rows") == 5u);
}

BOOST_AUTO_TEST_CASE(rows_with_bad_cells_can_be_dropped_and_keep_their_numbers) {
  Files files;
  auto got = read(files.write("x,w,y\n1,a,2\nbad,b,3\n3,c\n4,\"two\nlines\",5,6\n5,d,7\n"),
                  typed(ColumnType::F64, BadCells::drop));
  BOOST_TEST(got.error == "");
  BOOST_TEST(got.values<double>(0) == (Doubles{1, 5}));
  BOOST_TEST(got.texts(1) == (Texts{"a", "d"}));
  BOOST_TEST(got.numbers() == (Numbers{0, 4}));
  BOOST_TEST(got.counts.at("rows dropped") == 3u);
  BOOST_TEST(!got.tables.at(0).validity(0));
}

BOOST_AUTO_TEST_CASE(tables_from_which_nothing_was_dropped_have_no_row_numbers) {
  Files files;
  auto got = read(files.write("x\n1\n2\n"), {.bad = BadCells::drop});
  BOOST_TEST(got.tables.at(0).row_numbers() == nullptr);
  BOOST_TEST(got.counts.count("rows dropped") == 0u);
}

BOOST_AUTO_TEST_CASE(a_block_of_bad_rows_only_gives_no_table) {
  Files files;
  auto got = read(files.write("x\nbad\nworse\n"), typed(ColumnType::F64, BadCells::drop),
                  {.header = true});
  BOOST_TEST(got.error == "");
  BOOST_TEST(got.tables.empty());
  BOOST_TEST(got.counts.at("rows dropped") == 2u);
}

BOOST_AUTO_TEST_CASE(one_row_and_no_rows_are_fine) {
  Files files;
  BOOST_TEST(read(files.write("x,y\n1,2\n")).rows() == 1u);
  auto none = read(files.write("x,y\n"));
  BOOST_TEST(none.error == "");
  BOOST_TEST(none.rows() == 0u);
}

BOOST_AUTO_TEST_CASE(five_thousand_columns_work) {
  Files files;
  std::string content;
  for (int i = 0; i < 5000; ++i)
    content += (i ? ",x" : "x") + std::to_string(i);
  for (int row = 0; row < 40; ++row) {
    content += '\n';
    for (int i = 0; i < 5000; ++i)
      content += (i ? "," : "") + std::to_string(row * 5000 + i) + ".25";
  }
  auto got = read(files.write(content), {.real = ColumnType::F32});
  BOOST_TEST(got.error == "");
  BOOST_TEST(got.rows() == 40u);
  std::size_t row = 0;
  for (const Table& table : got.tables) {
    BOOST_TEST(table.first_row() == row);
    for (std::size_t i = 0; i < table.rows(); ++i, ++row) {
      BOOST_TEST(table.values<float>(4999)[static_cast<int>(i)] ==
                 static_cast<float>(row * 5000 + 4999) + 0.25f);
    }
    BOOST_TEST(table.chunk().footprint() <= got.described.needs.max_output);
  }
}

BOOST_AUTO_TEST_CASE(narrow_rows_make_several_tables_of_one_block) {
  Files files;
  std::string content = "a,b,c,d\n";
  for (int i = 0; i < 40000; ++i)
    content += "1,2,3,4\n";
  auto got = read(files.write(content), {}, {.block_bytes = 1 << 20});
  BOOST_TEST(got.error == "");
  BOOST_TEST(got.tables.size() > got.blocks.size());
  std::uint64_t row = 0;
  for (const Table& table : got.tables) {
    BOOST_TEST(table.first_row() == row);
    row += table.rows();
    BOOST_TEST(table.chunk().footprint() <= got.described.needs.max_output);
    BOOST_TEST(table.chunk().bytes() <= 600'000u);
  }
  BOOST_TEST(row == 40000u);
}

BOOST_AUTO_TEST_CASE(large_texts_stay_within_the_declared_output) {
  Files files;
  std::string content = "w,x\n";
  for (int i = 0; i < 50; ++i)
    content += std::string(static_cast<std::size_t>(i) * 9000, 'w') + ",1\n";
  auto got = read(files.write(content));
  BOOST_TEST(got.error == "");
  BOOST_TEST(got.rows() == 50u);
  for (const Table& table : got.tables) {
    BOOST_TEST(table.chunk().footprint() <= got.described.needs.max_output);
  }
  BOOST_TEST(got.texts(0).back().size() == 49u * 9000);
}

BOOST_AUTO_TEST_SUITE_END()
