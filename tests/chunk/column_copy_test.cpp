#include <leat/chunk/column_copy.hpp>
#include <leat/chunk/validate.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;

namespace {

// Columns of numbers, plain text, a dictionary, and text with what its file says; nulls in all.
Table sample(Pool& pool, std::size_t rows, std::size_t distinct) {
  Fields fields = {{"n", ColumnType::I64, true},
                   {"t", ColumnType::TEXT, true},
                   {"w", ColumnType::TEXT, true, true},
                   {"x", ColumnType::TEXT, true, false, true}};
  TableBuilder builder(pool, fields, {.rows = rows, .heap = 64 * rows + 64});
  for (std::size_t row = 0; row < rows; ++row) {
    builder.cells<std::int64_t>(0)[row] = static_cast<std::int64_t>(row);
    builder.put(1, row, "text " + std::to_string(row));
    builder.put(2, row, std::string(row % distinct, 'w'));
    builder.put(3, row, "x");
    builder.put_raw(3, row, "\"x\"" + std::to_string(row));
    if (row % 5 == 4) builder.set_null(row % 4, row);
  }
  return std::move(builder).finish(rows, 7);
}

void same(const Table& a, std::size_t in_a, const Table& b, std::size_t in_b) {
  for (std::size_t row = 0; row < a.rows(); ++row) {
    BOOST_TEST(a.valid(in_a, row) == b.valid(in_b, row));
    if (in_heap(a.type(in_a))) {
      BOOST_TEST(a.text(in_a, row) == b.text(in_b, row));
    } else {
      BOOST_TEST(a.number(in_a, row) == b.number(in_b, row));
    }
    if (a.has_raw(in_a)) BOOST_TEST(a.raw(in_a, row) == b.raw(in_b, row));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(column_copy)

BOOST_AUTO_TEST_CASE(any_columns_in_any_order_are_copied_whole) {
  auto pool = Pool::make();
  for (std::size_t rows : {0, 1, 8, 300}) {
    Table table = sample(*pool, rows, 3);
    Fields all = table.fields();
    for (const ColumnCopy::Positions& from : {ColumnCopy::Positions{0, 1, 2, 3}, {3, 2, 1, 0}, {2}, {1, 0}, {3}, {0}}) {
      Fields fields;
      ColumnCopy::Positions to;
      for (std::size_t position : from) {
        to.push_back(fields.size());
        fields.push_back(all[position]);
      }
      TableBuilder builder(*pool, fields, {.rows = rows, .heap = ColumnCopy::heap_bytes(table, from)});
      ColumnCopy(builder).columns(table, from, to);
      Table copy = std::move(builder).finish(rows, 7);
      BOOST_TEST((validate(copy.chunk()) ? "" : validate(copy.chunk()).error().sentence) == "");
      for (std::size_t i = 0; i < from.size(); ++i) {
        same(table, from[i], copy, i);
        BOOST_TEST(copy.has_dictionary(i) == all[from[i]].dictionary);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_part_of_the_heap_that_is_not_there_is_not_given) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"t", ColumnType::TEXT}}, {.rows = 1, .heap = 4});
  ColumnCopy copy(builder);
  std::uint32_t offset = 9;
  copy.take(3, offset);
  BOOST_TEST(offset == 0u);
  BOOST_CHECK_THROW(copy.take(2, offset), std::length_error);
}

BOOST_AUTO_TEST_SUITE_END()
