/// A SQLite database and its statements, with errors as sentences.
///
///   auto database = leat::sqlite::Database::open("x.db", leat::sqlite::Opening::to_read, 10);
///   auto rows = database->prepare("SELECT a FROM t");
///   while (true) {
///     auto more = rows->step();
///     if (!more) return std::move(more).error();
///     if (!*more) break;
///   }
///
/// Contract. Errors, one sentence each, with the path: no such file, no permission, no database, damaged, locked by
/// another process for longer than was to be waited, a full disk, a table that is not there, a constraint that a row
/// does not keep. Threads: one object, and its statements, from one thread at a time.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace leat::sqlite {

/// "name" as SQL has names: in double quotes, whatever is in it.
std::string sql_name(std::string_view name);
/// Names as SQLite holds them against each other: without regard to the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b);
/// By SQLite's comparison of names the one that is most like `wanted`, or "".
std::string near_name(const std::vector<std::string>& names, std::string_view wanted);

/// A statement; move-only; goes before its database.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3_stmt* statement, std::string path, std::uint64_t wait, bool whole)
      : statement_(statement), path_(std::move(path)), wait_(wait), whole_(whole) {}

  /// True: there is a row. False: it is done.
  Result<bool> step();
  /// For the next run; what is bound stays.
  void reset();
  sqlite3_stmt* get() const { return statement_.get(); }
  /// Whether it is all there was in the text, which else has more statements.
  bool whole() const { return whole_; }
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  void bind(int parameter, const std::string& text);
  void bind(int parameter, std::int64_t number);

 private:
  struct Finalizes {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizes> statement_;
  std::string path_;
  std::uint64_t wait_ = 0;
  bool whole_ = true;
};

enum class Opening {
  to_read,
  to_write,   ///< one that is there
  to_create,  ///< a file that is there and empty, of which nobody else knows: no journal, no locks, nothing flushed
};

/// Move-only.
class Database {
 public:
  /// `wait`: seconds to wait, each time, while another process has it locked. Sentences say `shown` of its path where
  /// it is given.
  static Result<Database> open(const std::string& path, Opening opening, std::uint64_t wait,
                               const std::string& shown = {});

  /// Runs statements that give no rows.
  Result<void> run(const std::string& sql);
  Result<Statement> prepare(const std::string& sql);
  /// The number in the first column of the first row; 0 where there is none.
  Result<std::int64_t> number(const std::string& sql);
  Result<void> may_be_written() const;
  /// Names of all tables, but SQLite's own.
  Result<std::vector<std::string>> tables();
  sqlite3* get() const { return database_.get(); }
  const std::string& path() const { return path_; }

 private:
  struct Closes {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Closes> database_;
  std::string path_;  // as sentences say it
  std::uint64_t wait_ = 0;
};

}  // namespace leat::sqlite
