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

BOOST_AUTO_TEST_CASE(texts_are_put_all_at_once_beside_others) {
  auto pool = Pool::make();
  Fields fields = {{"a", ColumnType::TEXT, true}, {"b", ColumnType::TEXT}};
  TableBuilder builder(*pool, fields, TableRoom{.rows = 4, .heap = 12});
  BOOST_TEST(builder.put(1, 0, "xy"));
  std::vector<Span> parts = {{0, 3}, {4, 2}, {6, 0}};
  BOOST_TEST(builder.put_all(0, "one\ntw", parts));
  BOOST_TEST(builder.put(0, 3, "last"));
  BOOST_TEST(builder.put_all(0, "", {}));
  builder.set_null(0, 1);
  Table table = std::move(builder).finish(4, 0);
  for (auto [row, text] : {std::pair(0, "one"), {1, ""}, {2, ""}, {3, "last"}}) {
    BOOST_TEST(table.text(0, static_cast<std::size_t>(row)) == text);
  }
  BOOST_TEST(!table.valid(0, 1));
  BOOST_TEST(table.text(1, 0) == "xy");
  BOOST_TEST(table.text(1, 3) == "");
}

BOOST_AUTO_TEST_CASE(texts_that_are_put_all_at_once_are_held_to_their_room) {
  auto pool = Pool::make();
  std::vector<Span> two = {{0, 1}, {1, 2}};
  TableBuilder builder(*pool, {kPlain, kCoded, {"n"}}, TableRoom{.rows = 2, .heap = 3});
  BOOST_TEST(!builder.put_all(0, "abcd", two));
  BOOST_CHECK_THROW(builder.put_all(0, "ab", two), std::out_of_range);
  BOOST_CHECK_THROW(builder.put_all(0, "abc", std::vector<Span>{{0xffffffff, 0xffffffff}}), std::out_of_range);
  BOOST_CHECK_THROW(builder.put_all(0, "abc", std::vector<Span>(3)), std::exception);
  BOOST_CHECK_THROW(builder.put_all(1, "abc", two), std::logic_error);
  BOOST_CHECK_THROW(builder.put_all(2, "abc", two), std::exception);
  TableBuilder refused(*pool, {kPlain}, TableRoom{.rows = 2, .heap = 3});
  BOOST_TEST(!refused.put_all(0, "abcd", two));
  BOOST_CHECK_THROW(std::move(refused).finish(2, 0), std::length_error);
  BOOST_TEST(builder.put_all(0, "abc", two));
  BOOST_TEST(std::move(builder).finish(2, 0).text(0, 1) == "bc");
}

BOOST_AUTO_TEST_SUITE_END()
