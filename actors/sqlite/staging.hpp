/// Rows on their way into a table of a SQLite database: put into a database of their own beside it from the start,
/// and all of them, in one transaction, into that one.
///
///   auto staging = leat::sqlite::Staging::open(target, "job", columns, NotNumbers::fail);
///   staging->rows(table);
///   staging->seal(name);                          // on the disk, beside the target
///   leat::sqlite::Staging::commit(target, name);  // in it, once, in whatever process
///
/// Contract. The database beside is a StagedFile: hidden, of nobody else, gone with whoever dies before seal(). Who
/// commits where there is no database yet renames it into place: its rows are written once. Where there is one, they
/// are copied, in one transaction with a row of the table leat_commits(job, epoch, n, replica), the name: what has
/// that row is not applied again. So does a new database. Errors: StagedFile's, Database's, fit_into()'s.
/// Threads: one object from one thread at a time. Memory: kMemory.
#pragma once

#include <leat/actors/output/staged_file.hpp>
#include <leat/actors/sqlite/columns.hpp>
#include <leat/actors/sqlite/database.hpp>
#include <leat/actors/sqlite/insert.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace leat::sqlite {

/// What is there already.
enum class Mode {
  append,   ///< stays: the table must fit the rows
  replace,  ///< the table goes, with its indexes, when the rows come: other tables stay
};

/// Where rows go.
struct Target {
  std::string path;
  std::string table;
  Mode mode = Mode::append;
  std::uint64_t wait = 10;  ///< seconds, where another process has it locked
};

/// The columns of a table; none where there is no such table. Errors: it is a view.
Result<std::optional<TableColumns>> columns_of(Database& database, const std::string& schema, const std::string& table);

/// Looks at what is there: that it is a database which may be written, and, where the columns are known, that they fit.
Result<void> check_target(const Target& target, const Fields* columns);

/// Whether the table leat_commits has the name, and to put it there, making the table where there is none.
Result<bool> commit_noted(Database& database, const OutputName& name);
Result<void> note_commit(Database& database, const OutputName& name);

class Staging {
 public:
  /// The most it holds: SQLite's cache and what belongs to it, in bytes; a row comes on top of that.
  static constexpr std::uint64_t kMemory = std::uint64_t{6} << 20;

  static Result<Staging> open(const Target& target, const std::string& job, NotNumbers not_numbers);
  /// Goes on from what was sealed under `name`, of so many bytes.
  static Result<Staging> go_on_from(const Target& target, const std::string& job, NotNumbers not_numbers,
                                    const OutputName& name, std::uint64_t bytes);

  /// Makes the table. Once, before the first rows, and not where it went on from some.
  Result<void> make_table(const Fields& columns);
  /// Readies it for more rows, where it went on from some.
  Result<void> go_on(const Fields& columns);
  Result<void> rows(const Table& table) { return insert_.rows(table); }
  const Insert& inserted() const { return insert_; }

  /// What came so far is on the disk under `name`. Nothing comes after the last; after another one all that is
  /// there has been copied once. Returns the bytes of what was sealed.
  Result<std::uint64_t> seal(const OutputName& name);

  /// Of a name that is not the last: does nothing, as the last has all.
  static Result<void> commit(const Target& target, const OutputName& name);
  static Result<void> abort(const Target& target, const OutputName& name) {
    return StagedFile::abort(target.path, name);
  }

 private:
  Staging(const Target& target, std::string job, NotNumbers not_numbers, StagedFile file)
      : target_(target), job_(std::move(job)), not_numbers_(not_numbers), file_(std::move(file)) {}
  Result<void> begin();
  Result<std::uint64_t> seal_copy(const OutputName& name);

  Target target_;
  std::string job_;
  NotNumbers not_numbers_;
  StagedFile file_;
  std::optional<Database> database_;
  Insert insert_;  // goes before the database
};

}  // namespace leat::sqlite
