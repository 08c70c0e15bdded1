#include <leat/actors/csv/csv.hpp>
#include <leat/actors/tables/cache.hpp>
#include <leat/chunk/gather.hpp>
#include <leat/graph/actor_kit.hpp>
#include <leat/graph/declared_kind.hpp>

#include "actors/sqlite/fixture.hpp"
#include "actors/tables.hpp"
#include "support/folder.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::vector<Chunk> some_chunks(Pool& pool) {
  std::vector<Chunk> chunks;
  for (std::uint64_t i = 0; i < 5; ++i) chunks.push_back(all_types(pool, 5 * i).chunk());
  return chunks;
}

// With the budget that the kind declares.
Result<RecordingOutbox> given(Pool& pool, const tables::CacheOptions& options, const std::vector<Chunk>& chunks) {
  auto kind = tables::cache(options);
  Making making;
  making.inputs = {describing(Table(chunks.at(0)))};
  making.inputs[0].max_chunk = 0;
  for (const Chunk& chunk : chunks)
    making.inputs[0].max_chunk = std::max<std::uint64_t>(making.inputs[0].max_chunk, chunk.footprint());
  auto described = kind.describe(making.inputs);
  if (!described) return described.error();
  RecordingOutbox out(pool, described->needs.state);
  auto actor = kind.actor(making);
  if (auto fed = feed(*actor, chunks, out); !fed) return fed.error();
  return out;
}

std::string hashes(const std::vector<Chunk>& chunks) {
  std::string all;
  for (const Chunk& chunk : chunks) all += chunk.hash();
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cache)

BOOST_AUTO_TEST_CASE(it_gives_all_rows_again_in_their_order_and_to_the_bit_wherever_they_were_held) {
  Folder folder;
  auto pool = Pool::make();
  auto chunks = some_chunks(*pool);
  std::vector<Chunk> expected;
  for (int pass = 0; pass < 4; ++pass) expected.insert(expected.end(), chunks.begin(), chunks.end());
  std::uint64_t one = Pool::footprint(chunks[0].bytes()) + 64;
  for (std::uint64_t memory : {std::uint64_t{0}, 2 * one, 100 * one}) {
    auto out = given(*pool, {.again = 3, .memory = memory, .scratch = folder.path()}, chunks);
    BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
    BOOST_TEST((hashes(out->emitted) == hashes(expected)));
    BOOST_TEST(out->counts["rows"] == 25u);
    BOOST_TEST(out->counts["chunks on disk"] == (memory == 0 ? 5u : memory == 2 * one ? 3u : 0u));
    BOOST_TEST((out->progressed == std::pair<std::uint64_t, std::uint64_t>(15, 15)));
    BOOST_TEST(folder.files() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(it_holds_no_more_than_its_memory_and_less_where_the_stream_is_known_to_be_small) {
  auto pool = Pool::make();
  Description rows = describing(table_of(*pool, {{"x", {1, 2}}, {"y", {1, 2}}}));
  rows.max_chunk = 1000;
  auto kind = tables::cache({.again = 1, .store = tables::Floats::f32, .memory = 1 << 20});
  BOOST_TEST(kind.describe({rows})->needs.state == (1u << 20) + 2 * 1000 + 4096);
  rows.rows = 1000;
  BOOST_TEST(kind.describe({rows})->needs.state < 30000u);
  BOOST_TEST(kind.describe({rows})->output.notes.at("passes") == "2");
  BOOST_TEST(bool(kind.describe({rows})->output.fields[0].type == ColumnType::F32));
  rows.rows = 1'000'000'000;
  BOOST_TEST(kind.describe({rows})->needs.state == (1u << 20) + 2 * 1000 + 4096);
}

BOOST_AUTO_TEST_CASE(floats_are_held_smaller_and_given_so_in_every_pass) {
  Folder folder;
  auto pool = Pool::make();
  auto chunks = cut(*pool, {{"d", {0.1, 0.5, {}, 2.5}}, {"n", {1, 2, 3, 4}, ColumnType::I64}}, {2});
  for (std::uint64_t memory : {0u, 1u << 20}) {
    auto out =
        given(*pool, {.again = 1, .store = tables::Floats::f16, .memory = memory, .scratch = folder.path()}, chunks);
    BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
    BOOST_REQUIRE(out->emitted.size() == 4u);
    BOOST_TEST(out->counts["rounded"] == 1u);
    BOOST_TEST(bool(Table(out->emitted[0]).type(0) == ColumnType::F16));
    BOOST_TEST(bool(Table(out->emitted[0]).type(1) == ColumnType::I64));
    BOOST_TEST(out->emitted[0].hash() == out->emitted[2].hash());
    BOOST_TEST(Table(out->emitted[3]).row_number(0) == 2u);
  }
}

BOOST_AUTO_TEST_CASE(a_number_that_f16_does_not_have_fails_with_its_column_and_row) {
  auto pool = Pool::make();
  auto chunks = cut(*pool, {{"d", {1, 70000}}}, {});
  BOOST_TEST(says(sentence(given(*pool, {.again = 1, .store = tables::Floats::f16}, chunks)),
                  {"column d, row 2", "70000", "too large for f16", "keep a larger type"}));
}

BOOST_AUTO_TEST_CASE(nothing_is_given_again_of_an_empty_stream_or_in_a_job_that_is_interrupted) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(feed(*tables::cache({.again = 9}).actor({}), {}, out).ok());
  BOOST_TEST(out.emitted.size() == 0u);
  BOOST_REQUIRE(feed(*tables::cache({.again = 9}).actor({}), some_chunks(*pool), out, Ending::interrupted).ok());
  BOOST_TEST(out.emitted.size() == 5u);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_one_sentence) {
  Folder folder;
  auto pool = Pool::make();
  auto x = table_of(*pool, {{"x", {1}}}).chunk(), y = table_of(*pool, {{"y", {1}}}).chunk();
  BOOST_TEST(says(sentence(given(*pool, {.again = 1}, {x, y})), {"columns y", "after rows with x", "its own cache"}));
  BOOST_TEST(says(sentence(given(*pool, {.again = 1, .memory = 0, .scratch = folder / "none"}, {x})),
                  {"there is no folder", "create it first"}));
  BOOST_TEST(tables::cache({.again = 0}).wrong_options.has_value());
}

BOOST_AUTO_TEST_CASE(a_scratch_file_is_its_users_alone_and_leavings_of_the_dead_are_removed) {
  Folder folder;
  auto pool = Pool::make();
  write_text(folder / ".leat-scratch.leat-left", "by a process that is gone");
  auto kind = tables::cache({.again = 1, .memory = 0, .scratch = folder.path()});
  RecordingOutbox out(*pool);
  {
    auto actor = kind.actor({});
    BOOST_REQUIRE(actor->start(out).ok());
    BOOST_REQUIRE(feed_one(*actor, some_chunks(*pool)[0], out).ok());
    BOOST_REQUIRE(folder.files() == 1u);
    auto file = std::filesystem::directory_iterator(folder.path())->path();
    using std::filesystem::perms;
    BOOST_TEST(bool(std::filesystem::status(file).permissions() == (perms::owner_read | perms::owner_write)));
  }
  BOOST_TEST(folder.files() == 0u);
}

BOOST_AUTO_TEST_CASE(it_passes_the_actor_kit_in_memory_on_disk_and_between) {
  Folder folder;
  auto pool = Pool::make();
  std::vector<kit::Fed> rows;
  for (const Chunk& chunk : some_chunks(*pool)) rows.push_back({chunk});
  Description of = describing(Table(rows[0].chunk));
  of.max_chunk = rows[0].chunk.footprint();
  for (std::uint64_t memory : {std::uint64_t{0}, 3 * of.max_chunk, std::uint64_t{1} << 20}) {
    auto kind = tables::cache({.again = 2, .memory = memory, .scratch = folder.path()});
    BOOST_TEST(sentence(kit::try_actor({kind, {of}, rows})) == "");
  }
  BOOST_TEST(folder.files() == 0u);
}

BOOST_AUTO_TEST_CASE(a_state_whose_scratch_file_is_gone_is_refused) {
  Folder folder;
  auto pool = Pool::make();
  auto kind = tables::cache({.again = 1, .memory = 0, .scratch = folder.path()});
  Snapshot state;
  RecordingOutbox out(*pool);
  {
    auto actor = kind.actor({});
    BOOST_REQUIRE(feed_one(*actor, some_chunks(*pool)[0], out).ok());
    state = *actor->snapshot(*pool);
  }
  BOOST_TEST(says(sentence(kind.actor({})->restore(state, out)), {"is gone", "begin again"}));
}

BOOST_AUTO_TEST_CASE(only_columns_that_somebody_reads_below_are_asked_for_and_with_their_values) {
  auto pool = Pool::make();
  Description rows = describing(table_of(*pool, {{"x", {1}}, {"y", {1}}, {"z", {1}}}));
  auto kind = tables::cache({.again = 1});
  auto wanted = ColumnNames::of({"y"});
  auto read = kind.reads({rows}, wanted)[0];
  BOOST_TEST((read.reads("y") && !read.has("x") && !read.has("z")));
  read = kind.reads({rows}, ColumnNames::carried())[0].settled();
  BOOST_TEST((read.reads("x") && !read.carries("x")));
}

BOOST_AUTO_TEST_SUITE_END()
