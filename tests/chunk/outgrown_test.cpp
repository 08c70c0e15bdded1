// Messages that outgrow their first block, or have a Data beyond their structure, in memory full of
// what was there before: equal to what Cap'n Proto builds in memory of its own.
#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>
#include <capnp/serialize.h>

#include <leat/chunk/chunk.hpp>
#include <leat/schemas/chunk.capnp.h>
#include <leat/schemas/control.capnp.h>
#include <leat/schemas/csv.capnp.h>
#include <leat/schemas/model.capnp.h>

#include "chunk/dirty_pool.hpp"

using namespace leat;

namespace {

std::string canonical(capnp::AnyStruct::Reader root) {
  auto words = root.canonicalize();
  auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

// The chunk `fill` makes of a T in `room` bytes of stale memory is what it makes in Cap'n Proto's
// own.
template <class T, class Fill> void same_as_in_fresh_memory(std::size_t room, Fill fill) {
  capnp::MallocMessageBuilder own;
  fill(own.initRoot<T>(), own.getOrphanage());
  auto pool = testing::dirty_pool(100'000);
  Building<T> building(*pool, room);
  fill(building.root(), building.orphanage());
  Chunk chunk = std::move(building).finish();
  BOOST_TEST(canonical(capnp::toAny(chunk.root<T>())) ==
                 canonical(own.getRoot<capnp::AnyStruct>().asReader()),
             "stale bytes show in a " << chunk.bytes() << " byte message built in " << room);
  BOOST_TEST(chunk.bytes() >= (own.getRoot<T>().asReader().totalSize().wordCount + 1) * 8);
  BOOST_TEST(chunk.footprint() >= Pool::footprint(chunk.bytes()));
}

constexpr std::size_t kRooms[] = {0, 8, 64, 65, 200, 1000, 5000};

}  // namespace

BOOST_AUTO_TEST_SUITE(outgrown)

BOOST_AUTO_TEST_CASE(entries_that_nobody_set_hold_defaults) {
  for (std::size_t room : kRooms) {
    for (unsigned entries : {1u, 2u, 3u, 36u, 37u, 38u, 500u}) {
      same_as_in_fresh_memory<schema::Report>(
          room, [&](schema::Report::Builder root, capnp::Orphanage) { root.initResults(entries); });
    }
  }
}

BOOST_AUTO_TEST_CASE(every_other_text_and_number_is_kept_and_the_rest_is_empty) {
  for (std::size_t room : kRooms) {
    same_as_in_fresh_memory<schema::Report>(
        room, [](schema::Report::Builder root, capnp::Orphanage) {
          auto results = root.initResults(37);
          for (unsigned i = 0; i < 37; i += 2)
            results[i].setName(std::string(i, 'n'));
          auto bound = root.initBound().initTerms(29);
          for (unsigned i = 0; i < 29; i += 3)
            bound[i].setBytes(i);
          root.initProgress().initStages(5)[3].initNamed().initCounts(2)[1].setName("skipped");
        });
  }
}

BOOST_AUTO_TEST_CASE(lists_of_numbers_of_which_few_are_set_are_zero_elsewhere) {
  for (std::size_t room : kRooms) {
    for (unsigned count : {1u, 7u, 8u, 100u, 3000u}) {
      same_as_in_fresh_memory<schema::Moments>(
          room, [&](schema::Moments::Builder root, capnp::Orphanage) {
            root.initMean(count).set(count / 2, 1.5);
            root.initCount(count);
            root.initColumns(count).set(count - 1, "last");
          });
    }
  }
}

BOOST_AUTO_TEST_CASE(orphans_adopted_and_orphans_dropped_leave_no_bytes) {
  for (std::size_t room : kRooms) {
    same_as_in_fresh_memory<schema::Bytes>(
        room, [](schema::Bytes::Builder root, capnp::Orphanage orphanage) {
          { auto dropped = orphanage.newOrphan<schema::Report>(); }
          auto data = orphanage.newOrphan<capnp::Data>(777);
          data.get().begin()[776] = 1;
          root.adoptData(kj::mv(data));
        });
  }
}

BOOST_AUTO_TEST_CASE(the_whole_of_a_structure_beyond_the_room_asked_for_is_zero) {
  auto pool = testing::dirty_pool(100'000);
  // The block has room for 448 bytes, of which 400 are asked for and zeroed.
  for (std::size_t structure : {400, 401, 420}) {
    Building<schema::Moments> building(*pool, 400, structure);
    auto mean = building.root().initMean(48);
    for (double value : mean)
      BOOST_TEST(value == 0);
    Chunk chunk = std::move(building).finish();
    BOOST_TEST(chunk.bytes() == (1 + 7 + 48) * 8u);
  }
}

BOOST_AUTO_TEST_CASE(what_is_built_after_a_bulk_is_on_zeroed_memory) {
  for (std::size_t size : {0, 1, 7, 8, 100, 443, 5000}) {
    for (std::size_t cut : {std::size_t{0}, size / 2, size}) {
      auto build = [&](Pool& pool, std::size_t spare) {
        Building<schema::Report> building(pool, 16 * 8 + size + spare, 16 * 8);
        auto bulk = building.bulk(size);
        std::fill(bulk.get().begin(), bulk.get().end(), 'b');
        bulk.truncate(static_cast<unsigned>(cut));
        auto results = building.root().initResults(9);
        for (auto result : results)
          BOOST_TEST(result.getValue().size() == 0u);
        results[7].adoptValue(building.orphanage().newOrphan<capnp::Text>(3));
        return std::move(building).finish();
      };
      auto used = testing::dirty_pool(20'000);
      auto fresh = Pool::make();
      for (std::size_t spare : {0, 1, 64, 1000}) {
        BOOST_TEST(build(*used, spare).hash() == build(*fresh, spare).hash(),
                   size << " bytes cut to " << cut);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bulk_of_any_length_ends_in_zeroes) {
  for (std::size_t size = 0; size < 30; ++size) {
    auto build = [&](Pool& pool) {
      Building<schema::CsvBlock> building(pool, 56 + size, 56);
      auto block = building.root();
      auto bulk = building.bulk(size);
      std::fill(bulk.get().begin(), bulk.get().end(), 'b');
      block.adoptText(kj::mv(bulk));
      return std::move(building).finish();
    };
    BOOST_TEST(build(*testing::dirty_pool(500)).hash() == build(*Pool::make()).hash(),
               size << " bytes");
  }
}

BOOST_AUTO_TEST_CASE(structure_that_is_larger_than_was_said_is_refused_not_built_on_stale_memory) {
  auto pool = testing::dirty_pool(5000);
  Building<schema::Report> building(*pool, 4000, 64);
  building.root().initResults(37);
  BOOST_CHECK_THROW(building.bulk(100), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_bulk_larger_than_a_message_can_hold_is_refused) {
  auto pool = Pool::make();
  Building<schema::Bytes> building(*pool, 64, 32);
  BOOST_CHECK_THROW(building.bulk(std::size_t{1} << 29), std::logic_error);
  BOOST_CHECK_THROW(building.bulk((std::size_t{1} << 32) + 8), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
