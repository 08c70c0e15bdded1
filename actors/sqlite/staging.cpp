#include <leat/actors/sqlite/staging.hpp>

#include <filesystem>
#include <system_error>

namespace leat::sqlite {
namespace {

Result<void> keep_commits(Database& database) {
  return database.run("CREATE TABLE IF NOT EXISTS main.leat_commits (job TEXT, epoch INTEGER, n INTEGER, "
                      "replica INTEGER, PRIMARY KEY (job, epoch, n, replica)) WITHOUT ROWID");
}

Result<bool> run_with(Database& database, const OutputName& name, const std::string& sql) {
  auto made = database.prepare(sql);
  if (!made) return std::move(made).error();
  made->bind(1, name.job);
  made->bind(2, static_cast<std::int64_t>(name.epoch));
  made->bind(3, static_cast<std::int64_t>(name.n));
  made->bind(4, static_cast<std::int64_t>(name.replica));
  return made->step();
}

}  // namespace

Result<bool> commit_noted(Database& database, const OutputName& name) {
  auto kept = database.number("SELECT count(*) FROM main.sqlite_schema WHERE name = 'leat_commits'");
  if (!kept) return std::move(kept).error();
  if (*kept == 0) return false;
  return run_with(database, name,
                  "SELECT 1 FROM main.leat_commits WHERE job = ? AND epoch = ? AND n = ? AND replica = ?");
}

Result<void> note_commit(Database& database, const OutputName& name) {
  if (auto kept = keep_commits(database); !kept) return kept;
  auto put = run_with(database, name, "INSERT INTO main.leat_commits VALUES (?, ?, ?, ?)");
  return put ? Result<void>() : Result<void>(std::move(put).error());
}

Result<std::optional<TableColumns>> columns_of(Database& database, const std::string& schema, const std::string& table) {
  auto kind = database.prepare("SELECT type FROM " + schema + ".sqlite_schema WHERE name = ? COLLATE NOCASE AND "
                               "type IN ('table', 'view')");
  if (!kind) return std::move(kind).error();
  kind->bind(1, table);
  auto there = kind->step();
  if (!there) return std::move(there).error();
  if (!*there) return std::optional<TableColumns>();
  if (kind->text(0) == "view") {
    return invalid(database.path() + ": " + table + " is a view, which rows cannot be put into: name a table");
  }
  auto asked = database.prepare(
      "SELECT name, type, \"notnull\", dflt_value IS NOT NULL OR (pk = 1 AND upper(type) = 'INTEGER') "
      "FROM pragma_table_info(?, ?)");
  if (!asked) return std::move(asked).error();
  asked->bind(1, table);
  asked->bind(2, schema);
  TableColumns columns;
  while (true) {
    auto row = asked->step();
    if (!row) return std::move(row).error();
    if (!*row) return std::optional(std::move(columns));
    columns.push_back({asked->text(0), asked->text(1), asked->integer(2) != 0, asked->integer(3) != 0});
  }
}

Result<void> check_target(const Target& target, const Fields* columns) {
  if (StagedFile::written_through(target.path)) {
    return failed("cannot write " + target.path + ": a database is no stream; give the path of a file");
  }
  std::error_code error;
  if (!std::filesystem::exists(target.path, error)) {
    for (const char* left : {"-journal", "-wal"}) {
      if (!std::filesystem::exists(target.path + left, error)) continue;
      return failed("cannot write " + target.path + ": " + target.path + left + " is left of a database that is gone, "
                    "and SQLite would play it into a new one; remove it");
    }
    return {};
  }
  // What is wrong with such a path StagedFile says.
  if (!std::filesystem::is_regular_file(target.path, error)) return {};
  auto database = Database::open(target.path, Opening::to_write, target.wait);
  if (!database) return std::move(database).error();
  auto there = columns_of(*database, "main", target.table);
  if (!there) return std::move(there).error();
  if (auto may = database->may_be_written(); !may) return may;
  if (!*there || !columns || target.mode == Mode::replace) return {};
  return fit_into("table " + target.table + " of " + target.path, **there, *columns);
}

Result<Staging> Staging::open(const Target& target, const std::string& job, NotNumbers not_numbers) {
  auto file = StagedFile::open_named(target.path, job);
  if (!file) return std::move(file).error();
  Staging made(target, job, not_numbers, std::move(*file));
  if (auto begun = made.begin(); !begun) return begun.error();
  return made;
}

Result<Staging> Staging::go_on_from(const Target& target, const std::string& job, NotNumbers not_numbers,
                                    const OutputName& name, std::uint64_t bytes) {
  auto file = StagedFile::open_named(target.path, job);
  if (!file) return std::move(file).error();
  if (auto copied = file->go_on_from(name, bytes); !copied) return copied.error();
  Staging made(target, job, not_numbers, std::move(*file));
  if (auto begun = made.begin(); !begun) return begun.error();
  return made;
}

Result<void> Staging::begin() {
  auto database = Database::open(file_.hidden(), Opening::to_create, 0, target_.path);
  if (!database) return std::move(database).error();
  database_.emplace(std::move(*database));
  return database_->run("BEGIN");
}

Result<void> Staging::make_table(const Fields& columns) {
  if (auto made = database_->run(definition(sql_name(target_.table), columns)); !made) return made;
  return go_on(columns);
}

Result<void> Staging::go_on(const Fields& columns) {
  return insert_.prepare(*database_, target_.table, columns, not_numbers_);
}

Result<std::uint64_t> Staging::seal(const OutputName& name) {
  if (!name.last) return seal_copy(name);
  if (auto noted = note_commit(*database_, name); !noted) return noted.error();
  if (auto done = database_->run("COMMIT"); !done) return done.error();
  insert_.close();
  database_.reset();
  std::uint64_t bytes = std::filesystem::file_size(file_.hidden());
  if (auto sealed = file_.seal(name); !sealed) return sealed.error();
  return bytes;
}

// What goes on being written cannot stay as it was sealed: pages change where they lie.
Result<std::uint64_t> Staging::seal_copy(const OutputName& name) {
  if (auto done = database_->run("COMMIT"); !done) return done.error();
  auto copy = StagedFile::open(target_.path, job_);
  if (!copy) return std::move(copy).error();
  std::uint64_t bytes = std::filesystem::file_size(file_.hidden());
  if (auto copied = copy->copy_from(file_.hidden(), bytes); !copied) return copied.error();
  if (auto sealed = copy->seal(name); !sealed) return sealed.error();
  if (auto begun = database_->run("BEGIN"); !begun) return begun.error();
  return bytes;
}

}  // namespace leat::sqlite
