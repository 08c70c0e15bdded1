#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <leat/actors/input/bytes.hpp>
#include <leat/graph/input_paths.hpp>

namespace leat {
namespace {

constexpr std::uint64_t kAhead = 4 * 1024 * 1024;
constexpr int kPipe = 1024 * 1024;

Error cannot(const std::string& what, const std::string& path, int code) {
  std::string why = std::generic_category().message(code);
  if (code == ENOENT) why = "there is no such file; check the path";
  if (code == EACCES) why = "permission denied; make the file readable";
  return failed(path + ": cannot " + what + ": " + why);
}

}  // namespace

Result<InputBytes> InputBytes::open(const std::string& path) {
  InputBytes file;
  bool standard = is_standard_input(path);
  file.path_ = standard ? kStandardInput : path;
  // Not to block on a pipe nobody writes to. Standard input is not opened anew: what was read of it is gone.
  file.descriptor_ = standard ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                              : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file.descriptor_ < 0) return cannot("open", file.path_, errno);
  struct stat found {};
  if (::fstat(file.descriptor_, &found) != 0) return cannot("look at", file.path_, errno);
  if (S_ISDIR(found.st_mode)) return failed(file.path_ + ": is a directory; name a file in it");
  file.regular_ = S_ISREG(found.st_mode) && ::lseek(file.descriptor_, 0, SEEK_CUR) == 0;
  if (!file.regular_) {
    // A larger pipe is waited for less often. Where the system has no more, what it has does.
    [[maybe_unused]] int room = S_ISFIFO(found.st_mode) ? ::fcntl(file.descriptor_, F_SETPIPE_SZ, kPipe) : 0;
    return file;
  }
  file.size_ = static_cast<std::uint64_t>(found.st_size);
  file.inode_ = found.st_ino;
  file.changed_ = std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec;
  ::posix_fadvise(file.descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
  auto growth = standard ? Result<std::shared_ptr<FileGrowth>>(nullptr) : FileGrowth::of(path, file.descriptor_);
  if (!growth) return std::move(growth).error();
  if (*growth) file.size_ = (*growth)->length();
  file.growth_ = std::move(*growth);
  return file;
}

InputBytes::InputBytes(InputBytes&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      regular_(other.regular_),
      size_(other.size_),
      changed_(other.changed_),
      inode_(other.inode_),
      asked_(other.asked_),
      path_(std::move(other.path_)),
      growth_(std::move(other.growth_)) {}

InputBytes& InputBytes::operator=(InputBytes&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(regular_, other.regular_);
  std::swap(size_, other.size_);
  std::swap(changed_, other.changed_);
  std::swap(inode_, other.inode_);
  std::swap(asked_, other.asked_);
  std::swap(path_, other.path_);
  std::swap(growth_, other.growth_);
  return *this;
}

InputBytes::~InputBytes() {
  growth_.reset();
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string InputBytes::lasting_identity() const {
  return path_ + " " + std::to_string(size_) + " inode " + std::to_string(inode_);
}

std::string InputBytes::identity() const {
  return path_ + " " + std::to_string(size_) + " " + std::to_string(changed_);
}

bool InputBytes::grown() const {
  struct stat found {};
  return ::fstat(descriptor_, &found) == 0 && static_cast<std::uint64_t>(found.st_size) > size_;
}

Error InputBytes::grows() const {
  return failed(path_ + ": the file grew while it was read, and its first " + std::to_string(size_) +
                " bytes end within a record; run again when nobody writes to it");
}

Result<void> InputBytes::read(char* to, std::size_t bytes, std::uint64_t offset) const {
  if (growth_) {
    auto come = there();
    if (!come) return std::move(come).error();
    if (offset + bytes > *come) {
      return failed(path_ + ": is still coming, " + std::to_string(*come) + " of " + std::to_string(size_) +
                    " bytes are there, and what is wanted of it is not; run again when all of it is");
    }
  }
  std::size_t got = 0;
  while (got < bytes) {
    ssize_t now = ::pread(descriptor_, to + got, bytes - got, static_cast<off_t>(offset + got));
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) return cannot("read", path_, errno);
    if (now == 0) {
      return failed(
          path_ + ": the file became shorter while it was read: " + std::to_string(offset + got) +
          " bytes of " + std::to_string(size_) + " are left; run again when nobody writes to it");
    }
    got += static_cast<std::size_t>(now);
  }
  return {};
}

Result<std::optional<std::size_t>> InputBytes::next(char* to, std::size_t most,
                                                    std::chrono::steady_clock::time_point until) {
  for (;;) {
    pollfd asked{descriptor_, POLLIN, 0};
    auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    int ready = ::poll(&asked, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready < 0 && errno != EINTR) return cannot("wait for", path_, errno);
    if (ready == 0) return std::optional<std::size_t>();
    if (ready < 0) continue;
    ssize_t now = ::read(descriptor_, to, most);
    if (now >= 0) return std::optional(static_cast<std::size_t>(now));
    if (errno != EINTR && errno != EAGAIN) return cannot("read", path_, errno);
  }
}

void InputBytes::read_ahead(std::uint64_t offset) {
  if (offset + kAhead <= asked_ || asked_ >= size_) return;
  asked_ = std::max(asked_, offset);
  ::posix_fadvise(descriptor_, static_cast<off_t>(asked_), static_cast<off_t>(kAhead),
                  POSIX_FADV_WILLNEED);
  asked_ += kAhead;
}

}  // namespace leat
