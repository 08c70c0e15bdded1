#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <leat/actors/staged_file.hpp>

namespace leat {
namespace {

// How the hidden files next to a target begin.
std::string hidden_start(const std::string& target) {
  constexpr std::size_t kLongest = 200;  // of the 255 bytes that a name may have
  return "." + std::filesystem::path(target).filename().string().substr(0, kLongest) + ".leat-";
}

std::string hidden_name(const std::string& target) {
  std::random_device random;
  char suffix[40];
  std::snprintf(suffix, sizeof suffix, "%ld-%08x%08x", static_cast<long>(::getpid()), random(), random());
  return (std::filesystem::path(target).parent_path() / hidden_start(target).append(suffix)).string();
}

// Where a process cannot lock, its leavings stay.
bool lock(int file) { return ::flock(file, LOCK_EX | LOCK_NB) == 0; }

// Removes what processes that are gone have left of this target.
void remove_leavings(const std::string& target, const std::string& folder) {
  std::string start = hidden_start(target);
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().rfind(start, 0) != 0) continue;
    int left = ::open(at->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (left < 0) continue;
    if (lock(left)) ::unlink(at->path().c_str());
    ::close(left);
  }
}

// The path with the links it may be followed, to what need not be there yet, as open() would.
std::string followed(const std::string& path) {
  std::filesystem::path real(path);
  std::error_code error;
  for (int links = 0; links < 40 && std::filesystem::is_symlink(real, error); ++links) {
    auto to = std::filesystem::read_symlink(real, error);
    if (error) break;
    real = real.parent_path() / to;
  }
  return real.string();
}

}  // namespace

Error StagedFile::refused(const char* doing, int reason) const {
  std::string sentence = std::string("cannot ") + doing + " " + path_ + ": ";
  if (reason == ENOENT) {
    std::error_code error;
    if (std::filesystem::is_directory(folder_, error)) {
      return failed(sentence + "no file can be made in the folder " + folder_ + "; choose another path");
    }
    return failed(sentence + "there is no folder " + folder_ + "; create it first");
  }
  if (reason == ENOSPC || reason == EDQUOT) {
    return failed(sentence + "the disk is full; free some space or choose another path");
  }
  return failed(sentence + std::generic_category().message(reason) + "; choose another path");
}

Result<StagedFile> StagedFile::open(const std::string& path) {
  StagedFile file;
  file.path_ = path;
  file.target_ = followed(path);
  file.folder_ = std::filesystem::path(file.target_).parent_path().string();
  if (file.folder_.empty()) file.folder_ += '.';
  struct stat there;
  bool exists = !path.empty() && ::stat(file.target_.c_str(), &there) == 0;
  if (!path.empty() && !exists && errno == ELOOP) return file.refused("write", ELOOP);
  if (path.empty() || path.back() == '/' || (exists && S_ISDIR(there.st_mode))) {
    return failed("cannot write \"" + path + "\": it names a folder; give the path of a file");
  }
  if (exists && !S_ISREG(there.st_mode)) {
    return failed("cannot write " + path + ": it is a device or a pipe; give the path of a file");
  }
  if (auto opened = file.open_hidden(); !opened) return opened.error();
  return file;
}

Result<void> StagedFile::open_hidden() {
  remove_leavings(target_, folder_);
  bool linkable = ::access("/proc/self/fd", X_OK) == 0;
  if (linkable) file_ = ::open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  // What a file system or a kernel without O_TMPFILE says.
  if (!linkable || (file_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))) return open_named();
  if (file_ < 0) return refused("write", errno);
  lock(file_);
  return {};
}

Result<void> StagedFile::open_named() {
  while (true) {
    hidden_ = hidden_name(target_);
    file_ = ::open(hidden_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    if (file_ < 0) {
      hidden_.clear();
      return refused("write", errno);
    }
    lock(file_);
    // One that looked for leavings may have been quicker with the lock.
    struct stat made;
    if (::fstat(file_, &made) != 0 || made.st_nlink > 0) return {};
    ::close(std::exchange(file_, -1));
  }
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      folder_(std::move(other.folder_)),
      hidden_(std::exchange(other.hidden_, {})),
      file_(std::exchange(other.file_, -1)),
      closed_(other.closed_) {}

StagedFile& StagedFile::operator=(StagedFile&& other) noexcept {
  if (this == &other) return *this;
  drop();
  path_ = std::move(other.path_);
  target_ = std::move(other.target_);
  folder_ = std::move(other.folder_);
  hidden_ = std::exchange(other.hidden_, {});
  file_ = std::exchange(other.file_, -1);
  closed_ = other.closed_;
  return *this;
}

StagedFile::~StagedFile() {
  drop();
}

void StagedFile::drop() {
  if (file_ >= 0) ::close(std::exchange(file_, -1));
  if (!hidden_.empty()) ::unlink(std::exchange(hidden_, {}).c_str());
}

Result<void> StagedFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return refused("write", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> StagedFile::close() {
  if (::fsync(file_) != 0) return refused("write", errno);
  closed_ = true;
  return {};
}

// Gives a file without a name this one; false where another file has it.
Result<bool> StagedFile::link_to(const std::string& name) {
  std::string open_file = "/proc/self/fd/" + std::to_string(file_);
  if (::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return true;
  if (errno == EEXIST) return false;
  return refused("finish", errno);
}

Result<void> StagedFile::make_visible() {
  if (hidden_.empty()) {
    auto linked = link_to(target_);
    if (!linked) return std::move(linked).error();
    if (*linked) return {};
    // To take another file's place in one step it needs a name of its own first.
    std::string name = hidden_name(target_);
    linked = link_to(name);
    if (!linked) return std::move(linked).error();
    if (!*linked) return refused("finish", EEXIST);
    hidden_ = std::move(name);
  }
  if (::rename(hidden_.c_str(), target_.c_str()) != 0) return refused("finish", errno);
  hidden_.clear();
  return {};
}

Result<void> StagedFile::commit() {
  if (!closed_) return failed("cannot finish " + path_ + ": it was not written to its end");
  if (auto visible = make_visible(); !visible) return visible;
  // The descriptor stayed open to be linked; what it held was flushed by close().
  if (::close(std::exchange(file_, -1)) != 0) return refused("finish", errno);
  return flush_folder();
}

Result<void> StagedFile::flush_folder() const {
  int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool flushed = folder >= 0 && (::fsync(folder) == 0 || errno == EINVAL);
  int reason = errno;
  if (folder >= 0) ::close(folder);
  return flushed ? Result<void>() : refused("finish", reason);
}

}  // namespace leat
