#include <leat/actors/columns/select.hpp>

#include <leat/actors/csv/csv.hpp>
#include <leat/actors/csv/write.hpp>
#include <leat/actors/moments/moments.hpp>
#include <leat/chunk/validate.hpp>
#include <leat/graph/actor_kit.hpp>
#include <leat/graph/stream.hpp>

#include "support/folder.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

constexpr ColumnType kTypes[] = {ColumnType::F64,  ColumnType::F32,  ColumnType::F16,
                                 ColumnType::I64,  ColumnType::I32,  ColumnType::BOOL,
                                 ColumnType::TEXT, ColumnType::BYTES, ColumnType::TIMESTAMP};

// A column of each type, called as it, with nulls, and two with dictionaries.
Table one_of_each(Pool& pool, std::size_t rows) {
  Fields fields;
  for (ColumnType type : kTypes) fields.push_back({std::string(type_name(type)), type, true});
  fields.push_back({"word", ColumnType::TEXT, true, true});
  fields.push_back({"code", ColumnType::BYTES, false, true});
  TableBuilder builder(pool, fields, {.rows = rows, .heap = 64 * rows, .row_numbers = true});
  SampleColumn number{"number", {}};
  for (std::size_t row = 0; row < rows; ++row) {
    number.cells.push_back(static_cast<double>(row));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!in_heap(fields[i].type)) {
        number.type = fields[i].type;
        put(builder, number, i, row);
      } else if (fields[i].dictionary) {
        builder.put(i, row, std::string(row % 3, 'w'));
      } else {
        builder.put(i, row, "text " + std::to_string(row));
      }
      if (fields[i].nullable && (row + i) % 4 == 0) builder.set_null(i, row);
    }
    builder.row_numbers()[row] = 10 + 2 * row;
  }
  return std::move(builder).finish(rows, 10);
}

// Whether two cells hold the same, or nothing.
bool same_cell(const Table& a, std::size_t in_a, const Table& b, std::size_t in_b, std::size_t row) {
  if (a.valid(in_a, row) != b.valid(in_b, row)) return false;
  if (in_heap(a.type(in_a))) return a.text(in_a, row) == b.text(in_b, row);
  return a.number(in_a, row) == b.number(in_b, row);
}

Table only(Pool& pool, const Table& table, const StageKind& kind, const Making& making = {}) {
  RecordingOutbox out(pool, 0);
  auto fed = feed(*kind.actor(making), {table.chunk()}, out);
  BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
  BOOST_REQUIRE(out.emitted.size() == 1u);
  return Table(out.emitted[0]);
}

std::vector<std::string> backwards(const Table& table) {
  std::vector<std::string> names;
  for (const Field& field : table.fields()) names.insert(names.begin(), field.name);
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(select)

BOOST_AUTO_TEST_CASE(columns_of_any_type_are_kept_in_the_order_named) {
  auto pool = Pool::make();
  for (std::size_t rows : {0, 1, 9, 200}) {
    Table table = one_of_each(*pool, rows);
    auto names = backwards(table);
    Table kept = only(*pool, table, leat::select(names));
    BOOST_TEST(sentence(validate(kept.chunk())) == "");
    BOOST_REQUIRE(kept.columns() == names.size());
    BOOST_TEST(kept.rows() == rows);
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::size_t from = *table.find(names[i]);
      BOOST_TEST((kept.fields()[i] == table.fields()[from]), names[i]);
      for (std::size_t row = 0; row < rows; ++row) BOOST_TEST(same_cell(table, from, kept, i, row), names[i]);
    }
    for (std::size_t row = 0; row < rows; ++row) BOOST_TEST(kept.row_number(row) == table.row_number(row));
  }
}

BOOST_AUTO_TEST_CASE(columns_that_are_not_named_are_left_out) {
  auto pool = Pool::make();
  Table table = table_of(*pool, {{"a", {1, 2}}, {"b", {3, {}}}, {"c", {5, 6}, ColumnType::I64}}, 100);
  Table kept = only(*pool, table, leat::select({"c", "b"}));
  BOOST_TEST(listed(kept.fields()) == "c and b");
  BOOST_TEST(kept.values<std::int64_t>(0)[1] == 6);
  BOOST_TEST(!kept.valid(1, 1));
  BOOST_TEST(kept.row_numbers() == nullptr);
  BOOST_TEST(kept.first_row() == 100u);
}

BOOST_AUTO_TEST_CASE(a_chunk_with_these_columns_alone_is_passed_on_as_it_is) {
  auto pool = Pool::make();
  Table table = table_of(*pool, {{"a", {1}}, {"b", {2}}});
  auto* same = table.chunk().message().data();
  BOOST_TEST(only(*pool, table, leat::select({"a", "b"})).chunk().message().data() == same);
  BOOST_TEST(only(*pool, table, leat::select({"b", "a"})).chunk().message().data() != same);
  BOOST_TEST(only(*pool, table, leat::select({"a"})).chunk().message().data() != same);
}

BOOST_AUTO_TEST_CASE(wrong_columns_are_found_before_the_start) {
  Description rows;
  rows.fields = {{"delay"}, {"time"}};
  auto said = [&](std::vector<std::string> names) { return sentence(leat::select(names).describe({rows})); };
  BOOST_TEST(says(said({"time", "delai"}), {"select wants column delai", "did you mean delay"}));
  BOOST_TEST(said({"time", "delay", "time"}) == "select names column time twice: name it once");
  BOOST_TEST(said({}) == "select names no column: name those to keep");
  BOOST_TEST(said({"time"}) == "");
}

BOOST_AUTO_TEST_CASE(behind_a_function_they_are_found_in_the_chunk) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Description unknown;
  unknown.fields_known = false;
  auto kind = leat::select({"y"});
  auto described = kind.describe({unknown});
  BOOST_REQUIRE(described.ok());
  BOOST_TEST(!described->output.fields_known);
  Table table = table_of(*pool, {{"x", {1}}});
  BOOST_TEST(says(sentence(feed(*kind.actor({}), {table.chunk()}, out)), {"wants column y", "there are x"}));
}

BOOST_AUTO_TEST_CASE(what_it_describes_is_what_it_emits_and_enough_for_it) {
  auto pool = Pool::make();
  for (std::size_t rows : {1, 1000, 20000}) {
    Table table = one_of_each(*pool, rows);
    for (bool known : {true, false}) {
      // As it comes over a network: no larger than what is in it.
      Chunk chunk = table.chunk().copy(*pool);
      Description input = describing(table);
      input.max_chunk = chunk.footprint();
      input.fields_known = known;
      auto kind = leat::select(backwards(table));
      auto described = kind.describe({input});
      BOOST_REQUIRE(described.ok());
      Table kept = only(*pool, Table(chunk), kind);
      if (known) BOOST_TEST((described->output.fields == kept.fields()));
      BOOST_TEST(kept.chunk().footprint() <= described->needs.max_output);
      BOOST_TEST(described->output.max_chunk == described->needs.max_output);
      BOOST_TEST(described->needs.max_output <= 4 * input.max_chunk + 4096);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_few_of_many_numeric_columns_are_described_as_small_chunks) {
  auto pool = Pool::make();
  std::vector<SampleColumn> columns;
  std::vector<std::optional<double>> cells(5000, 1);
  for (int i = 0; i < 20; ++i) columns.push_back({"c" + std::to_string(i), cells});
  columns[7].cells[0].reset();
  Table table = table_of(*pool, columns);
  Description input = describing(table);
  input.max_chunk = table.chunk().footprint();
  auto kind = leat::select({"c7", "c3"});
  auto described = kind.describe({input});
  BOOST_REQUIRE(described.ok());
  BOOST_TEST(only(*pool, table, kind).chunk().footprint() <= described->needs.max_output);
  BOOST_TEST(described->needs.max_output < input.max_chunk / 4);
  input.max_chunk = std::uint64_t{1} << 62;
  BOOST_TEST(kind.describe({input})->needs.max_output >= input.max_chunk / 20);
}

BOOST_AUTO_TEST_CASE(it_asks_for_those_that_are_wanted_and_does_without_the_others) {
  auto pool = Pool::make();
  auto kind = leat::select({"c", "b", "a"});
  auto asked = [&](const ColumnNames& wanted) { return kind.reads({Description()}, wanted).at(0); };
  BOOST_TEST((asked(ColumnNames::all()) == ColumnNames::of({"a", "b", "c"})));
  BOOST_TEST((asked(ColumnNames::of({"a", "other"})) == ColumnNames::of({"a"})));
  BOOST_TEST((asked(ColumnNames::of({})) == ColumnNames::of({"c"})));
  Table narrow = table_of(*pool, {{"a", {1}}, {"c", {3}}});
  Making making;
  making.wanted = ColumnNames::of({"a", "c"});
  BOOST_TEST(listed(only(*pool, narrow, kind, making).fields()) == "c and a");
  auto described = kind.narrow({describing(narrow)}, making.wanted);
  BOOST_REQUIRE(described.ok());
  BOOST_TEST(listed(described->output.fields) == "c and a");
}

BOOST_AUTO_TEST_CASE(in_a_graph_only_what_is_read_below_is_parsed) {
  Folder folder;
  write_text(folder / "in.csv", "a,b,c,d\n1,2,3,4\n");
  Graph graph("g");
  auto rows = graph.source("read", csv::blocks(folder / "in.csv")).map("parse", csv::parse());
  auto few = rows.map("few", leat::select({"d", "c", "a"}));
  few.fold("sums", moments({"a", "d"})).sink("drop", [](Message<schema::Moments>) {});
  auto fields_of = [](const Graph& checking, StageId stage) {
    auto checked = checking.check();
    BOOST_REQUIRE_MESSAGE(checked.ok(), sentence(checked));
    return listed(checked->described[stage].output.fields);
  };
  BOOST_TEST(fields_of(graph, 1) == "a and d");
  BOOST_TEST(fields_of(graph, 2) == "d and a");
  few.sink("write", csv::write(folder / "out.csv"));
  BOOST_TEST(fields_of(graph, 1) == "a, c and d");
  BOOST_TEST(fields_of(graph, 2) == "d, c and a");
}

BOOST_AUTO_TEST_CASE(the_actor_kit_finds_nothing) {
  auto pool = Pool::make();
  Table first = one_of_each(*pool, 7);
  Table second = one_of_each(*pool, 30);
  Description rows = describing(first);
  rows.max_chunk = second.chunk().footprint();
  std::vector<kit::Fed> fed = {{first.chunk()}, {second.chunk()}, {first.chunk()}};
  BOOST_TEST(sentence(kit::try_actor({leat::select({"word", "f64", "bytes"}), {rows}, fed})) == "");
  BOOST_TEST(sentence(kit::try_actor({leat::select(backwards(first)), {rows}, fed})) == "");
}

BOOST_AUTO_TEST_SUITE_END()
