#include <leat/actors/sqlite/read.hpp>

#include <leat/actors/output/staged_file.hpp>
#include <leat/actors/sqlite/write.hpp>
#include <leat/graph/actor_kit.hpp>
#include <leat/graph/stream.hpp>

#include "support/folder.hpp"
#include "actors/sqlite/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

// All that a source gives.
struct Given {
  Fields fields;
  std::vector<Chunk> chunks;
  std::string why;
};

Given given(Pool& pool, const sqlite::Reading& reading) {
  auto source = sqlite::read(reading).source();
  auto described = source->probe();
  if (!described) return {{}, {}, described.error().sentence};
  RecordingOutbox out(pool);
  auto drained = drain(*source, out);
  return {described->fields, out.emitted, sentence(drained)};
}

std::string types_of(const Fields& fields) {
  std::string all;
  for (const Field& field : fields) all += field.name + ":" + std::string(type_name(field.type)) + (field.nullable ? " " : "! ");
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sqlite_read)

BOOST_AUTO_TEST_CASE(what_sqlite_write_has_written_is_read_back_as_it_was) {
  Folder folder;
  auto pool = Pool::make();
  Table written = all_types(*pool);
  RecordingOutbox out(*pool);
  sqlite::Writing writing{.path = folder / "out.db", .table = "t"};
  auto actor = sqlite::write(writing).actor({});
  OutputName name{"job", 0, 1, 0, true};
  BOOST_REQUIRE(feed(*actor, {written.chunk()}, out).ok());
  BOOST_REQUIRE(actor->seal(name).ok());
  BOOST_REQUIRE(actor->commit(name).ok());
  Given all = given(*pool, {.path = folder / "out.db", .table = "t"});
  BOOST_TEST(all.why == "");
  BOOST_TEST(shown(all.chunks) == shown(written));
  BOOST_TEST(types_of(all.fields) == "d:f64 f:f64 h:f64 n:i64 i:i64 b:bool t:text c:text y:bytes at:timestamp ");
  Given typed = given(*pool, {.path = folder / "out.db", .table = "t",
                              .types = {{"f", ColumnType::F32}, {"h", ColumnType::F16}, {"i", ColumnType::I32}}});
  BOOST_TEST(shown(typed.chunks) == shown(written));
  BOOST_TEST(types_of(typed.fields) == "d:f64 f:f32 h:f16 n:i64 i:i32 b:bool t:text c:text y:bytes at:timestamp ");
}

BOOST_AUTO_TEST_CASE(types_are_declared_or_what_the_first_rows_hold) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "in.db",
          "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, ok BOOL, price DECIMAL(10,2), day DATE, "
          "at DATETIME, epoch TIMESTAMP, any, raw BLOB, x DOUBLE);"
          "INSERT INTO t VALUES (1, 'a', 1, 1.5, '2024-02-29', '2024-02-29 12:00', 1709208000, 'x', x'00', 1);"
          "INSERT INTO t VALUES (5, 'b', 0, 2, NULL, NULL, NULL, NULL, NULL, NULL)");
  Given all = given(*pool, {.path = folder / "in.db", .table = "T"});
  BOOST_TEST(all.why == "");
  BOOST_TEST(types_of(all.fields) ==
             "id:i64 name:text! ok:bool price:f64 day:timestamp at:timestamp epoch:i64 any:text raw:bytes x:f64 ");
  BOOST_TEST(shown(all.chunks) == "1|a|1|1.5|1709164800000000000|1709208000000000000|1709208000|x|\\0|1\n"
                                  "5|b|0|2|null|null|null|null|null|null\n");
  Given query = given(*pool, {.path = folder / "in.db", .query = "SELECT count(*) AS n, avg(price) AS p, NULL AS z FROM t;"});
  BOOST_TEST(types_of(query.fields) == "n:i64 p:f64 z:text ");
  BOOST_TEST(shown(query.chunks) == "2|1.75|null\n");
}

BOOST_AUTO_TEST_CASE(a_cell_of_another_type_is_said_with_row_and_column) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "in.db", "CREATE TABLE t (n INTEGER, x REAL, b BOOLEAN, c);"
                            "INSERT INTO t VALUES (1, 1, 1, 1), ('abc', 1, 1, 1)");
  sqlite::Reading reading{.path = folder / "in.db", .table = "t"};
  BOOST_TEST(says(given(*pool, reading).why, {"in.db", "row 2 (rowid 2)", "column n holds the text \"abc\", which is no i64",
                                              "types, n = \"text\""}));
  reading.types = {{"n", ColumnType::TEXT}};
  BOOST_TEST(shown(given(*pool, reading).chunks) == "1|1|1|1\nabc|1|1|1\n");
  run_sql(folder / "in.db", "UPDATE t SET n = 5000000000, x = 'y'");
  BOOST_TEST(says(given(*pool, reading).why, {"row 1", "column x holds the text \"y\", which is no f64"}));
  run_sql(folder / "in.db", "UPDATE t SET x = 1e300, b = 2");
  BOOST_TEST(says(given(*pool, reading).why, {"row 1", "column b holds the integer 2, which is no bool"}));
  reading.types = {{"n", ColumnType::I32}, {"b", ColumnType::I64}};
  BOOST_TEST(says(given(*pool, reading).why, {"the integer 5000000000, which is no i32"}));
  reading.types = {{"x", ColumnType::F32}, {"b", ColumnType::I64}};
  BOOST_TEST(says(given(*pool, reading).why, {"the real 1.0e+300, which is no f32"}));
  run_sql(folder / "in.db", "UPDATE t SET b = 1, x = 1, c = 9007199254740993");
  reading.types = {{"c", ColumnType::F64}};
  BOOST_TEST(says(given(*pool, reading).why, {"the integer 9007199254740993, which is no f64"}));
  run_sql(folder / "in.db", "UPDATE t SET c = 'a' WHERE rowid = 1");
  BOOST_TEST(says(given(*pool, {.path = folder / "in.db", .table = "t"}).why, {"column c holds texts and integers", "types"}));
  run_sql(folder / "in.db", "UPDATE t SET c = CAST(x'ff' AS TEXT)");
  BOOST_TEST(says(given(*pool, {.path = folder / "in.db", .table = "t"}).why, {"column c holds a text that is not UTF-8"}));
}

BOOST_AUTO_TEST_CASE(chunks_are_bounded_and_a_row_that_is_too_long_is_said) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "in.db",
          "CREATE TABLE t (n INTEGER, t TEXT); WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < "
          "30000) INSERT INTO t SELECT i, substr('abcdefghijklmnopqrstuvwxyz', 1, i % 26) FROM c;"
          "INSERT INTO t VALUES (0, printf('%.*c', 500000, 'x')), (1, 'y')");
  auto source = sqlite::read({.path = folder / "in.db", .table = "t"}).source();
  auto described = source->probe();
  BOOST_REQUIRE(described.ok());
  RecordingOutbox out(*pool);
  BOOST_TEST(sentence(drain(*source, out)) == "");
  std::size_t rows = 0;
  for (const Chunk& chunk : out.emitted) {
    BOOST_TEST(chunk.footprint() <= described->max_chunk);
    BOOST_TEST(Table(chunk).first_row() == rows);
    rows += Table(chunk).rows();
  }
  BOOST_TEST(rows == 30002u);
  BOOST_TEST(out.emitted.size() > 3u);
  BOOST_TEST(source->extent().rows == 30002u);
  BOOST_TEST(says(given(*pool, {.path = folder / "in.db", .table = "t", .max_row = 4096}).why,
                  {"row 30001", "500000 bytes", "max_row", "raise it"}));
}

BOOST_AUTO_TEST_CASE(rows_are_of_one_moment_and_nobody_is_kept_from_reading) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "in.db", "PRAGMA journal_mode=WAL; CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2)");
  auto source = sqlite::read({.path = folder / "in.db", .table = "t"}).source();
  BOOST_REQUIRE(source->probe().ok());
  run_sql(folder / "in.db", "INSERT INTO t VALUES (3)");
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(drain(*source, out).ok());
  BOOST_TEST(shown(out.emitted) == "1\n2\n");
  BOOST_TEST(shown(given(*pool, {.path = folder / "in.db", .table = "t"}).chunks) == "1\n2\n3\n");
}

BOOST_AUTO_TEST_CASE(it_goes_on_from_any_position) {
  Folder folder;
  std::string many = " WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 40000) ";
  run_sql(folder / "in.db", "CREATE TABLE t (n INTEGER, rowid TEXT); CREATE TABLE k (n INTEGER PRIMARY KEY, t TEXT) WITHOUT "
                            "ROWID;" + many + "INSERT INTO t SELECT i, 'row ' || i FROM c;" + many +
                            "INSERT INTO k SELECT i * 3, 'row ' || i FROM c; DELETE FROM t WHERE n % 7 = 0");
  BOOST_TEST(sentence(kit::try_source(sqlite::read({.path = folder / "in.db", .table = "t"}))) == "");
  BOOST_TEST(sentence(kit::try_source(sqlite::read({.path = folder / "in.db", .table = "k"}))) == "");
  BOOST_TEST(sentence(kit::try_source(sqlite::read({.path = folder / "in.db", .query = "SELECT * FROM k ORDER BY t DESC"}))) == "");
  auto source = sqlite::read({.path = folder / "in.db", .table = "t"}).source();
  BOOST_REQUIRE(source->probe().ok());
  auto at = **source->position();
  at.at = "x";
  BOOST_TEST(says(sentence(source->seek(at)), {"\"x\" is no position"}));
  at.at = "12";
  BOOST_TEST(says(sentence(source->seek(at)), {"\"12\" is no position"}));
  at.identity += "1";
  BOOST_TEST(says(sentence(source->seek(at)), {"is not the database any more"}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_said_at_once) {
  Folder folder;
  auto pool = Pool::make();
  auto why = [&](sqlite::Reading reading) {
    reading.wait = 0;
    return given(*pool, reading).why;
  };
  std::string db = folder / "in.db";
  run_sql(db, "CREATE TABLE flights (a INTEGER, b INTEGER); INSERT INTO flights VALUES (1, 2)");
  BOOST_TEST(says(why({.path = folder / "none.db", .table = "t"}), {"none.db", "no such file"}));
  BOOST_TEST(says(why({.path = folder.path(), .table = "t"}), {"is a directory"}));
  write_text(folder / "text", "this is no database, but a text that is longer than its header would be ....................");
  BOOST_TEST(says(why({.path = folder / "text", .table = "t"}), {"text", "is no SQLite database"}));
  BOOST_TEST(says(why({.path = db, .table = "flight"}), {"in.db", "no table flight (did you mean flights?)", "it has flights"}));
  BOOST_TEST(says(why({.path = db, .query = "SELECT c FROM flights"}), {"query", "no such column: c"}));
  BOOST_TEST(says(why({.path = db, .query = "DELETE FROM flights"}), {"not a single SELECT"}));
  BOOST_TEST(says(why({.path = db, .query = "SELECT 1; SELECT 2"}), {"not a single SELECT"}));
  BOOST_TEST(says(why({.path = db, .query = "SELECT a, b AS a FROM flights"}), {"two columns called a", "AS"}));
  BOOST_TEST(says(why({.path = db, .table = "flights", .types = {{"aa", ColumnType::I64}}}), {"types names column aa", "did you mean a?"}));
  BOOST_TEST(says(sqlite::read({.path = db}).wrong_options->sentence, {"either a table or a query"}));
  Locking other(db);
  BOOST_TEST(says(why({.path = db, .table = "flights"}), {"another process has it locked"}));
}

BOOST_AUTO_TEST_CASE(columns_that_no_stage_reads_are_not_asked_for) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "in.db", "CREATE TABLE t (n INTEGER, x REAL, t TEXT); INSERT INTO t VALUES ('bad', 1, 'a')");
  auto kind = sqlite::read({.path = folder / "in.db", .table = "t"});
  auto source = kind.source();
  auto described = source->probe();
  BOOST_REQUIRE(described.ok());
  auto narrow = kind.narrow({*described}, ColumnNames::of({"t", "x"}));
  BOOST_REQUIRE(narrow.ok());
  source->narrow(narrow->output.fields);
  RecordingOutbox out(*pool);
  BOOST_TEST(sentence(drain(*source, out)) == "");
  BOOST_TEST(shown(out.emitted) == "1|a\n");
  BOOST_TEST(kind.narrow({*described}, ColumnNames::of({}))->output.fields.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
