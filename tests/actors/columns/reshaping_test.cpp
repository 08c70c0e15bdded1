// rename, cast and fill: columns under other names, of other types, and without nulls.
#include <leat/actors/columns/cast.hpp>
#include <leat/actors/columns/fill.hpp>
#include <leat/actors/columns/rename.hpp>
#include <leat/chunk/validate.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

Result<Table> made_by(Pool& pool, const StageKind& kind, const Table& table) {
  if (kind.wrong_options) return *kind.wrong_options;
  Description rows = describing(table);
  rows.max_chunk = table.chunk().footprint();
  auto described = kind.describe({rows});
  if (!described) return described.error();
  RecordingOutbox out(pool, 0);
  auto fed = feed(*kind.actor({}), {table.chunk()}, out);
  if (!fed) return fed.error();
  Table made(out.emitted.at(0));
  BOOST_TEST((made.fields() == described->output.fields));
  BOOST_TEST(made.chunk().footprint() <= described->needs.max_output);
  BOOST_TEST(sentence(validate(made.chunk())) == "");
  BOOST_TEST(sentence(kit::try_actor({kind, {rows}, {{table.chunk()}}})) == "");
  return made;
}

Table texts(Pool& pool, std::vector<std::string> cells, bool dictionary = false) {
  TableBuilder builder(pool, {{"t", ColumnType::TEXT, true, dictionary}}, {.rows = cells.size(), .heap = 1000});
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (cells[row] == "null") builder.set_null(0, row);
    else builder.put(0, row, cells[row]);
  }
  return std::move(builder).finish(cells.size(), 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reshaping)

BOOST_AUTO_TEST_CASE(renamed_columns_keep_all_but_their_names) {
  auto pool = Pool::make();
  Table table = table_of(*pool, {{"a", {1, {}}}, {"b", {3, 4}, ColumnType::I32}, {"c", {5, 6}}}, 40);
  auto made = made_by(*pool, leat::rename({{"a", "b"}, {"b", "a"}}), table);
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  BOOST_TEST(listed(made->fields()) == "b, a and c");
  BOOST_TEST(made->values<std::int32_t>(1)[1] == 4);
  BOOST_TEST(!made->valid(0, 1));
  BOOST_TEST(made->first_row() == 40u);
  auto words = made_by(*pool, leat::rename({{"t", "word"}}), texts(*pool, {"x", "null", "x", ""}, true));
  BOOST_REQUIRE_MESSAGE(words.ok(), sentence(words));
  BOOST_TEST(words->has_dictionary(0));
  BOOST_TEST(words->text(*words->find("word"), 2) == "x");
}

BOOST_AUTO_TEST_CASE(wrong_renamings_are_found_before_the_start) {
  auto pool = Pool::make();
  Table table = table_of(*pool, {{"delay", {1}}, {"b", {3}}});
  auto said = [&](std::vector<Renaming> all) { return sentence(made_by(*pool, leat::rename(std::move(all)), table)); };
  BOOST_TEST(says(said({{"delai", "x"}}), {"rename wants column delai", "did you mean delay"}));
  BOOST_TEST(says(said({{"delay", "b"}}), {"rename makes delay to b, which another column is called"}));
  BOOST_TEST(says(said({{"delay", "x"}, {"delay", "y"}}), {"names column delay twice"}));
  BOOST_TEST(says(said({}), {"is told of no column"}));
  BOOST_TEST(says(said({{"delay", ""}}), {"a name that is empty"}));
}

BOOST_AUTO_TEST_CASE(what_is_wanted_by_its_new_name_is_asked_for_by_the_old_one) {
  auto kind = leat::rename({{"a", "b"}, {"b", "c"}});
  auto asked = [&](const ColumnNames& wanted) { return kind.reads({Description()}, wanted).at(0); };
  BOOST_TEST((asked(ColumnNames::of({"b"})) == ColumnNames::of({"a"})));
  BOOST_TEST((asked(ColumnNames::of({"c", "z"})) == ColumnNames::of({"b", "z"})));
  BOOST_TEST((asked(ColumnNames::all()) == ColumnNames::all()));
  BOOST_TEST((asked(ColumnNames::carried()) == ColumnNames::carried()));
  BOOST_TEST(asked(ColumnNames::carried().among({"b"})).carries("a"));
}

BOOST_AUTO_TEST_CASE(values_are_cast_between_all_types) {
  auto pool = Pool::make();
  auto cast_to = [&](ColumnType type, std::vector<std::string> cells) {
    auto made = made_by(*pool, leat::cast({{"t", type}}), texts(*pool, cells));
    BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
    BOOST_TEST(!made->valid(0, cells.size() - 1));
    return *made;
  };
  BOOST_TEST(cast_to(ColumnType::F64, {"1.5", "null"}).values<double>(0)[0] == 1.5);
  BOOST_TEST(cast_to(ColumnType::F32, {"1.5", "null"}).values<float>(0)[0] == 1.5f);
  BOOST_TEST(cast_to(ColumnType::F16, {"1.5", "null"}).number(0, 0) == 1.5);
  BOOST_TEST(cast_to(ColumnType::I64, {"-7", "null"}).values<std::int64_t>(0)[0] == -7);
  BOOST_TEST(cast_to(ColumnType::I32, {"-7", "null"}).values<std::int32_t>(0)[0] == -7);
  BOOST_TEST(cast_to(ColumnType::BOOL, {"true", "null"}).values<std::uint8_t>(0)[0] == 1);
  BOOST_TEST(cast_to(ColumnType::TIMESTAMP, {"1970-01-01T00:00:01Z", "null"}).values<std::int64_t>(0)[0] == 1000000000);
  BOOST_TEST(cast_to(ColumnType::TEXT, {"abc", "null"}).text(0, 0) == "abc");
  auto number = [&](ColumnType from, double value, ColumnType to) {
    auto made = made_by(*pool, leat::cast({{"x", to}}), table_of(*pool, {{"x", {value}, from}}));
    BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
    return *made;
  };
  BOOST_TEST(number(ColumnType::F64, -2.7, ColumnType::I32).values<std::int32_t>(0)[0] == -2);
  BOOST_TEST(number(ColumnType::I64, 3, ColumnType::TEXT).text(0, 0) == "3");
  BOOST_TEST(number(ColumnType::TIMESTAMP, 2e9, ColumnType::I64).values<std::int64_t>(0)[0] == 2);
  BOOST_TEST(number(ColumnType::BOOL, 1, ColumnType::F32).values<float>(0)[0] == 1.0f);
}

BOOST_AUTO_TEST_CASE(a_value_that_does_not_fit_fails_or_becomes_null) {
  auto pool = Pool::make();
  auto large = table_of(*pool, {{"x", {1, 3e9, {}}, ColumnType::I64}}, 6);
  auto said = [&](const Table& table, const char* column, ColumnType type) {
    return sentence(made_by(*pool, leat::cast({{column, type}}), table));
  };
  BOOST_TEST(said(large, "x", ColumnType::I32) ==
             "cast: column x, row 8 (the first is 1): 3000000000 is more than an i32 holds");
  BOOST_TEST(says(said(texts(*pool, {"1", "one"}), "t", ColumnType::I64), {"row 2", "'one' is no i64"}));
  BOOST_TEST(says(said(texts(*pool, {""}), "t", ColumnType::F64), {"'' is no f64"}));
  BOOST_TEST(says(said(table_of(*pool, {{"x", {1e30}}}), "x", ColumnType::F16), {"1e+30 is more than an f16 holds"}));
  BOOST_TEST(says(said(table_of(*pool, {{"x", {NAN}}}), "x", ColumnType::I64), {"nan is NaN, which no i64 is"}));
  auto made = made_by(*pool, leat::cast({{"x", ColumnType::I32}}, Misfits::null), large);
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  BOOST_TEST(made->values<std::int32_t>(0)[0] == 1);
  BOOST_TEST(!made->valid(0, 1));
  BOOST_TEST(!made->valid(0, 2));
  BOOST_TEST(says(said(large, "y", ColumnType::I32), {"cast wants column y"}));
  BOOST_TEST(says(said(large, "x", ColumnType::BYTES), {"cannot become bytes"}));
}

BOOST_AUTO_TEST_CASE(nulls_are_filled_and_columns_keep_their_types) {
  auto pool = Pool::make();
  Table table =
      table_of(*pool, {{"a", {1, {}, 3}, ColumnType::I32}, {"b", {{}, 2.5, {}}, ColumnType::F32}, {"c", {1, 2, 3}}});
  auto made = made_by(*pool, leat::fill({"a = -1", "b = c"}), table);
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  BOOST_TEST(listed(made->fields()) == "a, b and c");
  BOOST_TEST((made->type(0) == ColumnType::I32));
  BOOST_TEST((made->type(1) == ColumnType::F32));
  BOOST_TEST(made->values<std::int32_t>(0)[1] == -1);
  BOOST_TEST(made->values<float>(1)[2] == 3.0f);
  BOOST_TEST(!made->fields()[0].nullable);
  auto words = made_by(*pool, leat::fill({"t = 'none'"}), texts(*pool, {"x", "null"}));
  BOOST_REQUIRE_MESSAGE(words.ok(), sentence(words));
  BOOST_TEST(words->text(0, 1) == "none");
  auto said = [&](const char* column) { return sentence(made_by(*pool, leat::fill({column}), table)); };
  BOOST_TEST(says(said("a = 0.5"), {"0.5 (f64) fills a column that is i64"}));
  BOOST_TEST(says(said("a = 3000000000"), {"row 2", "3000000000 is more than an i32 holds"}));
  BOOST_TEST(says(said("d = 0"), {"fill wants column d"}));
  BOOST_TEST(says(said("0"), {"columns: ", "at character 1"}));
}

BOOST_AUTO_TEST_CASE(large_integers_are_filled_to_the_digit) {
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"a", ColumnType::I64, true}}, 2);
  builder.cells<std::int64_t>(0)[0] = 9007199254740993;
  builder.set_null(0, 1);
  auto made = made_by(*pool, leat::fill({"a = 0"}), std::move(builder).finish(2, 0));
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  BOOST_TEST(made->values<std::int64_t>(0)[0] == 9007199254740993);
}

BOOST_AUTO_TEST_SUITE_END()
