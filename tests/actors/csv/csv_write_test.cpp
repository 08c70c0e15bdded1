#include <bit>
#include <cmath>
#include <limits>

#include <rapidcheck.h>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/write.hpp>

#include "support/folder.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::string written(const std::vector<Chunk>& chunks, csv::Writing options = {},
                    Making making = {}) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = csv::write(folder / "out.csv", options).actor(making);
  auto fed = feed(*actor, chunks, out);
  BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
  BOOST_TEST(!std::filesystem::exists(folder / "out.csv"));
  OutputName name{"job", 0, 1, 0, true};
  BOOST_TEST(actor->seal(name).ok());
  BOOST_TEST(actor->commit(name).ok());
  BOOST_TEST(out.reports.at(0).first == "written");
  return text_of(folder / "out.csv");
}

std::string timestamp(std::int64_t nanoseconds) {
  std::string text;
  csv::append_timestamp(text, nanoseconds);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_write)

BOOST_AUTO_TEST_CASE(a_table_becomes_a_header_and_a_line_a_row) {
  auto pool = Pool::make();
  std::vector<SampleColumn> columns = {{"x", {0.1, {}, 1e300}},
                                 {"f", {0.1, 2, 3}, ColumnType::F32},
                                 {"n", {-1, 2, 3}, ColumnType::I64},
                                 {"b", {1, 0, {}}, ColumnType::BOOL}};
  BOOST_TEST(written(cut(*pool, columns, {1})) ==
             "x,f,n,b\n0.1,0.1,-1,true\n,2,2,false\n1e+300,3,3,\n");
}

BOOST_AUTO_TEST_CASE(texts_are_quoted_where_they_must_be) {
  auto pool = Pool::make();
  TableBuilder builder(*pool,
                       {{"a;b", ColumnType::TEXT, true}, {"c", ColumnType::TEXT, false, true}},
                       {.rows = 4, .heap = 100});
  const char* texts[] = {"plain", "semi;colon", "a \"quote\"", ""};
  for (std::size_t row = 0; row < 4; ++row)
    builder.put(0, row, texts[row]), builder.put(1, row, "x\ny");
  builder.set_null(0, 0);
  Table table = std::move(builder).finish(4, 0);
  BOOST_TEST(written({table.chunk()}, {.delimiter = ';'}) ==
             "\"a;b\";c\n;\"x\ny\"\n\"semi;colon\";\"x\ny\"\n\"a "
             "\"\"quote\"\"\";\"x\ny\"\n\"\";\"x\ny\"\n");
}

BOOST_AUTO_TEST_CASE(a_null_in_the_only_column_is_still_a_row) {
  auto pool = Pool::make();
  BOOST_TEST(written(cut(*pool, {{"x", {1, {}, 3}}}, {})) == "x\n1\nNA\n3\n");
}

BOOST_AUTO_TEST_CASE(doubles_read_back_as_the_same_bits) {
  bool holds = rc::check("to text and back", [] {
    double number = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
    RC_PRE(std::isfinite(number));
    std::string text;
    csv::append_number(text, number);
    RC_ASSERT(std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)) ==
              std::bit_cast<std::uint64_t>(number));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(timestamps_are_iso_8601_with_the_decimals_they_need) {
  BOOST_TEST(timestamp(0) == "1970-01-01T00:00:00Z");
  BOOST_TEST(timestamp(1'500'000'000) == "1970-01-01T00:00:01.500Z");
  BOOST_TEST(timestamp(951'782'400'000'001'000) == "2000-02-29T00:00:00.000001Z");
  BOOST_TEST(timestamp(-1) == "1969-12-31T23:59:59.999999999Z");
  BOOST_TEST(timestamp(std::numeric_limits<std::int64_t>::max()) ==
             "2262-04-11T23:47:16.854775807Z");
  BOOST_TEST(timestamp(std::numeric_limits<std::int64_t>::min()) ==
             "1677-09-21T00:12:43.145224192Z");
}

BOOST_AUTO_TEST_CASE(a_known_layout_without_rows_is_a_header) {
  Description rows;
  rows.fields = {{"x"}, {"y"}};
  BOOST_TEST(written({}, {}, {0, 1, {rows}}) == "x,y\n");
  BOOST_TEST(written({}) == "");
}

BOOST_AUTO_TEST_CASE(many_rows_go_through_a_bounded_buffer) {
  auto pool = Pool::make();
  std::vector<std::optional<double>> cells(100000, 0.125);
  std::string text = written(cut(*pool, {{"x", cells}}, {30000, 60000}));
  BOOST_TEST(text.size() == 2 + 6 * 100000u);
}

BOOST_AUTO_TEST_CASE(other_columns_and_bytes_are_refused) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table x = table_of(*pool, {{"x", {1}}});
  Table y = table_of(*pool, {{"y", {1}}});
  auto kind = csv::write(folder / "out.csv");
  BOOST_TEST(
      says(sentence(feed(*kind.actor({}), {x.chunk(), y.chunk()}, out)), {"columns y", "with x"}));
  BOOST_TEST(folder.files() == 0u);
  Description rows;
  rows.fields = {{"raw", ColumnType::BYTES}};
  BOOST_TEST(says(sentence(kind.describe({rows})), {"column raw", "bytes"}));
  auto quote = csv::write("x", {.delimiter = '"'});
  BOOST_TEST(says(sentence(quote.describe({Description()})), {"delimiter"}));
}

// What a file says stands beside the value.
Table numbers_as_their_file_has_them(Pool& pool, std::uint64_t first) {
  TableBuilder builder(pool, {{.name = "x", .raw = true}}, {.rows = 1, .heap = 8});
  builder.cells<double>(0)[0] = 1.5;
  builder.put_raw(0, 0, "1.50");
  return std::move(builder).finish(1, first);
}

BOOST_AUTO_TEST_CASE(what_is_carried_is_carried_by_who_goes_on_from_a_snapshot) {
  for (bool raw : {true, false}) {
    Folder folder;
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    Description rows;
    rows.fields = {{.name = "x", .raw = raw}};
    Making making{0, 1, {rows}, "job"};
    auto kind = csv::write(folder / "out.csv");
    auto actor = kind.actor(making);
    BOOST_REQUIRE(actor->start(out).ok());
    BOOST_REQUIRE(feed_one(*actor, numbers_as_their_file_has_them(*pool, 0).chunk(), out).ok());
    BOOST_REQUIRE(actor->seal({"job", 0, 1, 0, false}).ok());
    auto state = actor->snapshot(*pool);
    BOOST_REQUIRE(state.ok());
    actor.reset();
    auto next = kind.actor(making);
    BOOST_REQUIRE(next->start(out).ok());
    BOOST_REQUIRE(next->restore(*state, out).ok());
    BOOST_REQUIRE(feed_one(*next, numbers_as_their_file_has_them(*pool, 1).chunk(), out).ok());
    BOOST_REQUIRE(finish(*next, out).ok());
    OutputName name{"job", 1, 2, 0, true};
    BOOST_REQUIRE(next->seal(name).ok());
    BOOST_REQUIRE(next->commit(name).ok());
    BOOST_TEST(text_of(folder / "out.csv") == (raw ? "x\n1.50\n1.50\n" : "x\n1.5\n1.5\n"));
  }
}

BOOST_AUTO_TEST_CASE(an_interrupted_job_leaves_what_was_there) {
  Folder folder;
  write_text(folder / "out.csv", "old");
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = csv::write(folder / "out.csv").actor({});
  auto chunks = cut(*pool, {{"x", {1, 2}}}, {});
  BOOST_TEST(feed(*actor, chunks, out, Ending::interrupted).ok());
  BOOST_TEST(text_of(folder / "out.csv") == "old");
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
