#include <leat/actors/sqlite/write.hpp>

#include <csignal>

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <leat/graph/actor_kit.hpp>

#include "support/folder.hpp"
#include "actors/sqlite/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

const OutputName kName{"job", 0, 1, 0, true};

// Writes and commits; what was said.
Result<RecordingOutbox> write_all(Pool& pool, const sqlite::Writing& writing, const std::vector<Chunk>& chunks,
                                  const OutputName& name = kName) {
  RecordingOutbox out(pool);
  auto actor = sqlite::write(writing).actor({});
  if (auto fed = feed(*actor, chunks, out); !fed) return fed.error();
  if (auto sealed = actor->seal(name); !sealed) return sealed.error();
  actor.reset();
  if (auto done = sqlite::write(writing).actor({})->commit(name); !done) return done.error();
  return out;
}

std::string refused(Pool& pool, const sqlite::Writing& writing, const std::vector<Chunk>& chunks) {
  return sentence(write_all(pool, writing, chunks));
}

std::vector<Chunk> numbers(Pool& pool) { return cut(pool, {{"x", {1, 2, 3}}, {"n", {4, {}, 6}, ColumnType::I64}}, {2}); }

std::string rows_of(const std::string& path) { return asked(path, "SELECT * FROM t"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(sqlite_write)

BOOST_AUTO_TEST_CASE(rows_come_into_a_new_database_when_they_are_committed) {
  Folder folder;
  auto pool = Pool::make();
  sqlite::Writing writing{.path = folder / "out.db", .table = "t"};
  RecordingOutbox out(*pool);
  auto actor = sqlite::write(writing).actor({});
  BOOST_REQUIRE(feed(*actor, numbers(*pool), out).ok());
  BOOST_REQUIRE(actor->seal(kName).ok());
  BOOST_TEST(!std::filesystem::exists(folder / "out.db"));
  BOOST_REQUIRE(actor->commit(kName).ok());
  BOOST_REQUIRE(actor->commit(kName).ok());
  BOOST_TEST(rows_of(folder / "out.db") == "1.0|4\n2.0|\n3.0|6\n");
  BOOST_TEST(asked(folder / "out.db", "SELECT * FROM leat_commits") == "job|0|1|0\n");
  BOOST_TEST(asked(folder / "out.db", "SELECT name, type FROM pragma_table_info('t')") == "x|REAL\nn|INTEGER\n");
  BOOST_TEST(out.counts["rows"] == 3u);
  BOOST_TEST(out.reports.at(0).second == folder / "out.db");
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(every_type_is_kept) {
  Folder folder;
  auto pool = Pool::make();
  BOOST_REQUIRE(write_all(*pool, {.path = folder / "out.db", .table = "every \"type\""}, {all_types(*pool).chunk()}).ok());
  auto types = asked(folder / "out.db",
                     "SELECT typeof(d), typeof(f), typeof(h), typeof(n), typeof(i), typeof(b), typeof(t), typeof(c), "
                     "typeof(y), typeof(at) FROM \"every \"\"type\"\"\" ORDER BY rowid");
  std::string values = "real|real|real|integer|integer|integer|text|text|blob|text\n";
  BOOST_TEST(types == values + values + "null|null|null|null|null|null|null|null|null|null\n" + values + values);
  BOOST_TEST(asked(folder / "out.db", "SELECT hex(t), hex(y), at, n FROM \"every \"\"type\"\"\" WHERE rowid IN (2, 5)") ==
             "706C61696E|00FF80|2262-04-11T23:47:16.854775807Z|9223372036854775807\n"
             "610062|00|1970-01-01T00:00:01.500000001Z|-1\n");
}

BOOST_AUTO_TEST_CASE(what_is_there_gets_more_rows_once_and_other_tables_stay) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "out.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, extra TEXT DEFAULT 'none', x DOUBLE);"
                             "INSERT INTO t VALUES (7, 1, 'old', 0.5); CREATE TABLE other (a); INSERT INTO other VALUES (1)");
  sqlite::Writing writing{.path = folder / "out.db", .table = "t"};
  BOOST_REQUIRE(write_all(*pool, writing, numbers(*pool)).ok());
  std::string expected = "7|1|old|0.5\n8|4|none|1.0\n9||none|2.0\n10|6|none|3.0\n";
  BOOST_TEST(rows_of(folder / "out.db") == expected);
  BOOST_TEST(sqlite::write(writing).actor({})->commit(kName).ok());
  BOOST_TEST(rows_of(folder / "out.db") == expected);
  BOOST_TEST(asked(folder / "out.db", "SELECT count(*) FROM other") == "1\n");
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_table_is_replaced_with_its_columns_and_no_other) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "out.db", "CREATE TABLE t (quite TEXT, another INT); INSERT INTO t VALUES ('a', 1);"
                             "CREATE TABLE other (a); INSERT INTO other VALUES (1)");
  sqlite::Writing writing{.path = folder / "out.db", .table = "t", .mode = sqlite::Mode::replace};
  for (const char* job : {"one", "two"}) {
    BOOST_REQUIRE(write_all(*pool, writing, numbers(*pool), {job, 0, 1, 0, true}).ok());
    BOOST_TEST(rows_of(folder / "out.db") == "1.0|4\n2.0|\n3.0|6\n");
  }
  BOOST_TEST(asked(folder / "out.db", "SELECT count(*) FROM other") == "1\n");
}

BOOST_AUTO_TEST_CASE(what_a_killed_process_has_sealed_is_committed_once_by_another) {
  Folder folder;
  auto pool = Pool::make();
  sqlite::Writing writing{.path = folder / "out.db", .table = "t"};
  for (bool there : {false, true}) {
    pid_t child = ::fork();
    if (child == 0) {
      RecordingOutbox out(*pool);
      auto actor = sqlite::write(writing).actor({});
      bool sealed = feed(*actor, numbers(*pool), out).ok() && actor->seal({"killed", there, 1, 0, true}).ok();
      if (sealed) ::kill(::getpid(), SIGKILL);
      ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE(WIFSIGNALED(status));
    BOOST_TEST(std::filesystem::exists(folder / "out.db") == there);
    OutputName name{"killed", there, 1, 0, true};
    for (int times = 0; times < 3; ++times) {
      BOOST_TEST(sentence(sqlite::write(writing).actor({})->commit(name)) == "");
      BOOST_TEST(asked(folder / "out.db", "SELECT count(*) FROM t") == (there ? "6\n" : "3\n"));
    }
    BOOST_TEST(folder.files() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_commit_that_was_cut_off_before_it_removed_what_was_staged_is_not_applied_again) {
  Folder folder;
  auto pool = Pool::make();
  sqlite::Writing writing{.path = folder / "out.db", .table = "t"};
  run_sql(folder / "out.db", "CREATE TABLE t (x REAL, n INTEGER)");
  RecordingOutbox out(*pool);
  auto actor = sqlite::write(writing).actor({});
  BOOST_REQUIRE(feed(*actor, numbers(*pool), out).ok());
  BOOST_REQUIRE(actor->seal(kName).ok());
  std::string sealed = StagedFile::sealed_path(writing.path, kName);
  std::filesystem::copy_file(sealed, folder / "kept");
  BOOST_REQUIRE(actor->commit(kName).ok());
  std::filesystem::rename(folder / "kept", sealed);
  BOOST_TEST(sentence(actor->commit(kName)) == "");
  BOOST_TEST(asked(folder / "out.db", "SELECT count(*) FROM t") == "3\n");
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(what_was_sealed_and_is_gone_is_said) {
  Folder folder;
  sqlite::Writing writing{.path = folder / "out.db", .table = "t"};
  BOOST_TEST(says(sentence(sqlite::write(writing).actor({})->commit(kName)), {"out.db", "is gone; run again"}));
  run_sql(folder / "out.db", "CREATE TABLE t (x REAL)");
  BOOST_TEST(says(sentence(sqlite::write(writing).actor({})->commit(kName)), {"out.db", "is gone; run again"}));
}

BOOST_AUTO_TEST_CASE(a_database_that_is_locked_full_or_none_is_said_and_nothing_is_changed) {
  Folder folder;
  auto pool = Pool::make();
  sqlite::Writing writing{.path = folder / "out.db", .table = "t", .wait = 0};
  run_sql(folder / "out.db", "CREATE TABLE t (x REAL, n INTEGER)");
  RecordingOutbox out(*pool);
  auto actor = sqlite::write(writing).actor({});
  BOOST_REQUIRE(feed(*actor, numbers(*pool), out).ok());
  BOOST_REQUIRE(actor->seal(kName).ok());
  {
    Locking other(folder / "out.db");
    BOOST_TEST(says(sentence(actor->commit(kName)), {"out.db", "another process has it locked", "longer wait"}));
    BOOST_TEST(says(refused(*pool, writing, numbers(*pool)), {"out.db", "another process has it locked"}));
  }
  BOOST_TEST(rows_of(folder / "out.db") == "");
  BOOST_TEST(sentence(actor->commit(kName)) == "");
  BOOST_TEST(asked(folder / "out.db", "SELECT count(*) FROM t") == "3\n");
  write_text(folder / "text", "this is no database, but a text that is longer than its header would be ....................");
  BOOST_TEST(says(refused(*pool, {.path = folder / "text", .table = "t"}, numbers(*pool)), {"text", "is no SQLite database"}));
  BOOST_TEST(says(refused(*pool, {.path = folder / "none/out.db", .table = "t"}, numbers(*pool)), {"there is no folder"}));
  BOOST_TEST(says(refused(*pool, {.path = folder.path(), .table = "t"}, numbers(*pool)), {"names a folder"}));
  BOOST_TEST(says(refused(*pool, {.path = "/dev/null", .table = "t"}, numbers(*pool)), {"/dev/null", "no stream"}));
  BOOST_TEST(folder.files() == 2u);
}

BOOST_AUTO_TEST_CASE(a_journal_without_its_database_is_not_taken_for_the_new_ones) {
  Folder folder;
  auto pool = Pool::make();
  write_text(folder / "out.db-journal", "what is left");
  BOOST_TEST(says(refused(*pool, {.path = folder / "out.db", .table = "t"}, numbers(*pool)), {"out.db-journal", "remove it"}));
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_said_and_nothing_is_left) {
  Folder folder;
  if (::mount("leat-test", folder.path().c_str(), "tmpfs", 0, "size=256k") != 0) {
    BOOST_TEST_MESSAGE("skipped: this process may not mount a small file system");
    return;
  }
  auto pool = Pool::make();
  run_sql(folder / "out.db", "CREATE TABLE t (x REAL)");
  std::string before = text_of(folder / "out.db");
  sqlite::Writing writing{.path = folder / "out.db", .table = "t"};
  std::vector<std::optional<double>> many(8000, 0.1);
  std::vector<Chunk> rows = cut(*pool, {{"x", many}}, {});
  // Staged it has room, copied it has not.
  {
    RecordingOutbox out(*pool);
    auto actor = sqlite::write(writing).actor({});
    BOOST_REQUIRE_MESSAGE(sentence(feed(*actor, rows, out)) == "", "staged");
    BOOST_REQUIRE(actor->seal(kName).ok());
    BOOST_TEST(says(sentence(actor->commit(kName)), {"out.db", "the disk is full"}));
    BOOST_TEST(text_of(folder / "out.db") == before);
    BOOST_TEST(actor->abort(kName).ok());
  }
  for (int i = 0; i < 4; ++i) rows.push_back(rows[0]);
  BOOST_TEST(says(refused(*pool, writing, rows), {"out.db", "the disk is full"}));
  BOOST_TEST(text_of(folder / "out.db") == before);
  BOOST_TEST(folder.files() == 1u);
  BOOST_TEST(::umount(folder.path().c_str()) == 0);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_said_with_all_differences_before_the_first_row) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "out.db", "CREATE TABLE t (X INTEGER, nn INTEGER, must TEXT NOT NULL); CREATE VIEW v AS SELECT 1");
  auto kind = sqlite::write({.path = folder / "out.db", .table = "t"});
  Making making;
  making.inputs = {describing(Table(numbers(*pool)[0]))};
  RecordingOutbox out(*pool);
  BOOST_TEST(says(sentence(kind.actor(making)->start(out)),
                  {"do not fit table t of", "its column X is INTEGER, and that of the rows f64",
                   "it has no column n", "its column must must have a value", "mode = \"replace\""}));
  BOOST_TEST(says(refused(*pool, {.path = folder / "out.db", .table = "v"}, numbers(*pool)), {"v is a view"}));
  Description rows;
  rows.fields = {{"a"}, {"A"}};
  BOOST_TEST(says(sentence(kind.describe({rows})), {"columns a and A", "capitals"}));
  BOOST_TEST(says(sqlite::write({.path = "x", .table = "sqlite_x"}).wrong_options->sentence, {"sqlite_x", "another name"}));
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_constraint_that_a_row_does_not_keep_is_said_and_no_row_is_there) {
  Folder folder;
  auto pool = Pool::make();
  run_sql(folder / "out.db", "CREATE TABLE t (x REAL UNIQUE, n INTEGER); INSERT INTO t VALUES (3, 0)");
  BOOST_TEST(says(refused(*pool, {.path = folder / "out.db", .table = "t"}, numbers(*pool)), {"out.db", "UNIQUE", "t.x"}));
  BOOST_TEST(rows_of(folder / "out.db") == "3.0|0\n");
}

BOOST_AUTO_TEST_CASE(what_sqlite_does_not_have_is_never_silently_another) {
  Folder folder;
  auto pool = Pool::make();
  auto nan = cut(*pool, {{"x", {1, std::nan(""), -0.0}}}, {1});
  BOOST_TEST(says(refused(*pool, {.path = folder / "out.db", .table = "t"}, nan), {"column x, row 2", "NaN", "not_numbers"}));
  BOOST_TEST(folder.files() == 0u);
  sqlite::Writing writing{.path = folder / "out.db", .table = "t", .not_numbers = sqlite::NotNumbers::null};
  auto out = write_all(*pool, writing, nan);
  BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
  BOOST_TEST(out->counts["not numbers"] == 1u);
  BOOST_TEST(out->counts["negative zeros"] == 1u);
  BOOST_TEST(rows_of(folder / "out.db") == "1.0\n\n0.0\n");
  TableBuilder builder(*pool, {{"t", ColumnType::TEXT}}, {.rows = 1, .heap = 8});
  builder.put(0, 0, "\xff");
  Table text = std::move(builder).finish(1, 41);
  BOOST_TEST(says(refused(*pool, {.path = folder / "other.db", .table = "t"}, {text.chunk()}), {"column t, row 42", "UTF-8"}));
}

BOOST_AUTO_TEST_CASE(an_interrupted_job_leaves_what_was_there) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  {
    auto actor = sqlite::write({.path = folder / "out.db", .table = "t"}).actor({});
    BOOST_TEST(feed(*actor, numbers(*pool), out, Ending::interrupted).ok());
  }
  BOOST_TEST(folder.files() == 0u);
}

BOOST_AUTO_TEST_CASE(it_passes_the_actor_kit) {
  Folder folder;
  auto pool = Pool::make();
  std::vector<kit::Fed> rows;
  for (std::uint64_t chunk = 0; chunk < 3; ++chunk) rows.push_back({all_types(*pool, 5 * chunk).chunk()});
  Description of = describing(Table(rows[0].chunk));
  kit::Trial trial{sqlite::write({.path = folder / "out.db", .table = "t"}), {of}, rows};
  trial.content = [](const std::string& path) -> Result<std::string> {
    return asked(path, "SELECT rowid, * FROM t") + asked(path, "SELECT sql FROM sqlite_schema");
  };
  BOOST_TEST(sentence(kit::try_actor(trial)) == "");
}

BOOST_AUTO_TEST_SUITE_END()
