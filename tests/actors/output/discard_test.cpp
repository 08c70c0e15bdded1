#include <leat/actors/output/discard.hpp>

#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

BOOST_AUTO_TEST_SUITE(discard)

BOOST_AUTO_TEST_CASE(chunks_are_dropped_and_counted) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Chunk chunk = table_of(*pool, {{"x", {1, 2, 3}}}).chunk();
  std::vector<Chunk> chunks(300, chunk);
  auto kind = leat::discard<Table>();
  BOOST_TEST(!kind.output.has_value());
  BOOST_TEST(feed(*kind.actor({}), chunks, out).ok());
  chunks.clear();
  BOOST_TEST(out.counts["chunks"] == 300u);
  BOOST_TEST(out.counts["bytes"] == 300 * chunk.bytes());
  BOOST_TEST(chunk.unique());
}

BOOST_AUTO_TEST_SUITE_END()
