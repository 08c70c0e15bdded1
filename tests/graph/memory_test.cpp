#include <leat/actor/recording_outbox.hpp>
#include <leat/chunk/table_builder.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using leat::testing::Number;

namespace {

Number number(Pool& pool, std::uint64_t value) {
  Building<schema::Number> building(pool);
  building.root().setValue(value);
  return Number(std::move(building).finish());
}

Table rows(Pool& pool, std::size_t count) {
  return TableBuilder(pool, {{"x"}}, count).finish(count, 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(a_memory_source_gives_its_chunks_in_order_without_copying) {
  auto pool = Pool::make();
  Number one = number(*pool, 1);
  auto source = from_memory(std::vector<Number>{one, number(*pool, 2)}).source();
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(source->probe());
  BOOST_REQUIRE(drain(*source, out));
  BOOST_REQUIRE(out.emitted.size() == 2u);
  BOOST_TEST(out.emitted[0].message().data() == one.chunk().message().data());
  BOOST_TEST(out.emitted[1].root<schema::Number>().getValue() == 2u);
}

BOOST_AUTO_TEST_CASE(each_run_reads_a_memory_source_from_the_start) {
  auto pool = Pool::make();
  auto kind = from_memory(std::vector<Number>{number(*pool, 1)});
  for (int run = 0; run < 2; ++run) {
    RecordingOutbox out(*pool);
    BOOST_REQUIRE(drain(*kind.source(), out));
    BOOST_TEST(out.emitted.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_memory_source_of_tables_knows_columns_rows_and_its_largest_chunk) {
  auto pool = Pool::make();
  Table large = rows(*pool, 5000);
  auto said =
      from_memory(std::vector<Table>{rows(*pool, 3), large, rows(*pool, 4)}).source()->probe();
  BOOST_REQUIRE(said);
  BOOST_TEST(said->fields.size() == 1u);
  BOOST_TEST(said->fields_known);
  BOOST_TEST(said->rows == 5007u);
  BOOST_TEST(said->max_chunk == large.chunk().footprint());
}

BOOST_AUTO_TEST_CASE(a_memory_source_without_tables_does_not_claim_to_know_their_columns) {
  auto source = from_memory(std::vector<Table>{}).source();
  BOOST_TEST(!source->probe()->fields_known);
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(drain(*source, out));
  BOOST_TEST(out.emitted.empty());
}

BOOST_AUTO_TEST_CASE(what_is_collected_outlives_the_pool_it_was_made_in) {
  Collected<Number> collected;
  auto actor = collect(collected).actor({});
  {
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    BOOST_REQUIRE(feed(*actor, {number(*pool, 1).chunk(), number(*pool, 2).chunk()}, out));
  }
  auto numbers = collected.take();
  BOOST_REQUIRE(numbers.size() == 2u);
  BOOST_TEST(numbers[1].read().getValue() == 2u);
  BOOST_TEST(collected.take().empty());
}

BOOST_AUTO_TEST_SUITE_END()
