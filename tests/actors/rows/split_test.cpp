#include <leat/actors/rows/split.hpp>
#include <leat/chunk/gather.hpp>

#include "actors/tables.hpp"

#include <rapidcheck.h>

#include <cmath>
#include <set>

using namespace leat;
using namespace leat::tests;

namespace {

std::set<std::uint64_t> rows_kept(const StageKind& kind, const std::vector<Chunk>& chunks, Pool& pool) {
  RecordingOutbox out(pool);
  BOOST_TEST(feed(*kind.actor({}), chunks, out).ok());
  std::set<std::uint64_t> rows;
  for (const Chunk& chunk : out.emitted) {
    Table table(chunk);
    for (std::size_t row = 0; row < table.rows(); ++row) rows.insert(table.row_number(row));
  }
  return rows;
}

std::vector<SampleColumn> numbered(std::size_t rows) {
  SampleColumn column{"x", {}};
  for (std::size_t row = 0; row < rows; ++row) column.cells.push_back(static_cast<double>(row));
  return {column};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(split)

BOOST_AUTO_TEST_CASE(train_and_holdout_are_complementary_however_the_rows_are_cut) {
  bool holds = rc::check("each row is in one part", [] {
    auto pool = Pool::make();
    auto rows = *rc::gen::inRange<std::size_t>(1, 500);
    auto fraction = *rc::gen::inRange(0, 101) / 100.0;
    auto seed = *rc::gen::arbitrary<std::uint64_t>();
    auto cuts = rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, rows));
    auto one = *cuts;
    auto two = *cuts;
    std::sort(one.begin(), one.end());
    std::sort(two.begin(), two.end());
    auto train = rows_kept(leat::split::train(fraction, seed), cut(*pool, numbered(rows), one), *pool);
    auto held = rows_kept(leat::split::holdout(fraction, seed), cut(*pool, numbered(rows), two), *pool);
    RC_ASSERT(train.size() + held.size() == rows);
    for (std::uint64_t row : held) RC_ASSERT(!train.contains(row));
    auto again = rows_kept(leat::split::train(fraction, seed), cut(*pool, numbered(rows), two), *pool);
    RC_ASSERT(train == again);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(the_share_is_the_fraction_within_chance) {
  for (std::uint64_t seed : {0, 1, 2}) {
    for (double fraction : {0.1, 0.5, 0.8}) {
      double rows = 100000, kept = 0;
      for (std::uint64_t row = 0; row < 100000; ++row) {
        kept += leat::split::in_train(row, fraction, seed);
      }
      double deviation = std::sqrt(rows * fraction * (1 - fraction));
      BOOST_TEST(std::abs(kept - rows * fraction) < 4 * deviation);
    }
  }
}

BOOST_AUTO_TEST_CASE(seeds_give_unrelated_parts) {
  int both = 0;
  for (std::uint64_t row = 0; row < 10000; ++row) {
    both += leat::split::in_train(row, 0.5, 1) && leat::split::in_train(row, 0.5, 2);
  }
  BOOST_TEST(std::abs(both - 2500) < 200);
}

BOOST_AUTO_TEST_CASE(rows_that_are_not_consecutive_keep_their_part) {
  auto pool = Pool::make();
  Table table(cut(*pool, numbered(100), {})[0]);
  std::vector<std::uint32_t> odd;
  for (std::uint32_t row = 1; row < 100; row += 2) odd.push_back(row);
  Chunk thinned = select_rows(*pool, table, odd).chunk();
  auto of_all = rows_kept(leat::split::train(0.5), {table.chunk()}, *pool);
  for (std::uint64_t row : rows_kept(leat::split::train(0.5), {thinned}, *pool)) {
    BOOST_TEST(row % 2 == 1u);
    BOOST_TEST(of_all.contains(row));
  }
}

BOOST_AUTO_TEST_CASE(a_fraction_outside_0_to_1_is_refused) {
  BOOST_TEST(!leat::split::train(1).wrong_options);
  for (double fraction : {-0.1, 1.1, 80.0, std::nan("")}) {
    auto wrong = leat::split::train(fraction).wrong_options;
    BOOST_REQUIRE(wrong);
    BOOST_TEST(wrong->sentence.find("fraction: " + shortest_text(fraction) + " must be ") == 0u, wrong->sentence);
  }
}

BOOST_AUTO_TEST_SUITE_END()
