#include <leat/actors/tables/write.hpp>

#include <leat/actors/csv/csv.hpp>
#include <leat/actors/tables/read.hpp>
#include <leat/chunk/gather.hpp>
#include <leat/graph/actor_kit.hpp>

#include "support/folder.hpp"
#include "actors/sqlite/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

Result<RecordingOutbox> write_tables(Pool& pool, const std::string& path, const std::vector<Chunk>& chunks,
                                     tables::Writing options = {}, Making making = {}) {
  RecordingOutbox out(pool);
  auto actor = tables::write(path, options).actor(making);
  if (auto fed = feed(*actor, chunks, out); !fed) return fed.error();
  OutputName name{"job", 0, 1, 0, true};
  if (auto sealed = actor->seal(name); !sealed) return sealed.error();
  if (auto done = actor->commit(name); !done) return done.error();
  return out;
}

std::vector<Chunk> read_tables(Pool& pool, const std::string& path) {
  auto source = tables::read(path).source();
  auto described = source->probe();
  BOOST_REQUIRE_MESSAGE(described.ok(), sentence(described));
  RecordingOutbox out(pool);
  auto drained = drain(*source, out);
  BOOST_REQUIRE_MESSAGE(drained.ok(), sentence(drained));
  return out.emitted;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables_write)

BOOST_AUTO_TEST_CASE(chunks_are_read_back_to_the_bit) {
  Folder folder;
  auto pool = Pool::make();
  std::vector<Chunk> chunks;
  for (std::uint64_t i = 0; i < 4; ++i) chunks.push_back(all_types(*pool, 5 * i).chunk());
  std::vector<std::uint32_t> some = {1, 3};
  chunks.push_back(select_rows(*pool, all_types(*pool, 100), some).chunk());
  auto out = write_tables(*pool, folder / "out.tables", chunks);
  BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
  BOOST_TEST(out->counts["rows"] == 22u);
  BOOST_TEST(out->reports.at(0).second == folder / "out.tables");
  auto read = read_tables(*pool, folder / "out.tables");
  BOOST_REQUIRE(read.size() == chunks.size());
  for (std::size_t i = 0; i < read.size(); ++i) BOOST_TEST(read[i].hash() == chunks[i].hash());
  BOOST_TEST(Table(read[4]).row_number(1) == 103u);
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_file_without_rows_has_the_columns_that_are_known) {
  Folder folder;
  auto pool = Pool::make();
  Description rows;
  rows.fields = every_type();
  Making making;
  making.inputs = {rows};
  BOOST_REQUIRE(write_tables(*pool, folder / "out.tables", {}, {}, making).ok());
  auto source = tables::read(folder / "out.tables").source();
  auto described = source->probe();
  BOOST_REQUIRE_MESSAGE(described.ok(), sentence(described));
  BOOST_TEST(bool(described->fields == every_type()));
  BOOST_TEST(described->rows == 0u);
  BOOST_TEST(read_tables(*pool, folder / "out.tables").empty());
}

BOOST_AUTO_TEST_CASE(floats_are_kept_smaller_where_that_is_asked_for_and_what_is_rounded_is_counted) {
  Folder folder;
  auto pool = Pool::make();
  auto chunks = cut(*pool, {{"d", {0.1, 0.5, {}, -0.0, std::nan("")}}, {"f", {1, 0.1, 65504, 2, 3}, ColumnType::F32},
                            {"n", {1, 2, 3, 4, {}}, ColumnType::I64}}, {2});
  auto single = write_tables(*pool, folder / "f32", chunks, {.floats = tables::Floats::f32});
  BOOST_REQUIRE(single.ok());
  BOOST_TEST(single->counts["rounded"] == 1u);
  Table read(read_tables(*pool, folder / "f32").at(0));
  BOOST_TEST(read.values<float>(0)[0] == 0.1f);
  BOOST_TEST(read.values<float>(1)[1] == 0.1f);
  auto half = write_tables(*pool, folder / "f16", chunks, {.floats = tables::Floats::f16});
  BOOST_REQUIRE(half.ok());
  BOOST_TEST(half->counts["rounded"] == 2u);
  Table second(read_tables(*pool, folder / "f16").at(1));
  BOOST_TEST(!second.valid(0, 0));
  BOOST_TEST(second.number(1, 0) == 65504);
  BOOST_TEST(std::signbit(second.number(0, 1)));
  BOOST_TEST(std::isnan(second.number(0, 2)));
  BOOST_TEST(second.values<std::int64_t>(2)[1] == 4);
  auto large = cut(*pool, {{"d", {1, 70000}}}, {});
  BOOST_TEST(says(sentence(write_tables(*pool, folder / "no", large, {.floats = tables::Floats::f16})),
                  {"column d, row 2", "70000", "too large for f16"}));
  BOOST_TEST(folder.files() == 2u);
}

BOOST_AUTO_TEST_CASE(what_a_csv_file_says_of_cells_is_not_kept) {
  Folder folder;
  auto pool = Pool::make();
  TableBuilder builder(*pool, {{"x", ColumnType::F64, true, false, true}, {"t", ColumnType::TEXT}}, {.rows = 2, .heap = 40});
  for (std::size_t row = 0; row < 2; ++row) {
    builder.cells<double>(0)[row] = 1.5;
    builder.put_raw(0, row, "1.50");
    builder.put(1, row, "text");
  }
  builder.set_null(0, 1);
  Table table = std::move(builder).finish(2, 7);
  BOOST_REQUIRE(write_tables(*pool, folder / "out", {table.chunk()}).ok());
  Table read(read_tables(*pool, folder / "out").at(0));
  BOOST_TEST(!read.has_raw(0));
  BOOST_TEST(shown(read) == "1.5|text\nnull|text\n");
  BOOST_TEST(read.first_row() == 7u);
}

BOOST_AUTO_TEST_CASE(rows_with_other_columns_are_refused) {
  Folder folder;
  auto pool = Pool::make();
  Table x = table_of(*pool, {{"x", {1}}});
  Table y = table_of(*pool, {{"y", {1}}});
  BOOST_TEST(says(sentence(write_tables(*pool, folder / "out", {x.chunk(), y.chunk()})), {"columns y", "with x"}));
  BOOST_TEST(folder.files() == 0u);
}

BOOST_AUTO_TEST_CASE(it_passes_the_actor_kit) {
  Folder folder;
  auto pool = Pool::make();
  std::vector<kit::Fed> rows;
  for (std::uint64_t chunk = 0; chunk < 3; ++chunk) rows.push_back({all_types(*pool, 5 * chunk).chunk()});
  Description of = describing(Table(rows[0].chunk));
  BOOST_TEST(sentence(kit::try_actor({tables::write(folder / "out"), {of}, rows})) == "");
  std::vector<kit::Fed> fewer;
  for (const Chunk& chunk : cut(*pool, {{"x", {0.1, {}, 3, 4.5}}, {"n", {1, 2, 3, 4}, ColumnType::I64}}, {1, 2})) {
    fewer.push_back({chunk});
  }
  Description few = describing(Table(fewer[0].chunk));
  BOOST_TEST(sentence(kit::try_actor({tables::write(folder / "f16", {tables::Floats::f16}), {few}, fewer})) == "");
}

BOOST_AUTO_TEST_SUITE_END()
