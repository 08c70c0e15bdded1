// What a lambda does wrong ends the run with its stage and one sentence, in every kind of build.
#include <leat/chunk/table_builder.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

Table speeds(Pool& pool) {
  TableBuilder builder(pool, {{"speed"}, {"town", ColumnType::TEXT}},
                       TableRoom{.rows = 2, .heap = 8});
  builder.cells<double>(0)[0] = builder.cells<double>(0)[1] = 1.5;
  for (std::size_t row = 0; row < 2; ++row)
    BOOST_REQUIRE(builder.put(1, row, "Oslo"));
  return std::move(builder).finish(2, 0);
}

template <class Look> std::string looked_at(Look look) {
  auto pool = Pool::make();
  Graph g{"g"};
  g.source("in", from_memory<Table>({speeds(*pool)})).sink("look", look);
  return failure(g);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(misuse)

BOOST_AUTO_TEST_CASE(a_wrong_column_type_or_row_in_a_lambda_fails_the_run) {
  BOOST_TEST(looked_at([](const Table& t) { (void)t.values<std::int64_t>(0); }) ==
             "stage look: threw an exception: column speed is f64 and is asked for as i64 (chunk 0 of in, rows 0 to 1); repeated 3 times");
  BOOST_TEST(looked_at([](const Table& t) { (void)t.values<double>(*t.find("sped")); }) ==
             "stage look: threw an exception: there is no column sped (did you mean speed?): there "
             "are speed and town (chunk 0 of in, rows 0 to 1); repeated 3 times");
  BOOST_TEST(looked_at([](const Table& t) { (void)t.number(0, 2); }) ==
             "stage look: threw an exception: there is no row 2, counted from 0: there are 2 (chunk 0 of in, rows 0 to 1); repeated 3 times");
  BOOST_TEST(looked_at([](const Table& t) { (void)t.values<double>(*t.find("speed")); }) == "");
}

BOOST_AUTO_TEST_CASE(a_text_for_which_there_is_no_room_fails_the_run) {
  auto pool = Pool::make();
  Graph g{"g"};
  g.source("in", from_memory<Table>({speeds(*pool)}))
      .map("name",
           [](const Table&, Pool& from) {
             TableBuilder builder(from, {{"town", ColumnType::TEXT}}, 1);
             (void)builder.put(0, 0, "Oslo");
             return std::move(builder).finish(1, 0);
           })
      .sink("out", [](const Table&) {});
  BOOST_TEST(
      failure(g).find(
          "stage name: threw an exception: column town: the text of row 0 found no room") == 0u,
      failure(g));
}

BOOST_AUTO_TEST_CASE(an_error_that_a_flat_map_or_a_fold_returns_fails_the_run) {
  struct Sum {
    Result<void> add(const Table&) { return corrupt("too fast"); }
    Table finish() { return {}; }
  };
  auto pool = Pool::make();
  Graph flat{"flat"};
  flat.source("in", from_memory<Table>({speeds(*pool)}))
      .flat_map("each",
                [](const Table&, Out<Table>&) -> Result<void> { return corrupt("too fast"); })
      .sink("out", [](const Table&) {});
  BOOST_TEST(failure(flat).find("stage each: too fast") == 0u, failure(flat));
  Graph fold{"fold"};
  fold.source("in", from_memory<Table>({speeds(*pool)}))
      .fold("sum", Sum{})
      .sink("out", [](const Table&) {});
  BOOST_TEST(failure(fold).find("stage sum: too fast") == 0u, failure(fold));
}

BOOST_AUTO_TEST_CASE(a_payload_without_a_chunk_fails_the_run) {
  auto pool = Pool::make();
  Graph g{"g"};
  g.source("in", from_memory<Table>({speeds(*pool)}))
      .map("none", [](const Table&) { return Table(); })
      .sink("out", [](const Table&) {});
  BOOST_TEST(
      failure(g).find("stage none: threw an exception: it emits a payload without a chunk") == 0u,
      failure(g));
}

BOOST_AUTO_TEST_SUITE_END()
