#include <leat/checkpoint/durable.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace leat {

Result<DurableFile> DurableFile::make(const std::filesystem::path& folder) {
  std::string beside = (folder / ".new-XXXXXX").string();
  int file = ::mkostemp(beside.data(), O_CLOEXEC);
  DurableFile made(beside, file);
  if (file < 0) return made.refused("cannot be made");
  return made;
}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : beside_(std::exchange(other.beside_, {})), file_(std::exchange(other.file_, -1)) {}

DurableFile::~DurableFile() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(beside_.c_str());
}

Error DurableFile::refused(const char* doing) const {
  int reason = errno;
  std::string sentence = beside_.string() + " " + doing + ": " + std::generic_category().message(reason);
  if (reason == ENOSPC || reason == EDQUOT) return overloaded(sentence + ": free some space");
  return failed(sentence);
}

Result<void> DurableFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t wrote = ::write(file_, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return refused("cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return {};
}

Result<void> DurableFile::place(const std::filesystem::path& file) {
  if (::fsync(file_) != 0) return refused("cannot be written to the disk");
  if (::rename(beside_.c_str(), file.c_str()) != 0) return refused("cannot be renamed");
  ::close(std::exchange(file_, -1));
  return flush_folder(file.parent_path());
}

// Of a network's file system it may be that the link is made and the answer lost: whose file it is tells.
Result<bool> DurableFile::place_new(const std::filesystem::path& file) {
  if (::fsync(file_) != 0) return refused("cannot be written to the disk");
  int linked = ::link(beside_.c_str(), file.c_str());
  struct stat ours {}, theirs {};
  bool mine = linked == 0 || (::fstat(file_, &ours) == 0 && ::stat(file.c_str(), &theirs) == 0 &&
                              ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev);
  if (!mine && errno != EEXIST && ::access(file.c_str(), F_OK) != 0) return refused("cannot be given its name");
  if (!mine) return false;
  auto flushed = flush_folder(file.parent_path());
  if (!flushed) return std::move(flushed).error();
  return true;
}

Result<void> flush_folder(const std::filesystem::path& folder) {
  int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool flushed = opened >= 0 && ::fsync(opened) == 0;
  int reason = errno;
  if (opened >= 0) ::close(opened);
  if (flushed) return {};
  return failed("the folder " + folder.string() + " cannot be written to the disk: " + std::generic_category().message(reason));
}

}  // namespace leat
