#include <leat/actors/json/write.hpp>

#include <leat/graph/actor_kit.hpp>

#include <rapidcheck.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

#include "support/folder.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

struct Written {
  std::string text;
  std::map<std::string, std::uint64_t> counts;
};

Written written(const std::vector<Chunk>& chunks) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = leat::json::write(folder / "out.jsonl").actor({});
  auto fed = feed(*actor, chunks, out);
  BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
  BOOST_TEST(!std::filesystem::exists(folder / "out.jsonl"));
  OutputName name{"job", 0, 1, 0, true};
  BOOST_TEST(actor->seal(name).ok());
  BOOST_TEST(actor->commit(name).ok());
  BOOST_TEST(out.reports.at(0).first == "written");
  BOOST_TEST(out.reports.at(0).second == folder / "out.jsonl");
  return {text_of(folder / "out.jsonl"), out.counts};
}

Table texts(Pool& pool, const std::vector<std::string>& cells, const std::string& name = "t") {
  std::size_t heap = 0;
  for (const std::string& cell : cells) heap += cell.size();
  TableBuilder builder(pool, {{name, ColumnType::TEXT, true}}, {.rows = cells.size(), .heap = heap});
  for (std::size_t row = 0; row < cells.size(); ++row) builder.put(0, row, cells[row]);
  return std::move(builder).finish(cells.size(), 0);
}

std::string written_text(const std::string& text) {
  auto pool = Pool::make();
  return written({texts(*pool, {text}).chunk()}).text;
}

// What any reader of JSON reads of the one line that is written of a text.
std::string read_back(const std::string& text) {
  return nlohmann::json::parse(written_text(text)).at("t").get<std::string>();
}

std::vector<kit::Fed> some_rows(Pool& pool) {
  std::vector<kit::Fed> fed;
  for (double chunk : {1.0, 2.0, 3.0}) {
    SampleColumn x{"x", {0.1 * chunk, {}, std::numeric_limits<double>::infinity()}};
    fed.push_back({table_of(pool, {x, {"t", {chunk, 5, {}}, ColumnType::TEXT}}).chunk()});
  }
  return fed;
}

Description describing_all(const std::vector<kit::Fed>& fed) {
  Description rows = describing(Table(fed[0].chunk));
  for (const kit::Fed& each : fed) rows.max_chunk = std::max<std::uint64_t>(rows.max_chunk, each.chunk.footprint());
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_write)

BOOST_AUTO_TEST_CASE(a_row_becomes_an_object_whose_keys_are_in_the_columns_order) {
  auto pool = Pool::make();
  std::vector<SampleColumn> columns = {{"x", {0.1, {}, 1e300}},
                                 {"f", {0.1, 2, 3}, ColumnType::F32},
                                 {"h", {0.5, -2, 3}, ColumnType::F16},
                                 {"n", {-1, 9007199254740992, 3}, ColumnType::I64},
                                 {"a", {1, 0, {}}, ColumnType::BOOL},
                                 {"i", {7, -8, 9}, ColumnType::I32}};
  Written all = written(cut(*pool, columns, {1}));
  BOOST_TEST(all.text ==
             "{\"x\":0.1,\"f\":0.1,\"h\":0.5,\"n\":-1,\"a\":true,\"i\":7}\n"
             "{\"x\":null,\"f\":2,\"h\":-2,\"n\":9007199254740992,\"a\":false,\"i\":-8}\n"
             "{\"x\":1e+300,\"f\":3,\"h\":3,\"n\":3,\"a\":null,\"i\":9}\n");
  BOOST_TEST(all.counts["rows"] == 3u);
  BOOST_TEST(all.counts.count("not numbers") == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_null_and_counted) {
  auto pool = Pool::make();
  double infinity = std::numeric_limits<double>::infinity();
  std::vector<SampleColumn> columns = {{"x", {std::nan(""), {}, -infinity, -0.0}},
                                 {"f", {1, infinity, 2, 3}, ColumnType::F32},
                                 {"h", {1, 2, std::nan(""), 3}, ColumnType::F16}};
  Written all = written(cut(*pool, columns, {2}));
  BOOST_TEST(all.text ==
             "{\"x\":null,\"f\":1,\"h\":1}\n{\"x\":null,\"f\":null,\"h\":2}\n"
             "{\"x\":null,\"f\":2,\"h\":null}\n{\"x\":-0,\"f\":3,\"h\":3}\n");
  BOOST_TEST(all.counts["not numbers"] == 4u);
}

BOOST_AUTO_TEST_CASE(timestamps_are_text) {
  auto pool = Pool::make();
  BOOST_TEST(written(cut(*pool, {{"at", {1.5e9, {}}, ColumnType::TIMESTAMP}}, {})).text ==
             "{\"at\":\"1970-01-01T00:00:01.500Z\"}\n{\"at\":null}\n");
}

BOOST_AUTO_TEST_CASE(texts_and_names_are_escaped_where_they_must_be) {
  auto pool = Pool::make();
  Table table = texts(*pool, {"plain", "", "a \"quote\" \\ /", "line\nend\tand \x01", "\u00e9\u20ac\U0001f600"});
  BOOST_TEST(written({table.chunk()}).text ==
             "{\"t\":\"plain\"}\n{\"t\":\"\"}\n{\"t\":\"a \\\"quote\\\" \\\\ /\"}\n"
             "{\"t\":\"line\\nend\\tand \\u0001\"}\n{\"t\":\"\u00e9\u20ac\U0001f600\"}\n");
  BOOST_TEST(written({texts(*pool, {"x"}, "a \"b\"\n").chunk()}).text == "{\"a \\\"b\\\"\\n\":\"x\"}\n");
  BOOST_TEST(written_text(std::string("a\0b", 3)) == "{\"t\":\"a\\u0000b\"}\n");
  BOOST_TEST(written_text("a\xff" "b\xc3") == "{\"t\":\"a\ufffdb\ufffd\"}\n");
}

BOOST_AUTO_TEST_CASE(a_text_longer_than_the_buffer_is_written_whole) {
  for (std::size_t shift : {0, 1, 2, 3, 4}) {
    std::string text(shift, '"');
    while (text.size() < 600'000) text += "\u00e9\u20ac\U0001f600\x02";
    BOOST_TEST((read_back(text) == text), shift);
  }
  BOOST_TEST((read_back(std::string(10'000, '\x80')).size() == 30'000u));
}

BOOST_AUTO_TEST_CASE(any_bytes_make_json_and_any_number_reads_back) {
  bool holds = rc::check("a line that JSON readers read", [] {
    auto pool = Pool::make();
    auto bytes = *rc::gen::arbitrary<std::string>();
    auto number = *rc::gen::arbitrary<double>();
    TableBuilder builder(*pool, {{"t", ColumnType::TEXT}, {"x"}}, {.rows = 1, .heap = bytes.size()});
    builder.put(0, 0, bytes);
    builder.cells<double>(1)[0] = number;
    auto read = nlohmann::json::parse(written({std::move(builder).finish(1, 0).chunk()}).text, nullptr, false);
    RC_ASSERT(!read.is_discarded());
    RC_ASSERT(read.at("x").get<double>() == number);
    bool ascii = std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= 0; });
    if (ascii) RC_ASSERT(read.at("t").get<std::string>() == bytes);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(tables_of_other_columns_bring_their_own_keys_and_none_make_an_empty_file) {
  auto pool = Pool::make();
  Table x = table_of(*pool, {{"x", {1}}});
  Table y = table_of(*pool, {{"y", {2}}, {"x", {3}}});
  BOOST_TEST(written({x.chunk(), y.chunk()}).text == "{\"x\":1}\n{\"y\":2,\"x\":3}\n");
  BOOST_TEST(written({}).text == "");
}

BOOST_AUTO_TEST_CASE(bytes_are_refused_before_the_start_and_behind_a_function) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto kind = leat::json::write(folder / "out.jsonl");
  Description rows;
  rows.fields = {{"raw", ColumnType::BYTES}};
  BOOST_TEST(says(sentence(kind.describe({rows})), {"json.write", "column raw", "bytes"}));
  Table raw = table_of(*pool, {{"raw", {1}, ColumnType::BYTES}});
  BOOST_TEST(says(sentence(feed(*kind.actor({}), {raw.chunk()}, out)), {"json.write", "column raw", "bytes"}));
  BOOST_TEST(folder.files() == 0u);
}

BOOST_AUTO_TEST_CASE(an_interrupted_job_leaves_what_was_there_and_a_bad_path_fails_at_the_start) {
  Folder folder;
  write_text(folder / "out.jsonl", "old");
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = leat::json::write(folder / "out.jsonl").actor({});
  BOOST_TEST(feed(*actor, cut(*pool, {{"x", {1, 2}}}, {}), out, Ending::interrupted).ok());
  actor.reset();
  BOOST_TEST(text_of(folder / "out.jsonl") == "old");
  BOOST_TEST(folder.files() == 1u);
  auto nowhere = leat::json::write("/nowhere/at/all/out.jsonl").actor({});
  BOOST_TEST(says(sentence(nowhere->start(out)), {"/nowhere/at/all/out.jsonl", "no folder"}));
}

BOOST_AUTO_TEST_CASE(it_says_which_file_it_writes_and_holds_no_more_than_it_describes) {
  auto kind = leat::json::write("a.jsonl");
  BOOST_TEST((kind.writes == std::vector<std::string>{"a.jsonl"}));
  BOOST_TEST(kind.state_version == "1");
  Description endless;
  endless.max_chunk = std::uint64_t{1} << 62;
  auto described = kind.describe({endless});
  BOOST_REQUIRE(described.ok());
  BOOST_TEST(described->needs.state < (1u << 20));
}

BOOST_AUTO_TEST_CASE(a_snapshot_comes_after_a_seal) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = leat::json::write(folder / "out.jsonl").actor({});
  BOOST_TEST(feed(*actor, cut(*pool, {{"x", {1, 2}}}, {}), out).ok());
  BOOST_TEST(says(sentence(actor->snapshot(*pool)), {"json.write", "seal first"}));
}

BOOST_AUTO_TEST_CASE(the_actor_kit_finds_nothing) {
  auto pool = Pool::make();
  Folder folder;
  auto rows = some_rows(*pool);
  kit::Trial trial{leat::json::write(folder / "out.jsonl"), {describing_all(rows)}, rows};
  BOOST_TEST(sentence(kit::try_actor(trial)) == "");
  BOOST_TEST(sentence(kit::try_sink(trial)) == "");
  BOOST_TEST(folder.files() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
