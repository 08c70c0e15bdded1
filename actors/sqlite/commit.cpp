// How what was staged for a SQLite database comes into it.
#include <leat/actors/sqlite/staging.hpp>

#include <leat/graph/written_files.hpp>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

namespace leat::sqlite {
namespace {

bool there(const std::string& path) {
  struct stat found;
  return ::stat(path.c_str(), &found) == 0;
}

// Into a place where there is nothing, whoever else may put something there; 0 or why not.
int moved(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::link(from.c_str(), to.c_str()) != 0) return errno;
  ::unlink(from.c_str());
  return 0;
}

// Copies the staged rows, in one transaction.
class Applying {
 public:
  Applying(const Target& target, const OutputName& name) : target_(target), name_(name) {}

  Result<bool> is_applied() {
    if (auto opened = open(); !opened) return opened.error();
    return commit_noted(*database_, name_);
  }

  Result<void> apply(const std::string& sealed) {
    if (auto opened = open(); !opened) return opened;
    auto attach = database_->prepare("ATTACH ? AS staged");
    if (!attach) return std::move(attach).error();
    attach->bind(1, sealed);
    if (auto attached = attach->step(); !attached) return std::move(attached).error();
    if (auto begun = database_->run("BEGIN IMMEDIATE"); !begun) return begun;
    auto already = commit_noted(*database_, name_);
    if (!already) return std::move(already).error();
    if (*already) return database_->run("ROLLBACK");
    if (auto copied = copy(); !copied) return copied;
    if (auto kept = note_commit(*database_, name_); !kept) return kept;
    return database_->run("COMMIT");
  }

 private:
  Result<void> open() {
    auto database = Database::open(target_.path, Opening::to_write, target_.wait);
    if (!database) return std::move(database).error();
    database_.emplace(std::move(*database));
    return {};
  }

  Result<void> copy() {
    auto rows = columns_of(*database_, "staged", target_.table);
    if (!rows) return std::move(rows).error();
    if (!*rows) return {};  // no rows came, and nobody knows of what columns
    auto found = columns_of(*database_, "main", target_.table);
    if (!found) return std::move(found).error();
    Fields fields;
    for (const TableColumn& column : **rows) {
      fields.push_back({column.name, type_of(column.declared).value_or(ColumnType::TEXT)});
    }
    std::string table = sql_name(target_.table);
    bool fresh = !*found || target_.mode == Mode::replace;
    if (*found && fresh) {
      if (auto dropped = database_->run("DROP TABLE main." + table); !dropped) return dropped;
    }
    if (fresh) {
      auto made = database_->run(definition("main." + table, fields));
      return made ? database_->run("INSERT INTO main." + table + " SELECT * FROM staged." + table) : made;
    }
    auto fit = fit_into("table " + target_.table + " of " + target_.path, **found, fields);
    return fit ? database_->run(insertion(**found, **rows)) : fit;
  }

  // SQLite copies whole records where it need not look into them.
  std::string insertion(const TableColumns& found, const TableColumns& rows) const {
    bool same = found.size() == rows.size();
    std::string names;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      same = same && same_name(found[i].name, rows[i].name);
      names += (i ? ", " : "") + sql_name(rows[i].name);
    }
    std::string table = sql_name(target_.table);
    if (same) return "INSERT INTO main." + table + " SELECT * FROM staged." + table;
    return "INSERT INTO main." + table + " (" + names + ") SELECT " + names + " FROM staged." + table;
  }

  const Target& target_;
  const OutputName& name_;
  std::optional<Database> database_;
};

}  // namespace

Result<void> Staging::commit(const Target& target, const OutputName& name) {
  if (!name.last) return {};
  std::string sealed = StagedFile::sealed_path(target.path, name);
  if (!there(sealed)) {
    auto applied = there(target.path) ? Applying(target, name).is_applied() : Result<bool>(false);
    if (!applied) return std::move(applied).error();
    if (*applied) return {};
    return failed("cannot finish " + target.path + ": what was written for it, " + sealed + ", is gone; run again");
  }
  int why = EEXIST;
  if (!there(target.path)) {
    if (auto alone = check_target(target, nullptr); !alone) return alone;
    why = moved(sealed, followed(target.path).string());
  }
  if (why != 0 && why != EEXIST) {
    return failed("cannot finish " + target.path + ": " + std::generic_category().message(why) +
                  "; choose another path");
  }
  if (why == EEXIST) {
    if (auto applied = Applying(target, name).apply(sealed); !applied) return applied;
    ::unlink(sealed.c_str());
  }
  return StagedFile::flush_folder(target.path);
}

}  // namespace leat::sqlite
