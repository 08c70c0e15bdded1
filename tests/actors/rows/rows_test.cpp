// limit, sample, union: which rows go on.
#include <leat/actors/rows/limit.hpp>
#include <leat/actors/rows/sample.hpp>
#include <leat/actors/rows/split.hpp>
#include <leat/actors/rows/union_by_name.hpp>
#include <leat/chunk/validate.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/tables.hpp"

#include <set>

using namespace leat;
using namespace leat::tests;

namespace {

std::vector<SampleColumn> numbered(std::size_t rows) {
  SampleColumn column{"x", {}};
  for (std::size_t row = 0; row < rows; ++row) column.cells.push_back(static_cast<double>(row));
  return {column};
}

std::vector<std::uint64_t> rows_kept(const StageKind& kind, const std::vector<Chunk>& chunks, Pool& pool) {
  RecordingOutbox out(pool);
  BOOST_TEST(feed(*kind.actor({}), chunks, out).ok());
  std::vector<std::uint64_t> rows;
  for (const Chunk& chunk : out.emitted) {
    Table table(chunk);
    for (std::size_t row = 0; row < table.rows(); ++row) rows.push_back(table.row_number(row));
  }
  return rows;
}

Description of(const Table& table) {
  Description rows = describing(table);
  rows.max_chunk = table.chunk().footprint();
  return rows;
}

std::string kit_says(const StageKind& kind, std::vector<Description> inputs, std::vector<kit::Fed> fed) {
  return sentence(kit::try_actor({kind, std::move(inputs), std::move(fed)}));
}

Table two_columns(Pool& pool, bool turned, bool dictionary, std::vector<std::string> words) {
  Fields fields = {{"n", ColumnType::I64, turned}, {"word", ColumnType::TEXT, false, dictionary}};
  if (turned) std::swap(fields[0], fields[1]);
  std::size_t n = turned, word = !turned;
  TableBuilder builder(pool, fields, {.rows = words.size(), .heap = 100});
  for (std::size_t row = 0; row < words.size(); ++row) {
    builder.cells<std::int64_t>(n)[row] = static_cast<std::int64_t>(row);
    builder.put(word, row, words[row]);
    if (turned && row == 0) builder.set_null(n, row);
  }
  return std::move(builder).finish(words.size(), 5);
}

std::string united(const Table& a, const Table& b) { return sentence(union_by_name().describe({of(a), of(b)})); }

}  // namespace

BOOST_AUTO_TEST_SUITE(rows)

BOOST_AUTO_TEST_CASE(the_first_rows_pass_however_they_are_cut) {
  auto pool = Pool::make();
  for (const std::vector<std::size_t>& at : {std::vector<std::size_t>{}, {3}, {5}, {1, 2, 3, 4, 5, 6, 7}, {4, 9}}) {
    for (std::uint64_t wanted : {1, 5, 9, 10, 99}) {
      auto kept = rows_kept(limit(wanted), cut(*pool, numbered(10), at), *pool);
      BOOST_TEST(kept.size() == std::min<std::uint64_t>(wanted, 10));
      BOOST_TEST(kept.back() == kept.size() - 1);
    }
  }
  auto chunks = cut(*pool, numbered(10), {4, 9});
  std::vector<kit::Fed> fed;
  for (const Chunk& chunk : chunks) fed.push_back({chunk});
  BOOST_TEST(kit_says(limit(6), {of(Table(chunks[0]))}, fed) == "");
  BOOST_TEST(says(limit(0).wrong_options->sentence, {"rows", "at least 1"}));
}

BOOST_AUTO_TEST_CASE(a_sample_is_the_same_however_the_rows_are_cut) {
  auto pool = Pool::make();
  auto whole = rows_kept(sample(0.1), cut(*pool, numbered(10000), {}), *pool);
  BOOST_TEST((rows_kept(sample(0.1), cut(*pool, numbered(10000), {1, 77, 4096}), *pool) == whole));
  BOOST_TEST(whole.size() > 900u);
  BOOST_TEST(whole.size() < 1100u);
  BOOST_TEST((rows_kept(sample(0.1, 1), cut(*pool, numbered(10000), {}), *pool) != whole));
  auto chunks = cut(*pool, numbered(10), {4});
  BOOST_TEST(kit_says(sample(0.5), {of(Table(chunks[0]))}, {{chunks[0]}, {chunks[1]}}) == "");
  BOOST_TEST(says(sample(1.5).wrong_options->sentence, {"share", "at most 1"}));
}

BOOST_AUTO_TEST_CASE(a_sample_of_what_is_trained_on_is_a_sample) {
  std::size_t trained = 0, sampled = 0;
  auto pool = Pool::make();
  auto kept = rows_kept(sample(0.5), cut(*pool, numbered(10000), {}), *pool);
  for (std::uint64_t row : kept) sampled += leat::split::in_train(row, 0.5, 0);
  for (std::uint64_t row = 0; row < 10000; ++row) trained += leat::split::in_train(row, 0.5, 0);
  BOOST_TEST(sampled > trained * 2 / 5);
  BOOST_TEST(sampled < trained * 3 / 5);
}

BOOST_AUTO_TEST_CASE(a_union_brings_columns_together_by_name) {
  auto pool = Pool::make();
  for (bool first : {false, true}) {
    for (bool second : {false, true}) {
      Table a = two_columns(*pool, false, first, {"x", "y", "x"});
      Table b = two_columns(*pool, true, second, {"z", "", "z", "w"});
      auto kind = union_by_name();
      Making making;
      making.inputs = {of(a), of(b)};
      auto described = kind.describe(making.inputs);
      BOOST_REQUIRE_MESSAGE(described.ok(), sentence(described));
      auto actor = kind.actor(making);
      RecordingOutbox out(*pool, 0);
      BOOST_REQUIRE(feed_one(*actor, b.chunk(), out, 1).ok());
      BOOST_REQUIRE(feed_one(*actor, a.chunk(), out, 0).ok());
      for (const Chunk& chunk : out.emitted) {
        Table made(chunk);
        BOOST_TEST(listed(made.fields()) == "n and word");
        BOOST_TEST(made.has_dictionary(1) == (first || second));
        BOOST_TEST(sentence(validate(chunk)) == "");
        BOOST_TEST(chunk.footprint() <= described->needs.max_output);
      }
      Table turned(out.emitted[0]);
      BOOST_TEST(!turned.valid(0, 0));
      BOOST_TEST(turned.values<std::int64_t>(0)[3] == 3);
      BOOST_TEST(turned.text(1, 3) == "w");
      BOOST_TEST(turned.first_row() == 5u);
      BOOST_TEST(described->output.fields[0].nullable);
      BOOST_TEST(kit_says(kind, making.inputs, {{a.chunk()}, {b.chunk(), 1}}) == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(columns_that_do_not_fit_are_found_before_the_start) {
  auto pool = Pool::make();
  Table a = table_of(*pool, {{"delay", {1}}, {"n", {1}, ColumnType::I64}});
  BOOST_TEST(says(united(a, table_of(*pool, {{"delai", {1}}, {"n", {1}, ColumnType::I64}})),
                  {"union: column delai is in the second stream and not in the first, which has delay"}));
  BOOST_TEST(says(united(a, table_of(*pool, {{"n", {1}, ColumnType::I64}})),
                  {"column delay is in the first stream and not in the second"}));
  BOOST_TEST(says(united(a, table_of(*pool, {{"delay", {1}}, {"n", {1}}})),
                  {"column n is i64 in the first stream and f64 in the second: cast one"}));
  Description unknown;
  unknown.fields_known = false;
  BOOST_TEST(says(sentence(union_by_name().describe({of(a), unknown})), {"one comes from a function"}));
}

BOOST_AUTO_TEST_CASE(a_union_asks_both_for_what_is_wanted_and_gives_that) {
  auto pool = Pool::make();
  Table a = table_of(*pool, {{"x", {1}}, {"y", {2}}, {"z", {3}}});
  Table b = table_of(*pool, {{"z", {3}}, {"y", {2}}, {"x", {1}}});
  auto kind = union_by_name();
  auto wanted = ColumnNames::of({"z", "y"});
  for (const ColumnNames& asked : kind.reads({of(a), of(b)}, wanted))
    BOOST_TEST((asked == ColumnNames::changed({"y", "z"})));
  Table narrow = table_of(*pool, {{"z", {3}}, {"y", {2}}});
  auto described = kind.narrow({of(a), of(narrow)}, wanted);
  BOOST_REQUIRE_MESSAGE(described.ok(), sentence(described));
  BOOST_TEST(listed(described->output.fields) == "y and z");
  BOOST_TEST(kind.narrow({of(a), of(b)}, ColumnNames::of({}))->output.fields.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
