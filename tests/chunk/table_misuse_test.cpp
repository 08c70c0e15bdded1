// Asking a table, or a builder, for what it does not have: one sentence, never stale bytes.
#include <limits>
#include <stdexcept>
#include <string>

#include <boost/test/unit_test.hpp>

#include <leat/chunk/gather.hpp>
#include <leat/chunk/table_builder.hpp>

#include "chunk/dirty_pool.hpp"

using namespace leat;

namespace {

const Fields kFields{{"speed", ColumnType::F64, true},
                     {"count", ColumnType::I64},
                     {"wide", ColumnType::F32},
                     {"town", ColumnType::TEXT, true},
                     {"code", ColumnType::TEXT, true, true},
                     {"when", ColumnType::TIMESTAMP},
                     {"day", ColumnType::I32},
                     {"good", ColumnType::BOOL},
                     {"half", ColumnType::F16}};

Table sample(Pool& pool) {
  TableBuilder builder(pool, kFields, TableRoom{.rows = 3, .heap = 100});
  for (std::size_t row = 0; row < 3; ++row) {
    builder.cells<double>(0)[row] = 1;
    BOOST_TEST(builder.put(3, row, "Oslo"));
    BOOST_TEST(builder.put(4, row, "OSL"));
  }
  return std::move(builder).finish(3, 0);
}

// What the exception says; it must be an E, and so a std::logic_error.
template <class E = std::logic_error, class F> std::string thrown(F f) {
  static_assert(std::is_base_of_v<std::logic_error, E>);
  try {
    f();
  } catch (const E& e) {
    return e.what();
  } catch (const std::exception& e) {
    return std::string("another exception: ") + e.what();
  }
  return "nothing was thrown";
}

template <class T> void only_from(const Table& table, std::initializer_list<std::size_t> columns) {
  for (std::size_t c = 0; c < table.columns(); ++c) {
    bool fine = std::find(columns.begin(), columns.end(), c) != columns.end();
    std::string said = thrown([&] { (void)table.values<T>(c); });
    BOOST_TEST((said == "nothing was thrown") == fine, table.name(c) << ": " << said);
    if (!fine) BOOST_TEST(said.find("column " + std::string(table.name(c)) + " is ") == 0u, said);
    if (!fine) BOOST_TEST(said.find(ColumnTypeOf<T>::name) != std::string::npos, said);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table_misuse)

BOOST_AUTO_TEST_CASE(a_column_is_read_as_its_own_type_only) {
  auto pool = testing::dirty_pool(5000);
  Table table = sample(*pool);
  only_from<double>(table, {0});
  only_from<std::int64_t>(table, {1, 5});
  only_from<float>(table, {2});
  only_from<std::int32_t>(table, {6});
  only_from<std::uint8_t>(table, {7});
  only_from<Eigen::half>(table, {8});
  BOOST_TEST(thrown([&] { (void)table.values<std::int64_t>(0); }) ==
             "column speed is f64 and is asked for as i64");
}

BOOST_AUTO_TEST_CASE(every_column_of_a_matrix_has_its_type) {
  auto pool = Pool::make();
  Table table = sample(*pool);
  BOOST_TEST(thrown([&] { (void)table.matrix<double>(0, 2); }) ==
             "column count is i64 and is asked for as f64");
  BOOST_TEST(thrown([&] { (void)table.matrix<float>(1, 1); }) ==
             "column count is i64 and is asked for as f32");
  BOOST_TEST(thrown<std::out_of_range>([&] {
               (void)table.matrix<Eigen::half>(8, 2);
             }).find("there is no column 9") == 0u);
  BOOST_TEST(table.matrix<double>(9, 0).cols() == 0);
  BOOST_TEST(table.matrix<double>(0, 1).rows() == 3);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_there_says_so_and_which_one_is_near) {
  auto pool = Pool::make();
  Table table = sample(*pool);
  BOOST_TEST(*table.find("town") == 3u);
  BOOST_TEST(bool(table.find("town")));
  BOOST_TEST(!table.find("nope"));
  BOOST_TEST(table.find("nope").value_or(7) == 7u);
  std::string said = thrown<std::out_of_range>([&] { (void)*table.find("sped"); });
  BOOST_TEST(said ==
             "there is no column sped (did you mean speed?): there are speed, count, wide, town, "
             "code, when, "
             "day, good and half");
  BOOST_TEST(thrown<std::out_of_range>([&] {
               (void)table.find("").value();
             }).find("there is no column ") == 0u);
  // The sentence needs the table no more than the caller does.
  auto found = Table(sample(*pool)).find("x");
  BOOST_TEST(thrown<std::out_of_range>([&] {
               (void)*found;
             }).find("there is no column x: there are speed") == 0u);
  std::optional<std::size_t> position = table.find("count");
  BOOST_TEST((position == std::size_t{1}));
}

BOOST_AUTO_TEST_CASE(a_column_past_the_last_is_refused_by_whatever_asks_for_it) {
  auto pool = Pool::make();
  Table table = sample(*pool);
  for (std::size_t column : {std::size_t{9}, std::size_t{10}, std::size_t{1} << 32,
                             std::numeric_limits<std::size_t>::max()}) {
    std::string start =
        "there is no column " + std::to_string(column) + ", counted from 0: there are 9, speed";
    auto refused = [&](auto f) {
      std::string said = thrown<std::out_of_range>(f);
      BOOST_TEST(said.find(start) == 0u, said);
    };
    refused([&] { (void)table.name(column); });
    refused([&] { (void)table.type(column); });
    refused([&] { (void)table.has_dictionary(column); });
    refused([&] { (void)table.values<double>(column); });
    refused([&] { (void)table.matrix<double>(column, 1); });
    refused([&] { (void)table.number(column, 0); });
    refused([&] { (void)table.text(column, 0); });
    refused([&] { (void)table.codes(column); });
    refused([&] { (void)table.valid(column, 0); });
    refused([&] { (void)table.validity(column); });
    refused([&] { (void)table.cells(column); });
  }
}

BOOST_AUTO_TEST_CASE(a_row_past_the_last_is_refused_by_whatever_asks_for_it) {
  auto pool = Pool::make();
  Table table = sample(*pool);
  for (std::size_t row :
       {std::size_t{3}, std::size_t{4}, std::numeric_limits<std::size_t>::max()}) {
    std::string all = "there is no row " + std::to_string(row) + ", counted from 0: there are 3";
    BOOST_TEST(thrown<std::out_of_range>([&] { (void)table.number(0, row); }) == all);
    BOOST_TEST(thrown<std::out_of_range>([&] { (void)table.text(3, row); }) == all);
    BOOST_TEST(thrown<std::out_of_range>([&] { (void)table.text(4, row); }) == all);
    BOOST_TEST(thrown<std::out_of_range>([&] { (void)table.valid(0, row); }) == all);
    BOOST_TEST(thrown<std::out_of_range>([&] { (void)table.valid(1, row); }) == all);
    BOOST_TEST(thrown<std::out_of_range>([&] { (void)table.row_number(row); }) == all);
  }
}

BOOST_AUTO_TEST_CASE(what_holds_no_message_is_not_read) {
  auto pool = Pool::make();
  std::string said = "a chunk without a message is read: it was made by default, or moved from";
  BOOST_TEST(thrown([&] { (void)Table().rows(); }) == said);
  BOOST_TEST(thrown([&] { (void)Table().find("x"); }) == said);
  Table table = sample(*pool);
  Table moved = std::move(table);
  BOOST_TEST(thrown([&] { (void)table.values<double>(0); }) == said);
  BOOST_TEST(moved.rows() == 3u);
}

BOOST_AUTO_TEST_CASE(numbers_are_no_text_and_text_is_no_number) {
  auto pool = Pool::make();
  Table table = sample(*pool);
  BOOST_TEST(thrown([&] { (void)table.number(3, 0); }) ==
             "column town is text and is asked for as a number");
  BOOST_TEST(thrown([&] { (void)table.number(4, 0); }) ==
             "column code is text with a dictionary and is asked for as a number");
  BOOST_TEST(thrown([&] { (void)table.text(0, 0); }) ==
             "column speed is f64 and is asked for as text");
  BOOST_TEST(thrown([&] { (void)table.text(5, 0); }) ==
             "column when is timestamp and is asked for as text");
  BOOST_TEST(thrown([&] { (void)table.codes(3); }) ==
             "column town is text and is asked for as the codes of a dictionary");
}

BOOST_AUTO_TEST_CASE(selected_rows_are_rows_of_the_table) {
  auto pool = Pool::make();
  Table table = sample(*pool);
  std::vector<std::uint32_t> past{0, 3};
  BOOST_TEST(thrown<std::out_of_range>([&] { (void)select_rows(*pool, table, past); }) ==
             "there is no row 3, counted from 0: there are 3");
  std::vector<std::uint32_t> last{2};
  BOOST_TEST(select_rows(*pool, table, last).text(3, 0) == "Oslo");
}

BOOST_AUTO_TEST_CASE(a_builder_gives_and_takes_only_what_its_columns_are) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, kFields, TableRoom{.rows = 3, .heap = 10});
  BOOST_TEST(thrown([&] { builder.cells<std::int64_t>(0); }) ==
             "column speed is f64 and is asked for as i64");
  BOOST_TEST(thrown([&] { builder.cells<std::int32_t>(4); }) ==
             "column code is text with a dictionary and is asked for as i32");
  BOOST_TEST(thrown([&] { (void)builder.put(0, 0, "x"); }) ==
             "column speed is f64 and is asked for as text");
  BOOST_TEST(thrown([&] { builder.set_null(1, 0); }) ==
             "column count is not nullable and is given a null");
  BOOST_TEST(thrown([&] { builder.row_numbers(); }).find("a table is given row numbers") == 0u);
  BOOST_TEST(thrown([&] { builder.lines(); }).find("a table is given its rows' lines") == 0u);
  for (std::size_t column : {std::size_t{9}, std::numeric_limits<std::size_t>::max()}) {
    BOOST_CHECK_THROW(builder.cells<double>(column), std::out_of_range);
    BOOST_CHECK_THROW(builder.raw_cells(column), std::out_of_range);
    BOOST_CHECK_THROW((void)builder.put(column, 0, "x"), std::out_of_range);
    BOOST_CHECK_THROW(builder.set_null(column, 0), std::out_of_range);
  }
  for (std::size_t row : {std::size_t{3}, std::numeric_limits<std::size_t>::max()}) {
    BOOST_CHECK_THROW((void)builder.put(3, row, "x"), std::out_of_range);
    BOOST_CHECK_THROW((void)builder.put(4, row, "x"), std::out_of_range);
    BOOST_CHECK_THROW(builder.set_null(0, row), std::out_of_range);
  }
  BOOST_TEST(thrown<std::length_error>([&] { (void)std::move(builder).finish(4, 0); }) ==
             "a table with room for 3 rows is finished with 4");
}

BOOST_AUTO_TEST_CASE(a_text_that_found_no_room_is_never_lost_in_silence) {
  auto pool = testing::dirty_pool(5000);
  for (std::size_t column : {3, 4}) {
    auto build = [&](auto after, std::size_t rows) {
      TableBuilder builder(*pool, kFields, TableRoom{.rows = 3, .heap = 5});
      BOOST_TEST(builder.put(column, 0, "abc"));
      BOOST_TEST(!builder.put(column, 1, "defg"));
      after(builder);
      return std::move(builder).finish(rows, 0);
    };
    std::string lost = thrown<std::length_error>([&] { build([](auto&) {}, 3); });
    BOOST_TEST(lost.find("column " + kFields[column].name +
                         ": the text of row 1 found no room in a heap of 5 bytes") == 0u,
               lost);
    // The same text twice is as large as once, though its code was given out in vain.
    lost = thrown<std::length_error>(
        [&] { build([&](auto& b) { BOOST_TEST(!b.put(column, 1, "defg")); }, 3); });
    BOOST_TEST(lost.find("column ") == 0u, lost);
    BOOST_TEST(build([](auto&) {}, 1).text(column, 0) == "abc");
    BOOST_TEST(build([&](auto& b) { BOOST_TEST(b.put(column, 1, "de")); }, 3).text(column, 1) ==
               "de");
    Table nulled = build([&](auto& b) { b.set_null(column, 1); }, 3);
    BOOST_TEST(!nulled.valid(column, 1));
    BOOST_TEST(nulled.text(column, 0) == "abc");
  }
}

BOOST_AUTO_TEST_CASE(a_text_that_nobody_wrote_is_empty) {
  for (std::size_t column : {3, 4}) {
    for (std::size_t written = 0; written < 4; ++written) {
      auto pool = testing::dirty_pool(5000);
      TableBuilder builder(*pool, kFields, TableRoom{.rows = 4, .heap = 50});
      BOOST_TEST(builder.put(column, written, "written"));
      Table table = std::move(builder).finish(4, 0);
      for (std::size_t row = 0; row < 4; ++row) {
        BOOST_TEST(table.text(column, row) == (row == written ? "written" : ""));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_dictionary_has_no_more_entries_than_room_was_made_for) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"code", ColumnType::TEXT, false, true}},
                       TableRoom{.rows = 2, .heap = 1000});
  std::size_t taken = 0;
  for (int i = 0; i < 500; ++i)
    taken += builder.put(0, 0, std::to_string(i));
  BOOST_TEST(taken >= 2u);
  BOOST_TEST(taken <= 3u);
  BOOST_TEST(builder.put(0, 0, "1"));
  BOOST_TEST(builder.put(0, 1, "0"));
  Table table = std::move(builder).finish(2, 0);
  BOOST_TEST(table.text(0, 0) == "1");
  BOOST_TEST(table.text(0, 1) == "0");
}

BOOST_AUTO_TEST_CASE(room_that_no_table_has_is_refused_before_it_is_written_to) {
  auto pool = Pool::make();
  std::size_t most = std::numeric_limits<std::size_t>::max();
  for (TableRoom room :
       {TableRoom{.rows = most}, TableRoom{.rows = most / 8 + 1},
        TableRoom{.rows = std::size_t{1} << 32}, TableRoom{.rows = std::size_t{1} << 29},
        TableRoom{.rows = 1, .heap = most}, TableRoom{.rows = 1, .heap = std::size_t{1} << 32},
        TableRoom{.rows = 1, .heap = most - 200}}) {
    std::string said = thrown<std::length_error>([&] { TableBuilder(*pool, kFields, room); });
    BOOST_TEST(said.find("more than the 512 MiB") != std::string::npos, said);
  }
  BOOST_TEST(thrown<std::length_error>([&] {
               TableBuilder(*pool, {}, TableRoom{.rows = std::size_t{1} << 32});
             }).find("a table of 4294967296 rows") == 0u);
  BOOST_TEST(TableBuilder::footprint(kFields, TableRoom{.rows = most}) == most);
  BOOST_TEST(TableBuilder::footprint(kFields, TableRoom{.rows = 1, .heap = most}) == most);
  BOOST_CHECK_THROW(TableBuilder(*pool, {{"n", ColumnType::F64, false, true}}, 3),
                    std::logic_error);
  BOOST_TEST(Pool::footprint(most) == most);
  BOOST_TEST(Pool::footprint(most - 64) == most);
  BOOST_CHECK_THROW(pool->allocate(most, 0), std::bad_alloc);
  BOOST_CHECK_THROW(pool->allocate(most - 64, 0), std::bad_alloc);
  BOOST_TEST(sample(*pool).rows() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
