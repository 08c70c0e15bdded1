#include <boost/test/unit_test.hpp>

#include <leat/chunk/table_builder.hpp>

using namespace leat;

namespace {

const Field kPlain{"s", ColumnType::TEXT};
const Field kCoded{"s", ColumnType::TEXT, true, true};

}  // namespace

BOOST_AUTO_TEST_SUITE(table_text)

BOOST_AUTO_TEST_CASE(plain_text_and_bytes_are_read_back) {
  auto pool = Pool::make();
  std::string zeros("a\0b", 3);
  TableBuilder builder(*pool, {kPlain, {"b", ColumnType::BYTES}}, TableRoom{.rows = 3, .heap = 12});
  BOOST_TEST(builder.put(0, 0, "vår"));
  BOOST_TEST(builder.put(0, 1, ""));
  BOOST_TEST(builder.put(0, 2, "höst"));
  BOOST_TEST(builder.put(1, 0, zeros));
  builder.put(1, 1, "");
  builder.put(1, 2, "");
  Table table = std::move(builder).finish(3, 0);
  BOOST_TEST(table.text(0, 0) == "vår");
  BOOST_TEST(table.text(0, 1) == "");
  BOOST_TEST(table.text(0, 2) == "höst");
  BOOST_TEST(table.text(1, 0) == zeros);
  BOOST_TEST(!table.has_dictionary(0));
}

BOOST_AUTO_TEST_CASE(a_dictionary_stores_each_value_once) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {kCoded}, TableRoom{.rows = 6, .heap = 9});
  for (std::size_t row = 0; row < 6; ++row)
    BOOST_TEST(builder.put(0, row, row % 2 ? "odd" : "even"));
  Table table = std::move(builder).finish(6, 0);
  BOOST_TEST(table.has_dictionary(0));
  for (std::size_t row = 0; row < 6; ++row) {
    BOOST_TEST(table.text(0, row) == (row % 2 ? "odd" : "even"));
    BOOST_TEST(table.codes(0)[row] == static_cast<int>(row % 2));
  }
}

BOOST_AUTO_TEST_CASE(a_dictionary_column_of_nulls_only_can_be_read) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {kCoded}, 3);
  for (std::size_t row = 0; row < 3; ++row)
    builder.set_null(0, row);
  Table table = std::move(builder).finish(3, 0);
  for (std::size_t row = 0; row < 3; ++row) {
    BOOST_TEST(!table.valid(0, row));
    BOOST_TEST(table.text(0, row) == "");
  }
}

BOOST_AUTO_TEST_CASE(a_full_heap_refuses_and_writes_nothing) {
  auto pool = Pool::make();
  for (const Field& field : {kPlain, kCoded}) {
    TableBuilder builder(*pool, {field}, TableRoom{.rows = 3, .heap = 5});
    BOOST_TEST(builder.put(0, 0, "abc"));
    BOOST_TEST(!builder.put(0, 1, "def"));
    BOOST_TEST(builder.put(0, 1, "de"));
    BOOST_TEST(!builder.put(0, 2, "f"));
    BOOST_TEST(builder.put(0, 2, std::string_view()));
    Table table = std::move(builder).finish(3, 0);
    BOOST_TEST(table.text(0, 0) == "abc");
    BOOST_TEST(table.text(0, 1) == "de");
    BOOST_TEST(table.text(0, 2) == "");
  }
}

BOOST_AUTO_TEST_CASE(plain_text_does_not_take_the_room_of_a_dictionary) {
  auto pool = Pool::make();
  constexpr std::size_t kRows = 100;
  TableBuilder builder(*pool, {kPlain, kCoded}, TableRoom{.rows = kRows, .heap = 300});
  for (std::size_t row = 0; row < kRows; ++row)
    BOOST_TEST(builder.put(1, row, std::to_string(row)));
  bool taken = builder.put(0, 0, std::string(kRows * sizeof(Span), 'p'));
  BOOST_TEST(!taken);
}

BOOST_AUTO_TEST_SUITE_END()
