#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <leat/actors/output/staged_file.hpp>
#include <leat/graph/written_files.hpp>

namespace leat {
namespace {

// How the hidden files next to a target begin: unlike those of any other, though its name may be cut.
std::string hidden_start(const std::string& target) {
  constexpr std::size_t kLongest = 200;  // of the 255 bytes that a name may have
  std::string name = std::filesystem::path(target).filename().string();
  if (name.size() > kLongest) {
    char rest[20];
    std::snprintf(rest, sizeof rest, "~%016llx", static_cast<unsigned long long>(XXH3_64bits(name.data(), name.size())));
    name = name.substr(0, kLongest - std::strlen(rest)) + rest;
  }
  return "." + name + ".leat-";
}

std::string hidden_name(const std::string& target) {
  std::random_device random;
  char suffix[40];
  std::snprintf(suffix, sizeof suffix, "%ld-%08x%08x", static_cast<long>(::getpid()), random(), random());
  return (std::filesystem::path(target).parent_path() / hidden_start(target).append(suffix)).string();
}

// The descriptor of this process that the path stands for, as /dev/stdout and /dev/fd/5 do; -1: none.
int descriptor_of(const std::string& path) {
  std::filesystem::path at(path);
  std::error_code error;
  for (int links = 0; links < 40 && std::filesystem::is_symlink(at, error); ++links) {
    auto folder = std::filesystem::canonical(at.parent_path(), error);
    if (!error && folder == std::filesystem::path("/proc") / std::to_string(::getpid()) / "fd") {
      return std::atoi(at.filename().c_str());
    }
    at = at.parent_path() / std::filesystem::read_symlink(at, error);
  }
  return -1;
}

// Where a process cannot lock, its leavings stay.
bool lock(int file) { return ::flock(file, LOCK_EX | LOCK_NB) == 0; }

constexpr long kMillisecond = 1'000'000;

// What the time of change of a file that was sealed under a name has below a millisecond. It outlives the renaming,
// which an attribute would on fewer file systems, and needs no file beside it.
long mark_of(const OutputName& name) {
  std::string text = name.text();
  return static_cast<long>(XXH3_64bits(text.data(), text.size()) % kMillisecond);
}

bool marked(const struct stat& file, const OutputName& name) {
  return file.st_mtim.tv_nsec % kMillisecond == mark_of(name);
}

bool mark(int file, const OutputName& name) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  now.tv_nsec += mark_of(name) - now.tv_nsec % kMillisecond;
  timespec times[] = {{0, UTIME_OMIT}, now};
  return ::futimens(file, times) == 0;
}

// Removes what processes that are gone have left of this target.
void remove_leavings(const std::string& target, const std::string& folder, const std::string& job) {
  std::string start = hidden_start(target);
  std::string own = start + job + ".";
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().rfind(start, 0) != 0) continue;
    if (!job.empty() && at->path().filename().string().rfind(own, 0) == 0) continue;
    int left = ::open(at->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (left < 0) continue;
    if (lock(left)) ::unlink(at->path().c_str());
    ::close(left);
  }
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

StagedFile::StagedFile(const std::string& path) : path_(path), target_(followed(path).string()) {
  folder_ = std::filesystem::path(target_).parent_path().string();
  if (folder_.empty()) folder_ += '.';
}

bool StagedFile::written_through(const std::string& path) {
  struct stat there;
  if (path.empty() || ::stat(path.c_str(), &there) != 0 || S_ISDIR(there.st_mode)) return false;
  return S_ISFIFO(there.st_mode) || S_ISCHR(there.st_mode) || descriptor_of(path) >= 0;
}

// To open /dev/stdout anew would begin at the start of a file, and fails on a socket.
Result<void> StagedFile::open_through() {
  int own = descriptor_of(path_);
  through_ = true;
  file_ = own >= 0 ? ::fcntl(own, F_DUPFD_CLOEXEC, 0) : ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return file_ >= 0 ? Result<void>() : refused("write", errno);
}

Result<void> StagedFile::may_be_file() const {
  struct stat there;
  bool exists = !path_.empty() && ::stat(target_.c_str(), &there) == 0;
  if (!path_.empty() && !exists && (errno == ELOOP || errno == ENAMETOOLONG)) return refused("write", errno);
  if (path_.empty() || path_.back() == '/' || (exists && S_ISDIR(there.st_mode))) {
    return failed("cannot write \"" + path_ + "\": it names a folder; give the path of a file");
  }
  if (exists && !S_ISREG(there.st_mode)) {
    return failed("cannot write " + path_ + ": it is a disk or a socket; give the path of a file");
  }
  return {};
}

Result<StagedFile> StagedFile::open(const std::string& path, const std::string& job) {
  StagedFile file(path);
  if (written_through(path)) {
    if (auto opened = file.open_through(); !opened) return opened.error();
    return file;
  }
  if (auto may = file.may_be_file(); !may) return may.error();
  remove_leavings(file.target_, file.folder_, job);
  if (auto opened = file.open_hidden(); !opened) return opened.error();
  return file;
}

Result<StagedFile> StagedFile::open_named(const std::string& path, const std::string& job) {
  StagedFile file(path);
  if (auto may = file.may_be_file(); !may) return may.error();
  remove_leavings(file.target_, file.folder_, job);
  if (auto opened = file.make_hidden(); !opened) return opened.error();
  return file;
}

Result<void> StagedFile::open_hidden() {
  bool linkable = ::access("/proc/self/fd", X_OK) == 0;
  if (linkable) file_ = ::open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  // What a file system or a kernel without O_TMPFILE says.
  if (!linkable || (file_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))) return make_hidden();
  if (file_ < 0) return refused("write", errno);
  lock(file_);
  return {};
}

Result<void> StagedFile::make_hidden() {
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
      size_(other.size_),
      file_(std::exchange(other.file_, -1)),
      through_(other.through_) {}

StagedFile& StagedFile::operator=(StagedFile&& other) noexcept {
  if (this == &other) return *this;
  drop();
  path_ = std::move(other.path_);
  target_ = std::move(other.target_);
  folder_ = std::move(other.folder_);
  hidden_ = std::exchange(other.hidden_, {});
  size_ = other.size_;
  file_ = std::exchange(other.file_, -1);
  through_ = other.through_;
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
    size_ += static_cast<std::uint64_t>(written);
  }
  return {};
}

std::string StagedFile::sealed_name(const OutputName& name) const {
  return (std::filesystem::path(folder_) / hidden_start(target_).append(name.text())).string();
}

std::string StagedFile::sealed_path(const std::string& path, const OutputName& name) {
  return StagedFile(path).sealed_name(name);
}

Result<void> StagedFile::flush_folder(const std::string& path) { return StagedFile(path).flush_folder(); }

Result<void> StagedFile::link_to(const std::string& name) {
  std::string open_file = "/proc/self/fd/" + std::to_string(file_);
  bool linked = hidden_.empty()
                    ? ::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0
                    : ::link(hidden_.c_str(), name.c_str()) == 0;
  return linked ? Result<void>() : refused("finish", errno);
}

Result<void> StagedFile::seal(const OutputName& name) {
  if (through_) return {};
  struct stat there;
  if (name.last && ::stat(target_.c_str(), &there) == 0) ::fchmod(file_, there.st_mode & 07777);
  if ((name.last && !mark(file_, name)) || ::fsync(file_) != 0) return refused("write", errno);
  if (auto linked = link_to(sealed_name(name)); !linked) return linked;
  if (name.last && !hidden_.empty()) ::unlink(std::exchange(hidden_, {}).c_str());
  return flush_folder();
}

Result<void> StagedFile::commit(const std::string& path, const OutputName& name) {
  if (!name.last || written_through(path)) return {};
  StagedFile file(path);
  if (::rename(file.sealed_name(name).c_str(), file.target_.c_str()) != 0) {
    struct stat there;
    bool gone = errno == ENOENT;
    bool already = gone && ::stat(file.target_.c_str(), &there) == 0 && marked(there, name);
    if (!already && gone && ::stat(file.folder_.c_str(), &there) == 0) {
      return failed("cannot finish " + path + ": what was written for it, " + file.sealed_name(name) +
                    ", is gone; run again");
    }
    if (!already) return file.refused("finish", gone ? ENOENT : errno);
  }
  return file.flush_folder();
}

Result<void> StagedFile::abort(const std::string& path, const OutputName& name) {
  if (written_through(path)) return {};
  StagedFile file(path);
  if (::unlink(file.sealed_name(name).c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    return file.refused("remove what was written for", errno);
  }
  return {};
}

Result<void> StagedFile::go_on_from(const OutputName& name, std::uint64_t bytes) {
  if (through_) return failed("cannot go on with " + path_ + ": what went into it is gone; begin again without the checkpoint");
  auto copied = copy_from(sealed_name(name), bytes);
  return copied ? copied : copied.error().and_then("; begin again without the checkpoint");
}

Result<void> StagedFile::copy_from(const std::string& source, std::uint64_t bytes) {
  auto gone = [&](const std::string& what) { return failed("cannot go on with " + path_ + ": " + source + what); };
  int from = ::open(source.c_str(), O_RDONLY | O_CLOEXEC);
  if (from < 0) return gone(" is gone");
  std::uint64_t end = size_ + bytes;
  int reason = 0;
  while (size_ < end && reason == 0) {
    ssize_t copied = ::copy_file_range(from, nullptr, file_, nullptr, end - size_, 0);
    if (copied < 0 && errno != EINTR) reason = errno;
    if (copied == 0) break;
    if (copied > 0) size_ += static_cast<std::uint64_t>(copied);
  }
  ::close(from);
  if (reason != 0) return refused("write", reason);
  return size_ == end ? Result<void>() : gone(" has less than the " + std::to_string(bytes) + " bytes it had");
}

Result<void> StagedFile::publish() {
  std::random_device random;
  char once[20];
  std::snprintf(once, sizeof once, "%08x%08x", random(), random());
  OutputName name{once, 0, 0, 0, true};
  if (auto sealed = seal(name); !sealed) return sealed;
  return commit(path_, name);
}

Result<void> StagedFile::flush_folder() const {
  int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool flushed = folder >= 0 && (::fsync(folder) == 0 || errno == EINVAL);
  int reason = errno;
  if (folder >= 0) ::close(folder);
  return flushed ? Result<void>() : refused("finish", reason);
}

}  // namespace leat
