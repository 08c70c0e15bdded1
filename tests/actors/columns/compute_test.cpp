#include <leat/actors/columns/compute.hpp>

#include <leat/actors/csv/csv.hpp>
#include <leat/actors/csv/write.hpp>
#include <leat/chunk/validate.hpp>
#include <leat/graph/actor_kit.hpp>
#include <leat/graph/stream.hpp>

#include <limits>

#include "support/folder.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

Result<Table> computed(Pool& pool, const Table& table, std::vector<std::string> columns, const Making& making = {}) {
  RecordingOutbox out(pool, 0);
  auto fed = feed(*compute(std::move(columns)).actor(making), {table.chunk()}, out);
  if (!fed) return fed.error();
  return Table(out.emitted.at(0));
}

Table flights(Pool& pool) {
  return table_of(pool, {{"distance", {1000, 300, {}, 50}, ColumnType::I64},
                         {"minutes", {120, 60, 30, {}}, ColumnType::F32},
                         {"n", {3, 0, 2, 5}, ColumnType::I32}}, 16);
}

std::string described(const Description& rows, std::vector<std::string> columns) {
  auto kind = compute(std::move(columns));
  if (kind.wrong_options) return kind.wrong_options->sentence;
  return sentence(kind.describe({rows}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compute)

BOOST_AUTO_TEST_CASE(a_division_by_one_number_is_that_by_a_column_of_it) {
  auto pool = Pool::make();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> numbers = {-kMost - 1, -kMost, -1, 0, 1, kMost};
  for (std::int64_t shift = 1; shift < 63; ++shift) {
    for (std::int64_t near : {-1, 0, 1}) {
      numbers.push_back((std::int64_t{1} << shift) + near);
      numbers.push_back(-(std::int64_t{1} << shift) + near);
    }
  }
  for (std::int64_t near = -1600; near < 1600; ++near) numbers.push_back(near);
  for (std::int64_t by : numbers) {
    if (by <= 0 || (by > 40 && by < 480) || (by > 520 && by < 1590)) continue;
    TableBuilder builder(*pool, {{"a", ColumnType::I64}, {"b", ColumnType::I64}}, numbers.size());
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      builder.cells<std::int64_t>(0)[row] = numbers[row];
      builder.cells<std::int64_t>(1)[row] = by;
    }
    std::string divisor = std::to_string(by);
    auto made = computed(*pool, std::move(builder).finish(numbers.size(), 0),
                         {"q = a // " + divisor, "r = a % " + divisor, "u = a // b", "v = a % b"});
    BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
    auto cells = [&](std::size_t column) { return made->values<std::int64_t>(column).data(); };
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      if (cells(2)[row] == cells(4)[row] && cells(3)[row] == cells(5)[row]) continue;
      BOOST_TEST_MESSAGE(numbers[row] << " // " << by);
      BOOST_TEST(cells(2)[row] == cells(4)[row]);
      BOOST_TEST(cells(3)[row] == cells(5)[row]);
    }
  }
}

BOOST_AUTO_TEST_CASE(new_columns_come_last_and_replaced_ones_stay_in_their_place) {
  auto pool = Pool::make();
  auto made = computed(*pool, flights(*pool),
                       {"speed = distance / minutes * 60", "minutes = minutes * 2", "band = distance // 500 * 500"});
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  BOOST_TEST(listed(made->fields()) == "distance, minutes, n, speed and band");
  BOOST_TEST(made->values<double>(3)[0] == 1000.0 / 120.0 * 60.0);
  BOOST_TEST(!made->valid(3, 2));
  BOOST_TEST(!made->valid(3, 3));
  BOOST_TEST((made->type(1) == ColumnType::F64));
  BOOST_TEST(made->values<double>(1)[0] == 240.0);
  BOOST_TEST(made->values<std::int64_t>(4)[0] == 1000);
  BOOST_TEST(made->row_number(1) == 17u);
  BOOST_TEST(sentence(validate(made->chunk())) == "");
}

BOOST_AUTO_TEST_CASE(each_may_use_those_before_it) {
  auto pool = Pool::make();
  auto made =
      computed(*pool, flights(*pool), {"a = n + 1", "a = a * 10", "b = text(a) + '!'", "c = length(b)", "n = c"});
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  BOOST_TEST(listed(made->fields()) == "distance, minutes, n, a, b and c");
  BOOST_TEST(made->values<std::int64_t>(3)[0] == 40);
  BOOST_TEST(made->text(4, 0) == "40!");
  BOOST_TEST(made->values<std::int64_t>(2)[1] == 3);
}

BOOST_AUTO_TEST_CASE(a_column_alone_keeps_its_type) {
  auto pool = Pool::make();
  auto made = computed(*pool, flights(*pool), {"m = minutes", "k = n", "x = 7", "none = float(null)"});
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  BOOST_TEST((made->type(3) == ColumnType::F32));
  BOOST_TEST((made->type(4) == ColumnType::I32));
  BOOST_TEST(made->values<std::int32_t>(4)[3] == 5);
  BOOST_TEST(made->values<std::int64_t>(5)[3] == 7);
  BOOST_TEST(!made->valid(6, 0));
}

BOOST_AUTO_TEST_CASE(what_fails_names_column_row_and_values) {
  auto pool = Pool::make();
  Table table = flights(*pool);
  auto said = [&](const std::string& column) { return sentence(computed(*pool, table, {column})); };
  BOOST_TEST(said("r = distance // n") == "compute: column r, row 18 (the first is 1): 300 // 0 divides by zero");
  BOOST_TEST(said("r = 5 + distance % n") == "compute: column r, row 18 (the first is 1): 300 % 0 divides by zero");
  BOOST_TEST(said("r = distance * 9223372036854775807") ==
             "compute: column r, row 17 (the first is 1): 1000 * 9223372036854775807 is more than an i64 holds");
  BOOST_TEST(said("r = int(distance / 0.0)") ==
             "compute: column r, row 17 (the first is 1): inf is more than an i64 holds");
  BOOST_TEST(said("r = int('x' + text(n))") == "compute: column r, row 17 (the first is 1): 'x3' is no i64");
  BOOST_TEST(said("r = if(n == 0, null, distance // n)") == "");
  BOOST_TEST(said("r = n != 0 and distance // n > 2") == "");
  BOOST_TEST(said("r = 1 // 0") == "compute: column r, row 17 (the first is 1): 1 // 0 divides by zero");
  BOOST_TEST(said("r = if(n == 0, distance // n, 1)") ==
             "compute: column r, row 18 (the first is 1): 300 // 0 divides by zero");
  BOOST_TEST(said("r = distance / 0") == "");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_found_before_the_start) {
  Description rows;
  rows.fields = {{"delay"},
                 {"n", ColumnType::I64},
                 {"name", ColumnType::TEXT},
                 {"left", ColumnType::TIMESTAMP},
                 {"raw", ColumnType::BYTES}};
  auto said = [&](const std::string& column) { return described(rows, {column}); };
  BOOST_TEST(says(said("x = delai + 1"), {"compute wants column delai", "did you mean delay"}));
  BOOST_TEST(says(said("x = delay +"), {"columns: \"x = delay +\", at character 12"}));
  BOOST_TEST(
      says(said("x = name + 1"), {"compute: \"x = name + 1\"", "1 (i64) is put together with a text: write text(1)"}));
  BOOST_TEST(says(said("x = name * 2"), {"* takes numbers, and name (text) is none: write float(name)"}));
  BOOST_TEST(says(said("x = name == n"), {"name (text) and n (i64)", "do not go together: cast one"}));
  BOOST_TEST(says(said("x = if(n, 1, 2)"), {"if takes a condition", "n (i64)"}));
  BOOST_TEST(says(said("x = left > 'yesterday'"), {"'yesterday' (text) is no time", "2024-01-31"}));
  BOOST_TEST(says(said("x = left > name"), {"is compared with a time: write time(name)"}));
  BOOST_TEST(says(said("x = left + left"), {"+ takes seconds after a time"}));
  BOOST_TEST(says(said("x = raw"), {"column raw is bytes, which no expression reads"}));
  BOOST_TEST(says(said("x = null"), {"it is null, of no type: write which"}));
  BOOST_TEST(says(said("x = floor_time(left, 'fortnight')"), {"floor_time takes 'second'"}));
  BOOST_TEST(says(said("x = replace(name, name, 'a')"), {"as texts that are written out"}));
  BOOST_TEST(says(said("x = n in ('a')"), {"among values of other types"}));
  BOOST_TEST(says(said("x = bool(left)"), {"left (timestamp) cannot become bool"}));
  BOOST_TEST(says(described(rows, {}), {"is told of no column"}));
  rows.notes["twice delay"] = "2 and 5";
  BOOST_TEST(says(said("x = delay + 1"), {"more than once, as columns 2 and 5"}));
}

BOOST_AUTO_TEST_CASE(behind_a_function_columns_are_found_in_the_chunk) {
  auto pool = Pool::make();
  Description unknown;
  unknown.fields_known = false;
  auto described = leat::compute({"x = speed + 1"}).describe({unknown});
  BOOST_REQUIRE(described.ok());
  BOOST_TEST(!described->output.fields_known);
  BOOST_TEST(says(sentence(computed(*pool, flights(*pool), {"x = speed + 1"})),
                  {"compute wants column speed", "there are distance"}));
}

BOOST_AUTO_TEST_CASE(chunks_of_other_layouts_are_each_computed) {
  auto pool = Pool::make();
  auto actor = leat::compute({"y = x * 2"}).actor({});
  RecordingOutbox out(*pool);
  Table first = table_of(*pool, {{"x", {1, 2}}});
  Table second = table_of(*pool, {{"a", {1}}, {"x", {21}, ColumnType::I32}});
  Table third = table_of(*pool, {{"x", {{}, 2}}});
  BOOST_REQUIRE(feed(*actor, {first.chunk(), second.chunk(), third.chunk()}, out).ok());
  BOOST_TEST(Table(out.emitted[0]).values<double>(1)[1] == 4.0);
  BOOST_TEST(Table(out.emitted[1]).values<std::int64_t>(2)[0] == 42);
  BOOST_TEST(!Table(out.emitted[2]).valid(1, 0));
}

BOOST_AUTO_TEST_CASE(it_asks_for_what_is_read_and_computes_what_is_wanted) {
  auto pool = Pool::make();
  auto kind = leat::compute({"a = x + 1", "b = a * 2", "c = y", "x = x * 2"});
  auto asked = [&](const ColumnNames& wanted) { return kind.reads({Description()}, wanted).at(0); };
  BOOST_TEST((asked(ColumnNames::of({"b"})) == ColumnNames::of({"x"})));
  BOOST_TEST((asked(ColumnNames::of({"c", "z"})) == ColumnNames::of({"y", "z"})));
  BOOST_TEST((asked(ColumnNames::of({"x"})) == ColumnNames::changed({"x"})));
  BOOST_TEST((asked(ColumnNames::of({})) == ColumnNames::of({})));
  BOOST_TEST(asked(ColumnNames::carried()).reads("x"));
  BOOST_TEST(!asked(ColumnNames::carried()).carries("x"));
  BOOST_TEST(asked(ColumnNames::carried()).carries("z"));
  Making making;
  making.wanted = ColumnNames::of({"b"});
  auto made = computed(*pool, table_of(*pool, {{"x", {20}}}), {"a = x + 1", "b = a * 2", "c = y", "x = x * 2"}, making);
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  BOOST_TEST(listed(made->fields()) == "x, a and b");
}

BOOST_AUTO_TEST_CASE(in_a_graph_columns_that_are_not_used_are_not_parsed) {
  Folder folder;
  write_text(folder / "in.csv", "a,b,c,d\n1,2,007,4\n");
  Graph graph("g");
  auto rows = graph.source("read", csv::blocks(folder / "in.csv")).map("parse", csv::parse());
  rows.map("sums", leat::compute({"e = a + b", "d = a"})).sink("write", csv::write(folder / "out.csv"));
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked.ok(), sentence(checked));
  Fields parsed = checked->described[1].output.fields;
  BOOST_TEST(listed(parsed) == "a, b, c and d");
  BOOST_TEST((parsed[2].type == ColumnType::RAW));
  BOOST_TEST((parsed[3].type == ColumnType::RAW));
  BOOST_TEST((parsed[0].type == ColumnType::I64));
  BOOST_TEST(listed(checked->described[2].output.fields) == "a, b, c, d and e");
}

BOOST_AUTO_TEST_CASE(texts_of_any_length_fit_what_it_declares) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"t", ColumnType::TEXT}}, {.rows = 3000, .heap = 400000});
  for (std::size_t row = 0; row < 3000; ++row) builder.put(0, row, std::string(row % 200, 'b'));
  Table table = std::move(builder).finish(3000, 0);
  Description rows = describing(table);
  rows.max_chunk = table.chunk().footprint();
  for (const char* column :
       {"u = t + t + t", "u = replace(t, 'b', 'twelve bytes')", "u = if(true, t, 'x') + text(1.5)", "t = upper(t)"}) {
    auto described = leat::compute({column}).describe({rows});
    BOOST_REQUIRE_MESSAGE(described.ok(), sentence(described));
    auto made = computed(*pool, table, {column});
    BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
    BOOST_TEST(made->chunk().footprint() <= described->needs.max_output, column);
    BOOST_TEST(sentence(validate(made->chunk())) == "");
  }
}

BOOST_AUTO_TEST_CASE(the_actor_kit_finds_nothing) {
  auto pool = Pool::make();
  Table first = flights(*pool);
  Description rows = describing(first);
  rows.max_chunk = first.chunk().footprint();
  std::vector<kit::Fed> fed = {{first.chunk()}, {first.chunk()}};
  auto kind = leat::compute({"speed = distance / minutes", "word = text(n)", "n = n * 2"});
  BOOST_TEST(sentence(kit::try_actor({kind, {rows}, fed})) == "");
}

BOOST_AUTO_TEST_SUITE_END()
