// The first rows of an order against a sort.
#include <leat/actors/rows/top.hpp>

#include <leat/actors/tables/ranges.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/seeded_rows.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::vector<Row> expected(const SeededRows& rows, const Top& options) {
  std::vector<Row> sorted = rows.rows;
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Row& a, const Row& b) {
    for (const std::string& name : options.by) {
      const Value &x = a[*find_field(rows.fields, name)], &y = b[*find_field(rows.fields, name)];
      bool nulls = !x || !y;
      if (value_less(x, y)) return options.least || nulls;
      if (value_less(y, x)) return !options.least && !nulls;
    }
    return false;
  });
  sorted.resize(std::min<std::size_t>(sorted.size(), options.count));
  return sorted;
}

void compare(const std::vector<Row>& got, const std::vector<Row>& wanted) {
  BOOST_TEST(got.size() == wanted.size());
  for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) BOOST_TEST(shown(got[i]) == shown(wanted[i]));
}

Folded made_of(Pool& pool, const SeededRows& rows, const Top& options, std::uint32_t seed, std::size_t replicas) {
  std::mt19937 random(seed);
  return folded(pool, top(options), cut(pool, rows, random, 900), rows.fields, replicas);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(top)

BOOST_AUTO_TEST_CASE(the_first_rows_are_those_of_a_sort_whatever_the_chunks_and_replicas) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(3000, 71, 400);
  for (const auto& by : std::vector<std::vector<std::string>>{
           {"i32"}, {"i64"}, {"f64"}, {"f32"}, {"f16"}, {"text"}, {"dict", "f64"}, {"bool", "time", "text"}}) {
    for (bool least : {false, true}) {
      for (std::uint64_t count : {1, 20, 2000, 5000}) {
        Top options{.by = by, .count = count, .least = least};
        auto made = made_of(*pool, rows, options, 3, 1 + count % 6);
        BOOST_TEST(sentence(made.ok) == "");
        compare(rows_of(made.chunks), expected(rows, options));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(equal_rows_come_by_their_numbers) {
  auto pool = Pool::make();
  auto chunks = cut(*pool, {{"x", {1, 1, 1, 1, 1}}, {"n", {0, 1, 2, 3, 4}}}, {1, 3});
  auto made = folded(*pool, leat::top({.by = {"x"}, .count = 3}), chunks, Table(chunks[0]).fields(), 3);
  compare(rows_of(made.chunks), {{1.0, 0.0}, {1.0, 1.0}, {1.0, 2.0}});
  BOOST_TEST(Table(made.chunks[0]).row_number(2) == 2u);
}

BOOST_AUTO_TEST_CASE(chunks_beyond_the_cutoff_change_nothing) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(3000, 75, 40);
  for (const auto& by : std::vector<std::vector<std::string>>{{"i32"}, {"f64"}, {"f16"}, {"bool"}, {"time", "text"}, {"text"}}) {
    for (bool least : {false, true}) {
      Top options{.by = by, .count = 30, .least = least};
      std::mt19937 random(4);
      auto kind = leat::top(options);
      RecordingOutbox out(*pool);  // longer than the actor, which holds some of its budget
      auto actor = kind.actor({});
      BOOST_REQUIRE(actor->start(out).ok());
      for (const Chunk& chunk : cut(*pool, rows, random, 50)) {
        Table table(chunk);
        auto ranges = tables::ranges_of(table);
        std::size_t column = *find_field(rows.fields, by[0]);
        if (out.cut && tables::Ranges(ranges).leave_out(*out.cut, column)) {
          out.count("left out", 1);
          continue;
        }
        BOOST_REQUIRE(feed_one(*actor, chunk, out).ok());
      }
      BOOST_REQUIRE(finish(*actor, out).ok());
      RecordingOutbox made(*pool);
      BOOST_REQUIRE(feed(*kind.combine->actor({}), out.emitted, made).ok());
      compare(rows_of(made.emitted), expected(rows, options));
      if (by[0] == "text") BOOST_TEST(!out.cut);
      if (by[0] == "bool") BOOST_TEST(out.counts["left out"] > 0u);
      if (by[0] == "f64") BOOST_TEST(bool(out.cut));
    }
  }
}

BOOST_AUTO_TEST_CASE(rows_that_take_more_than_they_may_fail_with_the_option) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(3000, 72, 400);
  auto made = made_of(*pool, rows, {.by = {"f64"}, .count = 2000, .memory = 100 << 10}, 1, 2);
  BOOST_TEST(says(sentence(made.ok), {"top has", "rows in the 102400 bytes", "raise its option memory"}));
}

BOOST_AUTO_TEST_CASE(what_rows_allocate_is_charged) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(20000, 74, 15000);
  std::mt19937 random(1);
  auto kind = leat::top({.by = {"text"}, .count = 9000, .memory = std::uint64_t{1} << 30});
  auto [allocated, charged] = allocated_and_charged(*pool, kind, cut(*pool, rows, random, 1000));
  BOOST_TEST(allocated <= charged);
}

BOOST_AUTO_TEST_CASE(rows_of_a_sorted_file_are_those_of_a_sort) {
  auto pool = Pool::make();
  SeededRows rows;
  rows.fields = {{"x", ColumnType::I64}};
  for (std::int64_t row = 0; row < 10000; ++row) rows.rows.push_back({row / 3});
  for (bool least : {false, true}) {
    Top options{.by = {"x"}, .count = 25, .least = least};
    compare(rows_of(made_of(*pool, rows, options, 1, 2).chunks), expected(rows, options));
  }
}

BOOST_AUTO_TEST_CASE(columns_that_are_not_there_are_found_before_the_start) {
  Description rows;
  rows.fields = {{"hour", ColumnType::I32}};
  auto wrong = [&](std::vector<std::string> by) { return sentence(leat::top({.by = by}).describe({rows})); };
  BOOST_TEST(wrong({"hour"}) == "");
  BOOST_TEST(says(wrong({"hours"}), {"top wants column hours", "did you mean hour"}));
  BOOST_TEST(says(wrong({"hour", "hour"}), {"hour twice"}));
  BOOST_TEST(says(wrong({}), {"names no column"}));
  auto none = leat::top({.by = {"hour"}, .count = 0}).wrong_options;
  BOOST_REQUIRE(none.has_value());
  BOOST_TEST(says(none->sentence, {"count", "at least 1"}));
}

BOOST_AUTO_TEST_CASE(it_passes_the_kit_as_does_what_combines) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(600, 73, 300);
  std::mt19937 random(5);
  auto kind = leat::top({.by = {"text", "f64"}, .count = 300});
  Description described;
  described.fields = rows.fields;
  std::vector<kit::Fed> fed;
  for (const Chunk& chunk : cut(*pool, rows, random, 120)) fed.push_back({chunk});
  BOOST_TEST(sentence(kit::try_actor({kind, {described}, fed})) == "");
  BOOST_TEST(sentence(kit::try_actor({*kind.combine, {kind.describe({described})->output}, fed})) == "");
}

BOOST_AUTO_TEST_SUITE_END()
