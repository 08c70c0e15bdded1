#include <cmath>
#include <limits>
#include <numeric>

#include <rapidcheck.h>

#include <leat/actors/moments/histogram.hpp>
#include <leat/actors/moments/summary.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/sqlite/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::uint64_t sum(const Histogram& histogram) {
  return std::accumulate(histogram.counts().begin(), histogram.counts().end(), std::uint64_t{0});
}

Histogram of(const std::vector<double>& numbers) {
  Histogram made;
  auto [least, greatest] = std::minmax_element(numbers.begin(), numbers.end());
  made.add(numbers.data(), numbers.size(), *least, *greatest);
  return made;
}

bool equal(const Histogram& a, const Histogram& b) {
  return a.exponent() == b.exponent() && a.first() == b.first() && a.counts() == b.counts();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(summary)

BOOST_AUTO_TEST_CASE(bins_are_as_narrow_as_thirty_two_of_them_can_be) {
  Histogram whole = of({0, 1, 2, 31});
  BOOST_TEST(whole.width() == 1.0);
  BOOST_TEST(whole.from() == 0.0);
  BOOST_TEST(whole.counts().size() == 32u);
  BOOST_TEST(of({0, 32}).width() == 2.0);
  BOOST_TEST(of({-0.1, 0.1}).width() == 1.0 / 128);
  BOOST_TEST(of({5, 5, 5}).counts().size() == 1u);
}

BOOST_AUTO_TEST_CASE(extremes_of_f64_have_bins_too) {
  double most = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
  for (const auto& numbers : {std::vector<double>{-most, most}, {0, least}, {0, 0}, {1e300, 1e-300}, {1, 1 + 1e-15}}) {
    BOOST_TEST(sum(of(numbers)) == 2u);
  }
}

BOOST_AUTO_TEST_CASE(bins_do_not_depend_on_order_or_split) {
  bool holds = rc::check("a histogram does not depend on the split", [] {
    auto numbers = *rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::pair(rc::gen::inRange(-1000000, 1000000), rc::gen::inRange(-40, 40)),
                     [](const auto& made) { return std::ldexp(static_cast<double>(made.first), made.second); }));
    RC_PRE(!numbers.empty());
    auto cut = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, numbers.size()));
    Histogram parts;
    std::vector<double> first(numbers.begin() + cut, numbers.end()), second(numbers.begin(), numbers.begin() + cut);
    parts.join(of(first));
    if (!second.empty()) parts.join(of(second));
    RC_ASSERT(equal(parts, of(numbers)));
    RC_ASSERT(sum(parts) == numbers.size());
    RC_ASSERT(parts.counts().size() <= Histogram::kMost);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(each_column_is_a_row) {
  auto pool = Pool::make();
  double nan = std::nan("");
  auto chunks = cut(*pool,
                    {{"x", {1, 2, {}, 4, nan}},
                     {"n", {7, 7, 7, 7, 7}, ColumnType::I64},
                     {"t", {1, {}, 3, 4, 5}, ColumnType::TEXT},
                     {"at", {0, 1e9, 2e9, 3e9, 4e9}, ColumnType::TIMESTAMP}},
                    {2});
  RecordingOutbox out(*pool);
  for (std::size_t replicas : {1u, 2u}) {
    auto made = fold(leat::summary(), chunks, replicas, out);
    BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
    BOOST_TEST(shown(Table(*made)) ==
               "x|f64|4|1|1|1|4|2.333333333333333|1.247219128924647|1|0.125|1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 "
               "0 0 0 1\n"
               "n|i64|5|0|0|7|7|7|0|7|3.5527136788005009e-15|5\n"
               "t|text|4|1|0|null|null|null|null|null|null|null\n"
               "at|timestamp|5|0|0|0|4|2|1.4142135623730951|0|0.25|1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1\n");
  }
}

BOOST_AUTO_TEST_CASE(other_columns_are_refused) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto x = table_of(*pool, {{"x", {1}}}).chunk(), y = table_of(*pool, {{"y", {1}}}).chunk();
  BOOST_TEST(says(sentence(feed(*leat::summary().actor({}), {x, y}, out)), {"other columns than before, y"}));
}

BOOST_AUTO_TEST_CASE(it_passes_the_actor_kit) {
  auto pool = Pool::make();
  std::vector<kit::Fed> rows, parts;
  for (std::uint64_t i = 0; i < 3; ++i) rows.push_back({all_types(*pool, 5 * i).chunk()});
  Description in = describing(Table(rows[0].chunk));
  in.max_chunk = rows[0].chunk.footprint();
  auto kind = leat::summary();
  BOOST_TEST(sentence(kit::try_actor({kind, {in}, rows})) == "");
  for (const kit::Fed& each : rows) {
    RecordingOutbox out(*pool);
    BOOST_REQUIRE(feed(*kind.actor({}), {each.chunk}, out).ok());
    parts.push_back({out.emitted.at(0)});
  }
  Description part;
  part.max_chunk = parts[0].chunk.footprint();
  BOOST_TEST(part.max_chunk <= kind.describe({in})->output.max_chunk);
  BOOST_TEST(sentence(kit::try_actor({*kind.combine, {part}, parts})) == "");
}

BOOST_AUTO_TEST_SUITE_END()
