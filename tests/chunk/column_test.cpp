// Columns and rows as users read them: every type, nulls, conversions, and what does not fit.
#include <algorithm>
#include <limits>
#include <ranges>

#include <boost/test/unit_test.hpp>

#include <leat/chunk/column.hpp>
#include <leat/chunk/rows.hpp>

#include "chunk/dirty_pool.hpp"

using namespace leat;

namespace {

const Fields kFields{{"hour", ColumnType::I64},
                     {"delay", ColumnType::F64, true},
                     {"small", ColumnType::F32},
                     {"half", ColumnType::F16},
                     {"day", ColumnType::I32},
                     {"late", ColumnType::BOOL},
                     {"town", ColumnType::TEXT, true},
                     {"code", ColumnType::TEXT, true, true},
                     {"when", ColumnType::TIMESTAMP},
                     {"blob", ColumnType::BYTES}};

// Rows 0 to rows - 1; row 2 is null where a column can be.
Table sample(Pool& pool, std::size_t rows, std::uint64_t first_row = 100) {
  TableBuilder builder(pool, kFields, TableRoom{.rows = rows, .heap = rows * 40});
  for (std::size_t row = 0; row < rows; ++row) {
    auto n = static_cast<std::int64_t>(row);
    builder.cells<std::int64_t>(0)[row] = n - 1;
    builder.cells<double>(1)[row] = static_cast<double>(n) + 0.5;
    builder.cells<float>(2)[row] = static_cast<float>(n) / 4;
    builder.cells<Eigen::half>(3)[row] = Eigen::half(static_cast<float>(n) / 2);
    builder.cells<std::int32_t>(4)[row] = static_cast<std::int32_t>(n);
    builder.cells<std::uint8_t>(5)[row] = row % 2;
    builder.put(6, row, "town " + std::to_string(row));
    builder.put(7, row, row % 2 ? "ODD" : "");
    builder.cells<std::int64_t>(8)[row] = n * 1'000'000'000;
    builder.put(9, row, std::string("\0x", 2));
    if (row == 2) {
      for (std::size_t c : {1, 6, 7}) builder.set_null(c, row);
    }
  }
  return std::move(builder).finish(rows, first_row);
}

template <class F> Error thrown(F f) {
  try {
    f();
  } catch (const ThrownError& e) {
    BOOST_TEST(e.what() == e.error().sentence);
    return e.error();
  }
  return failed("nothing was thrown");
}

Table integers(Pool& pool, std::vector<std::int64_t> values) {
  TableBuilder builder(pool, {{"n", ColumnType::I64}}, values.size());
  std::copy(values.begin(), values.end(), builder.cells<std::int64_t>(0).data());
  return std::move(builder).finish(values.size(), 0);
}

struct Flight {
  int hour = 0;
  std::optional<double> delay;
  std::optional<std::string> town;
  bool late = false;
  Timestamp when;

  static constexpr auto columns() {
    return members("hour", &Flight::hour, "delay", &Flight::delay, "town", &Flight::town, "late", &Flight::late,
                   "when", &Flight::when);
  }
  friend bool operator==(const Flight&, const Flight&) = default;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(column)

BOOST_AUTO_TEST_CASE(a_column_of_each_type_is_read_where_it_lies) {
  auto pool = testing::dirty_pool(1);
  Table table = sample(*pool, 20);
  auto hours = table.column<std::int64_t>("hour");
  auto small = table.column<float>(2);
  auto half = table.column<Eigen::half>("half");
  auto day = table.column<std::int32_t>("day");
  auto late = table.column<bool>("late");
  auto blob = table.column<std::string_view>("blob");
  auto when = table.column<Timestamp>("when");
  BOOST_REQUIRE(hours.size() == 20u);
  for (std::size_t row = 0; row < 20; ++row) {
    BOOST_TEST(hours[row] == static_cast<std::int64_t>(row) - 1);
    BOOST_TEST(small[row] == static_cast<float>(row) / 4);
    BOOST_TEST(static_cast<float>(half[row]) == static_cast<float>(row) / 2);
    BOOST_TEST(day[row] == static_cast<int>(row));
    BOOST_TEST(late[row] == (row % 2 == 1));
    BOOST_TEST(blob[row].size() == 2u);
    BOOST_TEST(when[row].time_since_epoch().count() == static_cast<std::int64_t>(row) * 1'000'000'000);
  }
  BOOST_TEST(static_cast<const void*>(hours.values().data()) == static_cast<const void*>(table.cells(0)));
}

BOOST_AUTO_TEST_CASE(nulls_are_optionals_and_refused_where_they_are_not_asked_for) {
  auto pool = Pool::make();
  Table table = sample(*pool, 20);
  auto delay = table.column<std::optional<double>>("delay");
  auto town = table.column<std::optional<std::string_view>>("town");
  auto code = table.column<std::optional<std::string_view>>("code");
  BOOST_TEST((delay[1] == 1.5));
  BOOST_TEST(!delay[2]);
  BOOST_TEST(!delay.valid(2));
  BOOST_TEST((town[3] == "town 3"));
  BOOST_TEST(!town[2]);
  BOOST_TEST((code[3] == "ODD"));
  BOOST_TEST((code[4] == ""));
  BOOST_TEST(!code[2]);
  BOOST_TEST(thrown([&] { table.column<double>("delay"); }).sentence ==
             "column delay has a null in row 103: read it as a std::optional, or fill or drop the nulls above");
  BOOST_TEST(sample(*pool, 2).column<double>("delay")[1] == 1.5);
}

BOOST_AUTO_TEST_CASE(a_null_is_found_in_any_row) {
  auto pool = Pool::make();
  for (std::size_t null = 0; null < 40; ++null) {
    TableBuilder builder(*pool, {{"x", ColumnType::F64, true}}, 40);
    for (std::size_t row = 0; row < 40; ++row) builder.cells<double>(0)[row] = 1;
    builder.set_null(0, null);
    Table table = std::move(builder).finish(40, 0);
    BOOST_TEST(thrown([&] { table.column<double>("x"); }).sentence.find(" row " + std::to_string(null + 1) + ":") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(numbers_are_converted_where_every_cell_is_exact) {
  auto pool = Pool::make();
  Table table = sample(*pool, 20);
  BOOST_TEST(table.column<double>("hour")[0] == -1.0);
  BOOST_TEST(table.column<double>("small")[3] == 0.75);
  BOOST_TEST(table.column<double>("half")[3] == 1.5);
  BOOST_TEST(table.column<double>("day")[3] == 3.0);
  BOOST_TEST(table.column<double>("late")[3] == 1.0);
  BOOST_TEST(table.column<std::int32_t>("hour")[3] == 2);
  BOOST_TEST(table.column<std::int64_t>("day")[3] == 3);
  BOOST_TEST(table.column<std::int64_t>("when")[3] == 3'000'000'000);
  BOOST_TEST(table.column<float>("half")[3] == 1.5f);

  const std::int64_t edge = std::int64_t{1} << 53;
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  Table exact = integers(*pool, {edge, edge + 2, -edge, edge - 1, least, 0});
  auto as_double = exact.column<double>("n");
  BOOST_TEST(as_double[1] == static_cast<double>(edge + 2));
  BOOST_TEST(as_double[4] == static_cast<double>(least));
  Error error = thrown([&] { integers(*pool, {7, edge + 1}).column<double>("n"); });
  BOOST_TEST(error.sentence == "column n is asked for as f64, which cannot hold 9007199254740993 in row 2: ask for it "
                               "as i64");
  BOOST_TEST((error.kind == ErrorKind::corrupt));
  BOOST_TEST(thrown([&] { integers(*pool, {1LL << 31}).column<int>("n"); }).sentence.find("2147483648") !=
             std::string::npos);
  BOOST_TEST(integers(*pool, {(1LL << 31) - 1, -(1LL << 31)}).column<int>("n")[1] == -2147483648);
}

BOOST_AUTO_TEST_CASE(a_wrong_name_or_type_is_an_error) {
  auto pool = Pool::make();
  Table table = sample(*pool, 3);
  Error name = thrown([&] { table.column<double>("delays"); });
  BOOST_TEST(name.sentence.find("there is no column delays (did you mean delay?): there are hour, ") == 0u);
  BOOST_TEST((name.kind == ErrorKind::invalid));
  BOOST_TEST(!name.thrown);
  BOOST_TEST(thrown([&] { table.column<double>("town"); }).sentence ==
             "column town is text and is asked for as f64");
  BOOST_TEST(thrown([&] { table.column<std::string_view>("hour"); }).sentence ==
             "column hour is i64 and is asked for as text");
  BOOST_TEST(thrown([&] { table.column<bool>("day"); }).sentence == "column day is i32 and is asked for as bool");
  BOOST_CHECK_THROW(table.column<double>(99), std::out_of_range);
  BOOST_TEST(!ColumnView<double>::check(kFields, "dela"));
  BOOST_TEST(ColumnView<double>::check(kFields, "dela").error().sentence == thrown([&] {
    table.column<double>("dela");
  }).sentence);
  BOOST_TEST(ColumnView<std::optional<double>>::check(kFields, "delay").ok());
}

BOOST_AUTO_TEST_CASE(a_named_column_is_found_wherever_it_moves) {
  auto pool = Pool::make();
  NamedColumn<double> x{"x"};
  for (const Fields& fields : {Fields{{"a"}, {"x"}}, Fields{{"a"}, {"x"}}, Fields{{"x"}, {"a"}}, Fields{{"x"}}}) {
    TableBuilder builder(*pool, fields, 1);
    for (std::size_t c = 0; c < fields.size(); ++c) builder.cells<double>(c)[0] = fields[c].name == "x" ? 7 : 1;
    BOOST_TEST(x.of(std::move(builder).finish(1, 0))[0] == 7.0);
  }
  BOOST_TEST(thrown([&] { x.of(TableBuilder(*pool, {{"y"}}, 0).finish(0, 0)); }).sentence.find("no column x") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(columns_and_rows_are_ranges) {
  auto pool = Pool::make();
  Table table = sample(*pool, 20);
  auto day = table.column<std::int32_t>("day");
  static_assert(std::ranges::random_access_range<decltype(day)>);
  BOOST_TEST(std::ranges::count_if(day, [](int d) { return d > 4; }) == 15);
  int sum = 0;
  auto rows = table.rows<int, bool>("day", "late");
  for (auto at = rows.begin() + 2; at != rows.begin() + 5; ++at) {
    auto [d, late] = *at;
    sum += late ? d : 0;
  }
  BOOST_TEST(sum == 3);
}

BOOST_AUTO_TEST_CASE(rows_are_tuples) {
  auto pool = Pool::make();
  Table table = sample(*pool, 20);
  std::size_t row = 0;
  for (auto [hour, delay, town] :
       table.rows<int, std::optional<double>, std::optional<std::string_view>>("hour", "delay", "town")) {
    BOOST_TEST(hour == static_cast<int>(row) - 1);
    BOOST_TEST(delay.has_value() == (row != 2));
    BOOST_TEST(town.has_value() == (row != 2));
    ++row;
  }
  BOOST_TEST(row == 20u);
  BOOST_TEST(thrown([&] { table.rows<int, double>("hour", "delai"); }).sentence.find("delay?") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(structs_become_a_table_and_come_back) {
  auto pool = testing::dirty_pool(2);
  std::vector<Flight> flights;
  for (int i = 0; i < 50; ++i) {
    Flight flight{i, {}, {}, i % 3 == 0, Timestamp(std::chrono::nanoseconds(i))};
    if (i % 4) flight.delay = i / 2.0;
    if (i % 5) flight.town = std::string(static_cast<std::size_t>(i % 7), 'x');
    flights.push_back(flight);
  }
  Table table = table_of(*pool, flights, 1000);
  BOOST_TEST((table.fields() == fields_of<Flight>()));
  BOOST_TEST(table.row_number(3) == 1003u);
  BOOST_TEST((table.fields()[1] == Field{"delay", ColumnType::F64, true}));
  std::vector<Flight> back;
  for (Flight flight : table.rows<Flight>()) back.push_back(flight);
  BOOST_TEST((back == flights));
  BOOST_TEST(table_of(*pool, std::vector<Flight>()).rows() == 0u);
  BOOST_TEST(thrown([&] { integers(*pool, {1}).rows<Flight>(); }).sentence.find("no column hour") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(cells_past_the_room_are_refused) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"x"}, {"t", ColumnType::TEXT}}, TableRoom{.rows = 3, .heap = 4});
  BOOST_CHECK_THROW(builder.cells<double>(0)[3] = 1, std::out_of_range);
  BOOST_CHECK_THROW(builder.cells<double>(0)[-1] = 1, std::out_of_range);
  BOOST_CHECK_THROW(builder.spans(0), std::logic_error);
  BOOST_CHECK_THROW(builder.codes(1), std::logic_error);
  BOOST_CHECK_THROW(builder.entry(1, "x"), std::logic_error);
  auto at = builder.put_heap("abc");
  BOOST_REQUIRE(at.has_value());
  BOOST_TEST(!builder.put_heap("de"));
  for (std::size_t row = 0; row < 3; ++row) {
    builder.cells<double>(0)[row] = 1;
    builder.spans(1)[row] = {static_cast<std::uint32_t>(*at + row), 1};
  }
  Table table = std::move(builder).finish(3, 0);
  BOOST_TEST(table.text(1, 2) == "c");
}

BOOST_AUTO_TEST_SUITE_END()
