#include <boost/test/unit_test.hpp>

#include <leat/chunk/gather.hpp>
#include <leat/chunk/table_builder.hpp>

using namespace leat;

namespace {

const Fields kFields{{"d", ColumnType::F64, true},
                     {"h", ColumnType::F16},
                     {"b", ColumnType::BOOL},
                     {"s", ColumnType::TEXT, true},
                     {"c", ColumnType::TEXT, true, true},
                     {"i", ColumnType::I32}};

// Row i holds i in every column; each third is null in d, s and c.
Table sample(Pool& pool, std::size_t rows, std::uint64_t first) {
  TableBuilder builder(pool, kFields, TableRoom{.rows = rows, .heap = rows * 20});
  for (std::size_t row = 0; row < rows; ++row) {
    builder.cells<double>(0)[row] = static_cast<double>(row);
    builder.cells<Eigen::half>(1)[row] = Eigen::half(static_cast<float>(row));
    builder.cells<std::uint8_t>(2)[row] = row % 2;
    builder.put(3, row, "row " + std::to_string(row));
    builder.put(4, row, std::to_string(row % 5));
    builder.cells<std::int32_t>(5)[row] = static_cast<std::int32_t>(row);
    if (row % 3) continue;
    for (std::size_t c : {0, 3, 4})
      builder.set_null(c, row);
  }
  return std::move(builder).finish(rows, first);
}

void check_row(const Table& table, std::size_t at, std::size_t row) {
  for (std::size_t c : {0, 3, 4})
    BOOST_TEST(table.valid(c, at) == (row % 3 != 0));
  BOOST_TEST(table.number(1, at) == static_cast<double>(row));
  BOOST_TEST(table.number(2, at) == static_cast<double>(row % 2));
  BOOST_TEST(table.number(5, at) == static_cast<double>(row));
  if (row % 3 == 0) return;
  BOOST_TEST(table.number(0, at) == static_cast<double>(row));
  BOOST_TEST(table.text(3, at) == "row " + std::to_string(row));
  BOOST_TEST(table.text(4, at) == std::to_string(row % 5));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gather)

BOOST_AUTO_TEST_CASE(selected_rows_keep_cells_nulls_texts_and_numbers) {
  auto pool = Pool::make();
  Table all = sample(*pool, 40, 1000);
  std::vector<std::uint32_t> positions{0, 1, 2, 7, 8, 21, 39};
  Table some = leat::select_rows(*pool, all, positions);
  BOOST_TEST((some.fields() == kFields));
  BOOST_REQUIRE(some.rows() == positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    check_row(some, i, positions[i]);
    BOOST_TEST(some.row_number(i) == 1000 + positions[i]);
  }
  BOOST_TEST(some.first_row() == 1000u);
}

BOOST_AUTO_TEST_CASE(rows_selected_twice_keep_the_numbers_of_the_source) {
  auto pool = Pool::make();
  Table all = sample(*pool, 40, 7);
  Table some = leat::select_rows(*pool, all, std::vector<std::uint32_t>{3, 10, 20, 30});
  Table few = leat::select_rows(*pool, some, std::vector<std::uint32_t>{1, 3});
  BOOST_TEST(few.row_number(0) == 17u);
  BOOST_TEST(few.row_number(1) == 37u);
  check_row(few, 0, 10);
  check_row(few, 1, 30);
}

BOOST_AUTO_TEST_CASE(selected_rows_keep_their_lines) {
  auto pool = Pool::make();
  Table plain = TableBuilder(*pool, {}, 4).finish(4, 10, 100);
  Table some = leat::select_rows(*pool, plain, std::vector<std::uint32_t>{1, 3});
  BOOST_TEST(some.line(0) == 101u);
  BOOST_TEST(some.line(1) == 103u);
  BOOST_TEST(!some.lines());
  TableBuilder builder(*pool, {}, TableRoom{.rows = 3, .lines = true});
  for (std::uint32_t row = 0; row < 3; ++row) builder.lines()[row] = 5 * row;
  Table apart = std::move(builder).finish(3, 10, 100);
  Table last = leat::select_rows(*pool, apart, std::vector<std::uint32_t>{2});
  BOOST_TEST(apart.line(1) == 105u);
  BOOST_TEST(last.line(0) == 110u);
  // Where nothing is known of lines nothing is made up.
  Table unknown = TableBuilder(*pool, {}, 4).finish(4, 10);
  BOOST_TEST(leat::select_rows(*pool, unknown, std::vector<std::uint32_t>{1}).line(0) == 0u);
}

BOOST_AUTO_TEST_CASE(no_rows_can_be_selected) {
  auto pool = Pool::make();
  Table all = sample(*pool, 10, 5);
  Table none = leat::select_rows(*pool, all, {});
  BOOST_TEST(none.rows() == 0u);
  BOOST_TEST(none.first_row() == 5u);
  BOOST_TEST((none.fields() == kFields));
}

BOOST_AUTO_TEST_CASE(rows_of_a_table_without_columns_keep_their_numbers) {
  auto pool = Pool::make();
  Table all = TableBuilder(*pool, {}, 4).finish(4, 10);
  Table some = leat::select_rows(*pool, all, std::vector<std::uint32_t>{1, 3});
  BOOST_TEST(some.rows() == 2u);
  BOOST_TEST(some.row_number(1) == 13u);
}

BOOST_AUTO_TEST_CASE(gathered_rows_come_in_any_order_and_again) {
  auto pool = Pool::make();
  Table all = sample(*pool, 40, 1000);
  std::vector<std::uint32_t> positions{39, 3, 3, 0, 20, 1};
  Table some = leat::gather(*pool, all, positions, 5);
  BOOST_REQUIRE(some.rows() == positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) check_row(some, i, positions[i]);
  BOOST_TEST(some.row_number(5) == 10u);
  BOOST_TEST(!some.row_numbers());
  BOOST_CHECK_THROW(leat::gather(*pool, all, std::vector<std::uint32_t>{40}), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(a_slice_keeps_the_numbers_of_its_rows) {
  auto pool = Pool::make();
  Table all = sample(*pool, 40, 1000);
  Table some = slice(*pool, all, 10, 15);
  BOOST_REQUIRE(some.rows() == 15u);
  for (std::size_t i = 0; i < 15; ++i) check_row(some, i, 10 + i);
  BOOST_TEST(some.row_number(14) == 1024u);
  Table chosen = leat::select_rows(*pool, all, std::vector<std::uint32_t>{1, 5, 30});
  BOOST_TEST(slice(*pool, chosen, 1, 2).row_number(1) == 1030u);
  BOOST_TEST(slice(*pool, all, 40, 0).rows() == 0u);
  BOOST_CHECK_THROW(slice(*pool, all, 39, 2), std::out_of_range);
  BOOST_CHECK_THROW(slice(*pool, all, 41, 0), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(tables_are_put_together) {
  auto pool = Pool::make();
  std::vector<Table> parts{sample(*pool, 10, 0), sample(*pool, 0, 0), sample(*pool, 7, 10)};
  Table all = concatenate(*pool, parts);
  BOOST_REQUIRE(all.rows() == 17u);
  for (std::size_t i = 0; i < 17; ++i) {
    check_row(all, i, i < 10 ? i : i - 10);
    BOOST_TEST(all.row_number(i) == i);
  }
  std::swap(parts[0], parts[2]);
  BOOST_TEST(concatenate(*pool, parts).row_number(9) == 19u);
  BOOST_TEST(!concatenate(*pool, parts).row_numbers());
  parts.push_back(TableBuilder(*pool, {{"d"}}, 0).finish(0, 0));
  BOOST_CHECK_THROW(concatenate(*pool, parts), ThrownError);
  BOOST_CHECK_THROW(concatenate(*pool, {}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(texts_get_a_dictionary) {
  auto pool = Pool::make();
  Table all = sample(*pool, 40, 1000);
  Table coded = with_dictionaries(*pool, all, {"s", "c"});
  BOOST_TEST(coded.has_dictionary(3));
  for (std::size_t i = 0; i < 40; ++i) check_row(coded, i, i);
  BOOST_TEST(coded.row_number(39) == 1039u);
  BOOST_CHECK_THROW(with_dictionaries(*pool, all, {"i"}), ThrownError);
  BOOST_CHECK_THROW(with_dictionaries(*pool, all, {"none"}), ThrownError);
  // Put together with one that has none, and chosen from.
  Table both = concatenate(*pool, std::vector<Table>{all, coded});
  for (std::size_t i = 0; i < 80; ++i) check_row(both, i, i % 40);
}

BOOST_AUTO_TEST_SUITE_END()
