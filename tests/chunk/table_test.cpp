#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include <leat/chunk/gather.hpp>
#include <leat/chunk/table_builder.hpp>

using namespace leat;

namespace {

bool inside(const Table& table, const void* where) {
  auto message = table.chunk().message();
  auto* at = static_cast<const std::byte*>(where);
  return at >= message.data() && at < message.data() + message.size();
}

// A table of one column whose cells are `cells`.
template <class T> Table column_of(Pool& pool, ColumnType type, const std::vector<T>& cells) {
  TableBuilder builder(pool, {{"c", type}}, cells.size());
  std::copy(cells.begin(), cells.end(), builder.cells<T>(0).data());
  return std::move(builder).finish(cells.size(), 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(numeric_columns_of_every_type_are_read_back) {
  auto pool = Pool::make();
  double inf = std::numeric_limits<double>::infinity();
  BOOST_TEST(column_of<double>(*pool, ColumnType::F64, {1.5, -inf}).values<double>(0)[1] == -inf);
  BOOST_TEST(std::isnan(column_of<float>(*pool, ColumnType::F32, {NAN}).number(0, 0)));
  BOOST_TEST(column_of<float>(*pool, ColumnType::F32, {0.1f}).values<float>(0)[0] == 0.1f);
  auto half =
      column_of<Eigen::half>(*pool, ColumnType::F16, {Eigen::half(0.5f), Eigen::half(-2.f)});
  BOOST_TEST(static_cast<float>(half.values<Eigen::half>(0)[1]) == -2.f);
  BOOST_TEST(half.number(0, 0) == 0.5);
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  BOOST_TEST(column_of<std::int64_t>(*pool, ColumnType::I64, {least}).values<std::int64_t>(0)[0] ==
             least);
  BOOST_TEST(column_of<std::int32_t>(*pool, ColumnType::I32, {-7}).number(0, 0) == -7);
  BOOST_TEST(column_of<std::uint8_t>(*pool, ColumnType::BOOL, {0, 1}).number(0, 1) == 1);
  auto time = column_of<std::int64_t>(*pool, ColumnType::TIMESTAMP, {1'000'000'007});
  BOOST_TEST(time.values<std::int64_t>(0)[0] == 1'000'000'007);
  BOOST_TEST((time.type(0) == ColumnType::TIMESTAMP));
}

BOOST_AUTO_TEST_CASE(fields_and_rows_are_kept) {
  auto pool = Pool::make();
  Fields fields{{"x", ColumnType::F32, true},
                {"färg", ColumnType::TEXT, false, true},
                {"t", ColumnType::TIMESTAMP}};
  TableBuilder builder(*pool, fields, 3);
  for (std::size_t row = 0; row < 3; ++row)
    builder.put(1, row, "");
  Table table = std::move(builder).finish(3, 100);
  BOOST_TEST((table.fields() == fields));
  BOOST_TEST(table.rows() == 3u);
  BOOST_TEST(table.columns() == 3u);
  BOOST_TEST(table.name(1) == "färg");
  BOOST_TEST((table.find("t") == std::size_t{2}));
  BOOST_TEST(!table.find("nowhere"));
  BOOST_TEST(table.first_row() == 100u);
  BOOST_TEST(table.row_number(2) == 102u);
  BOOST_TEST(table.row_numbers() == nullptr);
}

BOOST_AUTO_TEST_CASE(columns_are_read_in_place_on_whole_lines) {
  auto pool = Pool::make();
  for (std::size_t name = 1; name < 70; name += 7) {
    Fields fields{{std::string(name, 'n'), ColumnType::F16},
                  {"b", ColumnType::F64},
                  {"c", ColumnType::BOOL, true}};
    TableBuilder builder(*pool, fields, 13);
    builder.set_null(2, 12);
    Table table = std::move(builder).finish(13, 0);
    BOOST_TEST(inside(table, table.values<Eigen::half>(0).data()));
    for (std::size_t c = 0; c < 3; ++c) {
      BOOST_TEST(inside(table, table.cells(c)));
      BOOST_TEST(reinterpret_cast<std::uintptr_t>(table.cells(c)) % 64 == 0u);
    }
    BOOST_TEST(static_cast<const void*>(table.values<double>(1).data()) == table.cells(1));
    BOOST_TEST(inside(table, table.validity(2)));
  }
}

BOOST_AUTO_TEST_CASE(a_table_without_nulls_has_no_bitmap_and_stays_nullable) {
  auto pool = Pool::make();
  Fields fields{{"x", ColumnType::F64, true}};
  TableBuilder builder(*pool, fields, 3);
  std::fill_n(builder.cells<double>(0).data(), 3, 1.0);
  Table table = std::move(builder).finish(3, 0);
  BOOST_TEST(table.validity(0) == nullptr);
  BOOST_TEST(table.valid(0, 2));
  BOOST_TEST((table.fields() == fields));
}

BOOST_AUTO_TEST_CASE(what_a_file_says_is_kept_beside_values) {
  auto pool = Pool::make();
  Fields fields{{"x", ColumnType::F64, true, false, true}, {"y", ColumnType::RAW}, {"z"}};
  TableBuilder builder(*pool, fields, {.rows = 2, .heap = 20});
  for (std::size_t row = 0; row < 2; ++row) builder.cells<double>(0)[row] = builder.cells<double>(2)[row] = 1;
  BOOST_TEST(builder.put_raw(0, 0, "1.0"));
  BOOST_TEST(builder.put(1, 1, "\"a\""));
  builder.set_null(0, 1);
  BOOST_TEST(!builder.put_raw(0, 1, std::string(20, 'x')));
  BOOST_TEST(builder.put_raw(0, 1, "NA"));
  BOOST_CHECK_THROW(builder.put_raw(2, 0, "1"), std::logic_error);
  Table table = std::move(builder).finish(2, 0);
  BOOST_TEST((table.fields() == fields));
  BOOST_TEST(table.raw(0, 0) == "1.0");
  BOOST_TEST(table.raw(0, 1) == "NA");
  BOOST_TEST(table.raw(1, 1) == "\"a\"");
  BOOST_TEST(table.has_raw(0));
  BOOST_TEST(table.has_raw(1));
  BOOST_TEST(!table.has_raw(2));
  Table some = select_rows(*pool, table, std::vector<std::uint32_t>{1});
  BOOST_TEST((some.fields() == fields));
  BOOST_TEST(some.raw(0, 0) == "NA");
  BOOST_TEST(some.raw(1, 0) == "\"a\"");
}

BOOST_AUTO_TEST_CASE(a_run_of_columns_is_one_matrix_in_place) {
  auto pool = Pool::make();
  TableBuilder builder(*pool,
                       {{"t", ColumnType::I64},
                        {"a", ColumnType::F32},
                        {"b", ColumnType::F32},
                        {"c", ColumnType::F32}},
                       50);
  for (std::size_t c = 1; c < 4; ++c) {
    for (std::size_t row = 0; row < 50; ++row)
      builder.cells<float>(c)[row] = static_cast<float>(100 * c + row);
  }
  Table table = std::move(builder).finish(37, 0);
  auto matrix = table.matrix<float>(1, 3);
  BOOST_TEST(matrix.rows() == 37);
  BOOST_TEST(matrix.cols() == 3);
  BOOST_TEST(matrix.outerStride() == 64);
  BOOST_TEST(matrix(36, 2) == 336.f);
  BOOST_TEST(static_cast<const void*>(matrix.data()) == table.cells(1));
  BOOST_TEST((matrix.col(1).array() == table.values<float>(2)).all());
  BOOST_TEST(table.matrix<float>(3, 1)(5, 0) == 305.f);
}

BOOST_AUTO_TEST_CASE(rows_that_are_not_consecutive_carry_their_numbers) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"x"}}, TableRoom{.rows = 3, .row_numbers = true});
  for (std::size_t i = 0; i < 3; ++i)
    builder.row_numbers()[i] = 10 * i + 5;
  Table table = std::move(builder).finish(2, 5);
  BOOST_REQUIRE(table.row_numbers() != nullptr);
  BOOST_TEST(table.row_number(0) == 5u);
  BOOST_TEST(table.row_number(1) == 15u);
}

BOOST_AUTO_TEST_CASE(a_null_is_not_valid_and_its_cell_is_zero) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"x", ColumnType::F64, true}, {"s", ColumnType::TEXT, true}},
                       TableRoom{.rows = 9, .heap = 9});
  for (std::size_t row = 0; row < 9; ++row) {
    builder.cells<double>(0)[row] = 1;
    builder.put(1, row, "s");
  }
  for (std::size_t row : {0, 7, 8})
    builder.set_null(0, row);
  builder.set_null(1, 3);
  Table table = std::move(builder).finish(9, 0);
  for (std::size_t row = 0; row < 9; ++row) {
    bool null = row == 0 || row == 7 || row == 8;
    BOOST_TEST(table.valid(0, row) == !null);
    BOOST_TEST(table.values<double>(0)[static_cast<Eigen::Index>(row)] == (null ? 0 : 1));
    BOOST_TEST(table.valid(1, row) == (row != 3));
  }
  BOOST_TEST(table.text(1, 3) == "");
}

BOOST_AUTO_TEST_CASE(a_column_that_cannot_be_null_is_valid_everywhere) {
  auto pool = Pool::make();
  Table table = column_of<double>(*pool, ColumnType::F64, {1});
  BOOST_TEST(table.valid(0, 0));
  BOOST_TEST(table.validity(0) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_table_may_have_no_rows) {
  auto pool = Pool::make();
  // Whatever the length of the names, so that the body starts at every offset of a line.
  for (std::size_t name = 1; name < 64; name += 4) {
    Fields fields{{std::string(name, 'n'), ColumnType::F64, true},
                  {"s", ColumnType::TEXT, true, true}};
    Table table = TableBuilder(*pool, fields, TableRoom{.row_numbers = true}).finish(0, 3);
    BOOST_TEST(table.rows() == 0u);
    BOOST_TEST((table.fields() == fields), "with a name of " << name);
    BOOST_TEST(table.values<double>(0).size() == 0);
    BOOST_TEST(table.first_row() == 3u);
  }
}

BOOST_AUTO_TEST_CASE(a_table_may_have_no_columns) {
  auto pool = Pool::make();
  Table table = TableBuilder(*pool, {}, 4).finish(4, 9);
  BOOST_TEST(table.columns() == 0u);
  BOOST_TEST(table.rows() == 4u);
  BOOST_TEST(table.row_number(3) == 12u);
  BOOST_TEST(table.fields().empty());
}

BOOST_AUTO_TEST_CASE(a_table_may_have_five_thousand_columns) {
  auto pool = Pool::make();
  Fields fields;
  for (int i = 0; i < 5000; ++i)
    fields.push_back({"column " + std::to_string(i), ColumnType::F32});
  TableBuilder builder(*pool, fields, 17);
  for (std::size_t c = 0; c < 5000; ++c) {
    for (std::size_t row = 0; row < 17; ++row)
      builder.cells<float>(c)[row] = static_cast<float>(c);
  }
  Table table = std::move(builder).finish(17, 0);
  BOOST_TEST(table.columns() == 5000u);
  BOOST_TEST(table.name(4999) == "column 4999");
  auto matrix = table.matrix<float>(0, 5000);
  BOOST_TEST(matrix(16, 4999) == 4999.f);
  BOOST_TEST(matrix.row(0).sum() == 4999.f * 5000 / 2, boost::test_tools::tolerance(1e-4f));
}

BOOST_AUTO_TEST_CASE(fewer_rows_than_there_was_room_for_are_cut_off) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"x", ColumnType::I32, true}}, 100);
  for (int row = 0; row < 100; ++row)
    builder.cells<std::int32_t>(0)[row] = row;
  builder.set_null(0, 8);
  Table table = std::move(builder).finish(10, 0);
  BOOST_TEST(table.values<std::int32_t>(0).size() == 10);
  BOOST_TEST(table.values<std::int32_t>(0)[9] == 9);
  BOOST_TEST(reinterpret_cast<const std::int32_t*>(table.cells(0))[10] == 0);
  BOOST_TEST(table.validity(0)[1] == 2);
  BOOST_TEST(table.validity(0)[2] == 0);
}

BOOST_AUTO_TEST_SUITE_END()
