#include <boost/test/unit_test.hpp>

#include <leat/chunk/table_builder.hpp>
#include <leat/gateway/cell_json.hpp>
#include <leat/gateway/series.hpp>

#include <rapidcheck.h>

#include <limits>

using namespace leat;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Table reals(Pool& pool, const std::vector<std::optional<double>>& numbers) {
  TableBuilder builder(pool, {{"x", ColumnType::F64, true}}, numbers.size());
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    builder.cells<double>(0)[row] = numbers[row].value_or(0);
    if (!numbers[row]) builder.set_null(0, row);
  }
  return std::move(builder).finish(numbers.size(), 0);
}

std::string shown(const Table& table, std::size_t column, std::size_t row) {
  std::string json;
  append_cell(json, place_of(table, column), row);
  return json;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(row_range)

BOOST_AUTO_TEST_CASE(a_range_is_what_there_is_of_it) {
  auto range = [](std::uint64_t from, std::optional<std::uint64_t> to) { return leat::row_range(from, to, 100); };
  BOOST_TEST((*range(0, std::nullopt) == RowRange{0, 100}));
  BOOST_TEST((*range(10, 20) == RowRange{10, 20}));
  BOOST_TEST((*range(90, 2000) == RowRange{90, 100}));
  BOOST_TEST((*range(100, std::nullopt) == RowRange{100, 100}));
  BOOST_TEST((*range(7, 7) == RowRange{7, 7}));
  BOOST_TEST(range(101, std::nullopt).error().sentence == "there are 100 rows, and none from 101 on");
  BOOST_TEST(!range(20, 10).ok());
}

BOOST_AUTO_TEST_CASE(pixels_share_the_rows_evenly_and_leave_none_out) {
  BOOST_REQUIRE(rc::check([](std::uint32_t from, std::uint64_t rows) {
    std::uint64_t pixels = *rc::gen::inRange<std::uint64_t>(1, 5000);
    RowRange all{from, from + rows / 2};
    RC_ASSERT(first_of_pixel(all, pixels, 0) == all.from);
    RC_ASSERT(first_of_pixel(all, pixels, pixels) == all.to);
    std::uint64_t pixel = *rc::gen::inRange<std::uint64_t>(0, pixels);
    std::uint64_t shown = first_of_pixel(all, pixels, pixel + 1) - first_of_pixel(all, pixels, pixel);
    RC_ASSERT(shown == all.rows() / pixels || shown == all.rows() / pixels + 1);
  }));
  RowRange most{0, ~std::uint64_t{0}};
  BOOST_TEST(first_of_pixel(most, 8192, 8192) == most.to);
}

BOOST_AUTO_TEST_CASE(a_series_is_the_extremes_of_what_each_pixel_shows) {
  auto pool = Pool::make();
  Table table = reals(*pool, {1, 5, kNan, 2, std::nullopt, std::nullopt, -7, 0.5, -0.0});
  Series all(ColumnType::F64, {0, 9}, 3);
  all.add(place_of(table, 0), 0, 9);
  BOOST_TEST(all.members() == "\"pixels\":3,\"min\":[1,2,-7],\"max\":[5,2,0.5]");
  Series some(ColumnType::F64, {1, 8}, 100);
  some.add(place_of(table, 0), 0, 9);
  BOOST_TEST(some.members() == "\"pixels\":7,\"min\":[5,null,2,null,null,-7,0.5],\"max\":[5,null,2,null,null,-7,0.5]");
}

BOOST_AUTO_TEST_CASE(what_is_known_of_a_chunk_stands_for_its_rows) {
  auto pool = Pool::make();
  BOOST_REQUIRE(rc::check([&](const std::vector<std::vector<std::int16_t>>& chunks) {
    std::uint64_t rows = 0;
    for (const auto& chunk : chunks) rows += chunk.size();
    std::uint64_t from = *rc::gen::inRange<std::uint64_t>(0, rows + 1), to = *rc::gen::inRange<std::uint64_t>(from, rows + 1);
    std::uint64_t pixels = *rc::gen::inRange<std::uint64_t>(1, 9);
    if (from == to) return;
    Series read(ColumnType::I64, {from, to}, pixels), known(ColumnType::I64, {from, to}, pixels);
    std::uint64_t first = 0;
    for (const auto& chunk : chunks) {
      if (chunk.empty()) continue;
      TableBuilder builder(*pool, {{"n", ColumnType::I64}}, chunk.size());
      for (std::size_t row = 0; row < chunk.size(); ++row) builder.cells<std::int64_t>(0)[row] = chunk[row];
      Table table = std::move(builder).finish(chunk.size(), 0);
      read.add(place_of(table, 0), first, chunk.size());
      auto [least, greatest] = std::minmax_element(chunk.begin(), chunk.end());
      constexpr auto kZero = std::uint64_t{1} << 63;
      if (known.is_in_pixel(first, chunk.size())) known.add(first, kZero + static_cast<std::uint64_t>(std::int64_t{*least}), kZero + static_cast<std::uint64_t>(std::int64_t{*greatest}));
      else known.add(place_of(table, 0), first, chunk.size());
      first += chunk.size();
    }
    RC_ASSERT(read.members() == known.members());
  }));
}

BOOST_AUTO_TEST_CASE(cells_are_what_javascript_tells_apart) {
  auto pool = Pool::make();
  constexpr double kInf = std::numeric_limits<double>::infinity();
  Table numbers = reals(*pool, {0.1, kNan, kInf, -kInf, std::nullopt, 1e300});
  std::string all;
  for (std::size_t row = 0; row < 6; ++row) all += shown(numbers, 0, row) + " ";
  BOOST_TEST(all == "0.1 null \"inf\" \"-inf\" null 1e+300 ");
  Fields fields = {{"f", ColumnType::F32}, {"n", ColumnType::I64}, {"t", ColumnType::TEXT}, {"y", ColumnType::BYTES}, {"w", ColumnType::TIMESTAMP}, {"b", ColumnType::BOOL}};
  TableBuilder builder(*pool, fields, {.rows = 2, .heap = 3 * kMostShown});
  std::string large = "x" + std::string(kMostShown - 2, 'a') + "\u00e9\u00e9";
  for (std::size_t row = 0; row < 2; ++row) {
    builder.cells<float>(0)[row] = 0.1f;
    builder.cells<std::int64_t>(1)[row] = (row ? -1 : 1) * ((std::int64_t{1} << 53) + (row ? 1 : 0));
    builder.put(2, row, row ? large : "a \"b\"\n");
    builder.put(3, row, "\xff\xfe");
    builder.cells<std::int64_t>(4)[row] = 1'500'000'000;
    builder.cells<std::uint8_t>(5)[row] = static_cast<std::uint8_t>(row);
  }
  Table table = std::move(builder).finish(2, 0);
  std::string first;
  for (std::size_t column = 0; column < 6; ++column) first += shown(table, column, 0) + " ";
  BOOST_TEST(first == "0.1 9007199254740992 \"a \\\"b\\\"\\n\" \"2 bytes\" \"1970-01-01T00:00:01.500Z\" false ");
  BOOST_TEST(shown(table, 1, 1) == "\"-9007199254740993\"");
  BOOST_TEST(shown(table, 2, 1) == "\"x" + std::string(kMostShown - 2, 'a') + "~\"");
}

BOOST_AUTO_TEST_SUITE_END()
