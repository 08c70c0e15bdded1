#include <filesystem>

#include <sys/file.h>

#include <fcntl.h>
#include <unistd.h>

#include <leat/actors/tables/scratch_tables.hpp>

namespace leat::tables {
namespace {

// What is held open under a lock is nobody's leaving.
class HeldOpen {
 public:
  explicit HeldOpen(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) {
    if (file_ >= 0) ::flock(file_, LOCK_EX | LOCK_NB);
  }
  HeldOpen(const HeldOpen&) = delete;
  ~HeldOpen() {
    if (file_ >= 0) ::close(file_);
  }

 private:
  int file_;
};

Result<StagedFile> hidden_file(const std::string& folder, const std::string& job) {
  auto file = StagedFile::open_named((std::filesystem::path(folder) / "leat-scratch").string(), job);
  if (!file) return file.error().and_then("; the scratch folder is an option");
  std::error_code error;
  std::filesystem::permissions(file->hidden(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               error);
  if (error)
    return failed("cannot keep " + file->hidden() + " from others: " + error.message() + "; choose another folder");
  return file;
}

}  // namespace

Result<ScratchTables> ScratchTables::open(const std::string& folder, const std::string& job) {
  auto file = hidden_file(folder, job);
  if (!file) return file.error();
  ScratchTables scratch(std::move(*file));
  if (auto wrote = scratch.file_.write(head()); !wrote) return wrote.error();
  return scratch;
}

Result<ScratchTables> ScratchTables::go_on(const std::string& folder, const std::string& job, const std::string& from,
                                           std::uint64_t bytes, Index index, bool ended) {
  HeldOpen held(from);
  auto file = hidden_file(folder, job);
  if (!file) return file.error();
  ScratchTables scratch(std::move(*file));
  if (auto copied = scratch.file_.copy_from(from, bytes); !copied) return copied.error().and_then("; begin again");
  scratch.index_ = std::move(index);
  if (!ended) return scratch;
  if (auto opened = scratch.open_reader(); !opened) return opened.error();
  return scratch;
}

Result<void> ScratchTables::add(const Table& table) {
  constexpr char kZeros[kLine] = {};
  if (index_.chunks == 0) index_.fields = table.fields();
  auto message = table.chunk().message();
  if (auto wrote = file_.write(before(table, index_.chunks)); !wrote) return wrote;
  if (auto wrote = file_.write(message); !wrote) return wrote;
  index_.add(table);
  return file_.write(std::string_view(kZeros, lines(message.size()) - message.size()));
}

Result<void> ScratchTables::end() {
  if (auto wrote = file_.write(end_of(index_, file_.size())); !wrote) return wrote;
  return open_reader();
}

Result<void> ScratchTables::open_reader() {
  auto bytes = InputBytes::open(file_.hidden());
  if (!bytes) return bytes.error();
  auto opened = FileReader::open(std::move(*bytes));
  if (!opened) return opened.error().in(file_.hidden());
  reader_.emplace(std::move(*opened));
  return {};
}

Result<Chunk> ScratchTables::read(ChunkPlace& at, Pool& pool) {
  auto record = reader_->record(at);
  if (!record) return record.error().in(file_.hidden());
  reader_->read_ahead(at.offset);
  auto chunk = reader_->chunk(at, *record, pool);
  if (!chunk) return chunk.error().in(file_.hidden());
  at = at.after(*record);
  return chunk;
}

}  // namespace leat::tables
