// Distinct rows against a std::map.
#include <leat/actors/rows/distinct.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/seeded_rows.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::vector<Row> expected(const SeededRows& rows, const std::vector<std::string>& columns) {
  std::map<Row, bool, RowLess> seen;
  std::vector<Row> made;
  for (Row row : rows.rows) {
    Row key = columns.empty() ? row : Row();
    for (const std::string& name : columns) key.push_back(row[*find_field(rows.fields, name)]);
    if (!seen.emplace(key, true).second) continue;
    for (std::size_t i = 0; i < row.size(); ++i) {
      bool is_key = columns.empty() || std::find(columns.begin(), columns.end(), rows.fields[i].name) != columns.end();
      if (is_key && row[i] && std::holds_alternative<double>(*row[i]) && std::get<double>(*row[i]) == 0) row[i] = 0.0;
    }
    made.push_back(row);
  }
  return made;
}

void compare(const std::vector<Row>& got, const std::vector<Row>& wanted) {
  BOOST_TEST(got.size() == wanted.size());
  for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) BOOST_TEST(shown(got[i]) == shown(wanted[i]));
}

Folded made_of(Pool& pool, const SeededRows& rows, const Distinct& options, std::uint32_t seed, std::size_t replicas) {
  std::mt19937 random(seed);
  return folded(pool, distinct(options), cut(pool, rows, random, 900), rows.fields, replicas);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(distinct)

BOOST_AUTO_TEST_CASE(the_first_of_equal_rows_stays_whatever_the_chunks_and_replicas) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(3000, 61, 30);
  for (const auto& columns : std::vector<std::vector<std::string>>{
           {"text"}, {"f64"}, {"dict", "i64"}, {"bool"}, {"time", "f16", "text"}, {}}) {
    auto wanted = expected(rows, columns);
    for (std::size_t replicas : {1, 2, 7}) {
      auto made = made_of(*pool, rows, {.columns = columns}, static_cast<std::uint32_t>(replicas), replicas);
      BOOST_TEST(sentence(made.ok) == "");
      compare(rows_of(made.chunks), wanted);
    }
  }
}

BOOST_AUTO_TEST_CASE(rows_keep_their_numbers) {
  auto pool = Pool::make();
  auto chunks = cut(*pool, {{"x", {5, 5, 3, 5, 1, 3}}}, {2, 4});
  auto made = folded(*pool, leat::distinct({.columns = {"x"}}), chunks, Table(chunks[0]).fields(), 3);
  BOOST_REQUIRE(made.chunks.size() == 1);
  Table table(made.chunks[0]);
  BOOST_REQUIRE(table.rows() == 3);
  BOOST_TEST(table.row_number(0) == 0u);
  BOOST_TEST(table.row_number(1) == 2u);
  BOOST_TEST(table.row_number(2) == 4u);
}

BOOST_AUTO_TEST_CASE(a_replica_without_room_sends_its_rows_down_and_the_end_fails_with_the_option) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(5000, 62, 4000);
  auto made = made_of(*pool, rows, {.columns = {"text", "i64"}, .memory = 3 << 20}, 1, 2);
  BOOST_TEST(sentence(made.ok) == "");
  auto roomy = made_of(*pool, rows, {.columns = {"text", "i64"}, .memory = 256 << 20}, 1, 2);
  BOOST_TEST(made.parts > roomy.parts);
  compare(rows_of(made.chunks), expected(rows, {"text", "i64"}));
  auto failed = made_of(*pool, rows, {.columns = {"text", "i64"}, .memory = 1 << 20}, 1, 2);
  BOOST_TEST(says(sentence(failed.ok), {"distinct has", "rows in the 1048576 bytes", "raise its option memory"}));
}

BOOST_AUTO_TEST_CASE(what_rows_allocate_is_charged) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(20000, 64, 15000);
  std::mt19937 random(1);
  auto kind = leat::distinct({.columns = {"text", "i32"}, .memory = std::uint64_t{4} << 30});
  auto [allocated, charged] = allocated_and_charged(*pool, kind, cut(*pool, rows, random, 1000));
  BOOST_TEST(allocated <= charged);
}

BOOST_AUTO_TEST_CASE(columns_that_are_not_there_or_named_twice_are_found_before_the_start) {
  Description rows;
  rows.fields = {{"hour", ColumnType::I32}};
  auto wrong = [&](std::vector<std::string> columns) {
    return sentence(leat::distinct({.columns = columns}).describe({rows}));
  };
  BOOST_TEST(wrong({}) == "");
  BOOST_TEST(says(wrong({"hours"}), {"distinct wants column hours", "did you mean hour"}));
  BOOST_TEST(says(wrong({"hour", "hour"}), {"hour twice"}));
}

BOOST_AUTO_TEST_CASE(it_passes_the_kit_as_does_what_combines) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(500, 63, 300);
  std::mt19937 random(5);
  auto kind = leat::distinct({.columns = {"text", "f64"}, .memory = 640 << 10});
  Description described;
  described.fields = rows.fields;
  std::vector<kit::Fed> fed;
  std::vector<Chunk> chunks = cut(*pool, rows, random, 120);
  for (const Chunk& chunk : chunks) fed.push_back({chunk});
  BOOST_TEST(sentence(kit::try_actor({kind, {described}, fed})) == "");
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(feed(*kind.actor({0, 1, {described}}), chunks, out).ok());
  BOOST_TEST(out.emitted.size() > 1u);
  BOOST_TEST(sentence(kit::try_actor({*kind.combine, {kind.describe({described})->output}, fed})) == "");
}

BOOST_AUTO_TEST_SUITE_END()
