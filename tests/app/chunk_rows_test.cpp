// Rows of chunks as text: CSV for people, JSON for programs.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <leat/app/chunk_rows.hpp>
#include <leat/app/message_row.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/schemas/chunk.capnp.h>
#include <leat/schemas/csv.capnp.h>
#include <leat/schemas/model.capnp.h>

using namespace leat;

namespace {

Table two_rows(const std::shared_ptr<Pool>& pool, const std::string& text) {
  Fields fields = {{"hour", ColumnType::I64, true}, {"delay, s", ColumnType::F64}, {"town", ColumnType::TEXT}};
  TableBuilder builder(*pool, fields, {.rows = 2, .heap = 64 + text.size()});
  builder.cells<std::int64_t>(0)[0] = 7;
  builder.set_null(0, 1);
  builder.cells<double>(1)[0] = 0.5;
  builder.cells<double>(1)[1] = std::numeric_limits<double>::infinity();
  BOOST_REQUIRE(builder.put(2, 0, "Bath, \x1b[1m"));
  BOOST_REQUIRE(builder.put(2, 1, text));
  return std::move(builder).finish(2, 0);
}

std::vector<std::string> rows_of(const Chunk& chunk, std::size_t most = 100) {
  auto rows = tapped_rows(chunk, most);
  BOOST_REQUIRE_MESSAGE(rows, (rows ? "" : rows.error().sentence));
  return *rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chunk_rows)

BOOST_AUTO_TEST_CASE(a_table_is_csv_for_people) {
  auto pool = Pool::make();
  std::string header;
  auto rows = rows_of(two_rows(pool, "").chunk());
  BOOST_TEST(rows_text(rows, header) == "hour,\"delay, s\",town\n7,0.5,\"Bath, \\x1b[1m\"\n,inf,\"\"\n");
  // The header only where it is another one.
  BOOST_TEST(rows_text({rows[0]}, header) == "7,0.5,\"Bath, \\x1b[1m\"\n");
}

BOOST_AUTO_TEST_CASE(a_table_is_an_object_a_row_for_programs) {
  auto pool = Pool::make();
  auto rows = rows_of(two_rows(pool, "Rome").chunk());
  BOOST_TEST(rows_json({rows[1]}, "parse", "") ==
             "{\"type\":\"row\",\"version\":1,\"place\":\"parse\",\"row\":{\"hour\":null,\"delay, s\":\"inf\",\"town\":\"Rome\"}}\n");
  BOOST_TEST(rows_json({rows[1]}, "parse", "a").starts_with("{\"type\":\"row\",\"version\":1,\"place\":\"parse\",\"node\":\"a\","));
}

BOOST_AUTO_TEST_CASE(no_more_rows_than_wanted_and_of_a_long_text_its_beginning) {
  auto pool = Pool::make();
  // Not cut within a character.
  Table table = two_rows(pool, std::string(kMostCell - 1, 'x') + "\u00e9tout");
  BOOST_TEST(rows_of(table.chunk(), 1).size() == 1u);
  std::string header;
  std::string text = rows_text({rows_of(table.chunk())[1]}, header);
  BOOST_TEST(text.ends_with("," + std::string(kMostCell - 1, 'x') + "~\n"));
}

BOOST_AUTO_TEST_CASE(a_block_of_text_is_its_lines) {
  auto pool = Pool::make();
  Building<schema::CsvBlock> building(*pool);
  std::string text = "a;b\r\n1;2\n3;4";
  building.root().setText({reinterpret_cast<const kj::byte*>(text.data()), text.size()});
  std::string header;
  BOOST_TEST(rows_text(rows_of(std::move(building).finish(), 2), header) == "line\na;b\n1;2\n");
}

BOOST_AUTO_TEST_CASE(another_payload_of_leats_own_is_a_row_of_its_fields) {
  auto pool = Pool::make();
  Building<schema::Number> number(*pool);
  number.root().setValue(~std::uint64_t{0});
  Chunk chunk = std::move(number).finish();
  std::string header;
  BOOST_TEST(rows_text(rows_of(chunk, 1), header) == "value\n18446744073709551615\n");
  BOOST_TEST(rows_of(chunk, 0).empty());
  Building<schema::Moments> moments(*pool, 4096);
  moments.root().initColumns(1).set(0, "hour, local");
  moments.root().initCount(20);
  moments.root().initMean(2).set(1, -std::numeric_limits<double>::infinity());
  auto rows = rows_of(std::move(moments).finish());
  std::string json = rows_json(rows, "fold", "");
  for (const char* part : {R"("columns":["hour, local"])", R"(0,0,"and 4 more"])", R"("mean":[0.0,"-inf"],"deviation":null)"}) {
    BOOST_TEST(json.find(part) != json.npos, json);
  }
  header = "";
  std::string text = rows_text(rows, header);
  BOOST_TEST(text.find("\n\"[\"\"hour, local\"\"]\",") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_long_payload_is_bounded) {
  auto pool = Pool::make();
  Building<schema::Moments> building(*pool, 1 << 20);
  auto names = building.root().initColumns(1000);
  for (capnp::uint i = 0; i < names.size(); ++i) names.set(i, std::string(2 * kMostCell, 'x'));
  std::string row = rows_of(std::move(building).finish())[0];
  BOOST_TEST(row.find("xx~\",\"and 984 more\"]") != row.npos, row);
  BOOST_TEST(row.size() < (kMostListed + 4) * (kMostCell + 8));
}

BOOST_AUTO_TEST_CASE(a_payload_whose_schema_is_not_known_is_its_size_and_its_beginning) {
  auto pool = Pool::make();
  Building<schema::Bytes> building(*pool);
  auto data = building.root().initData(100);
  std::fill(data.begin(), data.end(), kj::byte{0xa5});
  Chunk chunk = std::move(building).finish();
  std::string header;
  std::string text = rows_text(rows_of(chunk), header);
  BOOST_TEST(text.starts_with("bytes,head\n" + std::to_string(chunk.bytes()) + ",0"), text);
  BOOST_TEST(text.ends_with("a5a5\n"), text);
  BOOST_TEST(text.size() == header.size() + std::to_string(chunk.bytes()).size() + 3 + 2 * kMostHead);
}

BOOST_AUTO_TEST_SUITE_END()
