#include <leat/actors/sqlite/database.hpp>

#include <leat/chunk/fields.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <sys/stat.h>

namespace leat::sqlite {
namespace {

bool is_full(int code, int reason) {
  return code == SQLITE_FULL || (code == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT));
}

Error cannot_open(const std::string& path, int reason) {
  struct stat there;
  std::string sentence = path + ": cannot be opened: ";
  if (::stat(path.c_str(), &there) != 0 && errno == ENOENT) {
    return failed(sentence + "there is no such file; check the path");
  }
  if (S_ISDIR(there.st_mode)) return failed(path + ": is a directory; name a file in it");
  if (reason == EACCES) return failed(sentence + "permission denied; make the file and its folder readable");
  return failed(sentence + (reason ? std::generic_category().message(reason) : "SQLite cannot open it") +
                "; choose another path");
}

// What SQLite says of its last call, for a person.
Error told(sqlite3* database, const std::string& path, std::uint64_t wait) {
  int extended = sqlite3_extended_errcode(database);
  int code = extended & 0xff;
  int reason = sqlite3_system_errno(database);
  std::string says = sqlite3_errmsg(database);
  if (is_full(code, reason)) {
    return failed("cannot write " + path + ": the disk is full; free some space or choose another path");
  }
  if (code == SQLITE_IOERR && reason == EISDIR) return cannot_open(path, reason);
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return failed(path + ": another process has it locked, for more than " + std::to_string(wait) +
                    " seconds; run again when that one is done, or give a longer wait");
    case SQLITE_NOTADB: return corrupt(path + ": is no SQLite database; give the path of one");
    case SQLITE_CORRUPT:
      return corrupt(path + ": the database is damaged (" + says + "); mend it with sqlite3's .recover");
    case SQLITE_READONLY:
      if (extended == SQLITE_READONLY_ROLLBACK || extended == SQLITE_READONLY_RECOVERY) {
        return failed(path + ": who wrote it last has died in the middle of that; open it once with sqlite3, which "
                             "undoes it");
      }
      return failed("cannot write " + path + ": it may only be read; make it and its folder writable");
    case SQLITE_CANTOPEN: return cannot_open(path, reason);
    case SQLITE_CONSTRAINT:
      return corrupt(path + ": " + says + ", and no row was written; mend the rows, or the table's constraints");
    case SQLITE_NOMEM: throw std::bad_alloc();
    default: break;
  }
  if (code == SQLITE_IOERR && reason != 0) says += " (" + std::generic_category().message(reason) + ")";
  return failed(path + ": " + says);
}

}  // namespace

std::string sql_name(std::string_view name) {
  std::string text = "\"";
  for (char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sqlite3_strnicmp(a.data(), b.data(), static_cast<int>(a.size())) == 0;
}

std::string near_name(const std::vector<std::string>& names, std::string_view wanted) {
  Fields fields;
  for (const std::string& name : names) {
    if (same_name(name, wanted)) return name;
    fields.push_back({name});
  }
  return nearest_name(fields, wanted);
}

void Statement::Finalizes::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Closes::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<bool> Statement::step() {
  int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return told(sqlite3_db_handle(statement_.get()), path_, wait_);
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::text(int column) const {
  auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))) : "";
}

void Statement::bind(int parameter, const std::string& text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::bind(int parameter, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, number);
}

Result<Database> Database::open(const std::string& path, Opening opening, std::uint64_t wait,
                                const std::string& shown) {
  Database made;
  made.path_ = shown.empty() ? path : shown;
  made.wait_ = wait;
  int flags = SQLITE_OPEN_NOMUTEX | (opening == Opening::to_read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  sqlite3* database = nullptr;
  // A path that begins with "file:" would be a URI.
  std::string at = path.rfind("file:", 0) == 0 ? "./" + path : path;
  // One thread at a time has it: SQLite needs no lock of its own for each call.
  int code = sqlite3_open_v2(at.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  made.database_.reset(database);
  if (!database) throw std::bad_alloc();
  if (code != SQLITE_OK) return told(database, made.path_, wait);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, static_cast<int>(std::min<std::uint64_t>(wait, 1'000'000) * 1000));
  const char* settings = "PRAGMA cache_size=-1024";
  if (opening == Opening::to_write) settings = "PRAGMA synchronous=EXTRA";
  if (opening == Opening::to_create) {
    settings = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; "
               "PRAGMA cache_size=-4096";
  }
  if (sqlite3_exec(database, settings, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return told(database, made.path_, wait);
  }
  return made;
}

Result<void> Database::run(const std::string& sql) {
  if (sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return told(get(), path_, wait_);
}

Result<Statement> Database::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  int code = sqlite3_prepare_v3(get(), sql.data(), static_cast<int>(sql.size() + 1), SQLITE_PREPARE_PERSISTENT,
                                &statement, &rest);
  if (code != SQLITE_OK) return told(get(), path_, wait_);
  bool whole = std::string_view(rest).find_first_not_of(" \t\r\n;") == std::string_view::npos;
  return Statement(statement, path_, wait_, whole);
}

Result<std::int64_t> Database::number(const std::string& sql) {
  auto asked = prepare(sql);
  if (!asked) return std::move(asked).error();
  auto row = asked->step();
  if (!row) return std::move(row).error();
  return *row ? asked->integer(0) : 0;
}

Result<void> Database::may_be_written() const {
  if (sqlite3_db_readonly(get(), "main") != 1) return {};
  return failed("cannot write " + path_ + ": it may only be read; make it and its folder writable");
}

Result<std::vector<std::string>> Database::tables() {
  auto asked = prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' "
                       "ESCAPE '\\' AND name <> 'leat_commits' ORDER BY name");
  if (!asked) return std::move(asked).error();
  std::vector<std::string> names;
  while (true) {
    auto row = asked->step();
    if (!row) return std::move(row).error();
    if (!*row) return names;
    names.push_back(asked->text(0));
  }
}

}  // namespace leat::sqlite
