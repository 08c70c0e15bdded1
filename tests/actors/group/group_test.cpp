// Group-bys against a std::map.
#include <leat/actors/group/exact_sum.hpp>
#include <leat/actors/group/group.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/seeded_rows.hpp"
#include "actors/tables.hpp"

#include <set>

using namespace leat;
using namespace leat::tests;

namespace {

// One aggregate of one group, added up row by row.
struct Reference {
  std::string function;
  std::int64_t count = 0;
  __int128 whole = 0;
  WideSum real;
  bool is_real = false, nan = false;
  std::optional<Row> least, greatest;
  Value first, last;
  std::set<Row, RowLess> all;

  void add(const Value& value) {
    if (!value) return;
    ++count;
    all.insert({value});
    if (!first) first = value;
    last = value;
    auto less = [](const Value& a, const Value& b) {
      auto *x = std::get_if<double>(&*a), *y = std::get_if<double>(&*b);
      if (x && *x == 0 && *y == 0) return std::signbit(*x) && !std::signbit(*y);
      return value_less(a, b);
    };
    if (!least || less(value, (*least)[0])) least = Row{value};
    if (!greatest || less((*greatest)[0], value)) greatest = Row{value};
    if (auto* number = std::get_if<double>(&*value)) {
      is_real = true;
      nan = nan || std::isnan(*number);
      if (!std::isnan(*number)) real.add(*number);
    } else if (auto* integer = std::get_if<std::int64_t>(&*value)) {
      whole += *integer;
    }
  }
  Value result() const {
    double none = std::numeric_limits<double>::quiet_NaN();
    if (function == "count") return count;
    if (function == "distinct") return static_cast<std::int64_t>(all.size());
    if (count == 0) return {};
    if (function == "sum" && is_real) return nan ? none : real.value();
    if (function == "sum") return static_cast<std::int64_t>(whole);
    if (function == "mean" && is_real) return nan ? none : real.mean(count);
    if (function == "mean") return static_cast<double>(whole) / static_cast<double>(count);
    if (function == "min") return (*least)[0];
    if (function == "max") return (*greatest)[0];
    return function == "first" ? first : last;
  }
};

struct Asked {
  std::vector<std::string> by;
  std::vector<std::pair<std::string, std::string>> columns;  // function, column
};

Group options_of(const Asked& asked) {
  Group options{.by = asked.by, .columns = {"rows = count()"}};
  for (const auto& [function, column] : asked.columns) {
    options.columns.push_back(function + "_" + column + " = " + function + "(" + column + ")");
  }
  return options;
}

// Keys as they are written: -0 as 0.
Value key_of(Value value) {
  if (value && std::holds_alternative<double>(*value) && std::get<double>(*value) == 0) value = 0.0;
  return value;
}

std::vector<Row> expected(const SeededRows& rows, const Asked& asked) {
  std::map<Row, std::pair<std::int64_t, std::vector<Reference>>, RowLess> groups;
  for (const Row& row : rows.rows) {
    Row key;
    for (const std::string& name : asked.by) key.push_back(key_of(row[*find_field(rows.fields, name)]));
    auto& [count, states] = groups[key];
    ++count;
    for (const auto& [function, column] : asked.columns) {
      if (states.size() < asked.columns.size()) states.push_back({.function = function});
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
      states[i].add(row[*find_field(rows.fields, asked.columns[i].second)]);
    }
  }
  std::vector<Row> made;
  for (const auto& [key, group] : groups) {
    made.push_back(key);
    made.back().push_back(group.first);
    for (const Reference& state : group.second) made.back().push_back(state.result());
  }
  return made;
}

void compare(const std::vector<Row>& got, const std::vector<Row>& wanted) {
  BOOST_TEST(got.size() == wanted.size());
  for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) BOOST_TEST(shown(got[i]) == shown(wanted[i]));
}

Asked all_of(std::vector<std::string> by) {
  Asked asked{std::move(by), {}};
  for (const char* column : {"i32", "f64", "f32", "f16", "bool"}) {
    asked.columns.emplace_back("sum", column);
    asked.columns.emplace_back("mean", column);
  }
  for (const char* column : {"i32", "i64", "f64", "f32", "f16", "bool", "text", "dict", "time"}) {
    for (const char* function : {"count", "min", "max", "first", "last", "distinct"}) {
      asked.columns.emplace_back(function, column);
    }
  }
  return asked;
}

std::vector<Row> grouped(const SeededRows& rows, const Asked& asked, std::uint32_t seed, std::size_t replicas,
                         std::uint64_t memory = std::uint64_t{64} << 20, bool* flushed = nullptr) {
  auto pool = Pool::make();
  std::mt19937 random(seed);
  Group options = options_of(asked);
  options.memory = memory;
  auto made = folded(*pool, group(options), cut(*pool, rows, random, 1 + random() % 3000), rows.fields, replicas);
  BOOST_TEST(sentence(made.ok) == "");
  if (flushed) *flushed = made.parts > replicas;
  return rows_of(made.chunks);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(group)

BOOST_AUTO_TEST_CASE(groups_are_those_of_a_map_for_keys_and_aggregates_of_every_type) {
  std::uint32_t seed = 1;
  for (const char* key : {"i32", "i64", "f64", "f32", "f16", "bool", "text", "dict", "time"}) {
    SeededRows rows = seeded_rows(3000, seed, 40);
    Asked asked = all_of({key});
    compare(grouped(rows, asked, seed, 1 + seed % 8), expected(rows, asked));
    ++seed;
  }
}

BOOST_AUTO_TEST_CASE(several_keys_many_groups_and_one_are_those_of_a_map) {
  SeededRows rows = seeded_rows(4000, 11, 2000);
  for (const auto& by : std::vector<std::vector<std::string>>{
           {"text", "f64"}, {"i64"}, {"dict", "time", "bool", "f16"}, {"f64", "i32", "text", "dict"}, {}}) {
    Asked asked = all_of(by);
    compare(grouped(rows, asked, 12, 3), expected(rows, asked));
  }
  rows = seeded_rows(2000, 13, 1);
  compare(grouped(rows, all_of({"i32"}), 14, 2), expected(rows, all_of({"i32"})));
}

BOOST_AUTO_TEST_CASE(a_hot_key_among_distinct_ones_is_counted_right) {
  SeededRows rows;
  rows.fields = {{"key", ColumnType::I64}, {"x", ColumnType::F64}};
  for (std::int64_t row = 0; row < 20000; ++row) rows.rows.push_back({row % 2 ? row : 7, 0.1});
  Asked asked{{"key"}, {{"sum", "x"}}};
  compare(grouped(rows, asked, 3, 4), expected(rows, asked));
}

BOOST_AUTO_TEST_CASE(chunks_and_replicas_do_not_change_a_bit) {
  SeededRows rows = seeded_rows(3000, 21, 60);
  Asked asked = all_of({"text"});
  auto wanted = grouped(rows, asked, 1, 1);
  for (std::size_t replicas = 2; replicas <= 8; ++replicas) {
    compare(grouped(rows, asked, static_cast<std::uint32_t>(replicas), replicas), wanted);
  }
}

BOOST_AUTO_TEST_CASE(a_replica_without_room_sends_its_groups_down_and_goes_on) {
  SeededRows rows = seeded_rows(6000, 31, 3000);
  Asked asked{{"text", "i64"},
              {{"sum", "f64"}, {"max", "dict"}, {"last", "text"}, {"distinct", "f64"}, {"mean", "i32"}}};
  bool flushed = false;
  compare(grouped(rows, asked, 32, 2, std::uint64_t{8} << 20, &flushed), expected(rows, asked));
  BOOST_TEST(flushed);
}

BOOST_AUTO_TEST_CASE(groups_that_do_not_fit_fail_with_the_budget_and_the_option) {
  auto pool = Pool::make();
  SeededRows rows;
  rows.fields = {{"key", ColumnType::TEXT}, {"x", ColumnType::I64}};
  for (std::int64_t row = 0; row < 20000; ++row) rows.rows.push_back({"key number " + std::to_string(row), row});
  std::mt19937 random(1);
  auto chunks = cut(*pool, rows, random, 1000);
  for (const char* made : {"n = count()", "n = distinct(key)", "n = max(key)"}) {
    for (std::vector<std::string> by : {std::vector<std::string>{"key"}, {}}) {
      Group options{.by = by, .columns = {made}, .memory = 256 << 10};
      auto folding = folded(*pool, leat::group(options), chunks, rows.fields, 2);
      bool many = !by.empty() || std::string(made) == "n = distinct(key)";
      BOOST_TEST(folding.ok.ok() == !many);
      if (many) {
        BOOST_TEST(says(sentence(folding.ok), {"group has", "groups in the 262144 bytes", "raise its option memory"}));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_groups_allocate_is_charged) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(20000, 33, 15000);
  std::mt19937 random(1);
  auto chunks = cut(*pool, rows, random, 1000);
  for (const char* made : {"n = count()", "n = distinct(dict)", "n = max(dict)", "n = first(text)", "n = mean(f64)"}) {
    auto kind = leat::group({.by = {"text", "i32"}, .columns = {made}, .memory = std::uint64_t{4} << 30});
    auto [allocated, charged] = allocated_and_charged(*pool, kind, chunks);
    BOOST_TEST(allocated <= charged, made << ": " << allocated << " of " << charged);
    BOOST_TEST((allocated == 0 || charged < 4 * allocated + (1 << 20)), made << ": " << allocated << " of " << charged);
  }
}

BOOST_AUTO_TEST_CASE(a_sum_of_integers_beyond_i64_fails_whatever_the_order) {
  auto pool = Pool::make();
  SeededRows rows;
  rows.fields = {{"x", ColumnType::I64}};
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  rows.rows = {{most}, {most}, {-most}};
  auto sum = [&] {
    Chunk all = table_of(*pool, rows, 0, rows.rows.size()).chunk();
    return folded(*pool, leat::group({.columns = {"s = sum(x)"}}), {all}, rows.fields, 1);
  };
  BOOST_TEST(shown(rows_of(sum().chunks).at(0)) == std::to_string(most) + " ");
  rows.rows.push_back({std::int64_t{1}});
  BOOST_TEST(says(sentence(sum().ok), {"\"s = sum(x)\"", "beyond i64", "parse the column as f64"}));
}

BOOST_AUTO_TEST_CASE(infinities_add_up_as_in_ieee_754) {
  auto pool = Pool::make();
  auto sum = [&](std::vector<std::optional<double>> cells) {
    auto chunks = cut(*pool, {{"x", cells}}, {1});
    auto made = folded(*pool, leat::group({.columns = {"s = sum(x)"}}), chunks, Table(chunks[0]).fields(), 2);
    return shown(rows_of(made.chunks).at(0));
  };
  BOOST_TEST(sum({1, HUGE_VAL}) == "inf ");
  BOOST_TEST(sum({-HUGE_VAL, 5, -HUGE_VAL}) == "-inf ");
  BOOST_TEST(sum({HUGE_VAL, -HUGE_VAL}) == "nan ");
  BOOST_TEST(sum({1e308, 1e308, -1e308}) == shown(Row{1e308}));
}

BOOST_AUTO_TEST_CASE(without_rows_there_is_no_group_or_one_of_none) {
  auto pool = Pool::make();
  Fields fields = {{"x"}};
  auto made = [&](std::vector<std::string> by) {
    Group options{.by = std::move(by), .columns = {"n = count()", "s = sum(x)"}};
    auto folding = folded(*pool, leat::group(options), {}, fields, 2);
    BOOST_REQUIRE(folding.chunks.size() == 1);
    return rows_of(folding.chunks);
  };
  BOOST_TEST(made({"x"}).empty());
  compare(made({}), {{std::int64_t{0}, Value()}});
}

BOOST_AUTO_TEST_CASE(columns_that_are_not_there_and_names_that_are_made_twice_are_found_before_the_start) {
  Description rows;
  rows.fields = {{"hour", ColumnType::I32}, {"name", ColumnType::TEXT}};
  auto wrong = [&](Group options) { return sentence(leat::group(std::move(options)).describe({rows})); };
  BOOST_TEST(wrong({.by = {"hour"}, .columns = {"n = count()"}}) == "");
  BOOST_TEST(says(wrong({.by = {"hours"}, .columns = {"n = count()"}}),
                  {"group wants column hours", "did you mean hour"}));
  BOOST_TEST(says(wrong({.columns = {"n = max(nmae)"}}), {"group wants column nmae", "did you mean name"}));
  BOOST_TEST(says(wrong({.columns = {"n = avg(hour)"}}), {"there is no function avg"}));
  BOOST_TEST(says(wrong({.columns = {"n = sum(name)"}}), {"needs numbers", "column name is text"}));
  BOOST_TEST(says(wrong({.by = {"hour"}, .columns = {"hour = count()"}}), {"makes column hour twice"}));
  BOOST_TEST(says(wrong({.by = {"hour"}}), {"makes no column"}));
}

BOOST_AUTO_TEST_CASE(it_passes_the_kit_as_does_what_combines) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(700, 41, 300);
  std::mt19937 random(5);
  Asked asked{{"text", "f64"},
              {{"sum", "f64"}, {"max", "dict"}, {"last", "text"}, {"distinct", "text"}, {"mean", "i32"}}};
  Group options = options_of(asked);
  options.memory = 1 << 20;
  auto kind = leat::group(options);
  std::vector<kit::Fed> fed;
  Description described;
  described.fields = rows.fields;
  for (const Chunk& chunk : cut(*pool, rows, random, 200)) fed.push_back({chunk});
  BOOST_TEST(sentence(kit::try_actor({kind, {described}, fed})) == "");
  RecordingOutbox out(*pool);
  std::vector<Chunk> chunks;
  for (const kit::Fed& each : fed) chunks.push_back(each.chunk);
  BOOST_REQUIRE(feed(*kind.actor({0, 1, {described}}), chunks, out).ok());
  BOOST_TEST(out.emitted.size() > 1u);
  std::vector<kit::Fed> parts;
  for (const Chunk& chunk : out.emitted) parts.push_back({chunk});
  BOOST_TEST(sentence(kit::try_actor({*kind.combine, {kind.describe({described})->output}, parts})) == "");
}

BOOST_AUTO_TEST_CASE(state_by_key_groups_is_dealt_out_to_any_number_of_replicas) {
  auto pool = Pool::make();
  SeededRows rows = seeded_rows(500, 51, 90);
  Asked asked{{"text"}, {{"sum", "f64"}, {"distinct", "i64"}}};
  auto kind = leat::group(options_of(asked));
  Description described;
  described.fields = rows.fields;
  RecordingOutbox out(*pool);
  auto one = kind.actor({0, 1, {described}});
  BOOST_REQUIRE(feed_one(*one, table_of(*pool, rows, 0, 500).chunk(), out).ok());
  auto state = one->snapshot(*pool);
  BOOST_REQUIRE(state.ok());
  for (std::size_t replicas : {2, 5}) {
    RecordingOutbox parts(*pool);
    for (std::size_t replica = 0; replica < replicas; ++replica) {
      auto other = kind.actor({replica, replicas, {described}});
      BOOST_REQUIRE(other->start(parts).ok());
      BOOST_REQUIRE(other->restore(*state, parts).ok());
      BOOST_REQUIRE(finish(*other, parts).ok());
    }
    RecordingOutbox result(*pool);
    BOOST_REQUIRE(feed(*kind.combine->actor({}), parts.emitted, result).ok());
    compare(rows_of(result.emitted), expected(rows, asked));
  }
}

// Keys that are found by place, as long as they lie close together.
BOOST_AUTO_TEST_CASE(keys_that_lie_close_together_are_told_apart_as_others_are) {
  auto pool = Pool::make();
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> expected;
  std::vector<Chunk> chunks;
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
  for (std::int64_t chunk = 0; chunk < 40; ++chunk) {
    TableBuilder builder(*pool, {{"x", ColumnType::I64}, {"y", ColumnType::I32, chunk == 5}}, 1500);
    for (std::int64_t row = 0; row < 1500; ++row) {
      // They begin negative, and grow; some blocks are wide.
      std::int64_t x = row * 7 % 24 - 12 + (chunk >= 3 ? chunk : 0);
      if ((chunk == 7 || chunk > 20) && row == 1100) x = chunk == 7 ? kFar : -kFar;
      std::int64_t y = row * 31 % 10 - 5;
      auto at = static_cast<std::size_t>(row);
      builder.cells<std::int64_t>(0)[at] = x;
      builder.cells<std::int32_t>(1)[at] = static_cast<std::int32_t>(y);
      bool null = chunk == 5 && row % 3 == 0;
      if (null) builder.set_null(1, at);
      ++expected[{x, null ? 1000 : y}];
    }
    chunks.push_back(std::move(builder).finish(1500, 1500 * static_cast<std::uint64_t>(chunk)).chunk());
  }
  auto made = folded(*pool, leat::group({.by = {"x", "y"}, .columns = {"n = count()"}}), chunks,
                     {{"x", ColumnType::I64}, {"y", ColumnType::I32, true}}, 2);
  BOOST_REQUIRE_MESSAGE(made.ok.ok(), sentence(made.ok));
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> got;
  for (const Row& row : rows_of(made.chunks)) {
    std::int64_t y = row[1] ? std::get<std::int64_t>(*row[1]) : 1000;
    got[{std::get<std::int64_t>(*row[0]), y}] += std::get<std::int64_t>(*row[2]);
  }
  BOOST_TEST((got == expected));
}

BOOST_AUTO_TEST_CASE(interrupted_it_gives_nothing_and_bad_parts_are_refused) {
  auto pool = Pool::make();
  auto chunks = cut(*pool, {{"x", {1, 2, 3}}}, {});
  auto kind = leat::group({.by = {"x"}, .columns = {"n = count()"}});
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(feed(*kind.actor({}), chunks, out, Ending::interrupted).ok());
  BOOST_TEST(out.emitted.empty());
  BOOST_TEST(says(sentence(feed(*kind.combine->actor({}), chunks, out)), {"columns of parts"}));
  TableBuilder builder(*pool, {{"x"}, {"n = count(): i64", ColumnType::BYTES}}, {.rows = 1, .heap = 8});
  builder.cells<double>(0)[0] = 1;
  builder.put(1, 0, "short");
  Chunk short_part = std::move(builder).finish(1, 0).chunk();
  BOOST_TEST(says(sentence(feed(*kind.combine->actor({}), {short_part}, out)), {"a part of a group"}));
}

BOOST_AUTO_TEST_SUITE_END()
